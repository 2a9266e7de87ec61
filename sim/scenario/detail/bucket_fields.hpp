// `shape:` and `police:` of a traffic entry.
#pragma once

#include <optional>

#include "sim/base/yaml/fields.hpp"
#include "sim/traffic/token_bucket.hpp"

namespace longhaul::scenario {

struct WrittenBucket {
  TokenBucketSpec rate;  ///< only its rate or share
  yaml::Located<Size> burst{Size::zero(), {}};
  Duration delay = TokenBucketSpec{}.max_delay;  ///< shape only
};

const yaml::Fields<WrittenBucket>& shape_fields();
const yaml::Fields<WrittenBucket>& police_fields();

/// For packets of up to `largest` bytes; a burst that lets none of these pass is a mistake.
TokenBucketSpec resolve_bucket(const WrittenBucket& written, TokenBucketSpec::Action action,
                               std::int64_t largest, Diagnostics& diagnostics);

}  // namespace longhaul::scenario
