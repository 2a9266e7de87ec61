// Events as written, but for storms and added traffic, and how often things fail by themselves.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/base/yaml/fields.hpp"
#include "sim/failure/rates.hpp"
#include "sim/scenario/detail/written_places.hpp"

namespace longhaul::scenario {

/// What is left of a capacity: exactly one of the two.
struct WrittenRemainder {
  std::optional<Rate> rate;
  std::optional<double> share;
};

struct WrittenDegrade {
  Name what;
  yaml::Located<WrittenRemainder> to;
};

struct WrittenMetric {
  Name link;
  std::vector<std::int64_t> to;  ///< [a to b, b to a]
};

/// `mtbf` and `mttr` in hours.
struct WrittenRate {
  std::optional<double> mtbf_h;
  std::optional<double> mttr_h;
};

struct WrittenFailures {
  WrittenRate cable;
  WrittenRate submarine;
  WrittenRate link;
  WrittenRate node;
  yaml::Place where;
};

const yaml::Fields<WrittenDegrade>& degrade_fields();
const yaml::Fields<WrittenMetric>& metric_event_fields();
const yaml::Fields<WrittenFailures>& failures_fields();

}  // namespace longhaul::scenario
