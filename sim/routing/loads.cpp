#include "sim/routing/loads.hpp"

#include <algorithm>
#include <cstdint>

namespace longhaul {
namespace {

/// The demands of each destination, in their own order.
class ByDestination {
 public:
  ByDestination(const Routes& routes, const DemandSet& demands)
      : first_(routes.destination_count() + 1, 0),
        order_(demands.demands.size(), DemandId::none()) {
    const auto destination = [&](const Demand& demand) {
      return routes.destination(demand.to, demand.constraint).index();
    };
    for (const Demand& demand : demands.demands) ++first_[destination(demand) + 1];
    for (std::size_t n = 0; n + 1 < first_.size(); ++n) first_[n + 1] += first_[n];
    std::vector<std::uint32_t> filled(first_.begin(), first_.end() - 1);
    for (std::size_t d = 0; d < order_.size(); ++d) {
      order_[filled[destination(demands.demands[d])]++] = DemandId(d);
    }
  }
  std::span<const DemandId> of(DestinationId d) const {
    return {order_.data() + first_[d.index()], order_.data() + first_[d.index() + 1]};
  }

 private:
  std::vector<std::uint32_t> first_;
  std::vector<DemandId> order_;
};

/// Orders the nodes that traffic to one destination crosses so that each comes after all that
/// forward to it. Reusable; the order is the reverse of depth-first completion, which is
/// topological as routes never loop.
class ForwardingOrder {
 public:
  ForwardingOrder(const Network& network, const Routes& routes)
      : network_(network), routes_(routes), seen_(network.nodes().size(), 0) {}

  void start(DestinationId destination) {
    destination_ = destination;
    ++round_;
    done_.clear();
  }

  /// Adds `source` and all that its traffic crosses.
  void add(NodeId source) {
    if (seen_[source.index()] == round_) return;
    enter(source);
    while (!stack_.empty()) {
      Frame& frame = stack_.back();
      const std::span<const PortId> ports = routes_.next(frame.node, destination_);
      if (frame.next == ports.size()) {
        done_.push_back(frame.node);
        stack_.pop_back();
        continue;
      }
      const NodeId far = network_.port(ports[frame.next++]).to;
      if (seen_[far.index()] != round_) enter(far);
    }
  }

  /// Downstream first: the destination, if anything reaches it, comes first among those that lead
  /// to it.
  const std::vector<NodeId>& downstream_first() const { return done_; }

 private:
  struct Frame {
    NodeId node;
    std::size_t next;  ///< of its next ports, the one to follow
  };
  void enter(NodeId node) {
    seen_[node.index()] = round_;
    stack_.push_back({node, 0});
  }

  const Network& network_;
  const Routes& routes_;
  DestinationId destination_ = DestinationId::none();
  std::uint32_t round_ = 0;
  std::vector<std::uint32_t> seen_;  ///< by NodeId: the round it was last seen in
  std::vector<Frame> stack_;
  std::vector<NodeId> done_;
};

/// What crosses a node towards one destination.
struct Flow {
  double bps = 0;
  double packets_per_s = 0;
};

}  // namespace

Loads expected_loads(const Network& network, const Routes& routes, const DemandSet& demands,
                     bool wire) {
  const std::size_t nodes = network.nodes().size();
  const std::vector<Port>& ports = network.ports();
  std::vector<double> mean_bits;
  for (const SizeMix& mix : demands.sizes) mean_bits.push_back(mix.mean_bytes() * 8.0);

  Loads loads;
  loads.load_bps.assign(ports.size(), 0.0);
  const ByDestination by_destination(routes, demands);
  ForwardingOrder order(network, routes);
  std::vector<Flow> flows(nodes);
  for (std::size_t n = 0; n < routes.destination_count(); ++n) {
    const DestinationId destination(n);
    order.start(destination);
    for (const DemandId id : by_destination.of(destination)) {
      const Demand& demand = demands.demands[id.index()];
      order.add(demand.from);
      Flow& flow = flows[demand.from.index()];
      flow.bps += demand.rate.as_double();
      if (wire) flow.packets_per_s += demand.rate.as_double() / mean_bits[demand.sizes.index()];
    }
    const std::vector<NodeId>& nearest_first = order.downstream_first();
    for (auto at = nearest_first.rbegin(); at != nearest_first.rend(); ++at) {
      const Flow flow = flows[at->index()];
      flows[at->index()] = {};
      if (*at == routes.node(destination)) continue;
      const std::span<const PortId> next = routes.next(*at, destination);
      if (next.empty()) {
        loads.unrouted_bps += flow.bps;
        continue;
      }
      const double share = 1.0 / static_cast<double>(next.size());
      for (const PortId id : next) {
        const Port& port = ports[id.index()];
        const double framing_bps = flow.packets_per_s * 8.0 * port.overhead;
        loads.load_bps[id.index()] += (flow.bps + framing_bps) * share;
        Flow& onward = flows[port.to.index()];
        onward.bps += flow.bps * share;
        onward.packets_per_s += flow.packets_per_s * share;
      }
    }
  }

  for (std::size_t p = 0; p < ports.size(); ++p) {
    if (loads.load_bps[p] <= 0) continue;
    const double utilization = loads.load_bps[p] / ports[p].rate().as_double();
    if (utilization <= loads.max_utilization) continue;
    loads.max_utilization = utilization;
    loads.worst = PortId(p);
  }
  return loads;
}

std::vector<double> shares_through(const Network& network, const Routes& routes,
                                   const DemandSet& demands, PortId port) {
  std::vector<double> shares(demands.demands.size(), 0.0);
  const ByDestination by_destination(routes, demands);
  ForwardingOrder order(network, routes);
  std::vector<double> of_node(network.nodes().size(), 0.0);
  for (std::size_t n = 0; n < routes.destination_count(); ++n) {
    const DestinationId destination(n);
    order.start(destination);
    for (const DemandId id : by_destination.of(destination))
      order.add(demands.demands[id.index()].from);
    for (const NodeId at : order.downstream_first()) {
      const std::span<const PortId> next = routes.next(at, destination);
      double through = 0;
      for (const PortId p : next) through += p == port ? 1.0 : of_node[network.port(p).to.index()];
      of_node[at.index()] = next.empty() ? 0.0 : through / static_cast<double>(next.size());
    }
    for (const DemandId id : by_destination.of(destination))
      shares[id.index()] = of_node[demands.demands[id.index()].from.index()];
  }
  return shares;
}

void turn_loads(const Network& network, const Routes& routes, const DemandSet& demands,
                const std::function<void(const Turn&)>& use) {
  struct Arriving {
    PortId in;
    double bps;
  };
  const std::size_t nodes = network.nodes().size();
  const ByDestination by_destination(routes, demands);
  ForwardingOrder order(network, routes);
  std::vector<std::vector<Arriving>> arriving(nodes);
  for (std::size_t n = 0; n < routes.destination_count(); ++n) {
    const DestinationId destination(n);
    order.start(destination);
    for (const DemandId id : by_destination.of(destination)) {
      const Demand& demand = demands.demands[id.index()];
      order.add(demand.from);
      std::vector<Arriving>& own = arriving[demand.from.index()];
      if (own.empty()) own.push_back({PortId::none(), 0});
      own.front().bps += demand.rate.as_double();
    }
    const std::vector<NodeId>& nearest_first = order.downstream_first();
    for (auto at = nearest_first.rbegin(); at != nearest_first.rend(); ++at) {
      std::vector<Arriving>& here = arriving[at->index()];
      const std::span<const PortId> next = routes.next(*at, destination);
      for (const Arriving& a : here) {
        if (*at == routes.node(destination)) use({*at, a.in, PortId::none(), a.bps});
        for (const PortId out : next)
          use({*at, a.in, out, a.bps / static_cast<double>(next.size())});
      }
      double total = 0;
      for (const Arriving& a : here) total += a.bps;
      here.clear();
      for (const PortId out : next)
        arriving[network.port(out).to.index()].push_back(
            {out, total / static_cast<double>(next.size())});
    }
  }
}

std::function<double(const DemandSet&)> wire_utilization(const Network& network,
                                                         const Routes& routes) {
  return [&network, &routes](const DemandSet& demands) {
    return expected_loads(network, routes, demands, true).max_utilization;
  };
}

std::vector<PathStats> path_stats(const Network& network, const Routes& routes,
                                  const DemandSet& demands) {
  std::vector<PathStats> result(demands.demands.size());
  const ByDestination by_destination(routes, demands);
  ForwardingOrder order(network, routes);
  std::vector<PathStats> from(network.nodes().size());  // each node to the destination
  for (std::size_t n = 0; n < routes.destination_count(); ++n) {
    const DestinationId destination(n);
    order.start(destination);
    for (const DemandId id : by_destination.of(destination)) {
      order.add(demands.demands[id.index()].from);
    }
    for (const NodeId at : order.downstream_first()) {
      PathStats& here = from[at.index()];
      here = PathStats{};
      const std::span<const PortId> next = routes.next(at, destination);
      here.routed = at == routes.node(destination) || !next.empty();
      if (at == routes.node(destination)) continue;
      const double share = 1.0 / static_cast<double>(next.size());
      for (std::size_t k = 0; k < next.size(); ++k) {
        const Port& port = network.port(next[k]);
        const PathStats& there = from[port.to.index()];
        here.routed = here.routed && there.routed;
        here.mean_hops += (1.0 + there.mean_hops) * share;
        here.mean_delay_s += (port.delay.seconds() + there.mean_delay_s) * share;
        const Duration delay = port.delay + there.min_delay;
        here.min_delay = k == 0 ? delay : std::min(here.min_delay, delay);
      }
    }
    for (const DemandId id : by_destination.of(destination)) {
      result[id.index()] = from[demands.demands[id.index()].from.index()];
    }
  }
  return result;
}

}  // namespace longhaul
