#include "sim/packet/model.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>
#include <map>
#include <numeric>
#include <string>

#include "sim/base/error.hpp"
#include "sim/base/random.hpp"
#include "sim/engine/base_latency.hpp"
#include "sim/engine/forwarding.hpp"
#include "sim/packet/edges.hpp"
#include "sim/routing/loads.hpp"
#include "sim/traffic/streams.hpp"

namespace longhaul::packet {

namespace {

constexpr std::uint64_t ps_per_byte_at_1_bps = 8'000'000'000'000;

std::vector<Interval> down_intervals(const Input& input, PortId port) {
  std::vector<Interval> intervals;
  bool down = false;
  for (const auto& change : input.changes) {
    const bool now = !change.down.empty() && change.down[port.index()];
    if (now && !down)
      intervals.push_back({change.at.ps(), std::numeric_limits<std::int64_t>::max()});
    if (!now && down) intervals.back().until = change.at.ps();
    down = now;
  }
  return intervals;
}

std::vector<Pace> make_paces(const Input& input, PortId port) {
  std::vector<Pace> paces;
  if (input.rate_steps.empty()) return paces;
  for (const RateStep& step : input.rate_steps[port.index()]) {
    const auto rate = static_cast<std::uint64_t>(step.member_rate.bps());
    const std::uint64_t divisor = std::gcd(ps_per_byte_at_1_bps, rate);
    paces.push_back(
        {step.at.ps(), ps_per_byte_at_1_bps / divisor, rate / divisor, rate, step.level});
  }
  assert(paces.empty() || paces.front().from == 0);
  return paces;
}

QueueModel make_queue(const Input& input, const Buffer& buffer, PortId id) {
  const Port& port = input.network->port(id);
  const auto rate = static_cast<std::uint64_t>(port.member_rate.bps());
  const std::uint64_t divisor = std::gcd(ps_per_byte_at_1_bps, rate);
  QueueModel q{id,
               port.from,
               port.to,
               port.delay.ps(),
               ps_per_byte_at_1_bps / divisor,
               rate / divisor,
               port.overhead,
               std::numeric_limits<std::int64_t>::max(),
               0,
               down_intervals(input, id)};
  if (buffer.kind == Buffer::Kind::time) q.work_limit_ps = buffer.value;
  if (buffer.kind == Buffer::Kind::bytes)
    q.work_limit_ps = static_cast<std::int64_t>(Int128{buffer.value} * q.ps_num / q.ps_den);
  if (buffer.kind == Buffer::Kind::packets) q.packet_limit = buffer.value;
  q.paces = make_paces(input, id);
  q.bps = rate;
  if (buffer.kind == Buffer::Kind::time)
    q.unsent_limit = static_cast<UInt128>(static_cast<std::uint64_t>(buffer.value)) * rate;
  if (buffer.kind == Buffer::Kind::bytes) q.unsent_limit = picobits(buffer.value);
  return q;
}

void build_queues(const Input& input, const Config& config, Model& model,
                  std::vector<std::uint32_t>& first_queue) {
  const Network& net = *input.network;
  model.nodes.resize(net.nodes().size());
  first_queue.assign(net.ports().size(), 0);
  for (std::size_t i = 0; i < net.ports().size(); ++i) {
    first_queue[i] = static_cast<std::uint32_t>(model.queues.size());
    if (!net.ports()[i].exists) continue;
    for (std::uint32_t m = 0; m < net.ports()[i].members; ++m) {
      const auto id = static_cast<std::uint32_t>(model.queues.size());
      model.queues.push_back(make_queue(input, config.queueing.buffer, PortId(i)));
      model.nodes[net.ports()[i].from.index()].queues.push_back(id);
      model.nodes[net.ports()[i].to.index()].inputs.push_back(id);
    }
  }
  for (std::size_t n = 0; n < model.nodes.size(); ++n)
    model.nodes[n].inputs.push_back(model.source(n));
  model.host.assign(model.nodes.size(), false);
  for (const Demand& d : input.demands->demands)
    if (d.transport.valid()) model.host[d.from.index()] = model.host[d.to.index()] = true;
  for (std::size_t n = 0; n < model.nodes.size(); ++n)
    if (model.host[n]) model.nodes[n].inputs.push_back(model.sink(n));
  model.first_lane.assign(model.machines(), 0);
  // Queues' lanes first, then sources': these are of another kind.
  for (const bool sources : {false, true}) {
    if (sources) model.first_source_lane = model.lanes;
    for (const NodeModel& node : model.nodes)
      for (const std::uint32_t input_machine : node.inputs) {
        const bool source = input_machine >= model.queues.size() &&
                            input_machine < model.queues.size() + model.nodes.size();
        if (source != sources) continue;
        model.first_lane[input_machine] = static_cast<std::uint32_t>(model.lanes);
        model.lanes += node.queues.size() + 1;
      }
  }
}

/// Turns what one node does with packets into entries of its table.
class EntryMaker {
 public:
  EntryMaker(const Network& net, const std::vector<std::uint32_t>& first_queue, NodeModel& node)
      : net_(net), first_queue_(first_queue), node_(node) {}

  /// By `ports`, as `turned`, or as it was if that is `destination`.
  std::uint16_t entry(std::span<const PortId> ports, DestinationId destination,
                      DestinationId turned) {
    if (ports.empty()) return static_cast<std::uint16_t>(Forwarding::none);
    const bool turns = turned != destination;
    if (ports.size() == 1 && net_.port(ports[0]).members == 1 && !turns) return out_of(ports[0]);
    Key key{{}, turns ? static_cast<std::uint16_t>(turned.value()) : Forwarding::keep};
    for (const PortId p : ports) key.first.push_back(p.value());
    Forwarding& fw = node_.forwarding;
    const auto [it, fresh] =
        known_.try_emplace(key, static_cast<std::uint16_t>(fw.choices_.size()));
    if (fresh) {
      if (fw.choices_.size() >= Forwarding::most_choices)
        throw RunError(
            "one router has more than 32,767 different ways to send packets on; fewer "
            "segment lists or route changes would fit");
      fw.choices_.push_back({static_cast<std::uint32_t>(fw.choice_ports_.size()),
                             static_cast<std::uint16_t>(ports.size()), key.second});
      for (const PortId p : ports)
        fw.choice_ports_.push_back({out_of(p), static_cast<std::uint16_t>(net_.port(p).members)});
    }
    return static_cast<std::uint16_t>(Forwarding::choice_flag | it->second);
  }

 private:
  using Key = std::pair<std::vector<std::uint32_t>, std::uint16_t>;

  std::uint16_t out_of(PortId p) const {
    return static_cast<std::uint16_t>(
        std::find(node_.queues.begin(), node_.queues.end(), first_queue_[p.index()]) -
        node_.queues.begin());
  }

  const Network& net_;
  const std::vector<std::uint32_t>& first_queue_;
  NodeModel& node_;
  std::map<Key, std::uint16_t> known_;
};

void build_forwarding(const Input& input, const routing::FibUpdates& updates,
                      const std::vector<std::uint32_t>& first_queue, Model& model) {
  const Network& net = *input.network;
  const Routes& routes = *input.routes;
  for (std::size_t n = 0; n < net.nodes().size(); ++n) {
    const NodeId at(n);
    NodeModel& node = model.nodes[n];
    Forwarding& fw = node.forwarding;
    fw.salt_ = mix(n + 0x632be59bd9b4e019ULL);
    EntryMaker maker(net, first_queue, node);
    for (std::size_t i = 0; i < routes.destination_count(); ++i) {
      const DestinationId d(i);
      fw.initial_.push_back(routes.delivers(at, d)
                                ? static_cast<std::uint16_t>(node.sink_out())
                                : maker.entry(routes.next(at, d), d, routes.turned(at, d)));
    }
    for (const routing::FibUpdate& u : updates.of(at))
      fw.updates_.push_back({u.at.ps(), static_cast<std::uint16_t>(u.destination.value()),
                             maker.entry(updates.ports(u), u.destination, u.turned)});
  }
}

void build_streams(const Input& input, Model& model) {
  model.stream = demand_streams(*input.network, *input.demands);
  // A queue's: its link, direction and place among the members.
  PortId last = PortId::none();
  std::uint64_t member = 0;
  for (const QueueModel& q : model.queues) {
    member = q.port == last ? member + 1 : 0;
    last = q.port;
    const Port& port = input.network->port(q.port);
    std::uint64_t h = text_hash("queue " + input.network->link(port.link).id);
    h = mix(h * 3 + text_hash(input.network->node(q.from).id));
    model.queue_stream.push_back(mix(h * 3 + member));
  }
}

/// What to expect on each edge; `packets_per_bit` turns traffic into packets.
void build_edge_loads(const Input& input, const std::vector<std::uint32_t>& first_queue,
                      double packets_per_bit, Model& model) {
  const Network& net = *input.network;
  std::vector<std::uint32_t> out_of(model.queues.size());
  for (const NodeModel& node : model.nodes)
    for (std::uint32_t o = 0; o < node.queues.size(); ++o) out_of[node.queues[o]] = o;
  std::vector<double> on_lane(model.lanes, 0.0);
  turn_loads(net, *input.routes, *input.demands, [&](const Turn& turn) {
    const bool own = turn.in == PortId::none();
    const bool ends = turn.out == PortId::none();
    const std::uint32_t from = own ? model.source(turn.at.index()) : first_queue[turn.in.index()];
    const std::uint32_t out =
        ends ? model.nodes[turn.at.index()].sink_out() : out_of[first_queue[turn.out.index()]];
    const std::uint32_t ins = own ? 1 : net.port(turn.in).members;
    const std::uint32_t outs = ends ? 1 : net.port(turn.out).members;
    for (std::uint32_t i = 0; i < ins; ++i)
      for (std::uint32_t o = 0; o < outs; ++o)
        on_lane[model.first_lane[from + i] + out + o] += turn.bps * packets_per_bit / ins / outs;
  });
  for (Edge& e : model.edges) e.pps = on_lane[e.lane];
}

void build_loads(const Input& input, const std::vector<std::uint32_t>& first_queue, Model& model) {
  model.load_pps.assign(model.machines(), 0.0);
  const auto& set = *input.demands;
  double packets = 0;
  double bits = 0;
  for (const Demand& d : set.demands) {
    const double pps = d.rate.as_double() / (8.0 * set.sizes[d.sizes.index()].mean_bytes());
    model.load_pps[model.source(d.from.index())] += pps;
    model.load_pps[model.sink(d.to.index())] += pps;
    packets += pps;
    bits += d.rate.as_double();
  }
  const double bits_per_packet = packets > 0 ? bits / packets : 1.0;
  const Loads loads = expected_loads(*input.network, *input.routes, set, false);
  std::vector<double> arriving(model.nodes.size(), 0.0);
  for (std::size_t q = 0; q < model.queues.size(); ++q) {
    const PortId p = model.queues[q].port;
    const Port& port = input.network->port(p);
    // A port sends no more than its rate.
    const double sent = std::min(loads.load_bps[p.index()], port.rate().as_double());
    model.load_pps[q] = sent / port.members / bits_per_packet;
    arriving[port.to.index()] += model.load_pps[q];
  }
  // What running each machine costs, in packet-hops: a source draws, sorts and sends; a queue that
  // also delivers pays for that (weights by profile, docs/performance.md).
  model.cost = model.load_pps;
  for (std::size_t n = 0; n < model.nodes.size(); ++n) model.cost[model.source(n)] *= 1.4;
  for (std::size_t q = 0; q < model.queues.size(); ++q) {
    const std::size_t to = model.queues[q].to.index();
    if (!model.several_ways[to] && arriving[to] > 0)
      model.cost[q] += 0.7 * model.load_pps[model.sink(to)] * model.load_pps[q] / arriving[to];
  }
  for (std::size_t n = 0; n < model.nodes.size(); ++n)
    if (!model.several_ways[n]) model.cost[model.sink(n)] = 0;
  build_edge_loads(input, first_queue, 1.0 / bits_per_packet, model);
}

}  // namespace

void ForwardingTable::apply(std::int64_t time) {
  const auto& updates = forwarding_->updates_;
  std::size_t count = next_;
  while (count < updates.size() && updates[count].at <= time) ++count;
  apply_to(count);
}

void ForwardingTable::apply_to(std::size_t count) {
  if (own_.empty()) own_ = forwarding_->initial_;
  for (; next_ < count; ++next_)
    own_[forwarding_->updates_[next_].destination] = forwarding_->updates_[next_].entry;
  entries_ = own_.data();
  find_next_change();
}

int flow_bits(const DemandSet& demands, const Config& config) {
  int bits = std::bit_width(config.flows) - 1;
  for (const auto& transport : demands.transports)
    bits = std::max(bits, static_cast<int>(std::bit_width(transport->connections - 1U)));
  return bits;
}

Model build_model(const Input& input, const Config& config) {
  Model model;
  model.flow_bits = flow_bits(*input.demands, config);
  const auto updates = engine::fib_updates(input);
  std::vector<std::uint32_t> first_queue;
  build_queues(input, config, model, first_queue);
  build_forwarding(input, *updates, first_queue, model);
  const Reach reach =
      build_edges(input, engine::ForwardingOfAllTimes(*input.routes, *updates), first_queue, model);
  if (!reach.most_hops || *reach.most_hops > config.ttl)
    model.hop_limit = Packet::hop_limit(config.ttl);
  model.base_ps = engine::base_latencies(input);
  build_streams(input, model);
  build_loads(input, first_queue, model);
  return model;
}

}  // namespace longhaul::packet
