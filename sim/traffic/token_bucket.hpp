// Token buckets on what a demand sends: a shaper delays what exceeds them, a policer drops it.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/base/units.hpp"

namespace longhaul {

/// A bucket of `burst_bytes`, full at the start, that fills at a rate; a packet needs its own size
/// (without framing) of it. Each demand has its own.
struct TokenBucketSpec {
  enum class Action { shape, police };
  Action action = Action::shape;
  std::optional<Rate> rate;
  double share = 0;                        ///< of the demand's own rate, if `rate` is not given
  std::int64_t burst_bytes = 0;            ///< at least the demand's largest packet
  Duration max_delay = Duration::ms(100);  ///< shape: a packet that had to wait longer is dropped
  /// In bit/s for a demand of `own`, at least 1.
  std::int64_t bps(Rate own) const {
    const std::int64_t bps =
        rate ? rate->bps() : static_cast<std::int64_t>(own.as_double() * share);
    return bps < 1 ? 1 : bps;
  }
};

}  // namespace longhaul
