// Loads of shortest paths under changing metrics: what a search over metrics asks thousands of
// times a second.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "sim/plan/flow_problem.hpp"
#include "sim/routing/spf.hpp"

namespace longhaul::plan {

/// A new metric of an arc.
struct MetricChange {
  std::uint32_t arc;
  routing::Cost metric;
};

/// Every commodity over shortest paths, split evenly at every hop. A change costs no more than the
/// commodities whose paths it moves. Not for use by two threads at once.
class EcmpLoads {
 public:
  /// `metric` by arc, > 0. Refers to `problem`.
  EcmpLoads(const FlowProblem& problem, std::vector<routing::Cost> metric);

  const std::vector<routing::Cost>& metric() const { return metric_; }
  const std::vector<double>& load_bps() const { return load_; }  ///< by arc
  /// Of a node to a commodity's target; unreachable if there is no path.
  routing::Cost distance(std::size_t commodity, std::uint32_t node) const {
    return routed_[commodity].distance[node];
  }

  /// Loads by arc if `changes` were made; valid until the next call.
  const std::vector<double>& what_if(std::span<const MetricChange> changes);
  /// Makes them.
  void apply(std::span<const MetricChange> changes);

 private:
  struct Routed {
    std::vector<routing::Cost> distance;  ///< by node
    std::vector<double> load;             ///< bit/s by arc
  };
  void set(std::span<const MetricChange> changes);
  bool moves(std::size_t commodity, std::span<const MetricChange> changes) const;
  void route(std::size_t commodity, Routed& out);
  void add_up();

  const FlowProblem& problem_;
  std::vector<routing::Cost> metric_;
  std::vector<Routed> routed_;  ///< by commodity
  std::vector<double> load_;

  std::vector<MetricChange> back_;  ///< undoes what a question tried
  Routed tried_;
  std::vector<double> answer_;
  std::vector<std::pair<routing::Cost, std::uint32_t>> heap_;
  std::vector<std::uint32_t> order_;
  std::vector<double> through_;  ///< bit/s by node
};

}  // namespace longhaul::plan
