// Cheapest paths to one node for real-valued arc prices: what duals of flow problems are asked for.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "sim/plan/flow_problem.hpp"

namespace longhaul::plan::detail {

/// A workspace; not for use by two threads at once.
class PriceTree {
 public:
  explicit PriceTree(const FlowProblem& problem);

  /// Cheapest paths of all nodes to the commodity's, `price` by arc and not negative.
  void run(const Commodity& commodity, const std::vector<double>& price);

  /// Of the last run; infinite where no path leads.
  double distance(std::uint32_t node) const { return distance_[node]; }
  /// The arc that `node` sends over; no_arc at the target and where no path leads.
  std::uint32_t next(std::uint32_t node) const { return next_[node]; }
  /// Nodes that have a path, nearest first; the target is the first.
  const std::vector<std::uint32_t>& nearest_first() const { return order_; }

 private:
  struct In {
    std::uint32_t from;
    std::uint32_t arc;
  };
  const FlowProblem& problem_;
  std::vector<std::uint32_t> first_;  ///< by node: where its arcs begin in `into_`
  std::vector<In> into_;
  std::vector<double> distance_;
  std::vector<std::uint32_t> next_;
  std::vector<std::uint32_t> order_;
  std::vector<std::pair<double, std::uint32_t>> heap_;
};

}  // namespace longhaul::plan::detail
