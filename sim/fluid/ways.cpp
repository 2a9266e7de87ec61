#include "sim/fluid/ways.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace longhaul::fluid {

namespace {

/// Adds to `nodes` all that packets to `destination` may pass from them on, in the order in which
/// they are first met.
void follow(const Network& network, const Routes& routes, DestinationId destination,
            std::vector<NodeId>& nodes) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const PortId p : routes.next(nodes[i], destination)) {
      const NodeId to = network.port(p).to;
      if (std::find(nodes.begin(), nodes.end(), to) == nodes.end()) nodes.push_back(to);
    }
  }
}

bool unchanged(const Routes& routes, DestinationId destination, const Ways& ways, StopIndex start,
               std::uint32_t count) {
  for (StopIndex s = start; s < start + count; ++s) {
    const Stop& stop = ways.stops[s];
    const auto next = routes.next(stop.node, destination);
    if (stop.hops != next.size()) return false;
    for (std::size_t k = 0; k < next.size(); ++k)
      if (ways.hops[stop.first + k].port != next[k]) return false;
  }
  return true;
}

}  // namespace

std::vector<NodeId> nodes_of_way(const Network& network, const Routes& routes, NodeId from,
                                 DestinationId destination) {
  std::vector<NodeId> nodes{from};
  follow(network, routes, destination, nodes);
  return nodes;
}

void enter_way(DemandId demand, Ways& ways) {
  const StopIndex first = ways.start[demand.index()];
  for (StopIndex s = first; s < first + stops_of_way(ways, first); ++s)
    for (HopIndex h = ways.stops[s].first; h < ways.stops[s].first + ways.stops[s].hops; ++h)
      ways.at_port[ways.hops[h].port.index()].push_back(h);
}

std::vector<Reach> reach(const Network& network, const Ways& ways, StopIndex from,
                         std::int64_t delay, const std::vector<bool>& queues) {
  std::vector<Reach> out;
  // Stops in the order in which fluid comes to them; ways of one length meet again.
  std::map<std::pair<std::int64_t, StopIndex>, double> ahead{{{delay, from}, 1}};
  while (!ahead.empty()) {
    const auto [place, share] = *ahead.begin();
    const auto [time, index] = place;
    ahead.erase(ahead.begin());
    const Stop& stop = ways.stops[index];
    if (stop.end) {
      out.push_back({Reach::What::end, 0, time, share});
      continue;
    }
    const double part = share / stop.hops;
    for (HopIndex h = stop.first; h < stop.first + stop.hops; ++h) {
      const Hop& hop = ways.hops[h];
      const bool queue = queues[hop.port.index()];
      out.push_back({queue ? Reach::What::queue : Reach::What::port, h, time, part});
      if (!queue)
        ahead[{time + std::max<std::int64_t>(1, network.port(hop.port).delay.ps()), hop.to}] +=
            part;
    }
  }
  return out;
}

std::uint32_t stops_of_way(const Ways& ways, StopIndex start) {
  std::uint32_t n = 0;
  while (start + n < ways.stops.size() && ways.stops[start + n].way == start) ++n;
  return n;
}

bool change_way(const Network& network, const Routes& routes, const DemandSet& demands,
                DemandId demand, std::int64_t now, Ways& ways) {
  const Demand& d = demands.demands[demand.index()];
  const double mean_bytes = demands.sizes[d.sizes.index()].mean_bytes();
  const DestinationId destination = routes.destination(d.to, d.constraint);
  const StopIndex old = ways.start[demand.index()];
  const std::uint32_t old_stops = old == no_stop ? 0 : stops_of_way(ways, old);
  if (old != no_stop && unchanged(routes, destination, ways, old, old_stops)) return false;

  std::vector<NodeId> nodes{d.from};
  for (std::uint32_t s = 1; s < old_stops; ++s) nodes.push_back(ways.stops[old + s].node);
  follow(network, routes, destination, nodes);
  const auto first = static_cast<StopIndex>(ways.stops.size());
  const auto stop_of = [&](NodeId node) {
    const auto at = std::find(nodes.begin(), nodes.end(), node);
    return first + static_cast<StopIndex>(at - nodes.begin());
  };
  std::vector<std::vector<HopIndex>> feeds(nodes.size());
  for (std::uint32_t s = old; s < old + old_stops; ++s) {
    Stop& stop = ways.stops[s];
    stop.until = now;
    stop.next = stop_of(stop.node);
    for (std::uint32_t f = 0; f < stop.feeds; ++f) {
      const HopIndex hop = ways.feeds[stop.first_feed + f];
      ways.hops[hop].to = stop.next;
      feeds[stop.next - first].push_back(hop);
    }
  }
  for (const NodeId node : nodes) {
    Stop stop{demand, node};
    stop.way = first;
    stop.end = node == d.to;
    stop.since = now;
    stop.first = static_cast<HopIndex>(ways.hops.size());
    for (const PortId p : routes.next(node, destination)) {
      const Port& port = network.port(p);
      const auto hop = static_cast<HopIndex>(ways.hops.size());
      const StopIndex to = stop_of(port.to);
      ways.hops.push_back({p, to, (mean_bytes + port.overhead) / mean_bytes});
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
  return true;
}

}  // namespace longhaul::fluid
