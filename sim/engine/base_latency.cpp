#include "sim/engine/base_latency.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "sim/engine/forwarding.hpp"

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

/// By destination of `family` and then node: the least latency of packets of `bytes`, whatever
/// forwarding they meet.
std::vector<std::int64_t> least_from(const Input& input, const ForwardingOfAllTimes& forwarding,
                                     std::span<const DestinationId> family, std::int32_t bytes) {
  const Network& net = *input.network;
  const std::size_t nodes = net.nodes().size();
  const auto cell = [&](DestinationId d, NodeId n) {
    // Most families are of one; the members of others are in order.
    const auto at = std::lower_bound(family.begin(), family.end(), d) - family.begin();
    return static_cast<std::size_t>(at) * nodes + n.index();
  };
  std::vector<std::int64_t> best(family.size() * nodes, unreached);
  for (const DestinationId d : family)
    for (std::size_t n = 0; n < nodes; ++n)
      if (forwarding.initial().delivers(NodeId(n), d)) best[cell(d, NodeId(n))] = 0;
  // Relax until nothing improves; routes are shortest paths, so a few rounds do.
  for (bool changed = true; changed;) {
    changed = false;
    for (const DestinationId d : family)
      for (std::size_t n = 0; n < nodes; ++n) {
        std::int64_t& here = best[cell(d, NodeId(n))];
        forwarding.visit(NodeId(n), d, [&](PortId p, DestinationId turned) {
          const Port& port = net.port(p);
          const std::int64_t there = best[cell(turned, port.to)];
          if (there == unreached) return;
          const std::int64_t cost =
              there + port.delay.ps() +
              (Size::bytes(bytes + port.overhead) / fastest_rate(input, p)).ps();
          if (cost < here) here = cost, changed = true;
        });
      }
  }
  return best;
}

std::vector<std::int64_t> base_latencies(const Input& input,
                                         const ForwardingOfAllTimes& forwarding) {
  const DemandSet& set = *input.demands;
  const Routes& routes = forwarding.initial();
  const std::size_t nodes = input.network->nodes().size();
  std::vector<std::uint32_t> family_of(routes.destination_count());
  for (std::uint32_t f = 0; f < forwarding.families().size(); ++f)
    for (const DestinationId d : forwarding.families()[f]) family_of[d.index()] = f;
  // One pass per (family, smallest packet).
  std::map<std::pair<std::uint32_t, std::int32_t>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < set.demands.size(); ++i) {
    const Demand& d = set.demands[i];
    groups[{family_of[routes.destination(d).index()], set.smallest_packet(d)}].push_back(i);
  }
  std::vector<std::int64_t> out(set.demands.size(), 0);
  for (const auto& [key, members] : groups) {
    const std::vector<DestinationId>& family = forwarding.families()[key.first];
    const auto least = least_from(input, forwarding, family, key.second);
    for (const std::size_t i : members) {
      const DestinationId to = routes.destination(set.demands[i]);
      const auto row = static_cast<std::size_t>(std::lower_bound(family.begin(), family.end(), to) -
                                                family.begin());
      const std::int64_t b = least[row * nodes + set.demands[i].from.index()];
      out[i] = b == unreached ? 0 : b;
    }
  }
  return out;
}

}  // namespace

std::vector<std::int64_t> base_latencies(const Input& input, const Routes& routes) {
  const routing::FibUpdates none;
  return base_latencies(input, ForwardingOfAllTimes(routes, none));
}

std::vector<std::int64_t> base_latencies(const Input& input) {
  const auto updates = fib_updates(input);
  return base_latencies(input, ForwardingOfAllTimes(*input.routes, *updates));
}

}  // namespace longhaul::engine
