#include "sim/network/microwave.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "sim/base/math.hpp"

namespace longhaul {

const char* to_string(Polarization p) {
  return p == Polarization::horizontal ? "horizontal" : "vertical";
}

namespace microwave {

namespace {

constexpr const char* f_1101 = "ITU-R F.1101: theoretical S/N at BER 10^-6, uncoded";
constexpr const char* theory =
    "4 (1 - 1/sqrt M) Q(sqrt(3 SNR / (M - 1))) / log2 M = 10^-6, which gives F.1101's figures too";

// The bits a symbol carry the same symbol rate and code rate at every step, as in data sheets:
// RACOM RAy17 at 56 MHz sends 86/170/206/268/309/359 Mb/s from QPSK to 256-QAM, 0.24 to 1 of the
// fastest, for 0.25 to 1 by bits; its thresholds lie 21/14/10/6/3 dB below, for 19/12/9/6/3 here.
constexpr std::array table{
    Modulation{"qpsk", 2, 1'350, f_1101},     Modulation{"16qam", 4, 2'050, f_1101},
    Modulation{"32qam", 5, 2'350, f_1101},    Modulation{"64qam", 6, 2'650, f_1101},
    Modulation{"128qam", 7, 2'950, f_1101},   Modulation{"256qam", 8, 3'260, f_1101},
    Modulation{"512qam", 9, 3'550, f_1101},   Modulation{"1024qam", 10, 3'850, theory},
    Modulation{"2048qam", 11, 4'150, theory}, Modulation{"4096qam", 12, 4'450, theory},
};

constexpr const char* planned =
    "band and use: ECC Report 173 (2012); margin and modulations are planning figures";

constexpr std::array preset_table{
    Preset{"long-haul-6", {6'175, Polarization::vertical, 3'000, 9, 0}, planned},
    Preset{"regional-11", {11'200, Polarization::vertical, 3'000, 9, 0}, planned},
    Preset{"access-18", {18'700, Polarization::vertical, 2'500, 9, 0}, planned},
    Preset{"access-23", {22'400, Polarization::vertical, 2'500, 9, 0}, planned},
    Preset{"access-38", {38'300, Polarization::vertical, 2'000, 8, 0}, planned},
    Preset{"e-band-80", {83'500, Polarization::vertical, 1'500, 5, 0}, planned},
};

struct Term {
  double a;
  double b;
  double c;
};

/// sum a exp(-((x - b) / c)^2) + m x + c0, the form of equations (2) and (3) of P.838-3.
double fitted(std::span<const Term> terms, double m, double c0, double x) {
  double sum = m * x + c0;
  for (const Term& t : terms) {
    const double z = (x - t.b) / t.c;
    // Beyond e^-700 a term is nothing.
    if (z * z < 700.0) sum += t.a * math::exp(-(z * z));
  }
  return sum;
}

// Tables 1 to 4 of ITU-R P.838-3.
constexpr std::array k_h{Term{-5.33980, -0.10008, 1.13098}, Term{-0.35351, 1.26970, 0.45400},
                         Term{-0.23789, 0.86036, 0.15354}, Term{-0.94158, 0.64552, 0.16817}};
constexpr std::array k_v{Term{-3.80595, 0.56934, 0.81061}, Term{-3.44965, -0.22911, 0.51059},
                         Term{-0.39902, 0.73042, 0.11899}, Term{0.50167, 1.07319, 0.27195}};
constexpr std::array alpha_h{Term{-0.14318, 1.82442, -0.55187}, Term{0.29591, 0.77564, 0.19822},
                             Term{0.32177, 0.63773, 0.13164}, Term{-5.37610, -0.96230, 1.47828},
                             Term{16.1721, -3.29980, 3.43990}};
constexpr std::array alpha_v{Term{-0.07771, 2.33840, -0.76284}, Term{0.56727, 0.95545, 0.54039},
                             Term{-0.20238, 1.14520, 0.26809}, Term{-48.2991, 0.791669, 0.116226},
                             Term{48.5833, 0.791459, 0.116479}};

double ghz(const Radio& radio) { return static_cast<double>(radio.frequency_mhz) / 1e3; }

}  // namespace

std::span<const Modulation> modulations() { return table; }

std::optional<std::uint32_t> find_modulation(std::string_view name) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const Modulation& m) { return name == m.name; });
  if (found == table.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - table.begin());
}

std::span<const Preset> presets() { return preset_table; }

const Preset* find_preset(std::string_view name) {
  for (const Preset& preset : preset_table)
    if (name == preset.name) return &preset;
  return nullptr;
}

RainCoefficients rain_coefficients(double frequency_ghz, Polarization polarization) {
  assert(frequency_ghz >= 1.0 && frequency_ghz <= 1000.0);
  const double x = math::log10(frequency_ghz);
  if (polarization == Polarization::horizontal)
    return {math::pow(10.0, fitted(k_h, -0.18961, 0.71147, x)),
            fitted(alpha_h, 0.67849, -1.95537, x)};
  return {math::pow(10.0, fitted(k_v, -0.16398, 0.63297, x)),
          fitted(alpha_v, -0.053739, 0.83433, x)};
}

double path_reduction(double km, double frequency_ghz, double alpha, double mm_per_h) {
  constexpr double most = 2.5;
  if (km <= 0.0) return most;
  const double denominator = 0.477 * math::pow(km, 0.633) * math::pow(mm_per_h, 0.073 * alpha) *
                                 math::pow(frequency_ghz, 0.123) -
                             10.579 * (1.0 - math::exp(-0.024 * km));
  return denominator * most < 1.0 ? most : 1.0 / denominator;
}

double attenuation_exceeded(const Radio& radio, Distance length, double r001_mm_per_h,
                            double percent) {
  const double f = ghz(radio);
  const double km = length.kilometres();
  const RainCoefficients rain = rain_coefficients(f, radio.polarization);
  const double a001 = rain.k * math::pow(r001_mm_per_h, rain.alpha) * km *
                      path_reduction(km, f, rain.alpha, r001_mm_per_h);
  // 0.12 below 10 GHz; at 10 GHz the logarithm is 0, whose power is 0.
  const double decades = f > 10.0 ? math::log10(f / 10.0) : 0.0;
  const double c0 = 0.12 + (decades > 0.0 ? 0.4 * math::pow(decades, 0.8) : 0.0);
  const double c1 = math::pow(0.07, c0) * math::pow(0.12, 1.0 - c0);
  const double c2 = 0.855 * c0 + 0.546 * (1.0 - c0);
  const double c3 = 0.139 * c0 + 0.043 * (1.0 - c0);
  return a001 * c1 * math::pow(percent, -(c2 + c3 * math::log10(percent)));
}

double unavailability(const Radio& radio, Distance length, double r001_mm_per_h, double margin_db) {
  double low = 0.001;
  double high = 1.0;
  if (attenuation_exceeded(radio, length, r001_mm_per_h, low) <= margin_db) return low;
  if (attenuation_exceeded(radio, length, r001_mm_per_h, high) > margin_db) return high;
  for (int i = 0; i < 60; ++i) {  // the more of the year, the less is exceeded
    const double middle = (low + high) / 2;
    (attenuation_exceeded(radio, length, r001_mm_per_h, middle) > margin_db ? low : high) = middle;
  }
  return high;
}

double rain_attenuation(const Radio& radio, Distance length, std::int64_t um_per_h) {
  if (um_per_h <= 0) return 0.0;
  const double f = ghz(radio);
  const double km = length.kilometres();
  const double mm_per_h = static_cast<double>(um_per_h) / 1e3;
  const RainCoefficients rain = rain_coefficients(f, radio.polarization);
  return rain.k * math::pow(mm_per_h, rain.alpha) * km *
         std::min(1.0, path_reduction(km, f, rain.alpha, mm_per_h));
}

std::int64_t margin_centidb(const Radio& radio, std::uint32_t m) {
  return radio.margin_centidb + table[radio.highest].snr_centidb - table[m].snr_centidb;
}

std::vector<std::int64_t> rain_limits(const Radio& radio, Distance length) {
  std::vector<std::int64_t> limits;
  for (std::uint32_t m = radio.lowest; m <= radio.highest; ++m) {
    const double margin = static_cast<double>(margin_centidb(radio, m)) / 100.0;
    // Attenuation grows with rain (its effective path is at most the path), so halving finds it.
    std::int64_t low = 0;
    std::int64_t high = most_um_per_h + 1;
    while (high - low > 1) {
      const std::int64_t middle = low + (high - low) / 2;
      (rain_attenuation(radio, length, middle) > margin ? high : low) = middle;
    }
    limits.push_back(high);
  }
  return limits;
}

Rate rate_at(Rate rate, const Radio& radio, std::uint32_t m) {
  const Int128 scaled = Int128{rate.bps()} * table[m].bits / table[radio.highest].bits;
  return Rate::bps(std::max<std::int64_t>(1, static_cast<std::int64_t>(scaled)));
}

}  // namespace microwave
}  // namespace longhaul
