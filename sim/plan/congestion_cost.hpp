// Fortz and Thorup's cost of load, a stand-in for delay and loss that favours no single link
// (docs/models/traffic-engineering.md).
#pragma once

#include <vector>

#include "sim/plan/flow_problem.hpp"

namespace longhaul::plan {

/// Of one arc, in bit/s: convex, piecewise linear, the load itself below a third of the capacity.
double congestion_cost(double load_bps, double capacity_bps);

/// The sum over arcs, loads by arc, capacities taken `scale` times as large.
double congestion_cost(const FlowProblem& problem, const std::vector<double>& load_bps,
                       double scale = 1);

/// The sum over what it would be with capacities without end and everything over fewest hops; 1 at
/// least, 10 2/3 where shortest paths fill every arc exactly.
double normalised_congestion_cost(const FlowProblem& problem, const std::vector<double>& load_bps);

}  // namespace longhaul::plan
