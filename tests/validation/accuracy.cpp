#include "tests/validation/accuracy.hpp"

#include <algorithm>
#include <cmath>

#include "sim/hybrid/plan.hpp"
#include "sim/routing/loads.hpp"
#include "sim/scenario/read.hpp"

namespace longhaul::accuracy {

namespace {

Mmpp two_states(double low, double high, Duration each) {
  Mmpp m;
  m.states = {{low, each}, {high, each}};
  return m;
}

/// The same with the fastest link at 1 Gb/s.
NetworkPtr scaled(const Network& network) {
  NetworkSpec spec = network.spec();
  double fastest = 0;
  for (const Link& l : spec.links)
    fastest = std::max(fastest, l.capacity.rate.as_double() * l.capacity.members);
  for (Link& l : spec.links) {
    const double share = l.capacity.rate.as_double() * l.capacity.members / fastest;
    // Very thin links would need runs of hours.
    l.capacity = {1, Rate::bps(static_cast<std::int64_t>(1e9 * std::max(0.05, share)))};
  }
  return std::make_shared<const Network>(std::move(spec));
}

std::shared_ptr<Scenario> scenario_of(const Case& c) {
  auto s = std::make_shared<Scenario>(bare_scenario(c.topology, c.matrix, 1.0, {}));
  s->network = scaled(*s->network);
  s->engine.seed = 4;
  s->queues.buffer = c.kind->buffer;
  s->sizes.push_back({"imix", {{64, 7}, {594, 4}, {1518, 1}}});
  for (TrafficSpec& t : s->traffic) {
    t.target_utilization = c.load;
    t.model = c.kind->model;
    t.sizes = SizeMixId(s->sizes.size() - 1);
  }
  return s;
}

/// As long as `hops` packet-hops take in simulated time.
void set_length(Scenario& s, double hops) {
  run::Options options;
  options.threads = 2;
  s.engine.warmup = Duration::zero();
  s.engine.duration = Duration::s(1);
  const auto shared = std::make_shared<const Scenario>(s);
  const run::Prepared one = run::prepare(shared, options);
  const auto per_s = static_cast<double>(packet::estimate(one.input, one.config).packet_hops);
  s.engine.duration = Duration::ps(static_cast<std::int64_t>(hops / per_s * 1e12));
  s.engine.warmup = Duration::ps(s.engine.duration.ps() / 10) + Duration::ms(300);
}

}  // namespace

Measurements measure(const Scenario& s, Fidelity fidelity, std::uint64_t seed, double hops) {
  auto copy = std::make_shared<Scenario>(s);
  copy->engine.fidelity = fidelity;
  copy->engine.seed = seed;
  run::Options options;
  options.threads = 2;
  run::Prepared prepared = run::prepare(copy, options);
  prepared.config.packet_hops = hops;
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

Figures figures(const Measurements& m) {
  DurationStats all;
  std::uint64_t sent = 0;
  std::uint64_t lost = 0;
  for (const DemandMeasurement& d : m.demands) {
    all.merge(d.queueing);
    sent += d.delivered_packets + d.dropped_packets;
    lost += d.dropped_packets;
  }
  return {all.mean_ps() * 1e-12, all.quantile_ps(0.5) * 1e-12, all.quantile_ps(0.99) * 1e-12,
          all.quantile_ps(0.999) * 1e-12,
          sent > 0 ? static_cast<double>(lost) / static_cast<double>(sent) : 0};
}

double off_by(double a, double b) {
  if (b == 0) return a == 0 ? 0 : 1e9;
  return (a - b) / b;
}

Outcome run_case(const Case& c) {
  const auto scenario = scenario_of(c);
  set_length(*scenario, c.packet_hops);
  Outcome out;
  const Measurements packet = measure(*scenario, Fidelity::packet, 1, 0);
  out.packet = figures(packet);
  out.packet_wall_s = packet.cost.wall_s;
  out.other_packet = figures(measure(*scenario, Fidelity::packet, 2, 0));
  const Measurements hybrid = measure(*scenario, Fidelity::hybrid, 1, c.hybrid_hops);
  out.hybrid = figures(hybrid);
  out.hybrid_wall_s = hybrid.cost.wall_s;
  if (hybrid.error) out.bar = *hybrid.error;
  out.fluid = figures(measure(*scenario, Fidelity::fluid, 1, 0));
  return out;
}

}  // namespace longhaul::accuracy
