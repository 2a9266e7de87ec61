#include "sim/stats/e_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/base/math.hpp"

namespace longhaul {

namespace {

// Payload, packet length and look-ahead by the codecs' own recommendations; Ie and Bpl by G.113
// (11/2007) Appendix I, tables I.1 and I.4.
constexpr const char* g113 = "ITU-T G.113 Appendix I";
constexpr std::array<Codec, 5> known_codecs{{
    {"g711", 160, 20, 0, 0, 4.3, g113},
    {"g711-plc", 160, 20, 0, 0, 25.1, g113},
    {"g729a", 20, 20, 5, 11, 19, g113},
    {"g723.1", 24, 30, 7.5, 15, 16.1, g113},
    {"gsm-efr", 31, 20, 0, 5, 10, g113},
}};

}  // namespace

std::span<const Codec> codecs() { return known_codecs; }

const Codec* find_codec(std::string_view name) {
  const auto found = std::find_if(known_codecs.begin(), known_codecs.end(),
                                  [&](const Codec& c) { return c.name == name; });
  return found == known_codecs.end() ? nullptr : &*found;
}

namespace e_model {

namespace {

// Defaults of G.107 table 2.
constexpr double slr = 8;        // send loudness rating, dB
constexpr double rlr = 2;        // receive loudness rating, dB
constexpr double stmr = 15;      // sidetone masking rating, dB
constexpr double ds = 3;         // D-value of the telephone, send side
constexpr double dr = 3;         // and receive side
constexpr double telr = 65;      // talker echo loudness rating, dB
constexpr double wepl = 110;     // weighted echo path loss, dB
constexpr double qdu = 1;        // quantization distortion units
constexpr double nc = -70;       // circuit noise, dBm0p
constexpr double nfor = -64;     // noise floor at the receive side, dBmp
constexpr double ps = 35;        // room noise, send side, dB(A)
constexpr double pr = 35;        // and receive side
constexpr double advantage = 0;  // A
constexpr double burst_ratio = 1;

double ten_to(double x) { return math::exp(x * 2.302585092994045684); }

/// x^n for whole n >= 0, of any sign.
double power(double x, int n) {
  double out = 1;
  for (int i = 0; i < n; ++i) out *= x;
  return out;
}

double root(double x, double n) { return math::pow(x, 1.0 / n); }

/// Sum of circuit, room and floor noise (equations 7-3 to 7-7), dBm0p.
double noise() {
  const double olr = slr + rlr;
  const double room_send = ps - slr - ds - 100 + 0.004 * power(ps - olr - ds - 14, 2);
  const double effective = pr + 10 * math::log10(1 + ten_to((10 - (stmr + dr)) / 10));
  const double room_receive = rlr - 121 + effective + 0.008 * power(effective - 35, 2);
  const double floor = nfor + rlr;
  return 10 * math::log10(ten_to(nc / 10) + ten_to(room_send / 10) + ten_to(room_receive / 10) +
                          ten_to(floor / 10));
}

/// Impairments that come with the speech itself (7-8 to 7-16).
double simultaneous(double no, double ro, double t) {
  const double olr = slr + rlr;
  const double x = olr + 0.2 * (64 + no - rlr);
  const double loud = 20 * (root(1 + power(x / 8, 8), 8) - x / 8);
  const double echo =
      -10 * math::log10(ten_to(-stmr / 10) + math::exp(-t / 4) * ten_to(-telr / 10));
  const double sidetone = 12 * root(1 + power((echo - 13) / 6, 8), 8) -
                          28 * root(1 + power((echo + 1) / 19.4, 35), 35) -
                          13 * root(1 + power((echo - 3) / 33, 13), 13) + 29;
  const double q = 37 - 15 * math::log10(qdu);
  const double g = 1.07 + 0.258 * q + 0.0602 * q * q;
  const double y = (ro - 100) / 15 + 46 / 8.4 - g / 9;
  const double z = 46.0 / 30 - g / 40;
  const double quantizing = 15 * math::log10(1 + ten_to(y) + ten_to(z));
  return loud + sidetone + quantizing;
}

/// Impairments by delay: talker echo, listener echo, and delay itself (7-17 to 7-28).
double delay(double no, double ro, double t) {
  double terv = telr - 40 * math::log10((1 + t / 10) / (1 + t / 150)) +
                6 * math::exp(std::max(-0.3 * t * t, -700.0));
  const double roe = -1.5 * (no - rlr);
  const double re = 80 + 2.5 * (terv - 14);
  const double talker = ((roe - re) / 2 + std::sqrt(power(roe - re, 2) / 4 + 100) - 1) *
                        (1 - math::exp(std::max(-t, -700.0)));
  const double tr = 2 * t;
  const double rle = 10.5 * (wepl + 7) * math::pow(tr + 1, -0.25);
  const double listener = (ro - rle) / 2 + std::sqrt(power(ro - rle, 2) / 4 + 169);
  double absolute = 0;
  if (t > 100) {
    const double x = math::log10(t / 100) / math::log10(2);
    absolute = 25 * (root(1 + power(x, 6), 6) - 3 * root(1 + power(x / 3, 6), 6) + 2);
  }
  return talker + listener + absolute;
}

/// Impairment by codec and loss (7-29); `loss` as a share.
double equipment(double loss, const Codec& codec) {
  const double percent = 100 * loss;
  if (percent <= 0) return codec.ie;
  return codec.ie + (95 - codec.ie) * percent / (percent / burst_ratio + codec.bpl);
}

}  // namespace

double rating(double delay_ms, double loss, const Codec& codec) {
  const double no = noise();
  const double ro = 15 - 1.5 * (slr + no);
  return ro - simultaneous(no, ro, delay_ms) - delay(no, ro, delay_ms) - equipment(loss, codec) +
         advantage;
}

double mean_opinion_score(double r) {
  if (r <= 0) return 1;
  if (r >= 100) return 4.5;
  // The cubic dips below 1 for R under 6.5.
  return std::max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

}  // namespace e_model

double voice_score(const Codec& codec, Duration base, const Histogram& excess, double loss,
                   Duration buffer) {
  const double late = excess.count() == 0 ? 0.0 : excess.share_above(buffer.ps());
  const double lost = loss + (1 - loss) * late;
  const double delay_ms =
      codec.packet_ms + codec.look_ahead_ms + 1e3 * base.seconds() + 1e3 * buffer.seconds();
  return e_model::mean_opinion_score(e_model::rating(delay_ms, lost, codec));
}

}  // namespace longhaul
