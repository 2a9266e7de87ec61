#include "sim/base/random.hpp"

#include <bit>
#include <limits>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace longhaul {

namespace {

constexpr std::uint64_t multiplier_0 = 0xD2511F53;
constexpr std::uint64_t multiplier_1 = 0xCD9E8D57;
constexpr std::uint32_t weyl_0 = 0x9E3779B9;
constexpr std::uint32_t weyl_1 = 0xBB67AE85;

// -ln(u), u in (0, 1], a normal double. u = 2^e m with m in [sqrt(1/2), sqrt(2)); ln m = 2
// artanh(s), s = (m-1)/(m+1), |s| <= 0.1716, by its Taylor series to s^17 (next term below 1e-15
// relative).
[[gnu::always_inline]] inline double minus_log(double u) {
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

[[gnu::always_inline]] inline double uniform_open_below(std::uint64_t bits) {
  return 2.0 - std::bit_cast<double>((bits >> 12) | 0x3ff0000000000000ULL);
}

/// Philox words of a batch, as 64-bit lanes: word 0 << 32 | word 1, word 2, word 3.
struct BatchWords {
  alignas(64) std::uint64_t high[random_batch];
  alignas(64) std::uint64_t size_word[random_batch];
  alignas(64) std::uint64_t flow_word[random_batch];
};

[[gnu::always_inline]] inline void finish(const BatchWords& words, RandomBatch& out) {
  for (int i = 0; i < random_batch; ++i)
    out.exponential[i] = minus_log(uniform_open_below(words.high[i]));
  for (int i = 0; i < random_batch; ++i) {
    out.size_word[i] = static_cast<std::uint32_t>(words.size_word[i]);
    out.flow_word[i] = static_cast<std::uint32_t>(words.flow_word[i]);
  }
}

void fill_plain(std::uint64_t seed, std::uint64_t stream, std::uint64_t first, RandomBatch& out) {
  BatchWords words;
  for (int i = 0; i < random_batch; ++i) {
    const Words w = philox(seed, stream, first + static_cast<std::uint64_t>(i));
    words.high[i] = static_cast<std::uint64_t>(w.w[0]) << 32 | w.w[1];
    words.size_word[i] = w.w[2];
    words.flow_word[i] = w.w[3];
  }
  finish(words, out);
}

#if defined(__x86_64__)
// The same rounds on four counters at once. A multiply takes the low halves of 64-bit lanes, so
// what is left in the high halves between rounds does no harm.
__attribute__((target("avx2"))) void fill_avx2(std::uint64_t seed, std::uint64_t stream,
                                               std::uint64_t first, RandomBatch& out) {
  const __m256i m0 = _mm256_set1_epi64x(multiplier_0);
  const __m256i m1 = _mm256_set1_epi64x(multiplier_1);
  const __m256i low = _mm256_set1_epi64x(0xffffffff);
  BatchWords words;
  for (int i = 0; i < random_batch; i += 4) {
    const __m256i counter = _mm256_add_epi64(_mm256_set1_epi64x(static_cast<long long>(first) + i),
                                             _mm256_set_epi64x(3, 2, 1, 0));
    __m256i c0 = counter;
    __m256i c1 = _mm256_srli_epi64(counter, 32);
    __m256i c2 = _mm256_set1_epi64x(static_cast<long long>(stream));
    __m256i c3 = _mm256_srli_epi64(c2, 32);
    std::uint32_t k0 = static_cast<std::uint32_t>(seed);
    std::uint32_t k1 = static_cast<std::uint32_t>(seed >> 32);
    for (int round = 0; round < 10; ++round) {
      const __m256i p0 = _mm256_mul_epu32(c0, m0);
      const __m256i p1 = _mm256_mul_epu32(c2, m1);
      c0 =
          _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p1, 32), c1), _mm256_set1_epi64x(k0));
      c1 = p1;
      c2 =
          _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p0, 32), c3), _mm256_set1_epi64x(k1));
      c3 = p0;
      k0 += weyl_0;
      k1 += weyl_1;
    }
    const auto store = [&](std::uint64_t * to, __m256i v) __attribute__((target("avx2"))) {
      _mm256_store_si256(reinterpret_cast<__m256i*>(to + i), v);
    };
    store(words.high, _mm256_or_si256(_mm256_slli_epi64(c0, 32), _mm256_and_si256(c1, low)));
    store(words.size_word, _mm256_and_si256(c2, low));
    store(words.flow_word, _mm256_and_si256(c3, low));
  }
  finish(words, out);
}

// Eight at once. GCC 12 takes what its own headers leave undefined on purpose for a mistake
// (PR 105593).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#if defined(__clang__)
#define LONGHAUL_AVX512 __attribute__((target("avx512f,avx512dq")))
#else  // GCC keeps to 256 bits unless told
#define LONGHAUL_AVX512 __attribute__((target("avx512f,avx512dq,prefer-vector-width=512")))
#endif
LONGHAUL_AVX512 void fill_avx512(std::uint64_t seed, std::uint64_t stream, std::uint64_t first,
                                 RandomBatch& out) {
  const __m512i m0 = _mm512_set1_epi64(multiplier_0);
  const __m512i m1 = _mm512_set1_epi64(multiplier_1);
  const __m512i low = _mm512_set1_epi64(0xffffffff);
  BatchWords words;
  for (int i = 0; i < random_batch; i += 8) {
    const __m512i counter = _mm512_add_epi64(_mm512_set1_epi64(static_cast<long long>(first) + i),
                                             _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
    __m512i c0 = counter;
    __m512i c1 = _mm512_srli_epi64(counter, 32);
    __m512i c2 = _mm512_set1_epi64(static_cast<long long>(stream));
    __m512i c3 = _mm512_srli_epi64(c2, 32);
    std::uint32_t k0 = static_cast<std::uint32_t>(seed);
    std::uint32_t k1 = static_cast<std::uint32_t>(seed >> 32);
    for (int round = 0; round < 10; ++round) {
      constexpr int xor_of_three = 0x96;
      const __m512i p0 = _mm512_mul_epu32(c0, m0);
      const __m512i p1 = _mm512_mul_epu32(c2, m1);
      c0 = _mm512_ternarylogic_epi64(_mm512_srli_epi64(p1, 32), c1, _mm512_set1_epi64(k0),
                                     xor_of_three);
      c1 = p1;
      c2 = _mm512_ternarylogic_epi64(_mm512_srli_epi64(p0, 32), c3, _mm512_set1_epi64(k1),
                                     xor_of_three);
      c3 = p0;
      k0 += weyl_0;
      k1 += weyl_1;
    }
    _mm512_store_si512(words.high + i,
                       _mm512_or_si512(_mm512_slli_epi64(c0, 32), _mm512_and_si512(c1, low)));
    _mm512_store_si512(words.size_word + i, _mm512_and_si512(c2, low));
    _mm512_store_si512(words.flow_word + i, _mm512_and_si512(c3, low));
  }
  finish(words, out);
}
#undef LONGHAUL_AVX512
#pragma GCC diagnostic pop
#endif

}  // namespace

void fill_random(std::uint64_t seed, std::uint64_t stream, std::uint64_t first, RandomBatch& out) {
#if defined(__x86_64__)
  static const bool avx512 =
      __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0;
  static const bool avx2 = __builtin_cpu_supports("avx2") != 0;
  if (avx512) return fill_avx512(seed, stream, first, out);
  if (avx2) return fill_avx2(seed, stream, first, out);
#endif
  fill_plain(seed, stream, first, out);
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

double exp_from(double x) {
  if (!(x < 709)) return std::numeric_limits<double>::infinity();
  // x = k ln 2 + r, |r| <= ln 2 / 2; ln 2 in two parts, the first with 21 zero bits at its end, so
  // that its product with k is exact. e^r by its Taylor series to r^13 (next term below 1e-17).
  constexpr double ln2_high = 6.93147180369123816490e-01;
  constexpr double ln2_low = 1.90821492927058770002e-10;
  constexpr double per_ln2 = 1.44269504088896340736;
  const auto k = static_cast<std::int64_t>(x * per_ln2 + 0.5);
  const auto kd = static_cast<double>(k);
  const double r = (x - kd * ln2_high) - kd * ln2_low;
  double p = 1;
  for (int n = 13; n > 0; --n) p = 1 + p * r / n;
  return p * std::bit_cast<double>(static_cast<std::uint64_t>(1023 + k) << 52);
}

}  // namespace longhaul
