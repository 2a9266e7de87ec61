// A small network with measurements written by hand, so that every figure of a report can be
// checked on paper.
#pragma once

#include <memory>
#include <string>

#include "sim/run/run.hpp"

namespace longhaul::tests {

inline DurationStats durations(std::initializer_list<std::int64_t> ps) {
  DurationStats s;
  for (const auto v : ps) {
    s.histogram.add(v);
    s.min_ps = s.count == 0 ? v : std::min(s.min_ps, v);
    s.max_ps = std::max(s.max_ps, v);
    s.sum_ps += v;
    ++s.count;
  }
  return s;
}

/// A (alpha, tier 1, west) = 10G = B (alpha, east) - 1G - C (beta, tier 2, no region). Two classes;
/// 1 s measured. A>B is 90 % full and clean, B>C is full and drops 100 of 1000; the demand C>A
/// delivers nothing.
inline std::shared_ptr<Scenario> sample_scenario() {
  NetworkSpec spec;
  spec.name = "sample";
  spec.providers = {{"alpha", 1, 0, ""}, {"beta", 2, 0, ""}};
  spec.regions = {"west", "east"};
  const auto node = [&](const char* id, std::size_t provider, RegionId region) {
    Node n;
    n.id = id;
    n.provider = ProviderId(provider);
    n.region = region;
    spec.nodes.push_back(n);
  };
  node("A", 0, RegionId(0));
  node("B", 0, RegionId(1));
  node("C", 1, RegionId::none());
  const auto link = [&](const char* id, std::size_t a, std::size_t b, Rate rate) {
    Link l;
    l.id = id;
    l.a = NodeId(a);
    l.b = NodeId(b);
    l.capacity = {1, rate};
    l.delay = Duration::ms(1);
    spec.links.push_back(l);
  };
  link("A-B", 0, 1, Rate::gbps(10));
  link("B-C", 1, 2, Rate::gbps(1));
  spec.links[0].length = Distance::km(200);

  auto scenario = std::make_shared<Scenario>();
  scenario->name = "Sample, \"quoted\"";
  scenario->file = "sample.yaml";
  scenario->network = std::make_shared<const Network>(std::move(spec));
  scenario->classes = {{"gold", 0}, {"bulk", 1}};
  scenario->sizes = {{"fixed", {{1000, 1.0}}}};
  return scenario;
}

inline run::Result sample_result(const std::shared_ptr<Scenario>& scenario = sample_scenario()) {
  auto demands = std::make_shared<DemandSet>();
  demands->classes = scenario->classes;
  demands->sizes = scenario->sizes;
  const auto demand = [&](std::size_t from, std::size_t to, std::size_t cls) {
    demands->demands.push_back({NodeId(from), NodeId(to), ClassId(cls), Rate::mbps(8)});
  };
  demand(0, 1, 0);
  demand(0, 2, 1);
  demand(2, 0, 1);

  Measurements m;
  m.warmup = Duration::ms(100);
  m.measured = Duration::s(1);
  m.interval = Duration::ms(10);
  m.fingerprint = 0xABCDEF;
  m.packets.sent = 2100;
  m.packets.delivered = 1900;
  m.packets.dropped_buffer = 100;
  m.packets.in_flight = 100;
  m.ports.resize(4);
  PortMeasurement& ab = m.ports[0];
  ab.utilization_mean = 0.9;
  ab.sent_packets = ab.arrived_packets = 2000;
  ab.wait = durations({1'000'000, 3'000'000});
  for (int i = 1; i <= 100; ++i) ab.utilization.push_back(static_cast<float>(i) / 100.0F);
  PortMeasurement& bc = m.ports[2];
  bc.utilization_mean = 1.0;
  bc.sent_packets = 900;
  bc.arrived_packets = 1000;
  bc.dropped_packets = 100;
  bc.queue_bytes_mean = 5e5;
  bc.queue_bytes_max = 1'000'000;
  bc.wait = durations({8'000'000'000});

  m.demands.resize(3);
  DemandMeasurement& gold = m.demands[0];
  gold.sent_packets = gold.delivered_packets = 1000;
  gold.sent_bytes = gold.delivered_bytes = 1'000'000;
  gold.base = Duration::ms(1);
  gold.latency = durations({0, 2'000'000});
  gold.queueing = durations({0, 2'000'000});
  gold.hops_mean = 1;
  gold.jitter_ps = 1'000'000;
  DemandMeasurement& bulk = m.demands[1];
  bulk.sent_packets = 1000;
  bulk.sent_bytes = 1'000'000;
  bulk.delivered_packets = 900;
  bulk.delivered_bytes = 900'000;
  bulk.dropped_packets = 100;
  bulk.base = Duration::ms(2);
  bulk.latency = durations({8'000'000'000});
  bulk.queueing = durations({8'000'000'000});
  bulk.hops_mean = 2;
  m.demands[2].sent_packets = 100;
  m.demands[2].sent_bytes = 100'000;
  m.cost.packet_hops = 4000;
  m.cost.wall_s = 0.5;
  m.cost.peak_memory_bytes = 5'000'000;
  return {scenario, demands, m};
}

/// The sample with B-C a microwave link that faded from B to C: for 600 ms 400 packets at 1 Gb/s,
/// for 300 ms 500 at half of that, then 100 ms of nothing.
inline run::Result faded_sample() {
  const auto scenario = sample_scenario();
  NetworkSpec spec = scenario->network->spec();
  spec.links[1].medium = Medium::microwave;
  spec.links[1].length = Distance::km(12);
  spec.links[1].radio = Radio{};
  scenario->network = std::make_shared<const Network>(std::move(spec));
  run::Result result = sample_result(scenario);
  PortMeasurement& bc = result.measurements.ports[2];
  LevelMeasurement slow{3, Rate::mbps(500), Duration::ms(300), durations({8'000'000'000})};
  LevelMeasurement fast{9, Rate::gbps(1), Duration::ms(600), durations({1'000'000, 2'000'000})};
  bc.levels = {slow, fast};
  bc.level_changes = 1;
  bc.down = Duration::ms(100);
  return result;
}

}  // namespace longhaul::tests
