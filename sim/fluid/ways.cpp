#include "sim/fluid/ways.hpp"

#include <algorithm>

namespace longhaul::fluid {

namespace {

/// Nodes that the demand's packets may pass, from its source on, in the order in which they are
/// first met.
std::vector<NodeId> passed(const Network& network, const Routes& routes, const Demand& d) {
  const DestinationId destination = routes.destination(d.to, d.constraint);
  std::vector<NodeId> nodes{d.from};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const PortId p : routes.next(nodes[i], destination)) {
      const NodeId to = network.port(p).to;
      if (std::find(nodes.begin(), nodes.end(), to) == nodes.end()) nodes.push_back(to);
    }
  }
  return nodes;
}

}  // namespace

void add_way(const Network& network, const Routes& routes, const DemandSet& demands, DemandId demand,
             Ways& ways) {
  const Demand& d = demands.demands[demand.index()];
  const double mean_bytes = demands.sizes[d.sizes.index()].mean_bytes();
  const DestinationId destination = routes.destination(d.to, d.constraint);
  const std::vector<NodeId> nodes = passed(network, routes, d);
  const auto first = static_cast<StopIndex>(ways.stops.size());
  const auto stop_of = [&](NodeId node) {
    const auto at = std::find(nodes.begin(), nodes.end(), node);
    return first + static_cast<StopIndex>(at - nodes.begin());
  };
  std::vector<std::vector<HopIndex>> feeds(nodes.size());
  for (const NodeId node : nodes) {
    Stop stop{demand, false, 0, 0, 0, 0, {}, 0};
    stop.end = node == d.to;
    stop.first = static_cast<HopIndex>(ways.hops.size());
    for (const PortId p : routes.next(node, destination)) {
      const Port& port = network.port(p);
      const auto hop = static_cast<HopIndex>(ways.hops.size());
      const StopIndex to = stop_of(port.to);
      ways.hops.push_back({p, to, (mean_bytes + port.overhead) / mean_bytes});
      ways.at_port[p.index()].push_back(hop);
      feeds[to - first].push_back(hop);
      ++stop.hops;
    }
    ways.stops.push_back(stop);
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    Stop& stop = ways.stops[first + i];
    stop.first_feed = static_cast<std::uint32_t>(ways.feeds.size());
    stop.feeds = static_cast<std::uint32_t>(feeds[i].size());
    ways.feeds.insert(ways.feeds.end(), feeds[i].begin(), feeds[i].end());
  }
  ways.start[demand.index()] = first;
}

bool same_way(const Network& network, const Routes& routes, const Demand& d, const Ways& ways,
              StopIndex start) {
  const DestinationId destination = routes.destination(d.to, d.constraint);
  // Stops of a way lie together, in the order of passed().
  const std::vector<NodeId> nodes = passed(network, routes, d);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (start + i >= ways.stops.size()) return false;
    const Stop& stop = ways.stops[start + i];
    const auto next = routes.next(nodes[i], destination);
    if (stop.demand != ways.stops[start].demand || stop.hops != next.size()) return false;
    for (std::size_t k = 0; k < next.size(); ++k)
      if (ways.hops[stop.first + k].port != next[k]) return false;
  }
  return true;
}

}  // namespace longhaul::fluid
