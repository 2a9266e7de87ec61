// What part of the traffic between two nodes crosses each arc under even splitting.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/plan/flow_problem.hpp"
#include "sim/routing/routes.hpp"

namespace longhaul::plan {

struct ArcShare {
  std::uint32_t arc;
  double share;  ///< 0 to 1
};

/// Immutable once built. Memory: a share for each pair of nodes and arc that the pair uses.
class EcmpShares {
 public:
  /// Of `routes`, under each constraint of `problem` that some commodity has.
  EcmpShares(const FlowProblem& problem, const Routes& routes);

  /// Ascending by arc; empty from a node to itself and where there is no route. Only for a
  /// constraint that some commodity has.
  std::span<const ArcShare> of(ConstraintId constraint, std::uint32_t from,
                               std::uint32_t to) const {
    const std::size_t cell = (row_[constraint.index()] * nodes_ + to) * nodes_ + from;
    return {shares_.data() + first_[cell], shares_.data() + first_[cell + 1]};
  }

 private:
  void add_target(const FlowProblem& problem, const Routes& routes, DestinationId to);

  std::size_t nodes_;
  std::vector<std::size_t> row_;    ///< by constraint: its place among those kept
  std::vector<std::size_t> first_;  ///< by constraint kept, target and source, into `shares_`
  std::vector<ArcShare> shares_;
};

}  // namespace longhaul::plan
