#include "sim/base/math.hpp"

#include <bit>
#include <cassert>
#include <cstdint>

namespace longhaul::math {

namespace {

constexpr double ln_10 = 2.302585092994045684;
constexpr double sqrt_2 = 1.414213562373095049;
// ln 2 in two parts: multiples of the first up to 2^11 are exact (as in fdlibm's e_exp.c).
constexpr double ln_2_high = 6.93147180369123816490e-01;
constexpr double ln_2_low = 1.90821492927058770002e-10;
constexpr int mantissa_bits = 52;
constexpr std::uint64_t bias = 1023;

/// 2^k for a normal result.
double power_of_two(int k) {
  return std::bit_cast<double>((bias + static_cast<std::uint64_t>(static_cast<std::int64_t>(k)))
                               << mantissa_bits);
}

}  // namespace

double ln(double x) {
  assert(x >= 0x1p-1022 && x <= 0x1.fffffffffffffp1023);
  // x = m x 2^k with m around 1, and ln m = 2 atanh s with s = (m - 1) / (m + 1).
  const auto bits = std::bit_cast<std::uint64_t>(x);
  int k = static_cast<int>(bits >> mantissa_bits) - static_cast<int>(bias);
  constexpr std::uint64_t mantissa = (std::uint64_t{1} << mantissa_bits) - 1;
  double m = std::bit_cast<double>((bits & mantissa) | bias << mantissa_bits);
  if (m > sqrt_2) {
    m *= 0.5;
    ++k;
  }
  const double s = (m - 1.0) / (m + 1.0);  // at most 0.1716 in size
  const double s2 = s * s;
  double sum = 0.0;
  for (int n = 23; n >= 3; n -= 2) sum = s2 * (1.0 / n + sum);  // the next term is below 1e-20
  return k * ln_2_high + (k * ln_2_low + 2.0 * (s + s * sum));
}

double exp(double x) {
  assert(x >= -700.0 && x <= 700.0);
  // x = k ln 2 + r with |r| <= 0.35.
  const int k = static_cast<int>(x * 1.442695040888963407 + (x < 0 ? -0.5 : 0.5));
  const double r = (x - k * ln_2_high) - k * ln_2_low;
  double sum = 1.0;
  for (int n = 15; n >= 1; --n) sum = 1.0 + r / n * sum;  // Taylor; the next term is below 2e-21
  return sum * power_of_two(k);
}

double pow(double x, double y) { return exp(y * ln(x)); }

double log10(double x) { return ln(x) / ln_10; }

}  // namespace longhaul::math
