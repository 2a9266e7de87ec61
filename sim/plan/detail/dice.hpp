// Random choices of searches: reproducible by seed, the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/base/random.hpp"

namespace longhaul::plan::detail {

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  /// 0 up to `below` - 1; the bias of the remainder is below 2^-32 for what is chosen here.
  std::size_t roll(std::size_t below) {
    state_ += 0x9E3779B97F4A7C15ULL;
    return static_cast<std::size_t>(mix(state_) % below);
  }

 private:
  std::uint64_t state_;
};

}  // namespace longhaul::plan::detail
