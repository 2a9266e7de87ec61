// The least max utilization that any routing could reach: a multi-commodity flow
// (docs/models/optimum.md).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/plan/flow_problem.hpp"

namespace longhaul::plan {

enum class OptimumMethod { automatic, lp, approximation };
const char* to_string(OptimumMethod);

/// A flow and what proves how good it is.
struct Optimum {
  double max_utilization = 0;     ///< of the flow found: reachable, so an upper bound
  double lower_bound = 0;         ///< no routing does better; equal to it if exact
  std::vector<double> load_bps;   ///< by arc, of the flow found
  std::vector<double> arc_price;  ///< by arc, >= 0, per bit/s: the dual that proves the bound
  OptimumMethod method = OptimumMethod::lp;  ///< never automatic
  std::size_t iterations = 0;  ///< of the simplex method, or phases of the approximation
  /// Relative: 0 where the flow is optimal.
  double gap() const { return max_utilization > 0 ? 1 - lower_bound / max_utilization : 0; }
};

struct OptimumLimits {
  OptimumMethod method = OptimumMethod::automatic;
  /// Automatic takes the linear program up to so many of its variables (commodities x arcs).
  std::size_t lp_variables = 20'000;
  double gap = 0.01;           ///< the approximation stops at this relative gap ...
  std::size_t phases = 3'000;  ///< ... or after so many phases
};

/// Same input, same result to the bit. Throws RunError if the linear program cannot be finished.
Optimum optimum(const FlowProblem& problem, const OptimumLimits& limits = {});

/// What `price` proves: the cost of carrying everything over cheapest paths, over the price of all
/// capacity, is a lower bound on the max utilization of any routing (duality of linear programs).
double dual_bound(const FlowProblem& problem, const std::vector<double>& price);

}  // namespace longhaul::plan
