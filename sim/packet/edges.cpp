#include "sim/packet/edges.hpp"

#include <algorithm>

namespace longhaul::packet {

namespace {

/// The stops of packets that turn into one another: a node and what they are for there.
class Stops {
 public:
  Stops(const Input& input, const engine::ForwardingOfAllTimes& forwarding,
        const std::vector<DestinationId>& family)
      : net_(*input.network),
        forwarding_(forwarding),
        family_(family),
        nodes_(net_.nodes().size()),
        stops_(family.size() * nodes_) {}

  struct Onward {
    PortId port;
    std::size_t stop;
    auto operator<=>(const Onward&) const = default;
  };
  struct Stop {
    bool seen = false;
    std::vector<std::uint32_t> inputs;  ///< machines that bring its packets
    std::vector<Onward> onward;         ///< each once
  };

  /// Packets for `destination` start at `node`, from `machine`.
  void start(NodeId node, DestinationId destination, std::uint32_t machine) {
    const std::size_t s = stop(node, destination);
    stops_[s].inputs.push_back(machine);
    reach(s);
  }
  /// Follows them wherever they may go.
  void follow(const std::vector<std::uint32_t>& first_queue) {
    while (!waiting_.empty()) {
      const std::size_t s = waiting_.back();
      waiting_.pop_back();
      if (delivers(s)) continue;
      std::vector<Onward>& onward = stops_[s].onward;
      forwarding_.visit(node(s), family_[s / nodes_], [&](PortId p, DestinationId turned) {
        onward.push_back({p, stop(net_.port(p).to, turned)});
      });
      std::sort(onward.begin(), onward.end());
      onward.erase(std::unique(onward.begin(), onward.end()), onward.end());
      for (const Onward& o : onward) {
        for (std::uint32_t m = 0; m < net_.port(o.port).members; ++m)
          stops_[o.stop].inputs.push_back(first_queue[o.port.index()] + m);
        reach(o.stop);
      }
    }
  }

  NodeId node(std::size_t stop) const { return NodeId(stop % nodes_); }
  bool delivers(std::size_t stop) const {
    return forwarding_.initial().delivers(node(stop), family_[stop / nodes_]);
  }
  /// In the order in which they were reached.
  const std::vector<std::size_t>& seen() const { return seen_; }
  const Stop& operator[](std::size_t stop) const { return stops_[stop]; }

  /// The most links from any stop; none if there is a circle. Peels off stops that nothing leads
  /// to any more.
  std::optional<std::uint32_t> most_hops() const {
    std::vector<std::uint32_t> leading(stops_.size(), 0);
    for (const std::size_t s : seen_)
      for (const Onward& o : stops_[s].onward) ++leading[o.stop];
    std::vector<std::size_t> free;
    for (const std::size_t s : seen_)
      if (leading[s] == 0) free.push_back(s);
    std::vector<std::uint32_t> hops(stops_.size(), 0);
    std::uint32_t most = 0;
    std::size_t peeled = 0;
    for (; peeled < free.size(); ++peeled) {
      const std::size_t s = free[peeled];
      most = std::max(most, hops[s]);
      for (const Onward& o : stops_[s].onward) {
        hops[o.stop] = std::max(hops[o.stop], hops[s] + 1);
        if (--leading[o.stop] == 0) free.push_back(o.stop);
      }
    }
    if (peeled < seen_.size()) return std::nullopt;
    return most;
  }

 private:
  std::size_t stop(NodeId node, DestinationId destination) const {
    const auto row = std::lower_bound(family_.begin(), family_.end(), destination);
    return static_cast<std::size_t>(row - family_.begin()) * nodes_ + node.index();
  }
  void reach(std::size_t s) {
    if (stops_[s].seen) return;
    stops_[s].seen = true;
    seen_.push_back(s);
    waiting_.push_back(s);
  }

  const Network& net_;
  const engine::ForwardingOfAllTimes& forwarding_;
  const std::vector<DestinationId>& family_;  ///< ascending
  std::size_t nodes_;
  std::vector<Stop> stops_;  ///< by place in the family, then node
  std::vector<std::size_t> seen_;
  std::vector<std::size_t> waiting_;
};

/// Where the packets of demands start.
struct Start {
  NodeId node;
  DestinationId destination;
  std::uint32_t machine;
};

/// By destination. Hosts send TCP's, and acknowledgements the other way.
std::vector<std::vector<Start>> starts_of(const Input& input, const Model& model) {
  const Routes& routes = *input.routes;
  std::vector<std::vector<Start>> starts(routes.destination_count());
  for (const Demand& d : input.demands->demands) {
    const bool tcp = d.transport.valid();
    const DestinationId to = routes.destination(d);
    starts[to.index()].push_back(
        {d.from, to, tcp ? model.sink(d.from.index()) : model.source(d.from.index())});
    if (!tcp) continue;
    const DestinationId back = routes.destination(d.from, d.constraint);
    starts[back.index()].push_back({d.to, back, model.sink(d.to.index())});
  }
  return starts;
}

/// Marks the lanes between what brings a stop's packets and where they go.
void use_lanes(const Stops& stops, std::size_t s, const Network& net,
               const std::vector<std::uint32_t>& first_queue, const Model& model,
               std::vector<bool>& used) {
  const NodeModel& node = model.nodes[stops.node(s).index()];
  const Stops::Stop& stop = stops[s];
  for (const std::uint32_t in : stop.inputs) {
    const std::uint32_t lanes = model.first_lane[in];
    if (stops.delivers(s)) used[lanes + node.sink_out()] = true;
    for (const Stops::Onward& o : stop.onward) {
      const auto out = static_cast<std::uint32_t>(
          std::find(node.queues.begin(), node.queues.end(), first_queue[o.port.index()]) -
          node.queues.begin());
      for (std::uint32_t m = 0; m < net.port(o.port).members; ++m) used[lanes + out + m] = true;
    }
  }
}

}  // namespace

Reach build_edges(const Input& input, const engine::ForwardingOfAllTimes& forwarding,
                  const std::vector<std::uint32_t>& first_queue, Model& model) {
  const Network& net = *input.network;
  const auto starts = starts_of(input, model);
  std::vector<bool> used(model.lanes, false);
  model.several_ways = model.host;
  Reach reach{0};
  for (const std::vector<DestinationId>& family : forwarding.families()) {
    const auto starts_here = [&](DestinationId d) { return !starts[d.index()].empty(); };
    if (std::none_of(family.begin(), family.end(), starts_here)) continue;
    Stops stops(input, forwarding, family);
    for (const DestinationId d : family)
      for (const Start& s : starts[d.index()]) stops.start(s.node, s.destination, s.machine);
    stops.follow(first_queue);
    bool fork = false;
    for (const std::size_t s : stops.seen()) {
      const auto& onward = stops[s].onward;
      fork =
          fork || onward.size() > 1 || (onward.size() == 1 && net.port(onward[0].port).members > 1);
      use_lanes(stops, s, net, first_queue, model, used);
    }
    // Where paths to a sink never fork, each demand has one path and enters by one lane.
    if (fork) model.several_ways[forwarding.initial().node(family.front()).index()] = true;
    const auto hops = reach.most_hops ? stops.most_hops() : std::nullopt;
    reach.most_hops = hops ? std::max(reach.most_hops, hops) : std::nullopt;
  }
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    const NodeModel& node = model.nodes[i];
    for (std::uint32_t out = 0; out <= node.sink_out(); ++out)
      for (const std::uint32_t in : node.inputs) {
        const std::uint32_t lane = model.first_lane[in] + out;
        if (!used[lane]) continue;
        if (out == node.sink_out() && !model.several_ways[i])
          continue;  // its queue delivers itself
        const std::uint32_t to = out == node.sink_out() ? model.sink(i) : node.queues[out];
        model.edges.push_back({in, to, lane});
      }
  }
  return reach;
}

}  // namespace longhaul::packet
