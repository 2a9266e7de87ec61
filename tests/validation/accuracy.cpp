#include "tests/validation/accuracy.hpp"

#include <algorithm>
#include <cmath>

#include "sim/routing/loads.hpp"
#include "sim/scenario/read.hpp"

namespace longhaul::accuracy {

namespace {

Mmpp two_states(double low, double high, Duration each) {
  Mmpp m;
  m.states = {{low, each}, {high, each}};
  return m;
}

/// Links of TCP are slower, and only so many of a matrix's demands have it: windows are then of
/// tens of segments, and a run of half a minute is feasible.
constexpr double fastest_bps = 1e9;
constexpr double fastest_of_tcp_bps = 1e8;
constexpr std::size_t largest_demands = 20;

/// The same with the fastest link at `rate`.
NetworkPtr scaled(const Network& network, double rate) {
  NetworkSpec spec = network.spec();
  double fastest = 0;
  for (const Link& l : spec.links)
    fastest = std::max(fastest, l.capacity.rate.as_double() * l.capacity.members);
  for (Link& l : spec.links) {
    const double share = l.capacity.rate.as_double() * l.capacity.members / fastest;
    // Very thin links would need runs of hours.
    l.capacity = {1, Rate::bps(static_cast<std::int64_t>(rate * std::max(0.05, share)))};
  }
  return std::make_shared<const Network>(std::move(spec));
}

/// As long as `hops` packet-hops take in simulated time.
void set_length(Scenario& s, double hops) {
  run::Options options;
  options.threads = 2;
  s.engine.warmup = Duration::zero();
  s.engine.duration = Duration::s(1);
  const auto shared = std::make_shared<const Scenario>(s);
  const run::Prepared one = run::prepare(shared, options);
  const bool tcp = one.input.demands->demands.front().transport.valid();
  const double per_s =
      tcp ? hybrid::tcp_hops_per_s(one.input, one.config)
          : static_cast<double>(packet::estimate(one.input, one.config).packet_hops);
  s.engine.duration = Duration::ps(static_cast<std::int64_t>(hops / per_s * 1e12));
  // Windows of TCP take seconds to settle.
  s.engine.warmup =
      Duration::ps(s.engine.duration.ps() / 10) + (tcp ? Duration::s(8) : Duration::ms(300));
}

/// Leaves only the largest entries of a matrix.
void keep_largest(std::vector<MatrixEntry>& entries) {
  std::stable_sort(entries.begin(), entries.end(),
                   [](const MatrixEntry& a, const MatrixEntry& b) { return a.rate > b.rate; });
  if (entries.size() > largest_demands)
    entries.erase(entries.begin() + largest_demands, entries.end());
}

std::shared_ptr<const Transport> cubic(std::uint32_t connections,
                                       std::shared_ptr<const FlowSizes> sizes) {
  Transport t;
  t.connections = connections;
  t.sizes = std::move(sizes);
  return std::make_shared<const Transport>(t);
}

}  // namespace

Scenario scenario_of(const Case& c) {
  Scenario s = bare_scenario(c.topology, c.matrix, 1.0, {});
  const bool tcp = c.kind->transport != nullptr;
  s.network = scaled(*s.network, tcp ? fastest_of_tcp_bps : fastest_bps);
  s.engine.seed = 4;
  s.queues.buffer = c.kind->buffer;
  s.sizes.push_back({"imix", {{64, 7}, {594, 4}, {1518, 1}}});
  s.sizes.push_back({"segments", {{1500, 1}}});
  for (TrafficSpec& t : s.traffic) {
    t.target_utilization = c.load;
    t.model = c.kind->model;
    t.transport = c.kind->transport;
    if (tcp) keep_largest(t.entries);
    t.sizes = SizeMixId(s.sizes.size() - (tcp ? 1 : 2));
  }
  set_length(s, c.packet_hops);
  return s;
}

Measurements measure(const Scenario& s, Fidelity fidelity, std::uint64_t seed, double hops,
                     std::optional<double> scale) {
  auto copy = std::make_shared<Scenario>(s);
  copy->engine.fidelity = fidelity;
  copy->engine.seed = seed;
  run::Options options;
  options.threads = 2;
  run::Prepared prepared = run::prepare(copy, options);
  prepared.config.packet_hops = hops;
  prepared.config.scale = scale;
  return run::run(prepared).measurements;
}

const std::vector<Kind>& kinds() {
  const QueueLimit deep{QueueLimit::Kind::time, Duration::ms(50).ps()};
  const QueueLimit shallow{QueueLimit::Kind::packets, 40};
  static const std::vector<Kind> all{
      {"Poisson", nullptr, deep},
      {"Poisson, 40-packet buffers", nullptr, shallow},
      {"bursts of 2 ms", std::make_shared<const ArrivalModel>(two_states(1, 3, Duration::ms(2))),
       deep},
      {"bursts of 100 ms",
       std::make_shared<const ArrivalModel>(two_states(1, 3, Duration::ms(100))), deep, true}};
  return all;
}

const std::vector<Kind>& tcp_kinds() {
  const QueueLimit deep{QueueLimit::Kind::time, Duration::ms(50).ps()};
  const QueueLimit shorter{QueueLimit::Kind::time, Duration::ms(10).ps()};
  const auto endless = cubic(8, nullptr);
  const auto flows = cubic(1000, find_flow_sizes("web-search"));
  static const std::vector<Kind> all{
      {"TCP endless, less time", nullptr, deep, false, endless, 1},
      {"TCP endless, a quarter", nullptr, deep, false, endless, 0.25},
      {"TCP endless, 10 ms buffers, less time", nullptr, shorter, false, endless, 1},
      {"TCP endless, 10 ms buffers, a quarter", nullptr, shorter, false, endless, 0.25},
      {"TCP flows, less time", nullptr, deep, false, flows, 1},
      {"TCP flows, a quarter", nullptr, deep, false, flows, 0.25}};
  return all;
}

Figures figures(const Measurements& m) {
  DurationStats all;
  std::uint64_t sent = 0;
  std::uint64_t lost = 0;
  double acknowledged = 0;
  for (const DemandMeasurement& d : m.demands) {
    all.merge(d.queueing);
    sent += d.delivered_packets + d.dropped_packets;
    lost += d.dropped_packets;
    if (d.transport) acknowledged += static_cast<double>(d.transport->acknowledged_bytes);
  }
  return {all.mean_ps() * 1e-12,
          all.quantile_ps(0.5) * 1e-12,
          all.quantile_ps(0.99) * 1e-12,
          all.quantile_ps(0.999) * 1e-12,
          sent > 0 ? static_cast<double>(lost) / static_cast<double>(sent) : 0,
          m.measured > Duration::zero() ? 8 * acknowledged / m.measured.seconds() : 0};
}

double off_by(double a, double b) {
  if (b == 0) return a == 0 ? 0 : 1e9;
  return (a - b) / b;
}

Outcome run_case(const Case& c) {
  const Scenario scenario = scenario_of(c);
  Outcome out;
  const Measurements packet = measure(scenario, Fidelity::packet, 1, 0);
  out.packet = figures(packet);
  out.packet_wall_s = packet.cost.wall_s;
  out.other_packet = figures(measure(scenario, Fidelity::packet, 2, 0));
  // With TCP the same flows would come in the first replica as in the first packet run.
  const bool tcp = c.kind->transport != nullptr;
  const Measurements hybrid = measure(scenario, Fidelity::hybrid, tcp ? 3 : 1, c.hybrid_hops,
                                      tcp ? std::optional(c.kind->scale) : std::nullopt);
  out.hybrid = figures(hybrid);
  out.hybrid_wall_s = hybrid.cost.wall_s;
  if (hybrid.error) out.bar = *hybrid.error;
  out.fluid = figures(measure(scenario, Fidelity::fluid, 1, 0));
  return out;
}

}  // namespace longhaul::accuracy
