// A scenario's traffic under each way of engineering it, beside the optimum.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/plan/flow_problem.hpp"
#include "sim/plan/optimum.hpp"
#include "sim/plan/steering.hpp"
#include "sim/plan/tune_metrics.hpp"
#include "sim/scenario/scenario.hpp"

namespace longhaul::plan {

struct EngineerOptions {
  bool metrics = false;   ///< tune metrics
  bool segments = false;  ///< steer pairs through nodes
  OptimumLimits optimum;
  std::size_t iterations = TuneLimits{}.iterations;  ///< of tune_metrics
  std::size_t changes = SteerLimits{}.changes;       ///< pairs steered at most
  std::uint64_t seed = 1;
};

/// A line of the comparison.
struct MethodRow {
  std::string method;  ///< "ecmp", "metrics", "segments", "optimum"
  double max_utilization = 0;
  double gap = 0;           ///< above the lower bound of the optimum, relative to that
  std::size_t changes = 0;  ///< metrics (directions of links) or pairs that are not as configured
  double cpu_s = 0;
};

struct Engineered {
  FlowProblem problem;
  std::vector<routing::Cost> configured_metric;  ///< by arc
  std::vector<double> configured_load_bps;       ///< by arc; as `plan loads`
  double configured_utilization = 0;
  Optimum optimum;
  std::optional<TunedMetrics> metrics;
  std::vector<Pair> pairs;  ///< what `segments` speaks of
  std::optional<Steering> segments;
  std::vector<MethodRow> rows;  ///< of what was asked for, the configured first, the optimum last
};

/// All links up. Throws InputError if metrics or segments are asked for where they cannot be
/// worked out: between several providers, or metrics without ECMP.
Engineered engineer(const Scenario& scenario, const EngineerOptions& options);

/// `routing:` with the tuned metrics, or with the segments, for a scenario to include: YAML.
std::string metrics_yaml(const Network& network, const Engineered& engineered);
std::string segments_yaml(const Network& network, const Engineered& engineered);

}  // namespace longhaul::plan
