#include "sim/packet/model.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>
#include <map>
#include <numeric>
#include <string>

#include "sim/base/random.hpp"
#include "sim/engine/base_latency.hpp"
#include "sim/routing/loads.hpp"
#include "sim/traffic/streams.hpp"

namespace longhaul::packet {

namespace {

constexpr std::uint64_t ps_per_byte_at_1_bps = 8'000'000'000'000;

/// All routing tables of the run, in epoch order.
std::vector<const Routes*> epoch_routes(const Input& input) {
  std::vector<const Routes*> routes{input.routes.get()};
  for (const auto& change : input.changes) routes.push_back(change.routes.get());
  return routes;
}

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

/// Fills one node's table for one epoch.
void build_table(const Routes& routes, const Network& net,
                 const std::vector<std::uint32_t>& first_queue, NodeId at, NodeModel& node,
                 std::map<std::vector<std::uint32_t>, std::uint16_t>& known) {
  Forwarding& fw = node.forwarding;
  for (std::size_t d = 0; d < routes.destination_count(); ++d) {
    const auto next = routes.next(at, DestinationId(d));
    std::uint16_t entry = static_cast<std::uint16_t>(Forwarding::none);
    if (routes.node(DestinationId(d)) == at) {
      entry = static_cast<std::uint16_t>(node.sink_out());
    } else if (!next.empty()) {
      std::vector<std::uint32_t> ports;
      for (const PortId p : next) ports.push_back(p.value());
      const auto out_of = [&](std::uint32_t p) {
        return static_cast<std::uint16_t>(
            std::find(node.queues.begin(), node.queues.end(), first_queue[p]) -
            node.queues.begin());
      };
      if (ports.size() == 1 && net.ports()[ports[0]].members == 1) {
        entry = out_of(ports[0]);
      } else {
        const auto [it, fresh] =
            known.try_emplace(ports, static_cast<std::uint16_t>(fw.choices_.size()));
        if (fresh) {
          fw.choices_.push_back({static_cast<std::uint32_t>(fw.choice_ports_.size()),
                                 static_cast<std::uint32_t>(ports.size())});
          for (const std::uint32_t p : ports)
            fw.choice_ports_.push_back(
                {out_of(p), static_cast<std::uint16_t>(net.ports()[p].members)});
        }
        entry = static_cast<std::uint16_t>(Forwarding::choice_flag | it->second);
      }
    }
    fw.tables_.push_back(entry);
  }
}

void build_forwarding(const Input& input, const std::vector<std::uint32_t>& first_queue,
                      Model& model) {
  const Network& net = *input.network;
  const auto all = epoch_routes(input);
  for (std::size_t n = 0; n < net.nodes().size(); ++n) {
    NodeModel& node = model.nodes[n];
    node.forwarding.destinations_ = input.routes->destination_count();
    node.forwarding.salt_ = mix(n + 0x632be59bd9b4e019ULL);
    std::map<std::vector<std::uint32_t>, std::uint16_t> known;
    for (const Routes* routes : all) build_table(*routes, net, first_queue, NodeId(n), node, known);
  }
}

/// For one destination: the ports its packets may take out of each node, over all epochs, and the
/// nodes its packets may be at. A packet in flight over a change may mix epochs, so the union is
/// what counts.
class Reach {
 public:
  Reach(const Network& net, const std::vector<const Routes*>& routes)
      : net_(net), routes_(routes), at_(net.nodes().size(), false) {}

  /// Visits every (node, next port) that a packet from `starts` to `destination` may use.
  template <class F>
  void visit(DestinationId destination, const std::vector<NodeId>& starts, F&& use) {
    std::fill(at_.begin(), at_.end(), false);
    std::vector<NodeId> stack;
    for (const NodeId s : starts)
      if (!at_[s.index()]) at_[s.index()] = true, stack.push_back(s);
    std::vector<PortId> ports;
    while (!stack.empty()) {
      const NodeId n = stack.back();
      stack.pop_back();
      if (n == routes_[0]->node(destination)) continue;
      ports.clear();
      for (const Routes* r : routes_)
        for (const PortId p : r->next(n, destination)) ports.push_back(p);
      std::sort(ports.begin(), ports.end());
      ports.erase(std::unique(ports.begin(), ports.end()), ports.end());
      for (const PortId p : ports) {
        use(n, p);
        const NodeId to = net_.port(p).to;
        if (!at_[to.index()]) at_[to.index()] = true, stack.push_back(to);
      }
    }
  }

 private:
  const Network& net_;
  const std::vector<const Routes*>& routes_;
  std::vector<bool> at_;
};

/// Marks the lanes that routes can use, and the sinks that a demand may reach by several lanes.
void build_edges(const Input& input, const std::vector<std::uint32_t>& first_queue, Model& model) {
  const Network& net = *input.network;
  const auto routes = epoch_routes(input);
  const std::size_t n = net.nodes().size();
  // For each destination: where its packets start, and from which machine. Hosts send TCP's, and
  // acknowledgements the other way.
  std::vector<std::vector<NodeId>> starts(routes[0]->destination_count());
  std::vector<std::vector<std::uint32_t>> senders(starts.size());
  for (const Demand& d : input.demands->demands) {
    const bool tcp = d.transport.valid();
    const std::size_t to = routes[0]->destination(d.to, d.constraint).index();
    starts[to].push_back(d.from);
    senders[to].push_back(tcp ? model.sink(d.from.index()) : model.source(d.from.index()));
    if (!tcp) continue;
    const std::size_t back = routes[0]->destination(d.from, d.constraint).index();
    starts[back].push_back(d.to);
    senders[back].push_back(model.sink(d.to.index()));
  }

  std::vector<bool> used(model.lanes, false);
  model.several_ways = model.host;
  Reach reach(net, routes);
  std::vector<std::vector<std::uint32_t>> outs(n);    // queues a destination's packets leave by
  std::vector<std::vector<std::uint32_t>> inputs(n);  // machines that bring them
  for (std::size_t bound_for = 0; bound_for < starts.size(); ++bound_for) {
    if (starts[bound_for].empty()) continue;
    const std::size_t d = routes[0]->node(DestinationId(bound_for)).index();
    for (std::size_t i = 0; i < n; ++i) outs[i].clear(), inputs[i].clear();
    bool fork = false;
    reach.visit(DestinationId(bound_for), starts[bound_for], [&](NodeId at, PortId p) {
      fork = fork || !outs[at.index()].empty() || net.port(p).members > 1;
      for (std::uint32_t m = 0; m < net.port(p).members; ++m) {
        outs[at.index()].push_back(first_queue[p.index()] + m);
        inputs[net.port(p).to.index()].push_back(first_queue[p.index()] + m);
      }
    });
    for (std::size_t s = 0; s < starts[bound_for].size(); ++s)
      inputs[starts[bound_for][s].index()].push_back(senders[bound_for][s]);
    // Where paths to a sink never fork, each demand has one path and enters by one lane.
    if (fork) model.several_ways[d] = true;
    for (std::size_t i = 0; i < n; ++i) {
      const NodeModel& node = model.nodes[i];
      for (const std::uint32_t in : inputs[i]) {
        if (i == d) used[model.first_lane[in] + node.sink_out()] = true;
        for (const std::uint32_t q : outs[i]) {
          const auto out =
              std::find(node.queues.begin(), node.queues.end(), q) - node.queues.begin();
          used[model.first_lane[in] + static_cast<std::uint32_t>(out)] = true;
        }
      }
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
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

int flow_bits(const DemandSet& demands, const Config& config) {
  int bits = std::bit_width(config.flows) - 1;
  for (const auto& transport : demands.transports)
    bits = std::max(bits, static_cast<int>(std::bit_width(transport->connections - 1U)));
  return bits;
}

Model build_model(const Input& input, const Config& config) {
  Model model;
  model.flow_bits = flow_bits(*input.demands, config);
  model.epochs.push_back(0);
  for (const auto& change : input.changes) model.epochs.push_back(change.at.ps());
  std::vector<std::uint32_t> first_queue;
  build_queues(input, config, model, first_queue);
  build_forwarding(input, first_queue, model);
  build_edges(input, first_queue, model);
  model.base_ps = engine::base_latencies(input);
  build_streams(input, model);
  build_loads(input, first_queue, model);
  return model;
}

}  // namespace longhaul::packet
