// Two-segment routing: each pair of nodes may be sent through one node on its way, over shortest
// paths to it and from it (docs/models/traffic-engineering.md).
#pragma once

#include <cstdint>
#include <vector>

#include "sim/plan/ecmp_shares.hpp"
#include "sim/plan/flow_problem.hpp"

namespace longhaul::plan {

/// All traffic from one node to another under one constraint; it is not divided.
struct Pair {
  std::uint32_t from;
  std::uint32_t to;
  ConstraintId constraint;
  double bps;
};

/// The pairs of a problem that have a route, by commodity and then source.
std::vector<Pair> pairs_of(const FlowProblem& problem, const EcmpShares& shares);

inline constexpr std::uint32_t direct = 0xFFFF'FFFF;  ///< the way without a node to pass

/// Routes lead a pair to `via` and from there on, two more nodes; always true of `direct`.
bool can_pass(const EcmpShares& shares, const Pair& pair, std::uint32_t via);

struct SteerLimits {
  /// Pairs whose way may differ from that at the start.
  std::size_t changes = static_cast<std::size_t>(-1);
  std::size_t moves = 5'000;  ///< a search that still finds something ends after so many
  double lower_bound = 0;     ///< it stops at this utilization
  std::uint64_t seed = 1;     ///< of the moves that lead away from where no single one helps
};

struct Steering {
  std::vector<std::uint32_t> via;  ///< by pair: a node, or `direct`
  std::vector<double> load_bps;    ///< by arc
  double max_utilization = 0;      ///< never above that of the start
  std::size_t changes = 0;         ///< pairs whose way differs from the start
};

/// Local search from the ways `start` (by pair). Same input, same result to the bit.
Steering steer(const FlowProblem& problem, const EcmpShares& shares, const std::vector<Pair>& pairs,
               const std::vector<std::uint32_t>& start, const SteerLimits& limits);

}  // namespace longhaul::plan
