#include "sim/plan/flow_problem.hpp"

#include <algorithm>
#include <map>

#include "sim/scenario/steered.hpp"

namespace longhaul::plan {

namespace {

/// By NodeId: arcs that `constraint` leaves lead from there to `to`.
std::vector<bool> reaches(const FlowProblem& problem, std::uint32_t to, ConstraintId constraint) {
  std::vector<bool> found(problem.nodes);
  std::vector<std::uint32_t> open{to};
  found[to] = true;
  while (!open.empty()) {
    const std::uint32_t at = open.back();
    open.pop_back();
    for (const std::uint32_t arc : problem.in[at]) {
      const std::uint32_t from = problem.arcs[arc].from;
      if (found[from] || !problem.usable(arc, constraint)) continue;
      found[from] = true;
      open.push_back(from);
    }
  }
  return found;
}

/// Arcs, and which of them each constraint forbids.
FlowProblem arcs_of(const Network& network, const std::vector<PathConstraint>& constraints,
                    const std::vector<bool>& down) {
  FlowProblem problem;
  problem.nodes = network.nodes().size();
  problem.out.resize(problem.nodes);
  problem.in.resize(problem.nodes);
  problem.arc_of_port.assign(network.ports().size(), FlowProblem::no_arc);
  for (std::size_t p = 0; p < network.ports().size(); ++p) {
    const Port& port = network.ports()[p];
    if (!port.exists || (!down.empty() && down[p])) continue;
    const auto arc = static_cast<std::uint32_t>(problem.arcs.size());
    problem.arc_of_port[p] = arc;
    problem.out[port.from.index()].push_back(arc);
    problem.in[port.to.index()].push_back(arc);
    problem.arcs.push_back(
        {port.from.value(), port.to.value(), PortId(p), port.rate().as_double()});
  }
  for (const PathConstraint& constraint : constraints) {
    std::vector<bool> avoid;
    if (!constraint.avoid.empty()) {
      for (const Arc& arc : problem.arcs) avoid.push_back(constraint.avoid[arc.port.index()]);
    }
    problem.forbidden.push_back(std::move(avoid));
  }
  if (problem.forbidden.empty()) problem.forbidden.emplace_back();
  return problem;
}

}  // namespace

double FlowProblem::max_utilization(const std::vector<double>& load_bps) const {
  double most = 0;
  for (std::size_t a = 0; a < arcs.size(); ++a)
    most = std::max(most, load_bps[a] / arcs[a].capacity_bps);
  return most;
}

FlowProblem flow_problem(const Network& network, const DemandSet& demands,
                         const std::vector<PathConstraint>& constraints,
                         const std::vector<bool>& down) {
  FlowProblem problem = arcs_of(network, constraints, down);
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<double>> to;
  for (const Demand& demand : demands.demands) {
    std::vector<double>& from = to[{demand.constraint.value(), demand.to.value()}];
    from.resize(problem.nodes, 0.0);
    from[demand.from.index()] += demand.rate.as_double();
    problem.offered_bps += demand.rate.as_double();
  }
  for (auto& [key, bps_from] : to) {
    Commodity commodity{key.second, ConstraintId(key.first), std::move(bps_from)};
    const std::vector<bool> joined = reaches(problem, commodity.to, commodity.constraint);
    bool any = false;
    for (std::size_t n = 0; n < problem.nodes; ++n) {
      double& bps = commodity.bps_from[n];
      if (!joined[n]) {
        problem.unrouted_bps += bps;
        bps = 0;
      }
      any = any || bps > 0;
    }
    if (any) problem.commodities.push_back(std::move(commodity));
  }
  return problem;
}

DemandSet planned_demands(const Scenario& scenario) {
  const Steered steered(scenario);
  Routes routes = compute_routes(*scenario.network, scenario.routing, {}, scenario.constraints);
  if (steered.segments() != nullptr) routes.use(steered.segments());
  return steered_demands(scenario, routes, steered);
}

FlowProblem flow_problem(const Scenario& scenario) {
  return flow_problem(*scenario.network, planned_demands(scenario), scenario.constraints);
}

}  // namespace longhaul::plan
