#include "sim/plan/loads.hpp"

#include "sim/base/error.hpp"
#include "sim/routing/reachability.hpp"
#include "sim/routing/routes.hpp"
#include "sim/scenario/steered.hpp"
#include "sim/traffic/traffic_spec.hpp"

namespace longhaul::plan {

DemandSet scenario_demands(const Scenario& scenario) {
  if (!scenario.segments.empty() || scenario.controller)
    throw InputError("failures and upgrades are planned on shortest paths in this version",
                     "leave `segments` and `controller` out of `routing`");
  const Network& network = *scenario.network;
  const Routes routes = compute_routes(network, scenario.routing, {}, scenario.constraints);
  return build_demands(network, scenario.classes, scenario.sizes, scenario.traffic,
                       wire_utilization(network, routes));
}

LoadPlan plan_loads(const Scenario& scenario, Count count) {
  const Network& network = *scenario.network;
  const Steered steered(scenario);
  Routes routes = compute_routes(network, scenario.routing, {}, scenario.constraints);
  if (steered.segments() != nullptr) routes.use(steered.segments());
  const DemandSet demands = steered_demands(scenario, routes, steered);
  const Loads loads = expected_loads(network, routes, demands, count == Count::wire);

  LoadPlan plan;
  plan.max_utilization = loads.max_utilization;
  plan.worst = loads.worst;
  plan.offered_bps = demands.total().as_double();
  plan.unrouted_bps = loads.unrouted_bps;
  const std::vector<bool> refused = refused_by_policy(network, routes, demands);
  for (std::size_t d = 0; d < refused.size(); ++d) {
    if (refused[d]) plan.refused_bps += demands.demands[d].rate.as_double();
  }
  for (std::size_t p = 0; p < network.ports().size(); ++p) {
    const Port& port = network.ports()[p];
    if (!port.exists) continue;
    const double capacity = port.rate().as_double();
    plan.links.push_back({PortId(p), capacity, loads.load_bps[p], loads.load_bps[p] / capacity});
  }
  return plan;
}

}  // namespace longhaul::plan
