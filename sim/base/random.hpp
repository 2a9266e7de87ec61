// Counter-based random numbers for arrivals: Philox4x32-10 (Salmon et al., "Parallel Random
// Numbers: As Easy as 1, 2, 3", SC'11), keyed (seed, demand), with the packet's number as counter.
// So a demand's packets depend on nothing but the seed and the demand: not on routes, other
// demands, windows or threads (docs/decisions/0004).
//
// No libm: the exponential's logarithm is a polynomial of our own, the same to the bit everywhere.
#pragma once

#include <cstdint>

namespace longhaul {

/// Packets whose random words are made at once; wide enough to fill vector registers.
inline constexpr int random_batch = 32;

/// What a packet needs: an exponential variate of mean 1 and two words.
struct RandomBatch {
  double exponential[random_batch];
  std::uint32_t size_word[random_batch];
  std::uint32_t flow_word[random_batch];
};

/// Fills `out` for packets `first` ... `first + random_batch - 1` of the stream `stream` under
/// `seed`.
void fill_random(std::uint64_t seed, std::uint64_t stream, std::uint64_t first, RandomBatch& out);

/// The four words of one counter; the plain form of the same function.
struct Words {
  std::uint32_t w[4];
};
Words philox(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter);

/// A strong 64-bit mix (the finaliser of SplitMix64; Steele, Lea and Flood, OOPSLA 2014).
constexpr std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// -ln(u) for the u in (0, 1] that the top 52 bits of `bits` stand for: u = 1 - k/2^52. Relative
/// error below 1e-13.
double exponential_from_bits(std::uint64_t bits);

/// e^x for x >= 0, without libm; relative error below 1e-14. Infinite from 709 on.
double exp_from(double x);

}  // namespace longhaul
