#include "sim/scenario/detail/bucket_fields.hpp"

#include <fmt/format.h>

#include "sim/base/text.hpp"
#include "sim/scenario/detail/rate_or_share.hpp"
#include "sim/scenario/detail/types.hpp"

namespace longhaul::scenario {

namespace {

using yaml::Bound;
using yaml::Fields;
using yaml::Type;

constexpr double most_share = 100;

/// A rate, or a share of the demand's own.
Type<TokenBucketSpec> bucket_rate() {
  return rate_or_share<TokenBucketSpec>(
      "a rate such as 2G or a share of each demand's own such as 120 %, above 0", most_share);
}

Fields<WrittenBucket> bucket_fields(std::string name, std::string description) {
  return Fields<WrittenBucket>(std::move(name), std::move(description))
      .required("rate", &WrittenBucket::rate, bucket_rate(),
                "At which the bucket of each demand fills; packet bytes, without framing.")
      .required("burst", &WrittenBucket::burst, yaml::located(yaml::size(Bound::positive)),
                "What the bucket holds: this much may be sent at once.");
}

}  // namespace

const Fields<WrittenBucket>& shape_fields() {
  static const Fields<WrittenBucket> fields =
      bucket_fields("shaper", "What exceeds a token bucket waits at the source.")
          .optional("delay", &WrittenBucket::delay, clock_time(Bound::positive),
                    "A packet that had to wait longer is dropped as policed.", "100 ms");
  return fields;
}

const Fields<WrittenBucket>& police_fields() {
  static const Fields<WrittenBucket> fields =
      bucket_fields("policer", "What exceeds a token bucket is dropped at the source.");
  return fields;
}

TokenBucketSpec resolve_bucket(const WrittenBucket& written, TokenBucketSpec::Action action,
                               std::int64_t largest, Diagnostics& diagnostics) {
  TokenBucketSpec out = written.rate;
  out.action = action;
  out.max_delay = written.delay;
  out.burst_bytes = written.burst.value.bytes();
  if (out.burst_bytes < largest)
    written.burst.where.error(
        diagnostics, fmt::format("a burst of {} lets no packet of the largest size pass, {}",
                                 to_text(written.burst.value), to_text(Size::bytes(largest))));
  return out;
}

}  // namespace longhaul::scenario
