#include "tests/validation/tcp_lab.hpp"

#include <cmath>
#include <stdexcept>

#include "tests/catch.hpp"

namespace longhaul::tcp_lab {

namespace {

struct Built {
  packet::Input input;
  std::vector<PortId> bottlenecks;  ///< in the direction of the data
};

Duration milliseconds(double ms) {
  return Duration::us(static_cast<std::int64_t>(std::llround(ms * 1e3)));
}

Built build(const Case& c, CongestionControl protocol) {
  NetworkSpec spec;
  spec.providers.push_back({"p", 1, 0, ""});
  const auto node = [&] {
    Node n;
    n.id = "n" + std::to_string(spec.nodes.size());
    spec.nodes.push_back(n);
    return NodeId(spec.nodes.size() - 1);
  };
  const auto join = [&](NodeId a, NodeId b, double mbps, double ms) {
    Link link;
    link.id = "l" + std::to_string(spec.links.size());
    link.a = a;
    link.b = b;
    link.capacity = {1, Rate::bps(std::llround(mbps * 1e6))};
    link.delay = milliseconds(ms);
    link.framing = Framing::none;
    spec.links.push_back(link);
    return Network::forward(LinkId(spec.links.size() - 1));
  };
  Built out;
  std::vector<NodeId> routers;
  for (std::size_t r = 0; r < c.routers; ++r) routers.push_back(node());
  for (std::size_t r = 0; r + 1 < c.routers; ++r)
    out.bottlenecks.push_back(join(routers[r], routers[r + 1], c.mbps, c.hop_ms));

  DemandSet set;
  set.classes.push_back({"default", 0});
  Transport transport;
  transport.protocol = protocol;
  transport.start = Duration::s(1);
  set.sizes.push_back({"segments", {{transport.packet_bytes(), 1}}});
  if (c.transfer_bytes > 0) {
    transport.connections = 1000;
    transport.sizes =
        std::make_shared<const FlowSizes>(FlowSizes::fixed("transfer", c.transfer_bytes));
  }
  set.transports.push_back(std::make_shared<const Transport>(transport));
  for (const Flow& f : c.flows) {
    const NodeId from = node();
    const NodeId to = node();
    join(from, routers[f.from], 1000, f.delay_ms);
    join(routers[f.to], to, 1000, 1);
    const double bytes = static_cast<double>(c.transfer_bytes) *
                         static_cast<double>(transport.packet_bytes()) / transport.segment_bytes;
    const double bps = f.transfers_hz > 0 ? f.transfers_hz * bytes * 8
                                          : c.mbps * 1e6 / static_cast<double>(c.flows.size());
    Demand demand{from, to, ClassId(0), Rate::bps(std::llround(bps))};
    demand.transport = TransportId(0);
    set.demands.push_back(demand);
  }
  const auto network = std::make_shared<const Network>(spec);
  RoutingSpec routing;
  routing.metric = longhaul::Metric::hops;
  out.input = {network,
               std::make_shared<const DemandSet>(std::move(set)),
               std::make_shared<const Routes>(compute_routes(*network, routing)),
               {},
               {}};
  return out;
}

double jain(const std::vector<double>& x) {
  double sum = 0;
  double squares = 0;
  for (const double v : x) {
    sum += v;
    squares += v * v;
  }
  return sum * sum / (static_cast<double>(x.size()) * squares);
}

Figures figures_of(const Case& c, const Built& built, const Measurements& m) {
  Figures f;
  std::vector<double> single;
  DurationStats completion;
  const double seconds = c.end_s - c.warmup_s;
  for (std::size_t i = 0; i < c.flows.size(); ++i) {
    const DemandMeasurement& d = m.demands[i];
    REQUIRE(d.transport.has_value());
    const double mbps = static_cast<double>(d.transport->acknowledged_bytes) * 8e-6 / seconds;
    f.goodput_mbps += mbps;
    const bool through = c.routers > 2 && c.flows[i].to - c.flows[i].from + 1 == c.routers;
    if (through)
      f.through_mbps += mbps;
    else
      single.push_back(mbps);
    f.timeouts += static_cast<double>(d.transport->timeouts);
    f.completed += static_cast<double>(d.transport->completed_flows);
    completion.merge(d.transport->completion);
  }
  f.jain = jain(single);
  double wait = 0;
  double waited = 0;
  double arrived = 0;
  double dropped = 0;
  for (const PortId id : built.bottlenecks) {
    const PortMeasurement& port = m.ports[id.index()];
    wait += static_cast<double>(port.wait.sum_ps);
    waited += static_cast<double>(port.wait.count);
    arrived += static_cast<double>(port.arrived_packets);
    dropped += static_cast<double>(port.dropped_packets);
  }
  f.wait_ms = wait / waited * 1e-9;
  f.loss_percent = dropped / arrived * 100;
  f.fct_mean_ms = completion.mean_ps() * 1e-9;
  f.fct_p50_ms = completion.quantile_ps(0.5) * 1e-9;
  f.fct_p99_ms = completion.quantile_ps(0.99) * 1e-9;
  return f;
}

}  // namespace

Case find_case(const std::string& name) {
  std::vector<Flow> four;
  for (int i = 0; i < 4; ++i) four.push_back({0, 1, 1 + 0.25 * i});
  if (name == "shallow") return {name, 50, 20, 50, 2, four, 10, 50};
  if (name == "deep") return {name, 50, 20, 200, 2, four, 10, 50};
  if (name == "ample") return {name, 50, 20, 2000, 2, four, 10, 50};
  if (name == "long") return {name, 50, 98, 400, 2, {{0, 1, 1}, {0, 1, 1.5}}, 40, 160};
  if (name == "parking-lot") {
    std::vector<Flow> flows{{0, 3, 1}, {0, 3, 1.25}};
    for (std::size_t r = 0; r < 3; ++r)
      for (int i = 0; i < 2; ++i)
        flows.push_back({r, r + 1, 1.5 + 0.25 * i + 0.1 * static_cast<double>(r)});
    return {name, 50, 10, 100, 4, flows, 10, 50};
  }
  if (name == "transfers") {
    std::vector<Flow> flows = four;
    for (Flow& f : flows) f.transfers_hz = 4.5;
    return {name, 50, 20, 200, 2, flows, 5, 65, 200'000};
  }
  throw std::invalid_argument("no such case: " + name);
}

Figures run(const Case& c, CongestionControl protocol, int seeds) {
  const Built built = build(c, protocol);
  Figures mean;
  for (int seed = 1; seed <= seeds; ++seed) {
    packet::Config config;
    config.seed = static_cast<std::uint64_t>(seed);
    config.warmup = Duration::from_seconds(c.warmup_s);
    config.duration = Duration::from_seconds(c.end_s - c.warmup_s);
    // As long as LIMIT packets and the one in transmission take between routers; access links, 20
    // times as fast, then hold 20 times as many and lose nothing.
    const double packet_us = 1500 * 8 / c.mbps;
    config.queueing.buffer = {
        QueueLimit::Kind::time,
        Duration::ns(std::llround(1e3 * packet_us * static_cast<double>(c.limit + 1))).ps()};
    const Measurements m = packet::run(built.input, config);
    CHECK(m.packets.sent == m.packets.delivered + m.packets.dropped() + m.packets.in_flight);
    const Figures f = figures_of(c, built, m);
    for (double Figures::*figure :
         {&Figures::goodput_mbps, &Figures::jain, &Figures::wait_ms, &Figures::loss_percent,
          &Figures::timeouts, &Figures::through_mbps, &Figures::completed, &Figures::fct_mean_ms,
          &Figures::fct_p50_ms, &Figures::fct_p99_ms})
      mean.*figure += f.*figure / seeds;
  }
  return mean;
}

}  // namespace longhaul::tcp_lab
