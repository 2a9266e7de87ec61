#include "sim/routing/reachability.hpp"

namespace longhaul {
namespace {

/// Calls `visit(node)` once for `start` and every node found from it; `neighbours(node, found)`
/// names those next to a node, `visit` returns whether it is new.
template <class Neighbours, class Visit>
void flood(NodeId start, const Neighbours& neighbours, const Visit& visit) {
  std::vector<NodeId> open;
  const auto found = [&](NodeId node) {
    if (visit(node)) open.push_back(node);
  };
  found(start);
  while (!open.empty()) {
    const NodeId at = open.back();
    open.pop_back();
    neighbours(at, found);
  }
}

}  // namespace

Reachability::Reachability(const Network& network, const std::vector<bool>& down) {
  const std::size_t nodes = network.nodes().size();
  const auto up = [&](PortId port) {
    return network.port(port).exists && (down.empty() || !down[port.index()]);
  };

  constexpr std::uint32_t unseen = ~std::uint32_t{0};
  component_.assign(nodes, unseen);
  std::uint32_t components = 0;
  for (std::size_t n = 0; n < nodes; ++n) {
    if (component_[n] != unseen) continue;
    flood(
        NodeId(n),
        [&](NodeId at, const auto& found) {
          for (const PortId port : network.ports_from(at)) {
            if (up(port)) found(network.port(port).to);
          }
          for (const PortId port : network.ports_to(at)) {
            if (up(port)) found(network.port(port).from);
          }
        },
        [&](NodeId node) {
          if (component_[node.index()] != unseen) return false;
          component_[node.index()] = components;
          return true;
        });
    ++components;
  }

  bool two_way = true;
  for (std::size_t p = 0; p < network.ports().size(); ++p) {
    two_way = two_way && up(PortId(p)) == up(Network::reverse(PortId(p)));
  }
  if (two_way) return;
  reaches_.assign(nodes * nodes, false);
  for (std::size_t n = 0; n < nodes; ++n) {
    flood(
        NodeId(n),
        [&](NodeId at, const auto& found) {
          for (const PortId port : network.ports_from(at)) {
            if (up(port)) found(network.port(port).to);
          }
        },
        [&](NodeId node) {
          if (reaches_[n * nodes + node.index()]) return false;
          reaches_[n * nodes + node.index()] = true;
          return true;
        });
  }
}

std::vector<bool> refused_by_policy(const Network& network, const Routes& routes,
                                    const DemandSet& demands, const std::vector<bool>& down) {
  const Reachability reachability(network, down);
  std::vector<bool> refused(demands.demands.size());
  for (std::size_t d = 0; d < refused.size(); ++d) {
    const Demand& demand = demands.demands[d];
    const bool routed = !routes.next(demand.from, routes.destination(demand)).empty();
    refused[d] = !routed && reachability.connected(demand.from, demand.to);
  }
  return refused;
}

}  // namespace longhaul
