#include "sim/engine/base_latency.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace longhaul::engine {

namespace {

constexpr std::int64_t unreached = std::numeric_limits<std::int64_t>::max();

/// The fastest that a member of the port ever sends.
Rate fastest_rate(const Input& input, PortId id) {
  Rate rate = input.network->port(id).member_rate;
  if (!input.rate_steps.empty())
    for (const RateStep& step : input.rate_steps[id.index()])
      rate = std::max(rate, step.member_rate);
  return rate;
}

/// `destination` and what its packets are for later on their way.
std::vector<DestinationId> with_turns(const Network& net, std::span<const Routes* const> routes,
                                      DestinationId destination) {
  std::vector<DestinationId> all{destination};
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!routes[0]->is_segment(all[i])) continue;
    for (const Routes* r : routes)
      for (std::size_t n = 0; n < net.nodes().size(); ++n) {
        const DestinationId turned = r->turned(NodeId(n), all[i]);
        if (std::find(all.begin(), all.end(), turned) == all.end()) all.push_back(turned);
      }
  }
  return all;
}

/// By node: the least latency of packets of `bytes` to `destination`, over the paths of all routes.
std::vector<std::int64_t> least_to(const Input& input, std::span<const Routes* const> routes,
                                   DestinationId destination, std::int32_t bytes) {
  const Network& net = *input.network;
  const std::size_t nodes = net.nodes().size();
  const std::vector<DestinationId> all = with_turns(net, routes, destination);
  std::vector<std::int64_t> best(all.size() * nodes, unreached);
  const auto at = [&](DestinationId d, NodeId n) -> std::int64_t& {
    const auto i = static_cast<std::size_t>(std::find(all.begin(), all.end(), d) - all.begin());
    return best[i * nodes + n.index()];
  };
  for (const DestinationId d : all)
    for (const Routes* r : routes)
      for (std::size_t n = 0; n < nodes; ++n)
        if (r->delivers(NodeId(n), d)) at(d, NodeId(n)) = 0;
  // Relax until nothing improves; routes are shortest paths, so a few rounds do.
  for (bool changed = true; changed;) {
    changed = false;
    for (const DestinationId d : all)
      for (std::size_t n = 0; n < nodes; ++n) {
        std::int64_t& here = at(d, NodeId(n));
        for (const Routes* r : routes)
          for (const PortId p : r->next(NodeId(n), d)) {
            const Port& port = net.port(p);
            const std::int64_t there = at(r->turned(NodeId(n), d), port.to);
            if (there == unreached) continue;
            const std::int64_t cost =
                there + port.delay.ps() +
                (Size::bytes(bytes + port.overhead) / fastest_rate(input, p)).ps();
            if (cost < here) here = cost, changed = true;
          }
      }
  }
  best.resize(nodes);
  return best;
}

}  // namespace

std::vector<std::int64_t> base_latencies(const Input& input,
                                         std::span<const Routes* const> routes) {
  const DemandSet& set = *input.demands;
  // One pass per (destination, smallest packet).
  std::map<std::pair<std::uint32_t, std::int32_t>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < set.demands.size(); ++i) {
    const Demand& d = set.demands[i];
    groups[{routes[0]->destination(d).value(), set.smallest_packet(d)}].push_back(i);
  }
  std::vector<std::int64_t> out(set.demands.size(), 0);
  for (const auto& [key, members] : groups) {
    const auto least = least_to(input, routes, DestinationId(key.first), key.second);
    for (const std::size_t i : members) {
      const std::int64_t b = least[set.demands[i].from.index()];
      out[i] = b == unreached ? 0 : b;
    }
  }
  return out;
}

std::vector<std::int64_t> base_latencies(const Input& input) {
  std::vector<const Routes*> routes{input.routes.get()};
  for (const RouteChange& change : input.changes) routes.push_back(change.routes.get());
  return base_latencies(input, routes);
}

}  // namespace longhaul::engine
