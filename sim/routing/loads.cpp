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
      return routes.bound(routes.destination(demand)).index();
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
/// topological as routes never loop. Where a segment ends the traffic is another destination's.
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
      if (frame.next == ports.size() || turns(frame.node)) {
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
  bool turns(NodeId at) const {
    return routes_.is_segment(destination_) && routes_.turned(at, destination_) != destination_;
  }
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

/// All destinations so that those that segments turn into come after them.
std::vector<DestinationId> segments_first(const Routes& routes) {
  std::vector<DestinationId> order;
  for (std::size_t n = routes.destination_count(); n-- > routes.plain_count();)
    order.emplace_back(n);
  for (std::size_t n = 0; n < routes.plain_count(); ++n) order.emplace_back(n);
  return order;
}

/// By destination: the nodes at which traffic for segments that ended just before comes to be for
/// it.
std::vector<std::vector<NodeId>> entries_by_segments(const Network& network, const Routes& routes,
                                                     const DemandSet& demands,
                                                     const ByDestination& by_destination) {
  std::vector<std::vector<NodeId>> entries(routes.destination_count());
  ForwardingOrder order(network, routes);
  for (std::size_t n = routes.destination_count(); n-- > routes.plain_count();) {
    const DestinationId destination(n);
    order.start(destination);
    for (const DemandId id : by_destination.of(destination))
      order.add(demands.demands[id.index()].from);
    for (const NodeId entry : entries[n]) order.add(entry);
    for (const NodeId at : order.downstream_first()) {
      const DestinationId turned = routes.turned(at, destination);
      if (turned == destination) continue;
      for (const PortId p : routes.next(at, destination))
        entries[turned.index()].push_back(network.port(p).to);
    }
  }
  return entries;
}

/// Something about the way from each node to a destination, worked out downstream first and kept
/// for the segments that turn into it.
template <class T>
class OnTheWay {
 public:
  OnTheWay(const Network& network, const Routes& routes, const DemandSet& demands)
      : network_(network),
        routes_(routes),
        demands_(demands),
        by_destination_(routes, demands),
        entries_(entries_by_segments(network, routes, demands, by_destination_)),
        kept_(routes.destination_count()),
        order_(network, routes),
        from_(network.nodes().size()) {}

  /// work(at, destination, there) for each node, where there(port) is the value of the port's far
  /// end; then done(demand, value).
  template <class Work, class Done>
  void run(Work&& work, Done&& done) {
    for (std::size_t n = 0; n < routes_.destination_count(); ++n) {
      const DestinationId destination(n);
      order_.start(destination);
      for (const DemandId id : by_destination_.of(destination))
        order_.add(demands_.demands[id.index()].from);
      for (const NodeId entry : entries_[n]) order_.add(entry);
      for (const NodeId at : order_.downstream_first()) {
        const DestinationId turned = routes_.turned(at, destination);
        const std::vector<T>& values = turned == destination ? from_ : kept_[turned.index()];
        from_[at.index()] = work(at, destination, [&](PortId p) -> const T& {
          return values[network_.port(p).to.index()];
        });
      }
      for (const DemandId id : by_destination_.of(destination))
        done(id, from_[demands_.demands[id.index()].from.index()]);
      if (!entries_[n].empty()) kept_[n] = from_;
    }
  }

 private:
  const Network& network_;
  const Routes& routes_;
  const DemandSet& demands_;
  ByDestination by_destination_;
  std::vector<std::vector<NodeId>> entries_;
  std::vector<std::vector<T>> kept_;
  ForwardingOrder order_;
  std::vector<T> from_;  ///< by node
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
  struct Turned {
    NodeId at;
    Flow flow;
  };
  std::vector<std::vector<Turned>> turned(routes.destination_count());
  for (const DestinationId destination : segments_first(routes)) {
    order.start(destination);
    for (const DemandId id : by_destination.of(destination)) {
      const Demand& demand = demands.demands[id.index()];
      order.add(demand.from);
      Flow& flow = flows[demand.from.index()];
      flow.bps += demand.rate.as_double();
      if (wire) flow.packets_per_s += demand.rate.as_double() / mean_bits[demand.sizes.index()];
    }
    for (const Turned& t : turned[destination.index()]) {
      order.add(t.at);
      flows[t.at.index()].bps += t.flow.bps;
      flows[t.at.index()].packets_per_s += t.flow.packets_per_s;
    }
    const std::vector<NodeId>& nearest_first = order.downstream_first();
    for (auto at = nearest_first.rbegin(); at != nearest_first.rend(); ++at) {
      const Flow flow = flows[at->index()];
      flows[at->index()] = {};
      if (routes.delivers(*at, destination)) continue;
      const std::span<const PortId> next = routes.next(*at, destination);
      if (next.empty()) {
        loads.unrouted_bps += flow.bps;
        continue;
      }
      const DestinationId onward_to = routes.turned(*at, destination);
      const double share = 1.0 / static_cast<double>(next.size());
      for (const PortId id : next) {
        const Port& port = ports[id.index()];
        const double framing_bps = flow.packets_per_s * 8.0 * port.overhead;
        loads.load_bps[id.index()] += (flow.bps + framing_bps) * share;
        if (onward_to != destination) {
          turned[onward_to.index()].push_back(
              {port.to, {flow.bps * share, flow.packets_per_s * share}});
          continue;
        }
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
  OnTheWay<double>(network, routes, demands)
      .run(
          [&](NodeId at, DestinationId destination, const auto& there) {
            const std::span<const PortId> next = routes.next(at, destination);
            double through = 0;
            for (const PortId p : next) through += (p == port ? 1.0 : 0.0) + there(p);
            return next.empty() ? 0.0 : through / static_cast<double>(next.size());
          },
          [&](DemandId id, double share) { shares[id.index()] = share; });
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
  struct Turned {
    NodeId at;
    Arriving by;
  };
  std::vector<std::vector<Turned>> turned(routes.destination_count());
  for (const DestinationId destination : segments_first(routes)) {
    order.start(destination);
    for (const DemandId id : by_destination.of(destination)) {
      const Demand& demand = demands.demands[id.index()];
      order.add(demand.from);
      std::vector<Arriving>& own = arriving[demand.from.index()];
      if (own.empty()) own.push_back({PortId::none(), 0});
      own.front().bps += demand.rate.as_double();
    }
    for (const Turned& t : turned[destination.index()]) {
      order.add(t.at);
      arriving[t.at.index()].push_back(t.by);
    }
    const std::vector<NodeId>& nearest_first = order.downstream_first();
    for (auto at = nearest_first.rbegin(); at != nearest_first.rend(); ++at) {
      std::vector<Arriving>& here = arriving[at->index()];
      const std::span<const PortId> next = routes.next(*at, destination);
      for (const Arriving& a : here) {
        if (routes.delivers(*at, destination)) use({*at, a.in, PortId::none(), a.bps});
        for (const PortId out : next)
          use({*at, a.in, out, a.bps / static_cast<double>(next.size())});
      }
      double total = 0;
      for (const Arriving& a : here) total += a.bps;
      here.clear();
      const DestinationId onward_to = routes.turned(*at, destination);
      for (const PortId out : next) {
        const NodeId far = network.port(out).to;
        const Arriving by{out, total / static_cast<double>(next.size())};
        if (onward_to == destination)
          arriving[far.index()].push_back(by);
        else
          turned[onward_to.index()].push_back({far, by});
      }
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
  const auto work = [&](NodeId at, DestinationId destination, const auto& there_by) {
    PathStats here;
    const std::span<const PortId> next = routes.next(at, destination);
    here.routed = routes.delivers(at, destination) || !next.empty();
    if (routes.delivers(at, destination)) return here;
    const double share = 1.0 / static_cast<double>(next.size());
    for (std::size_t k = 0; k < next.size(); ++k) {
      const Port& port = network.port(next[k]);
      const PathStats& there = there_by(next[k]);
      here.routed = here.routed && there.routed;
      here.mean_hops += (1.0 + there.mean_hops) * share;
      here.mean_delay_s += (port.delay.seconds() + there.mean_delay_s) * share;
      const Duration delay = port.delay + there.min_delay;
      here.min_delay = k == 0 ? delay : std::min(here.min_delay, delay);
    }
    return here;
  };
  OnTheWay<PathStats>(network, routes, demands).run(work, [&](DemandId id, const PathStats& stats) {
    result[id.index()] = stats;
  });
  return result;
}

}  // namespace longhaul
