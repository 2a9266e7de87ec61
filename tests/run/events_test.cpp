// What `events:` and `failures:` do to a run, in every engine, against figures worked by hand.
#include <cmath>
#include <string>

#include "sim/failure/random.hpp"
#include "sim/run/run.hpp"
#include "sim/scenario/read.hpp"
#include "tests/catch.hpp"
#include "tests/same_measurements.hpp"

using namespace longhaul;

namespace {

run::Result run_text(const std::string& text, const std::string& fidelity, unsigned threads = 1) {
  run::Options options;
  options.threads = threads;
  return run::run(std::make_shared<const Scenario>(read_scenario(
                      SourceText("e.yaml", text), {"engine.fidelity=" + fidelity})),
                  options);
}

/// A - B of 100 Mb/s and 1 ms, with a way around by C of 2 ms and twice the metric.
const std::string triangle = R"(topology:
  nodes: {A: {}, B: {}, C: {}}
  links:
    - {id: ab, endpoints: [A, B], capacity: 100M, delay: 1 ms, framing: none, metric: 10}
    - {id: ac, endpoints: [A, C], capacity: 100M, delay: 1 ms, framing: none, metric: 10}
    - {id: cb, endpoints: [C, B], capacity: 100M, delay: 1 ms, framing: none, metric: 10}
engine: {warmup: 0 s, duration: 4 s}
routing: {convergence: instant}
)";

const std::string sixty = "traffic: [{from: A, to: B, rate: 60M, size: 1000 B}]\n";

void check_conserved(const Measurements& m) {
  CHECK(m.packets.sent == m.packets.delivered + m.packets.dropped() + m.packets.in_flight);
}

}  // namespace

TEST_CASE("a degraded link loses what exceeds it, in every engine") {
  // 60 Mb/s over 30 Mb/s for a second: 30 Mb are too many, 1 Mb of which waits in the buffer of
  // 10 ms at 100 Mb/s; so 3625 packets are lost, all for want of buffer.
  const std::string text = triangle + sixty +
                           "queues: {buffer: 10 ms}\n"
                           "events:\n"
                           "  - {at: 1 s, degrade: {what: A-B, to: 30M}}\n"
                           "  - {at: 2 s, restore: A-B}\n";
  for (const auto& [fidelity, tolerance] :
       {std::pair{"fluid", 0.002}, {"packet", 0.06}, {"hybrid", 0.06}}) {
    INFO(fidelity);
    const Measurements m = run_text(text, fidelity).measurements;
    CHECK(static_cast<double>(m.packets.dropped()) == Approx(3625).epsilon(tolerance));
    CHECK(m.packets.dropped_buffer == m.packets.dropped());
    check_conserved(m);
  }
}

TEST_CASE("a bundle is degraded to a total that its members share") {
  const std::string text =
      "topology: {nodes: {A: {}, B: {}}, links: [{id: ab, endpoints: [A, B], capacity: 4x10G, "
      "delay: 1 ms}]}\n"
      "traffic: [{from: A, to: B, rate: 1G}]\n"
      "events:\n"
      "  - {at: 100 ms, degrade: {what: ab, to: 10G}}\n"
      "  - {at: 200 ms, degrade: {what: ab, to: 50 %}}\n"
      "  - {at: 300 ms, restore: ab}\n";
  const auto prepared = run::prepare(
      std::make_shared<const Scenario>(read_scenario(SourceText("e.yaml", text))));
  REQUIRE(prepared.input.rate_steps.size() == 2);
  for (const auto& steps : prepared.input.rate_steps) {
    REQUIRE(steps.size() == 4);
    CHECK(steps[0].member_rate == Rate::gbps(10));
    CHECK(steps[1].member_rate == Rate::mbps(2500));
    CHECK(steps[2].member_rate == Rate::gbps(5));
    CHECK(steps[3].member_rate == Rate::gbps(10));
    CHECK(steps[3].at == Time::zero() + Duration::ms(300));
  }
}

TEST_CASE("a drained link loses nothing, and gets its traffic back") {
  const std::string text = triangle + sixty +
                           "events: [{at: 1 s, drain: ab}, {at: 3 s, undrain: ab}]\n";
  for (const char* fidelity : {"fluid", "packet", "hybrid"}) {
    INFO(fidelity);
    const Measurements m = run_text(text, fidelity).measurements;
    CHECK(m.packets.dropped() == 0);
    CHECK(m.ports[2].utilization_mean == Approx(0.3).epsilon(0.05));  // 60 % half of the time
    CHECK(m.ports[0].utilization_mean == Approx(0.3).epsilon(0.05));
  }
}

TEST_CASE("a drained node carries nobody else's traffic, but its own") {
  const std::string text = triangle +
                           "traffic:\n"
                           "  - {from: A, to: B, rate: 10M, size: 1000 B}\n"
                           "  - {from: A, to: C, rate: 20M, size: 1000 B}\n"
                           "events: [{at: 0, fail: ab}, {at: 1 s, restore: ab}, {at: 1 s, drain: C}]\n";
  const Measurements m = run_text(text, "fluid").measurements;
  CHECK(m.packets.dropped() <= 2);
  CHECK(m.ports[4].utilization_mean == Approx(0.1 * 1 / 4).epsilon(0.01));  // C to B, until 1 s
  CHECK(m.ports[2].utilization_mean == Approx(0.2 + 0.1 * 1 / 4).epsilon(0.01));
}

TEST_CASE("what is drained still carries what has no other way") {
  const Measurements m =
      run_text(triangle + sixty + "events: [{at: 0, fail: ac}, {at: 1 s, drain: ab}]\n", "packet")
          .measurements;
  CHECK(m.packets.dropped() == 0);
}

TEST_CASE("a metric that changes moves traffic, in its own direction only") {
  const std::string text = triangle +
                           "traffic:\n"
                           "  - {from: A, to: B, rate: 10M, size: 1000 B}\n"
                           "  - {from: B, to: A, rate: 10M, size: 1000 B}\n"
                           "events: [{at: 2 s, metric: {link: A-B, to: [30, 10]}}]\n";
  const Measurements m = run_text(text, "fluid").measurements;
  CHECK(m.ports[0].utilization_mean == Approx(0.05).epsilon(0.01));
  CHECK(m.ports[1].utilization_mean == Approx(0.1).epsilon(0.01));
  CHECK(m.ports[2].utilization_mean == Approx(0.05).epsilon(0.01));
  CHECK(m.ports[3].utilization_mean == 0);
  CHECK(m.packets.dropped() <= 2);
}

TEST_CASE("a region fails with all its nodes") {
  const std::string text =
      "topology:\n"
      "  nodes: {A: {}, B: {region: eu}, C: {region: eu}}\n"
      "  links:\n"
      "    - {id: ab, endpoints: [A, B], capacity: 100M, delay: 1 ms, framing: none}\n"
      "    - {id: bc, endpoints: [B, C], capacity: 100M, delay: 1 ms, framing: none}\n"
      "engine: {warmup: 0 s, duration: 4 s}\n" +
      sixty + "events: [{at: 1 s, fail: \"region:eu\"}, {at: 2 s, restore: eu}]\n";
  const Measurements m = run_text(text, "fluid").measurements;
  CHECK(static_cast<double>(m.packets.dropped()) == Approx(7500).epsilon(0.002));
  CHECK(m.packets.dropped_no_route + m.packets.dropped_link_down == m.packets.dropped());
}

TEST_CASE("added traffic is there when it should be, and changes no other packet") {
  const std::string more =
      "events: [{at: 1 s, add: {from: A, to: B, rate: 20M, size: 1000 B}, for: 2 s}]\n";
  for (const char* fidelity : {"fluid", "packet", "hybrid"}) {
    INFO(fidelity);
    const Measurements before = run_text(triangle + sixty, fidelity).measurements;
    const Measurements m = run_text(triangle + sixty + more, fidelity).measurements;
    REQUIRE(m.demands.size() == 2);
    CHECK(m.demands[0].sent_packets == before.demands[0].sent_packets);
    CHECK(static_cast<double>(m.demands[1].sent_packets) == Approx(5000).epsilon(0.05));
  }
  const Measurements until =
      run_text(triangle + sixty +
                   "events: [{at: 1 s, add: {from: A, to: B, rate: 20M, size: 1000 B}}]\n",
               "fluid")
          .measurements;
  CHECK(static_cast<double>(until.demands[1].sent_packets) == Approx(7500).epsilon(0.001));
}

TEST_CASE("added TCP flows come while they are there") {
  const std::string text = triangle + sixty +
                           "events: [{at: 1 s, add: {from: A, to: C, rate: 20M, transport: "
                           "{protocol: reno, flow: 20 kB}}, until: 2 s}]\n";
  const Measurements m = run_text(text, "packet").measurements;
  // 125 flows in the mean.
  CHECK(static_cast<double>(m.demands[1].delivered_bytes) == Approx(2.5e6).epsilon(0.4));
}

namespace {

/// x and y are customers of z and peer with each other.
const std::string providers = R"(topology:
  providers: [{id: x, tier: 2}, {id: y, tier: 2}, {id: z, tier: 1}]
  nodes: {X: {provider: x}, Y: {provider: y}, Z: {provider: z}}
  links:
    - {id: xy, endpoints: [X, Y], capacity: 100M, delay: 1 ms, framing: none, relation: peer}
    - {id: xz, endpoints: [X, Z], capacity: 100M, delay: 4 ms, framing: none, relation: transit, customer: x}
    - {id: yz, endpoints: [Y, Z], capacity: 100M, delay: 4 ms, framing: none, relation: transit, customer: y}
engine: {warmup: 0 s, duration: 4 s}
routing: {convergence: instant}
traffic: [{from: X, to: Y, rate: 60M, size: 1000 B}]
)";

}  // namespace

TEST_CASE("providers that part send by way of those they pay, and come back") {
  for (const char* fidelity : {"fluid", "packet"}) {
    INFO(fidelity);
    const Measurements m =
        run_text(providers + "events: [{at: 1 s, depeer: [x, y]}, {at: 2 s, peer: [y, x]}]\n",
                 fidelity)
            .measurements;
    CHECK(m.packets.dropped() == 0);
    CHECK(m.ports[2].utilization_mean == Approx(0.15).epsilon(0.05));
    CHECK(m.demands[0].latency.max_ps >= Duration::ms(8).ps());
  }
}

TEST_CASE("with no provider left the cable is there, but policy drops") {
  const Measurements m =
      run_text(providers + "events: [{at: 1 s, depeer: [x, y]}, {at: 2 s, fail: provider:z}]\n",
               "packet")
          .measurements;
  CHECK(static_cast<double>(m.packets.dropped_policy) == Approx(15'000).epsilon(0.05));
  CHECK(m.packets.dropped_no_route == 0);
}

TEST_CASE("a drained transit link is used by nobody who has another") {
  const Measurements m =
      run_text(providers + "events: [{at: 2 s, drain: xy}]\n", "fluid").measurements;
  CHECK(m.ports[0].utilization_mean == Approx(0.3).epsilon(0.01));
  CHECK(m.ports[2].utilization_mean == Approx(0.3).epsilon(0.01));
  CHECK(m.packets.dropped() == 0);
}

namespace {

/// Fails every few seconds, for packets.
const std::string often =
    "failures: {link: {mtbf: 2 s, mttr: 1 s}, node: {mtbf: never}, cable: {mtbf: never}}\n";

}  // namespace

TEST_CASE("ports are down for as long as was drawn") {
  const run::Result r = run_text(triangle + sixty + often, "packet");
  const Time end = Time::zero() + Duration::s(4);
  const auto changes = failure::random_failures(
      failure::components_of(*r.scenario->network, *r.scenario->failures), 1, end);
  Duration down = Duration::zero();
  for (const failure::Change& c : changes) {
    if (c.what != "link ab") continue;
    down = c.kind == failure::Change::Kind::fail ? down + (end - c.at) : down - (end - c.at);
  }
  REQUIRE(down > Duration::zero());
  CHECK(r.measurements.ports[0].down == down);
  check_conserved(r.measurements);
}

TEST_CASE("random failures are the same on any number of threads") {
  const std::string text = triangle + sixty + often;
  for (const char* fidelity : {"packet", "hybrid"}) {
    const Measurements one = run_text(text, fidelity, 1).measurements;
    CHECK(one.packets.dropped() > 0);
    for (const unsigned threads : {2U, 3U, 7U})
      tests::require_same(run_text(text, fidelity, threads).measurements, one);
  }
}

TEST_CASE("a month of failures, in rates: a cut is lost traffic only where there is no way around") {
  const auto month = [](const std::string& links) {
    return "topology:\n"
           "  nodes: {A: {}, B: {}, C: {}}\n"
           "  links:\n"
           "    - {id: ab, endpoints: [A, B], capacity: 10G, length: 2000 km, framing: none}\n" +
           links +
           "engine: {warmup: 0 s, duration: 100 d, seed: 3}\n"
           "traffic: [{from: A, to: B, rate: 1G, size: 1000 B}]\n"
           "failures: {link: {mtbf: never}, node: {mtbf: never}, cable: {mtbf: 500 h}}\n";
  };
  const run::Result alone = run_text(month(""), "fluid");
  const Time end = Time::zero() + Duration::s(100LL * 86'400);
  double down_s = 0;
  for (const failure::Change& c : failure::random_failures(
           failure::components_of(*alone.scenario->network, *alone.scenario->failures), 3, end))
    down_s += (c.kind == failure::Change::Kind::fail ? 1 : -1) * (end - c.at).seconds();
  REQUIRE(down_s > 3600);
  const PacketTotals& p = alone.measurements.packets;
  CHECK(static_cast<double>(p.dropped()) / static_cast<double>(p.sent) ==
        Approx(down_s / (100.0 * 86'400)).epsilon(1e-3));
  const run::Result around = run_text(
      month("    - {id: ac, endpoints: [A, C], capacity: 10G, length: 1 km, framing: none}\n"
            "    - {id: cb, endpoints: [C, B], capacity: 10G, length: 1 km, framing: none}\n"),
      "fluid");
  CHECK(around.measurements.packets.dropped() < p.dropped() / 1000);
}
