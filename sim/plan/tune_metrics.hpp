// IGP metrics that spread a matrix well: local search after Fortz and Thorup
// (docs/models/traffic-engineering.md).
#pragma once

#include <cstdint>
#include <vector>

#include "sim/plan/flow_problem.hpp"
#include "sim/routing/spf.hpp"

namespace longhaul::plan {

struct TuneLimits {
  std::size_t iterations = 20'000;  ///< settings of metrics that are tried
  std::uint64_t seed = 1;
  /// What the search aims at: a utilization that no routing beats (`Optimum::lower_bound`). It
  /// stops when it is there, and counts cost as if it were 1.
  double lower_bound = 0;
  std::vector<double> arc_price = {};  ///< Optimum::arc_price: another start; may be empty
};

struct TunedMetrics {
  std::vector<routing::Cost> metric;  ///< by arc, 1 to 65,535 unless as at the start
  double max_utilization = 0;         ///< never above that of the start
  double start_utilization = 0;
  std::size_t changes = 0;     ///< arcs whose metric differs from the start
  std::size_t iterations = 0;  ///< tried
};

/// `start` by arc. Same input, same result to the bit.
TunedMetrics tune_metrics(const FlowProblem& problem, const std::vector<routing::Cost>& start,
                          const TuneLimits& limits);

}  // namespace longhaul::plan
