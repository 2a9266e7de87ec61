// Convergence and fast reroute in whole runs, against figures worked by hand.
#include <string>

#include "sim/base/error.hpp"
#include "sim/run/run.hpp"
#include "sim/scenario/read.hpp"
#include "tests/catch.hpp"
#include "tests/same_measurements.hpp"

using namespace longhaul;

namespace {

Measurements run_text(const std::string& text, const std::string& routing,
                      const std::string& fidelity = "packet", unsigned threads = 1) {
  run::Options options;
  options.threads = threads;
  return run::run(std::make_shared<const Scenario>(
                      read_scenario(SourceText("c.yaml", text + "routing: " + routing + "\n"),
                                    {"engine.fidelity=" + fidelity})),
                  options)
      .measurements;
}

/// A ring of four, 10 us a link; A sends 12,500 packets a second to B. Their link is cut at 100 ms.
const std::string ring = R"(topology:
  nodes: {A: {}, B: {}, C: {}, D: {}}
  links:
    - {id: ab, endpoints: [A, B], capacity: 10G, delay: 10 us, framing: none}
    - {id: bc, endpoints: [B, C], capacity: 10G, delay: 10 us, framing: none}
    - {id: cd, endpoints: [C, D], capacity: 10G, delay: 10 us, framing: none}
    - {id: da, endpoints: [D, A], capacity: 10G, delay: 10 us, framing: none}
engine: {warmup: 0 s, duration: 300 ms}
traffic: [{from: A, to: B, rate: 100M, size: 1000 B, arrivals: cbr}]
events: [{at: 100 ms, fail: ab}]
)";

}  // namespace

TEST_CASE("a cut: first a black hole, then a micro-loop, then all is well") {
  const Measurements m = run_text(ring, "{ecmp: per-packet}");
  // A knows at 110 ms and has its new route to B at 120.27 or 120.38, as one of two. D, which may
  // send to B by A or by C, hears at 122.01 and has it at 132.28: till then it sends half of what A
  // sends it back, and those packets, which hash alike each time, again and again.
  CHECK(static_cast<double>(m.packets.dropped_link_down) == Approx(12.5 * 20.3).margin(3));
  CHECK(m.packets.dropped_no_route == 0);
  REQUIRE(m.demands[0].repair);
  const RepairMeasurement& repair = *m.demands[0].repair;
  CHECK(repair.failures == 1);
  CHECK(repair.link_down == m.packets.dropped_link_down);
  CHECK(repair.loop == m.packets.dropped_loop);
  CHECK_FALSE(repair.open);
  CHECK(repair.longest >= Duration::ms(20));
  CHECK(m.packets.sent == m.packets.delivered + m.packets.dropped() + m.packets.in_flight);
}

TEST_CASE("in a micro-loop packets go round until their TTL ends, per flow") {
  const Measurements m = run_text(ring, "{flows: 1024}");
  CHECK(static_cast<double>(m.packets.dropped_link_down) == Approx(12.5 * 20.3).margin(3));
  CHECK(static_cast<double>(m.packets.dropped_loop) == Approx(12.5 * 11.9 / 2).epsilon(0.25));
  // The last lost was sent shortly before 132.28 ms and crossed 64 links of 10.8 us.
  CHECK(m.demands[0].repair->longest > Duration::ms(31));
  CHECK(m.demands[0].repair->longest < Duration::us(33'000));
  // With a TTL of 255 those of the last milliseconds get away.
  const Measurements longer = run_text(ring, "{flows: 1024, ttl: 255}");
  CHECK(longer.packets.dropped_loop < m.packets.dropped_loop);
}

TEST_CASE("fast reroute leaves the time of detection, and local delay takes the loop away") {
  const double dark = 12.5 * 10;
  const Measurements none = run_text(ring, "{frr: lfa}");  // no neighbour will do
  CHECK(static_cast<double>(none.packets.dropped_link_down) > 2 * dark - 3);
  for (const char* scheme : {"remote-lfa", "ti-lfa"}) {
    INFO(scheme);
    const std::string frr = std::string("frr: ") + scheme;
    const Measurements m = run_text(ring, "{" + frr + "}");
    CHECK(static_cast<double>(m.packets.dropped_link_down) == Approx(dark).margin(3));
    CHECK(m.packets.dropped_loop > 0);  // A stops tunnelling before D is ready
    const Measurements delayed = run_text(ring, "{" + frr + ", convergence: {local_delay: 50 ms}}");
    CHECK(static_cast<double>(delayed.packets.dropped_link_down) == Approx(dark).margin(3));
    CHECK(delayed.packets.dropped() == delayed.packets.dropped_link_down);
    CHECK(delayed.demands[0].repair->longest <= Duration::us(10'010));
    CHECK(delayed.demands[0].repair->longest >= Duration::us(9'900));
  }
}

TEST_CASE("bfd, and times in each knob, reach the run") {
  const Measurements bfd = run_text(ring, "{convergence: {detection: bfd, bfd_interval: 20 ms}}");
  CHECK(static_cast<double>(bfd.packets.dropped_link_down) == Approx(12.5 * 70.3).margin(3));
  const Measurements fast = run_text(
      ring,
      "{convergence: {detection: 1 ms, spf_delay: 0 s, spf_per_node: 0 s, fib_per_prefix: 0 s}}");
  CHECK(static_cast<double>(fast.packets.dropped_link_down) == Approx(12.5).margin(2));
  CHECK(run_text(ring, "{convergence: instant}").packets.dropped() <= 1);
}

TEST_CASE("what has no way any more is not repaired") {
  const std::string both = ring.substr(0, ring.rfind("]\n")) + ", {at: 200 ms, fail: bc}]\n";
  const Measurements m = run_text(both, "{}");
  REQUIRE(m.demands[0].repair);
  CHECK(m.demands[0].repair->failures == 2);
  CHECK(m.demands[0].repair->open);
  CHECK(m.demands[0].repair->no_route > 0);
}

TEST_CASE("fluid and hybrid lose what is sent over the dead link until the slowest router knows") {
  // 132.28 - 100 ms of 100 Mb/s.
  for (const auto& [fidelity, tolerance] : {std::pair{"fluid", 0.01}, {"hybrid", 0.1}}) {
    INFO(fidelity);
    const Measurements m = run_text(ring, "{}", fidelity);
    CHECK(static_cast<double>(m.packets.dropped_link_down) ==
          Approx(12.5 * 32.3).epsilon(tolerance));
  }
}

TEST_CASE("convergence and repairs are the same on any number of threads") {
  for (const char* routing : {"{}", "{frr: ti-lfa}", "{frr: remote-lfa, ecmp: per-packet}"}) {
    INFO(routing);
    const Measurements one = run_text(ring, routing);
    for (const unsigned threads : {2U, 3U, 7U}) {
      tests::require_same(run_text(ring, routing, "packet", threads), one);
    }
  }
}

TEST_CASE("what cannot be about convergence is an error with its place") {
  const auto error = [](const std::string& routing) -> std::string {
    try {
      read_scenario(SourceText("c.yaml", ring + "routing: " + routing + "\n"));
    } catch (const InputError& e) {
      return e.what();
    }
    return {};
  };
  const auto says = [&](const std::string& routing, const char* what) {
    const std::string text = error(routing);
    INFO(text);
    CHECK(text.find(what) != std::string::npos);
  };
  says("{convergence: slow}", "instant");
  says("{convergence: {detection: smoke}}", "expected light, bfd, or a time such as 50 ms");
  says("{convergence: {bfd_interval: 50 ms}}", "bfd_interval without detection: bfd");
  says("{convergence: {prefixes: 0}}", "1");
  says("{convergence: instant, frr: ti-lfa}", "frr with convergence: instant");
  says("{frr: tilfa}", "ti-lfa");
  says("{ttl: 256}", "255");
}
