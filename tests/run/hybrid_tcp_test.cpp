// The hybrid engine's runs with TCP: the run itself if the budget buys it, else fewer packets or
// less time, against all of its packets.
#include <cmath>
#include <string>

#include "sim/hybrid/shrink.hpp"
#include "sim/run/run.hpp"
#include "sim/scenario/read.hpp"
#include "tests/catch.hpp"
#include "tests/same_measurements.hpp"

using namespace longhaul;

namespace {

std::shared_ptr<const Scenario> scenario(const std::string& text, const std::string& fidelity) {
  return std::make_shared<const Scenario>(
      read_scenario(SourceText("h.yaml", text), {"engine.fidelity=" + fidelity}));
}

struct Asked {
  double packet_hops = 1e9;
  std::optional<double> scale = {};
  unsigned threads = 1;
};

Measurements run_text(const std::string& text, const std::string& fidelity, const Asked& asked) {
  run::Options options;
  options.threads = asked.threads;
  run::Prepared prepared = run::prepare(scenario(text, fidelity), options);
  prepared.config.packet_hops = asked.packet_hops;
  prepared.config.scale = asked.scale;
  return run::run(prepared).measurements;
}

/// Two links in a row, the second the bottleneck; connections that never end, and some open loop.
std::string two_links(const std::string& duration, int connections) {
  return R"(topology:
  nodes: {A: {}, B: {}, C: {}}
  links:
    - {id: ab, endpoints: [A, B], capacity: 200M, delay: 4 ms}
    - {id: bc, endpoints: [B, C], capacity: 80M, delay: 6 ms}
engine: {warmup: 3 s, duration: )" +
         duration + R"(}
queues: {buffer: 40 ms}
traffic:
  - {from: A, to: C, transport: {protocol: cubic, connections: )" +
         std::to_string(connections) + R"(}}
  - {from: B, to: C, rate: 8M, size: 1500 B}
)";
}

void check_conserved(const Measurements& m) {
  const PacketTotals& p = m.packets;
  CHECK(p.sent == p.delivered + p.dropped() + p.in_flight);
  for (const DemandMeasurement& d : m.demands) {
    CHECK(d.sent_packets >= d.delivered_packets + d.dropped_packets);
    CHECK(d.queueing.count == d.delivered_packets);
    CHECK(d.latency.count == d.delivered_packets);
  }
  for (const PortMeasurement& port : m.ports)
    CHECK(port.arrived_packets >= port.sent_packets + port.dropped_packets);
}

double loss(const Measurements& m) {
  return static_cast<double>(m.packets.dropped_buffer) / static_cast<double>(m.packets.sent);
}

}  // namespace

TEST_CASE("TCP that the budget buys is simulated whole, as in packets") {
  const std::string text = two_links("2 s", 4);
  const Measurements hybrid = run_text(text, "hybrid", {});
  const Measurements packet = run_text(text, "packet", {});
  CHECK(hybrid.cost.scale == 1);
  CHECK(hybrid.cost.windows == 1);
  CHECK(!hybrid.error);
  CHECK(hybrid.packets.sent == packet.packets.sent);
  CHECK(hybrid.packets.acks_delivered == packet.packets.acks_delivered);
  CHECK(hybrid.demands[0].queueing.sum_ps == packet.demands[0].queueing.sum_ps);
  CHECK(hybrid.demands[0].latency.sum_ps == packet.demands[0].latency.sum_ps);
  CHECK(hybrid.demands[0].jitter_ps == Approx(packet.demands[0].jitter_ps));
  CHECK(hybrid.demands[0].transport->acknowledged_bytes ==
        packet.demands[0].transport->acknowledged_bytes);
  CHECK(hybrid.demands[0].transport->rtt_mean_s == packet.demands[0].transport->rtt_mean_s);
  CHECK(hybrid.ports[2].utilization == packet.ports[2].utilization);
  CHECK(hybrid.ports[2].queue_bytes_mean == packet.ports[2].queue_bytes_mean);
}

TEST_CASE("a quarter of the connections wait, lose and carry as all of them do") {
  const std::string text = two_links("20 s", 32);
  const Measurements packet = run_text(text, "packet", {});
  const Measurements quarter = run_text(text, "hybrid", {1e9, 0.25});
  check_conserved(quarter);
  CHECK(quarter.cost.scale == 0.25);
  CHECK(quarter.measured == Duration::s(20));
  REQUIRE(quarter.error);
  const auto goodput = [](const Measurements& m) {
    return static_cast<double>(m.demands[0].transport->acknowledged_bytes);
  };
  CHECK(quarter.demands[0].transport->connections == 32);
  CHECK(goodput(quarter) == Approx(goodput(packet)).epsilon(0.02));
  CHECK(static_cast<double>(quarter.packets.sent) ==
        Approx(static_cast<double>(packet.packets.sent)).epsilon(0.02));
  CHECK(quarter.ports[2].utilization_mean == Approx(packet.ports[2].utilization_mean).margin(0.02));
  CHECK(quarter.demands[0].queueing.mean_ps() ==
        Approx(packet.demands[0].queueing.mean_ps()).epsilon(quarter.error->mean));
  CHECK(quarter.demands[0].queueing.quantile_ps(0.99) ==
        Approx(packet.demands[0].queueing.quantile_ps(0.99)).epsilon(quarter.error->p99));
  CHECK(loss(quarter) == Approx(loss(packet)).epsilon(quarter.error->loss));
  CHECK(quarter.demands[0].transport->rtt_mean_s ==
        Approx(packet.demands[0].transport->rtt_mean_s).epsilon(0.1));
  // Sending takes four times as long in the copy, which is no part of the latency of the run.
  const auto besides = [](const DemandMeasurement& d) {
    return d.latency.mean_ps() - d.queueing.mean_ps();
  };
  CHECK(quarter.demands[1].base == packet.demands[1].base);
  CHECK(std::abs(besides(quarter.demands[0]) - besides(packet.demands[0])) < 20e6);
}

TEST_CASE("what stays as it is needs less time than asked for") {
  const std::string text = two_links("2000 s", 4);
  const Measurements m = run_text(text, "hybrid", {3e6});
  check_conserved(m);
  CHECK(m.measured == Duration::s(2000));
  CHECK(m.cost.window < Duration::s(100));
  CHECK(m.cost.packet_hops < 6'000'000);
  const double carried = 8 * static_cast<double>(m.demands[0].transport->acknowledged_bytes) / 2000;
  // 80 Mb/s less 8 Mb/s of others, framing (24 of 1524 bytes) and headers (52 of 1500).
  CHECK(carried == Approx((80e6 * 1500 / 1524 - 8e6) * 1448 / 1500).epsilon(0.03));
  CHECK(8 * static_cast<double>(m.demands[1].delivered_bytes) / 2000 == Approx(8e6).epsilon(0.03));
  CHECK(m.ports[2].utilization.size() == 100);
}

TEST_CASE("a run with TCP in which something happens keeps its time") {
  const std::string text = two_links("60 s", 16) + R"(events:
  - {at: 20 s, fail: bc}
  - {at: 40 s, restore: bc}
)";
  const Measurements m = run_text(text, "hybrid", {5e5});
  check_conserved(m);
  CHECK(m.cost.scale < 1);
  CHECK(m.cost.window == Duration::s(60));
  // Samples are of 0.6 s each, from 3 s on.
  CHECK(m.ports[2].utilization[20] > 0.9F);
  CHECK(m.ports[2].utilization[45] == 0.0F);
  CHECK(m.ports[2].utilization[90] > 0.9F);
}

TEST_CASE("flows of TCP: as many, as large, as quick") {
  const std::string text = R"(topology:
  nodes: {A: {}, B: {}}
  links: [{id: ab, endpoints: [A, B], capacity: 1G, delay: 10 ms}]
engine: {warmup: 1 s, duration: 10 s}
traffic:
  - {from: A, to: B, rate: 400M, transport: {protocol: newreno, flow: 200 kB}}
)";
  const Measurements packet = run_text(text, "packet", {});
  const Measurements hybrid = run_text(text, "hybrid", {1e9, 0.5});
  check_conserved(hybrid);
  const TransportMeasurement& a = *hybrid.demands[0].transport;
  const TransportMeasurement& b = *packet.demands[0].transport;
  CHECK(static_cast<double>(a.completed_flows) ==
        Approx(static_cast<double>(b.completed_flows)).epsilon(0.05));
  CHECK(a.completion.count == a.completed_flows);
  CHECK(a.completion.quantile_ps(0.5) == Approx(b.completion.quantile_ps(0.5)).epsilon(0.05));
  CHECK(a.completion.mean_ps() == Approx(b.completion.mean_ps()).epsilon(0.05));
}

TEST_CASE("a hybrid run with TCP is the same on any number of threads") {
  const std::string text = two_links("10 s", 16);
  const Measurements one = run_text(text, "hybrid", {1e5, {}, 1});
  REQUIRE(one.cost.windows == 4);
  for (const unsigned threads : {2U, 3U, 7U})
    tests::require_same(run_text(text, "hybrid", {1e5, {}, threads}), one);
}

TEST_CASE("a shrunk network keeps round trips, buffers in time and shares of connections") {
  const run::Prepared p = run::prepare(scenario(two_links("2 s", 16), "hybrid"));
  const engine::Input small = hybrid::shrunk(p.input, 0.25);
  CHECK(small.network->port(PortId(2)).member_rate == Rate::mbps(20));
  CHECK(small.demands->transports[0]->connections == 4);
  CHECK(small.demands->demands[1].rate == Rate::mbps(2));
  // There and back, a segment and its acknowledgement: propagation and sending of both.
  const auto round_trip = [](const Network& net, std::size_t forward) {
    double ps = 0;
    for (const std::size_t port : {forward, forward + 1}) {
      const Port& out = net.ports()[port];
      const double bytes = (port == forward ? 1500 : Transport::header_bytes) + out.overhead;
      ps += static_cast<double>(out.delay.ps()) + bytes * 8e12 / out.member_rate.as_double();
    }
    return ps;
  };
  for (const std::size_t port : {0U, 2U})
    CHECK(round_trip(*small.network, port) ==
          Approx(round_trip(*p.input.network, port)).epsilon(1e-6));
  Queueing queueing;
  queueing.buffer = {QueueLimit::Kind::packets, 100};
  CHECK(hybrid::shrunk(queueing, 0.25).buffer.value == 25);
  queueing.buffer = {QueueLimit::Kind::time, 100};
  CHECK(hybrid::shrunk(queueing, 0.25).buffer.value == 100);
}
