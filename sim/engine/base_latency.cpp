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

/// By node: the least latency of packets of `bytes` to `destination`, over the paths of all routes.
std::vector<std::int64_t> least_to(const Input& input, std::span<const Routes* const> routes,
                                   DestinationId destination, std::int32_t bytes) {
  const Network& net = *input.network;
  const NodeId end = routes[0]->node(destination);
  std::vector<std::int64_t> best(net.nodes().size(), unreached);
  best[end.index()] = 0;
  // Relax until nothing improves; routes are shortest paths, so a few rounds do.
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t n = 0; n < net.nodes().size(); ++n) {
      if (n == end.index()) continue;
      for (const Routes* r : routes)
        for (const PortId p : r->next(NodeId(n), destination)) {
          const Port& port = net.port(p);
          if (best[port.to.index()] == unreached) continue;
          const std::int64_t cost =
              best[port.to.index()] + port.delay.ps() +
              (Size::bytes(bytes + port.overhead) / fastest_rate(input, p)).ps();
          if (cost < best[n]) best[n] = cost, changed = true;
        }
    }
  }
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
    groups[{routes[0]->destination(d.to, d.constraint).value(), set.smallest_packet(d)}].push_back(
        i);
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
