#include "sim/plan/optimum.hpp"

#include "sim/plan/detail/concurrent_flow.hpp"
#include "sim/plan/detail/flow_lp.hpp"
#include "sim/plan/detail/price_tree.hpp"

namespace longhaul::plan {

const char* to_string(OptimumMethod method) {
  switch (method) {
    case OptimumMethod::automatic:
      return "auto";
    case OptimumMethod::lp:
      return "lp";
    case OptimumMethod::approximation:
      return "approximation";
  }
  return "";
}

double dual_bound(const FlowProblem& problem, const std::vector<double>& price) {
  double capacity_price = 0;
  for (std::size_t a = 0; a < problem.arcs.size(); ++a)
    capacity_price += price[a] * problem.arcs[a].capacity_bps;
  if (capacity_price <= 0) return 0;
  double cost = 0;
  detail::PriceTree tree(problem);
  for (const Commodity& commodity : problem.commodities) {
    tree.run(commodity, price);
    for (std::size_t n = 0; n < problem.nodes; ++n) {
      if (commodity.bps_from[n] > 0)
        cost += commodity.bps_from[n] * tree.distance(static_cast<std::uint32_t>(n));
    }
  }
  return cost / capacity_price;
}

Optimum optimum(const FlowProblem& problem, const OptimumLimits& limits) {
  if (problem.commodities.empty()) {
    Optimum nothing;
    nothing.load_bps.assign(problem.arcs.size(), 0.0);
    nothing.arc_price.assign(problem.arcs.size(), 0.0);
    return nothing;
  }
  const bool small = problem.commodities.size() * problem.arcs.size() <= limits.lp_variables;
  const bool lp =
      limits.method == OptimumMethod::lp || (limits.method == OptimumMethod::automatic && small);
  return lp ? detail::solve_flow_lp(problem) : detail::approximate_flow(problem, limits);
}

}  // namespace longhaul::plan
