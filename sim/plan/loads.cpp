#include "sim/plan/loads.hpp"

#include "sim/routing/reachability.hpp"
#include "sim/routing/routes.hpp"
#include "sim/traffic/traffic_spec.hpp"

namespace longhaul::plan {

namespace {

DemandSet demands_on(const Scenario& scenario, const Routes& routes) {
  return build_demands(*scenario.network, scenario.classes, scenario.sizes, scenario.traffic,
                       wire_utilization(*scenario.network, routes));
}

}  // namespace

DemandSet scenario_demands(const Scenario& scenario) {
  return demands_on(scenario,
                    compute_routes(*scenario.network, scenario.routing, {}, scenario.constraints));
}

LoadPlan plan_loads(const Scenario& scenario, Count count) {
  const Network& network = *scenario.network;
  const Routes routes = compute_routes(network, scenario.routing, {}, scenario.constraints);
  const DemandSet demands = demands_on(scenario, routes);
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
