#include "sim/network/microwave.hpp"

#include <cmath>

#include "tests/catch.hpp"

using namespace longhaul;
using namespace longhaul::microwave;

TEST_CASE("k and alpha are those of ITU-R P.838-3, table 5") {
  struct Row {
    double ghz, k_h, alpha_h, k_v, alpha_v;
  };
  // Four significant digits, as printed there.
  for (const Row& row :
       {Row{1, 0.0000259, 0.9691, 0.0000308, 0.8592}, Row{2, 0.0000847, 1.0664, 0.0000998, 0.9490},
        Row{4, 0.0001071, 1.6009, 0.0002461, 1.2476}, Row{6, 0.0007056, 1.5900, 0.0004878, 1.5728},
        Row{7, 0.001915, 1.4810, 0.001425, 1.4745}, Row{10, 0.01217, 1.2571, 0.01129, 1.2156},
        Row{12, 0.02386, 1.1825, 0.02455, 1.1216}, Row{15, 0.04481, 1.1233, 0.05008, 1.0440},
        Row{20, 0.09164, 1.0568, 0.09611, 0.9847}, Row{30, 0.2403, 0.9485, 0.2291, 0.9129},
        Row{40, 0.4431, 0.8673, 0.4274, 0.8421}, Row{80, 1.1704, 0.7115, 1.1668, 0.7021},
        Row{100, 1.3671, 0.6815, 1.3680, 0.6765}}) {
    INFO(row.ghz << " GHz");
    const RainCoefficients h = rain_coefficients(row.ghz, Polarization::horizontal);
    const RainCoefficients v = rain_coefficients(row.ghz, Polarization::vertical);
    CHECK(h.k == Approx(row.k_h).epsilon(0.002).margin(5e-8));
    CHECK(v.k == Approx(row.k_v).epsilon(0.002).margin(5e-8));
    CHECK(h.alpha == Approx(row.alpha_h).margin(1e-4));
    CHECK(v.alpha == Approx(row.alpha_v).margin(1e-4));
  }
}

TEST_CASE("specific attenuation agrees with the validation examples of ITU-R study group 3") {
  // For slant paths P.838 mixes both polarizations by elevation and tilt (its equations 4 and 5);
  // the examples give k, alpha and gamma for such paths.
  struct Row {
    double elevation, ghz, rain, tilt, k, alpha, gamma;
  };
  for (const Row& row : {
           Row{31.07699124, 14.25, 26.48052, 0, 0.03975488, 1.12418043, 1.58130839},
           Row{46.35969261, 29, 27.13586832, 0, 0.21978097, 0.9484851, 5.03135479},
           Row{52.67898486, 14.25, 78.2994993, 0, 0.04053522, 1.10944215, 5.11503463},
           Row{85.80459566, 29, 99.13558978, 90, 0.21737148, 0.93950825, 16.3183686},
           Row{20.14335809, 14.25, 42.91007183, 90, 0.04319835, 1.0631531, 2.35032323},
       }) {
    const RainCoefficients h = rain_coefficients(row.ghz, Polarization::horizontal);
    const RainCoefficients v = rain_coefficients(row.ghz, Polarization::vertical);
    const double degree = std::acos(-1.0) / 180;
    const double mixed =
        std::pow(std::cos(row.elevation * degree), 2) * std::cos(2 * row.tilt * degree);
    const double k = (h.k + v.k + (h.k - v.k) * mixed) / 2;
    const double alpha =
        (h.k * h.alpha + v.k * v.alpha + (h.k * h.alpha - v.k * v.alpha) * mixed) / (2 * k);
    CHECK(k == Approx(row.k).epsilon(1e-6));
    CHECK(alpha == Approx(row.alpha).epsilon(1e-6));
    CHECK(k * std::pow(row.rain, alpha) == Approx(row.gamma).epsilon(1e-6));
  }
}

TEST_CASE("the effective path and yearly attenuation are those of ITU-R P.530-18") {
  // Worked by hand (18.7 GHz, vertical, 12 km, 42 mm/h): k = 0.08358, alpha = 0.9957,
  // gamma = 0.08358 x 42^0.9957 = 3.4547 dB/km;
  // d^0.633 = 4.8208, R^(0.073 alpha) = 1.3122, f^0.123 = 1.4336, so r = 1 / (4.3258 - 2.6473).
  const Radio radio{18'700, Polarization::vertical, 3'000, 9, 0};
  const RainCoefficients rain = rain_coefficients(18.7, radio.polarization);
  const double r = path_reduction(12, 18.7, rain.alpha, 42);
  CHECK(r == Approx(1 / (0.477 * std::pow(12, 0.633) * std::pow(42, 0.073 * rain.alpha) *
                             std::pow(18.7, 0.123) -
                         10.579 * (1 - std::exp(-0.288))))
                 .epsilon(1e-12));
  CHECK(r == Approx(0.5958).margin(0.0001));
  const Distance length = Distance::km(12);
  const double a001 = rain.k * std::pow(42, rain.alpha) * 12 * r;
  CHECK(attenuation_exceeded(radio, length, 42, 0.01) == Approx(a001).epsilon(0.01));
  CHECK(rain_attenuation(radio, length, 42'000) == Approx(a001).epsilon(1e-12));
  // More is exceeded for a shorter time, and the inverse finds its way back.
  for (const double percent : {0.002, 0.01, 0.03, 0.1, 0.5}) {
    const double a = attenuation_exceeded(radio, length, 42, percent);
    CHECK(attenuation_exceeded(radio, length, 42, percent * 1.1) < a);
    CHECK(unavailability(radio, length, 42, a) == Approx(percent).epsilon(1e-9));
  }
  CHECK(unavailability(radio, length, 42, 500) == 0.001);
  CHECK(unavailability(radio, length, 42, 0.01) == 1.0);
}

TEST_CASE("below 10 GHz the yearly attenuation uses the constants that P.530 gives for there") {
  // C0 = 0.12: C1 = 0.07^0.12 x 0.12^0.88 = 0.1125, C2 = 0.5831, C3 = 0.0545.
  const Radio radio{7'000, Polarization::horizontal, 3'000, 9, 0};
  const Distance length = Distance::km(30);
  const double ratio =
      attenuation_exceeded(radio, length, 42, 0.1) / attenuation_exceeded(radio, length, 42, 1);
  CHECK(ratio == Approx(std::pow(0.1, -(0.58308 + 0.05452 * -1))).epsilon(1e-4));
}

TEST_CASE("the ratios of signal to noise are those at which uncoded QAM errs once in a million") {
  for (const Modulation& m : modulations()) {
    INFO(m.name);
    const double states = std::pow(2.0, m.bits);
    const double snr = std::pow(10.0, static_cast<double>(m.snr_centidb) / 1000.0);
    const double q = 0.5 * std::erfc(std::sqrt(3 * snr / (states - 1)) / std::sqrt(2.0));
    const double errors = 4 * (1 - 1 / std::sqrt(states)) * q / m.bits;
    CHECK(std::log10(errors) == Approx(-6).margin(0.2));  // 0.1 dB
  }
}

TEST_CASE("a hop leaves each modulation where its attenuation exceeds the margin") {
  const Radio radio{18'700, Polarization::vertical, 2'500, 9, 0};
  const Distance length = Distance::km(12);
  CHECK(margin_centidb(radio, 9) == 2'500);
  CHECK(margin_centidb(radio, 0) == 2'500 + 4'450 - 1'350);
  const auto limits = rain_limits(radio, length);
  REQUIRE(limits.size() == modulations().size());
  for (std::uint32_t m = 0; m < limits.size(); ++m) {
    INFO(modulations()[m].name);
    const double margin = static_cast<double>(margin_centidb(radio, m)) / 100;
    CHECK(rain_attenuation(radio, length, limits[m]) > margin);
    CHECK(rain_attenuation(radio, length, limits[m] - 1) <= margin);
    if (m > 0) CHECK(limits[m] < limits[m - 1]);
  }
}

TEST_CASE("attenuation grows with rain at every frequency and length") {
  for (const std::int64_t ghz : {1, 7, 18, 40, 80, 100})
    for (const std::int64_t km : {1, 5, 20, 60}) {
      INFO(ghz << " GHz, " << km << " km");
      const Radio radio{ghz * 1000, Polarization::horizontal, 2'500, 9, 0};
      double before = 0;
      for (std::int64_t rain = 1; rain <= most_um_per_h; rain += rain / 8 + 1) {
        const double a = rain_attenuation(radio, Distance::km(km), rain);
        CHECK(a > before);
        before = a;
      }
    }
}

TEST_CASE("a lower modulation carries its share of the bits per symbol") {
  const Radio radio{18'700, Polarization::vertical, 2'500, 9, 0};
  CHECK(rate_at(Rate::gbps(1), radio, 9) == Rate::gbps(1));
  CHECK(rate_at(Rate::gbps(1), radio, 5).bps() == 666'666'666);
  CHECK(rate_at(Rate::gbps(1), radio, 0).bps() == 166'666'666);
}
