#include "sim/base/math.hpp"

#include <bit>
#include <cmath>
#include <cstdint>

#include "tests/catch.hpp"

using namespace longhaul;

TEST_CASE("ln, exp, pow and log10 are those of the maths library to the last digits") {
  double worst_ln = 0;
  double worst_exp = 0;
  double worst_pow = 0;
  for (int i = 1; i < 200'000; ++i) {
    const double x = std::exp((i - 100'000) * 0.0069);  // 1e-300 to 1e300
    const double e = (i - 100'000) * 0.0069;
    const double y = (i % 37) / 10.0 - 1.8;
    worst_ln = std::max(worst_ln,
                        std::abs(math::ln(x) - std::log(x)) / std::max(1.0, std::abs(std::log(x))));
    worst_exp = std::max(worst_exp, std::abs(math::exp(e) / std::exp(e) - 1));
    const double base = 1e-3 * i;
    worst_pow = std::max(worst_pow, std::abs(math::pow(base, y) / std::pow(base, y) - 1));
  }
  CHECK(worst_ln < 4e-16);
  CHECK(worst_exp < 1e-15);
  CHECK(worst_pow < 1e-14);
  CHECK(math::log10(1000.0) == Approx(3).epsilon(1e-15));
  CHECK(math::ln(1.0) == 0.0);
  CHECK(math::exp(0.0) == 1.0);
}

TEST_CASE("the functions are the same to the bit everywhere") {
  // The bits as first computed; another compiler, flag or machine must give them too.
  std::uint64_t hash = 0;
  for (int i = 1; i <= 1000; ++i) {
    for (const double v : {math::ln(0.37 * i), math::exp(0.7 * i - 350), math::pow(0.01 * i, 1.1)})
      hash = (hash ^ std::bit_cast<std::uint64_t>(v)) * 0x100000001b3ULL;
  }
  CHECK(hash == 0x903a3297fcae5e1dULL);
}
