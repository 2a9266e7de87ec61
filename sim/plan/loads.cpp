#include "sim/plan/loads.hpp"

#include "sim/routing/reachability.hpp"
#include "sim/routing/routes.hpp"
#include "sim/traffic/traffic_spec.hpp"

namespace longhaul::plan {
namespace {

double refused_by_policy(const Network& network, const Routes& routes, const DemandSet& demands) {
  const Reachability reachability(network);
  double bps = 0;
  for (const Demand& demand : demands.demands) {
    const bool routed = !routes.next(demand.from, demand.to).empty();
    if (!routed && reachability.connected(demand.from, demand.to)) bps += demand.rate.as_double();
  }
  return bps;
}

}  // namespace

LoadPlan plan_loads(const Scenario& scenario, Count count) {
  const Network& network = *scenario.network;
  const Routes routes = compute_routes(network, scenario.routing);
  const DemandSet demands = build_demands(network, scenario.classes, scenario.sizes,
                                          scenario.traffic, wire_utilization(network, routes));
  const Loads loads = expected_loads(network, routes, demands, count == Count::wire);

  LoadPlan plan;
  plan.max_utilization = loads.max_utilization;
  plan.worst = loads.worst;
  plan.offered_bps = demands.total().as_double();
  plan.unrouted_bps = loads.unrouted_bps;
  if (loads.unrouted_bps > 0) plan.refused_bps = refused_by_policy(network, routes, demands);
  for (std::size_t p = 0; p < network.ports().size(); ++p) {
    const Port& port = network.ports()[p];
    if (!port.exists) continue;
    const double capacity = port.rate().as_double();
    plan.links.push_back({PortId(p), capacity, loads.load_bps[p], loads.load_bps[p] / capacity});
  }
  return plan;
}

}  // namespace longhaul::plan
