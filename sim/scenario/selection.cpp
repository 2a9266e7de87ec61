#include "sim/scenario/selection.hpp"

namespace longhaul {

namespace {

bool node_matches(const Expectation& e, const Network& network, NodeId id) {
  const Node& node = network.node(id);
  if (e.provider.valid() && node.provider != e.provider) return false;
  if (e.region.valid() && node.region != e.region) return false;
  return e.tier == 0 || network.providers()[node.provider.index()].tier == e.tier;
}

}  // namespace

bool is_link_metric(const Expectation& e) {
  return e.metric == Expectation::Metric::max_link_utilization ||
         e.metric == Expectation::Metric::max_queue || e.link.valid();
}

std::vector<DemandId> matching_demands(const Expectation& e, const Network& network,
                                       const DemandSet& demands) {
  std::vector<DemandId> found;
  for (std::size_t i = 0; i < demands.demands.size(); ++i) {
    const Demand& d = demands.demands[i];
    if (e.cls.valid() && d.cls != e.cls) continue;
    if (e.service.valid() && d.service != e.service) continue;
    if (e.metric == Expectation::Metric::mos && !d.voice) continue;
    if (e.metric == Expectation::Metric::availability && !d.service.valid()) continue;
    if (e.from.valid() && d.from != e.from) continue;
    if (e.to.valid() && d.to != e.to) continue;
    if (node_matches(e, network, d.from)) found.emplace_back(i);
  }
  return found;
}

std::vector<PortId> matching_ports(const Expectation& e, const Network& network) {
  std::vector<PortId> found;
  for (std::size_t i = 0; i < network.ports().size(); ++i) {
    const Port& port = network.ports()[i];
    if (!port.exists) continue;
    if (e.link.valid() && port.link != e.link) continue;
    if (e.from.valid() && port.from != e.from) continue;
    if (e.to.valid() && port.to != e.to) continue;
    if (node_matches(e, network, port.from)) found.emplace_back(i);
  }
  return found;
}

bool matches_something(const Expectation& expectation, const Network& network,
                       const DemandSet& demands) {
  return is_link_metric(expectation) ? !matching_ports(expectation, network).empty()
                                     : !matching_demands(expectation, network, demands).empty();
}

}  // namespace longhaul
