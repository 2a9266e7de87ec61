#include "sim/scenario/steered.hpp"

#include <algorithm>

#include "sim/routing/loads.hpp"
#include "sim/traffic/traffic_spec.hpp"

namespace longhaul {

namespace {

DestinationId destination(std::size_t nodes, NodeId node, ConstraintId constraint) {
  return DestinationId(constraint.index() * nodes + node.index());
}

}  // namespace

Steered::Steered(const Scenario& scenario) : nodes_(scenario.network->nodes().size()) {
  const bool repairs = scenario.convergence.frr != routing::Frr::none;
  if (scenario.segments.empty() && !scenario.controller && !repairs) return;
  const std::size_t constraints = std::max<std::size_t>(scenario.constraints.size(), 1);
  segments_ = std::make_shared<Segments>(nodes_, constraints);
  for (const SteerSpec& steer : scenario.segments) {
    via_.insert_or_assign({steer.from, steer.to}, steer.via);
    // Before routes are computed, which must know what may be asked of them.
    for (std::size_t c = 0; c < constraints; ++c)
      segments_->through(destination(nodes_, steer.via, ConstraintId(c)),
                         destination(nodes_, steer.to, ConstraintId(c)));
  }
}

NodeId Steered::via(NodeId from, NodeId to) const {
  const auto found = via_.find({from, to});
  return found == via_.end() ? NodeId::none() : found->second;
}

void Steered::apply(DemandSet& demands) const {
  if (via_.empty()) return;
  for (Demand& demand : demands.demands) {
    const NodeId via = this->via(demand.from, demand.to);
    if (via.valid())
      demand.steered = segments_->through(destination(nodes_, via, demand.constraint),
                                          destination(nodes_, demand.to, demand.constraint));
  }
}

DemandSet steered_demands(const Scenario& scenario, const Routes& routes, const Steered& steered) {
  const auto utilization = wire_utilization(*scenario.network, routes);
  const auto steered_utilization = [&](const DemandSet& demands) {
    DemandSet on_their_ways = demands;
    steered.apply(on_their_ways);
    return utilization(on_their_ways);
  };
  DemandSet demands = build_demands(*scenario.network, scenario.classes, scenario.sizes,
                                    scenario.traffic, steered_utilization);
  steered.apply(demands);
  return demands;
}

}  // namespace longhaul
