#include "sim/fluid/elastic_demands.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/base/random.hpp"
#include "sim/engine/paths.hpp"
#include "sim/traffic/streams.hpp"

namespace longhaul::fluid {

namespace {

constexpr double ps_per_s = 1e12;
/// Rates are found anew where a link is this much of its capacity off.
constexpr double tolerance = 1e-3;

double wire_bits(const Transport& spec, double data_bytes) {
  return 8 * data_bytes * spec.packet_bytes() / spec.segment_bytes;
}

/// Round trips that slow start takes for a flow, each with twice the segments of the one before
/// (RFC 5681), nothing lost.
double slow_start_rounds(const Transport& spec, double bits) {
  double segments = std::ceil(bits / (8.0 * spec.packet_bytes()));
  double rounds = 1;
  for (double window = spec.initial_window; segments > window; window *= 2, ++rounds)
    segments -= window;
  return rounds;
}

}  // namespace

ElasticDemands::ElasticDemands(const engine::Input& input, const engine::Config& config)
    : input_(input),
      config_(config),
      measure_from_(config.warmup.ps()),
      end_((config.warmup + config.duration).ps()),
      interval_(config.interval_ps()),
      next_sample_(INT64_MAX),
      flows_(tolerance) {
  const DemandSet& set = *input.demands;
  const auto streams = demand_streams(*input.network, set);
  for (const Port& port : input.network->ports())
    flows_.add_link(port.exists ? port.rate().as_double() : 0);
  for (std::size_t i = 0; i < set.demands.size(); ++i) {
    const Transport* spec = set.transport(set.demands[i]);
    if (spec == nullptr) continue;
    Sender s;
    s.demand = static_cast<std::uint32_t>(i);
    s.spec = spec;
    s.stream = tcp_flow_stream(streams[i]);
    s.mean_gap_ps = spec->endless() ? 0
                                    : wire_bits(*spec, spec->sizes->mean_bytes()) * ps_per_s /
                                          set.demands[i].rate.as_double();
    senders_.push_back(std::move(s));
    const auto index = static_cast<std::uint32_t>(senders_.size() - 1);
    add_ways(index, *input.routes, 0);
    Sender& own = senders_.back();
    if (!spec->endless()) {
      own.next_flow = 0;
      draw_flow(own);
      arrivals_.push_back({own.next_flow, index});
    } else if (own.present > 0) {
      for (std::uint32_t n = 0; n < spec->connections; ++n)
        flows_.add_endless(ways_[pick_way(own)].flows, 1, 0);
    }
  }
  std::make_heap(arrivals_.begin(), arrivals_.end());
  if (!any()) return;
  next_sample_ = measure_from_;
  port_bits_.resize(input.network->ports().size());
  port_packets_.resize(input.network->ports().size(), 0.0);
}

std::int64_t ElasticDemands::next() const {
  const std::int64_t arrival = arrivals_.empty() ? INT64_MAX : arrivals_.front().time;
  return std::min({arrival, flows_.next(), next_sample_});
}

void ElasticDemands::step(std::int64_t now) {
  DoneFlow done{};
  while (flows_.complete(now, done)) flow_ends(done, now);
  while (!arrivals_.empty() && arrivals_.front().time <= now) {
    const std::uint32_t sender = arrivals_.front().sender;
    std::pop_heap(arrivals_.begin(), arrivals_.end());
    flow_arrives(sender, now);
    arrivals_.back().time = senders_[sender].next_flow;
    std::push_heap(arrivals_.begin(), arrivals_.end());
  }
  if (next_sample_ <= now) sample(now);
  flows_.settle(now);
}

void ElasticDemands::offer(std::uint32_t port, double bps) {
  if (any()) flows_.set_capacity(port, bps);
}

/// As the packet engine draws them: the same flows come at the same times.
void ElasticDemands::draw_flow(Sender& s) {
  const Words w = philox(config_.seed, s.stream, s.flows++);
  const double gap =
      exponential_from_bits(static_cast<std::uint64_t>(w.w[0]) << 32 | w.w[1]) * s.mean_gap_ps;
  s.next_flow += static_cast<std::int64_t>(std::min(gap, 4e18) + 0.5);
  s.next_flow = std::min(s.next_flow, std::int64_t{1} << 62);
  s.next_bytes = s.spec->sizes->pick(static_cast<std::uint64_t>(w.w[2]) << 32 | w.w[3]);
}

void ElasticDemands::flow_arrives(std::uint32_t sender, std::int64_t now) {
  Sender& s = senders_[sender];
  const double bits =
      wire_bits(*s.spec, static_cast<double>(std::max<std::int64_t>(1, s.next_bytes)));
  draw_flow(s);
  if (s.active < s.spec->connections && s.present > 0) {
    start(s, now, bits, now);
    return;
  }
  s.waiting.emplace_back(now, bits);
  s.most_waiting = std::max<std::uint64_t>(s.most_waiting, s.waiting.size());
}

void ElasticDemands::start(Sender& s, std::int64_t came, double bits, std::int64_t now) {
  ++s.active;
  flows_.arrive(ways_[pick_way(s)].flows, bits, came, now);
}

void ElasticDemands::flow_ends(const DoneFlow& done, std::int64_t now) {
  Sender& s = senders_[sender_of_[done.of]];
  --s.active;
  if (done.came >= measure_from_) {
    const std::int64_t round_trip = 2 * ways_[done.of].delay_ps;
    const double ramp =
        (slow_start_rounds(*s.spec, done.bits) - 1) * static_cast<double>(round_trip);
    ++s.completed;
    s.completion.add(std::max(now - done.came, static_cast<std::int64_t>(ramp)) + round_trip);
  }
  if (s.waiting.empty()) return;
  const auto [came, bits] = s.waiting.front();
  s.waiting.pop_front();
  start(s, came, bits, now);
}

/// The next of the present ways, so that each has its share: the one that is furthest behind.
std::uint32_t ElasticDemands::pick_way(Sender& s) {
  const std::size_t first = s.ways.size() - s.present;
  std::uint32_t best = s.ways[first];
  const auto behind = [&](std::uint32_t w) {
    return static_cast<double>(ways_[w].taken) / ways_[w].share;
  };
  for (std::size_t k = first + 1; k < s.ways.size(); ++k)
    if (behind(s.ways[k]) < behind(best)) best = s.ways[k];
  ++ways_[best].taken;
  return best;
}

void ElasticDemands::add_ways(std::uint32_t sender, const Routes& routes, std::int64_t now) {
  Sender& s = senders_[sender];
  const Network& net = *input_.network;
  const auto paths = engine::paths_of(input_, routes, DemandId(s.demand));
  // Without a route flows stay where they are, and stall at the port that is down.
  if (paths.empty()) return;
  const std::vector<std::uint32_t> before(s.ways.end() - s.present, s.ways.end());
  const auto same = [&](const engine::Path& path, std::uint32_t way) {
    const auto old = flows_.rates().path(ways_[way].flows);
    return std::equal(old.begin(), old.end(), path.ports.begin(), path.ports.end(),
                      [](const Crossing& c, PortId p) { return c.constraint == p.index(); });
  };
  if (before.size() == paths.size() && std::equal(paths.begin(), paths.end(), before.begin(), same))
    return;
  for (const engine::Path& path : paths) {
    std::vector<Crossing> crossings;
    std::int64_t delay = path.delay_ps;
    for (const PortId p : path.ports) {
      const Port& port = net.port(p);
      const double whole = s.spec->packet_bytes();
      crossings.push_back(
          {static_cast<ConstraintIndex>(p.index()), (whole + port.overhead) / whole});
      delay += (Size::bytes(s.spec->packet_bytes() + port.overhead) / port.member_rate).ps();
    }
    // Rates of TCP flows at one bottleneck are as 1 / RTT (Mathis et al., CCR 1997).
    const double weight = ps_per_s / (2 * static_cast<double>(std::max<std::int64_t>(1, delay)));
    const FlowClass c =
        flows_.add_class(weight, std::numeric_limits<double>::infinity(), crossings);
    ways_.push_back({c, path.share, delay});
    sender_of_.push_back(sender);
    s.ways.push_back(c);
  }
  s.present = static_cast<std::uint32_t>(paths.size());
  // What is under way spreads over the new ways as new flows would.
  for (const std::uint32_t old : before) {
    std::uint32_t endless = 0;
    for (const FlowUnderWay& flow : flows_.take_out(ways_[old].flows, endless, now))
      flows_.go_on(ways_[pick_way(s)].flows, flow, now);
    for (std::uint32_t n = 0; n < endless; ++n)
      flows_.add_endless(ways_[pick_way(s)].flows, 1, now);
  }
}

void ElasticDemands::reroute(const Routes& routes, std::int64_t now) {
  for (std::uint32_t s = 0; s < senders_.size(); ++s) {
    const bool had_none = senders_[s].present == 0;
    add_ways(s, routes, now);
    Sender& own = senders_[s];
    if (!had_none || own.present == 0) continue;
    if (own.spec->endless())
      for (std::uint32_t n = 0; n < own.spec->connections; ++n)
        flows_.add_endless(ways_[pick_way(own)].flows, 1, now);
    while (!own.waiting.empty() && own.active < own.spec->connections) {
      const auto [came, bits] = own.waiting.front();
      own.waiting.pop_front();
      start(own, came, bits, now);
    }
  }
}

/// An interval of utilization ends (the first time: begins).
void ElasticDemands::sample(std::int64_t now) {
  const bool first = now == measure_from_;
  for (auto& bits : port_bits_)
    if (!first) bits.push_back(0);
  for (Way& way : ways_) {
    const double sent = flows_.sent_bits(way.flows, now);
    const double packet_bits = 8.0 * senders_[sender_of_[way.flows]].spec->packet_bytes();
    if (first) way.measured_from = sent;
    for (const Crossing& c : flows_.rates().path(way.flows)) {
      if (first) continue;
      port_bits_[c.constraint].back() += (sent - way.sampled) * c.usage;
      port_packets_[c.constraint] += (sent - way.sampled) / packet_bits;
    }
    way.sampled = sent;
  }
  if (now >= end_)
    next_sample_ = INT64_MAX;
  else
    next_sample_ = std::min(end_, now + interval_);
}

void ElasticDemands::add_to_ports(Measurements& m, std::int64_t reached) {
  if (!any() || reached <= measure_from_) return;
  if (next_sample_ != INT64_MAX) sample(reached);
  const double measured_s = static_cast<double>(reached - measure_from_) / ps_per_s;
  for (std::size_t p = 0; p < m.ports.size(); ++p) {
    PortMeasurement& port = m.ports[p];
    double bits = 0;
    for (std::size_t i = 0; i < port_bits_[p].size(); ++i) {
      const std::int64_t from = measure_from_ + static_cast<std::int64_t>(i) * interval_;
      const double length_s =
          static_cast<double>(std::min(reached, from + interval_) - from) / ps_per_s;
      bits += port_bits_[p][i];
      if (i < port.utilization.size() && length_s > 0)
        port.utilization[i] += static_cast<float>(port_bits_[p][i] / length_s /
                                                  input_.network->ports()[p].rate().as_double());
    }
    if (!(bits > 0)) continue;
    const auto packets = static_cast<std::uint64_t>(port_packets_[p] + 0.5);
    port.utilization_mean += bits / measured_s / input_.network->ports()[p].rate().as_double();
    port.sent_bytes += static_cast<std::uint64_t>(bits / 8 + 0.5);
    port.sent_packets += packets;
    port.arrived_packets += packets;
    // They wait for nobody in a fluid.
    DurationStats none;
    none.add(0);
    none.count = packets;
    none.histogram = Histogram(port.wait.histogram.bits());
    if (packets > 0) none.histogram.add(0, packets);
    port.wait.merge(none);
  }
}

void ElasticDemands::fill(std::vector<DemandMeasurement>& demands, std::int64_t reached) {
  for (const Sender& s : senders_) {
    DemandMeasurement& d = demands[s.demand];
    TransportMeasurement& t = d.transport.emplace();
    double bits = 0;
    double delay_bits = 0;
    double rates = 0;
    double squares = 0;
    double flows = 0;
    for (const std::uint32_t w : s.ways) {
      const Way& way = ways_[w];
      const double own = flows_.sent_bits(way.flows, reached) - way.measured_from;
      bits += own;
      delay_bits += own * static_cast<double>(way.delay_ps);
      t.rtt_max = std::max(t.rtt_max, Duration::ps(2 * way.delay_ps));
      const auto n = static_cast<double>(flows_.flows(way.flows));
      rates += n * flows_.rate_bps(way.flows);
      squares += n * flows_.rate_bps(way.flows) * flows_.rate_bps(way.flows);
      flows += n;
    }
    d.sent_bytes = d.delivered_bytes = static_cast<std::uint64_t>(bits / 8 + 0.5);
    d.sent_packets = d.delivered_packets =
        static_cast<std::uint64_t>(bits / (8.0 * s.spec->packet_bytes()) + 0.5);
    t.connections = s.spec->connections;
    t.acknowledged_segments = d.delivered_packets;
    t.acknowledged_bytes = d.delivered_packets * static_cast<std::uint64_t>(s.spec->segment_bytes);
    t.rtt_mean_s = bits > 0 ? 2 * delay_bits / bits / ps_per_s : 0;
    t.fairness = squares > 0 ? rates * rates / (flows * squares) : 0;
    t.completed_flows = s.completed;
    t.most_waiting_flows = s.most_waiting;
    t.completion = s.completion;
  }
}

}  // namespace longhaul::fluid
