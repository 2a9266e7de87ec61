#include "sim/packet/random.hpp"

#include <bit>

namespace longhaul::packet {

namespace {

constexpr std::uint64_t multiplier_0 = 0xD2511F53;
constexpr std::uint64_t multiplier_1 = 0xCD9E8D57;
constexpr std::uint32_t weyl_0 = 0x9E3779B9;
constexpr std::uint32_t weyl_1 = 0xBB67AE85;

// -ln(u), u in (0, 1], a normal double. u = 2^e m with m in [sqrt(1/2), sqrt(2)); ln m = 2
// artanh(s), s = (m-1)/(m+1), |s| <= 0.1716, by its Taylor series to s^17 (next term below 1e-15
// relative).
inline double minus_log(double u) {
  constexpr double ln2 = 0.693147180559945309417232121458;
  constexpr std::uint64_t above_sqrt_2 = 0x10000000000000 - 0x6a09e667f3bcd;  // mantissa of sqrt(2)
  const auto bits = std::bit_cast<std::uint64_t>(u);
  const std::uint64_t mantissa = bits & 0xfffffffffffffULL;
  const std::uint64_t high = (mantissa + above_sqrt_2) >> 52;  // 1: halve m, raise e
  const double m = std::bit_cast<double>(mantissa | ((1023 - high) << 52));
  // The exponent as a double without a conversion: 2^52 + k has k in its low bits.
  const double e = std::bit_cast<double>(((bits >> 52) + high) | 0x4330000000000000ULL) -
                   (4503599627370496.0 + 1023.0);
  const double s = (m - 1.0) / (m + 1.0);
  const double z = s * s;
  double p = 1.0 / 17;
  p = p * z + 1.0 / 15;
  p = p * z + 1.0 / 13;
  p = p * z + 1.0 / 11;
  p = p * z + 1.0 / 9;
  p = p * z + 1.0 / 7;
  p = p * z + 1.0 / 5;
  p = p * z + 1.0 / 3;
  p = p * z + 1.0;
  return -(e * ln2 + (s + s) * p);
}

inline double uniform_open_below(std::uint64_t bits) {
  return 2.0 - std::bit_cast<double>((bits >> 12) | 0x3ff0000000000000ULL);
}

// Also compiled for AVX2 where the compiler can pick at load time: integer work and IEEE arithmetic
// without contraction give the same bits either way.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define LONGHAUL_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define LONGHAUL_CLONES
#endif

}  // namespace

LONGHAUL_CLONES
void fill(std::uint64_t seed, std::uint64_t stream, std::uint64_t first, RandomBatch& out) {
  // 32-bit words in 64-bit lanes, so that one multiply gives both halves of the product.
  std::uint64_t c0[random_batch];
  std::uint64_t c1[random_batch];
  std::uint64_t c2[random_batch];
  std::uint64_t c3[random_batch];
  for (int i = 0; i < random_batch; ++i) {
    const std::uint64_t counter = first + static_cast<std::uint64_t>(i);
    c0[i] = counter & 0xffffffffU;
    c1[i] = counter >> 32;
    c2[i] = stream & 0xffffffffU;
    c3[i] = stream >> 32;
  }
  std::uint32_t k0 = static_cast<std::uint32_t>(seed);
  std::uint32_t k1 = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < random_batch; ++i) {
      const std::uint64_t p0 = multiplier_0 * c0[i];
      const std::uint64_t p1 = multiplier_1 * c2[i];
      c0[i] = (p1 >> 32) ^ c1[i] ^ k0;
      c1[i] = p1 & 0xffffffffU;
      c2[i] = (p0 >> 32) ^ c3[i] ^ k1;
      c3[i] = p0 & 0xffffffffU;
    }
    k0 += weyl_0;
    k1 += weyl_1;
  }
  for (int i = 0; i < random_batch; ++i) {
    out.exponential[i] = minus_log(uniform_open_below(c0[i] << 32 | c1[i]));
    out.size_word[i] = static_cast<std::uint32_t>(c2[i]);
    out.flow_word[i] = static_cast<std::uint32_t>(c3[i]);
  }
}

Words philox(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter) {
  std::uint32_t c[4] = {
      static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32),
      static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)};
  std::uint32_t k0 = static_cast<std::uint32_t>(seed);
  std::uint32_t k1 = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = multiplier_0 * c[0];
    const std::uint64_t p1 = multiplier_1 * c[2];
    c[0] = static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ k0;
    c[1] = static_cast<std::uint32_t>(p1);
    c[2] = static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ k1;
    c[3] = static_cast<std::uint32_t>(p0);
    k0 += weyl_0;
    k1 += weyl_1;
  }
  return {{c[0], c[1], c[2], c[3]}};
}

double exponential_from_bits(std::uint64_t bits) { return minus_log(uniform_open_below(bits)); }

}  // namespace longhaul::packet
