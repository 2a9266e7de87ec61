// The hybrid engine against theory, the packet engine and figures worked by hand.
#include <cmath>
#include <ctime>
#include <string>

#include "sim/base/error.hpp"
#include "sim/hybrid/merge.hpp"
#include "sim/run/run.hpp"
#include "sim/scenario/read.hpp"
#include "tests/catch.hpp"

using namespace longhaul;

namespace {

std::shared_ptr<const Scenario> scenario(const std::string& text, const std::string& fidelity) {
  return std::make_shared<const Scenario>(
      read_scenario(SourceText("h.yaml", text), {"engine.fidelity=" + fidelity}));
}

Measurements run_text(const std::string& text, const std::string& fidelity = "hybrid",
                      double packet_hops = 4e6, unsigned threads = 1) {
  run::Options options;
  options.threads = threads;
  run::Prepared prepared = run::prepare(scenario(text, fidelity), options);
  prepared.config.packet_hops = packet_hops;
  return run::run(prepared).measurements;
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
    CHECK(port.arrived_packets == port.sent_packets + port.dropped_packets);
}

/// One link of `rate` bit/s, 70 % full of 1000-byte packets, no framing.
std::string one_link(const std::string& rate, const std::string& traffic) {
  return "topology: {nodes: {A: {}, B: {}}, links: [{id: ab, endpoints: [A, B], capacity: " + rate +
         ", delay: 5 ms, framing: none}]}\n"
         "engine: {warmup: 10 ms, duration: 2 s}\n"
         "traffic: [{from: A, to: B, rate: " +
         traffic + ", size: 1000 B}]\n";
}

const std::string square = R"(topology:
  nodes: {A: {}, B: {}, C: {}, D: {}}
  links:
    - {id: ab, endpoints: [A, B], capacity: 1G, delay: 1 ms, framing: none}
    - {id: bd, endpoints: [B, D], capacity: 1G, delay: 1 ms, framing: none}
    - {id: ac, endpoints: [A, C], capacity: 1G, delay: 3 ms, framing: none}
    - {id: cd, endpoints: [C, D], capacity: 1G, delay: 3 ms, framing: none}
)";

}  // namespace

TEST_CASE("an M/D/1 waits as theory says, at a gigabit and at 1.6 terabits, at the same cost") {
  // Pollaczek-Khinchine: rho s / (2 (1 - rho)).
  const auto mean_wait_s = [](double rate) { return 0.7 * 8000 / rate / (2 * 0.3); };
  const Measurements slow = run_text(one_link("1G", "700M"));
  const Measurements fast = run_text(one_link("1.6T", "1.12T"), "hybrid", 4e6);
  check_conserved(slow);
  check_conserved(fast);
  CHECK(fast.demands[0].queueing.mean_ps() == Approx(mean_wait_s(1.6e12) * 1e12).epsilon(0.02));
  CHECK(fast.ports[0].wait.mean_ps() == Approx(mean_wait_s(1.6e12) * 1e12).epsilon(0.02));
  // A gigabit link has 0.2 million packets in these two seconds; the other one 280 million.
  CHECK(slow.packets.sent == Approx(175'000).epsilon(1e-3));
  CHECK(fast.packets.sent == Approx(280e6).epsilon(1e-3));
  const Measurements whole = run_text(one_link("1.6T", "1.12T"), "hybrid", 2e6);
  const Measurements same = run_text(one_link("100G", "70G"), "hybrid", 2e6);
  CHECK(static_cast<double>(whole.cost.packet_hops) ==
        Approx(static_cast<double>(same.cost.packet_hops)).epsilon(0.02));
  CHECK(whole.demands[0].queueing.mean_ps() * 16 ==
        Approx(same.demands[0].queueing.mean_ps()).epsilon(0.05));
  CHECK(whole.demands[0].base == Duration::ms(5) + Duration::ps(5000));
}

TEST_CASE("what takes long is the fluid's: a burst fills a queue, overflows it and drains") {
  // As in fluid_test.cpp; packets wait for each other besides.
  const std::string text = R"(topology:
  nodes: {A: {}, B: {}, C: {}}
  links:
    - {id: ab, endpoints: [A, B], capacity: 1G, delay: 500 us, framing: none}
    - {id: bc, endpoints: [B, C], capacity: 100M, delay: 500 us, framing: none}
engine: {warmup: 0, duration: 4 s}
traffic: [{from: A, to: C, rate: 80M, size: 1000 B, profile: {flash_crowd: {at: 1 s, rise: 0 s, hold: 1 s, fall: 0 s, factor: 2}}}]
queues: {buffer: 400 ms}
)";
  const Measurements hybrid = run_text(text);
  const Measurements packet = run_text(text, "packet");
  check_conserved(hybrid);
  CHECK(static_cast<double>(hybrid.packets.dropped_buffer) ==
        Approx(static_cast<double>(packet.packets.dropped_buffer)).epsilon(0.15));
  CHECK(hybrid.demands[0].queueing.mean_ps() ==
        Approx(packet.demands[0].queueing.mean_ps()).epsilon(0.05));
  CHECK(hybrid.demands[0].queueing.quantile_ps(0.99) ==
        Approx(packet.demands[0].queueing.quantile_ps(0.99)).epsilon(0.05));
  CHECK(hybrid.ports[2].wait.max_ps <= Duration::ms(400).ps());
  CHECK(hybrid.ports[2].queue_bytes_max == 5'000'000);
}

TEST_CASE("shallow buffers lose as in packets") {
  const std::string text = one_link("1G", "930M") + "queues: {buffer: 20 packets}\n";
  const Measurements hybrid = run_text(text);
  const Measurements packet = run_text(text, "packet");
  check_conserved(hybrid);
  const auto loss = [](const Measurements& m) {
    return static_cast<double>(m.packets.dropped_buffer) / static_cast<double>(m.packets.sent);
  };
  REQUIRE(loss(packet) > 1e-3);
  CHECK(loss(hybrid) == Approx(loss(packet)).epsilon(0.2));
  CHECK(static_cast<double>(hybrid.ports[0].dropped_packets) ==
        Approx(static_cast<double>(hybrid.packets.dropped_buffer)).epsilon(0.1));
}

TEST_CASE("a cable is cut: packets afterwards take the longer way, and what was on it is lost") {
  const std::string text = square +
                           "engine: {warmup: 0, duration: 2 s}\n"
                           "traffic: [{from: A, to: D, rate: 500M, size: 1000 B}]\n"
                           "routing: {metric: delay}\n"
                           "events: [{at: 500 ms, fail: ab}]\n";
  const Measurements m = run_text(text);
  check_conserved(m);
  const DemandMeasurement& d = m.demands[0];
  CHECK(d.base == Duration::ms(2) + Duration::us(16));
  CHECK(d.latency.quantile_ps(0.2) < static_cast<double>(Duration::ms(1).ps()));
  CHECK(d.latency.quantile_ps(0.3) > static_cast<double>(Duration::ms(3).ps()));
  CHECK(d.latency.histogram.share_above(Duration::ms(2).ps()) == Approx(0.75).margin(0.03));
}

TEST_CASE("equal-cost paths of unlike delay: each has its share of the packets") {
  const std::string text = square +
                           "engine: {warmup: 0, duration: 1 s}\n"
                           "traffic: [{from: A, to: D, rate: 800M, size: 1000 B}]\n"
                           "routing: {metric: hops}\n";
  const Measurements m = run_text(text);
  check_conserved(m);
  CHECK(m.demands[0].latency.histogram.share_above(Duration::ms(2).ps()) ==
        Approx(0.5).margin(0.01));
}

TEST_CASE("bursts: short ones are in windows, long ones in the fluid") {
  const auto bursty = [&](const std::string& mean, const std::string& duration) {
    return "topology: {nodes: {A: {}, B: {}}, links: [{id: ab, endpoints: [A, B], capacity: 1G, "
           "delay: 5 ms, framing: none}]}\n"
           "engine: {warmup: 10 ms, duration: " +
           duration +
           "}\n"
           "traffic: [{from: A, to: B, rate: 700M, size: 1000 B, arrivals: {model: mmpp, states: "
           "[{rate: 1, mean: " +
           mean + "}, {rate: 4, mean: " + mean + "}]}}]\nqueues: {buffer: 2 s}\n";
  };
  SECTION("short") {
    const std::string s = bursty("1 ms", "8 s");
    const Measurements hybrid = run_text(s, "hybrid", 4e6);
    const Measurements packet = run_text(s, "packet");
    CHECK(hybrid.cost.windows == 8);
    CHECK(hybrid.demands[0].queueing.mean_ps() ==
          Approx(packet.demands[0].queueing.mean_ps()).epsilon(0.1));
  }
  SECTION("long") {
    const std::string s = bursty("200 ms", "8 s");
    const Measurements hybrid = run_text(s, "hybrid", 4e6);
    const Measurements packet = run_text(s, "packet");
    CHECK(hybrid.cost.windows >= 24);
    // The same bursts: both draw them from the same numbers.
    CHECK(hybrid.demands[0].queueing.mean_ps() ==
          Approx(packet.demands[0].queueing.mean_ps()).epsilon(0.05));
    CHECK(hybrid.demands[0].queueing.quantile_ps(0.99) ==
          Approx(packet.demands[0].queueing.quantile_ps(0.99)).epsilon(0.05));
  }
}

TEST_CASE("a hybrid run is the same on any number of threads") {
  const std::string text = square +
                           "engine: {warmup: 0, duration: 1 s, seed: 5}\n"
                           "traffic: [{matrix: uniform, total: 3G, size: imix-ip, profile: "
                           "{speed: 86400, diurnal: {}}}]\n"
                           "events: [{at: 300 ms, fail: ab}]\n";
  const Measurements one = run_text(text, "hybrid", 2e6, 1);
  for (const unsigned threads : {2U, 3U, 7U}) {
    const Measurements m = run_text(text, "hybrid", 2e6, threads);
    CHECK(m.fingerprint == one.fingerprint);
    CHECK(m.packets.delivered == one.packets.delivered);
    for (std::size_t i = 0; i < m.demands.size(); ++i) {
      CHECK(m.demands[i].queueing.sum_ps == one.demands[i].queueing.sum_ps);
      CHECK(m.demands[i].jitter_ps == one.demands[i].jitter_ps);
    }
  }
}

TEST_CASE("reports say how far off they may be, and what was not validated") {
  const Measurements fifo = run_text(one_link("10G", "7G"));
  REQUIRE(fifo.error);
  CHECK(fifo.error->beyond.empty());
  CHECK(fifo.error->mean > 0);
  CHECK(fifo.error->mean < 0.1);
  CHECK(fifo.error->p999 >= fifo.error->sampling_p999);
  const Measurements other = run_text(one_link("10G", "7G") + "queues: {discipline: drr}\n");
  REQUIRE(other.error);
  CHECK(!other.error->beyond.empty());
  CHECK(!run_text(one_link("1G", "7M"), "packet").error);
}

TEST_CASE("auto is packet within the budget and hybrid beyond it") {
  const auto chosen = [](const std::string& text) {
    return run::prepare(scenario(text, "auto")).choice;
  };
  const run::Choice small = chosen(one_link("1G", "700M"));
  CHECK(small.fidelity == Fidelity::packet);
  CHECK(small.why.find("should take") != std::string::npos);
  const run::Choice large = chosen(one_link("400G", "280G"));
  CHECK(large.fidelity == Fidelity::packet);  // a second or two
  const std::string day =
      "topology: {nodes: {A: {}, B: {}}, links: [{endpoints: [A, B], capacity: 1.6T, delay: 5 "
      "ms}]}\n"
      "traffic: [{from: A, to: B, rate: 1.1T, size: 1000 B}]\n"
      "engine: {duration: 24 h";
  CHECK(chosen(day + "}\n").fidelity == Fidelity::hybrid);
  CHECK(chosen(day + ", budget: 2000 h}\n").fidelity == Fidelity::packet);
  const run::Choice refused = chosen(
      "topology: {nodes: {A: {}, B: {}}, links: [{endpoints: [A, B], capacity: 1.6T, delay: 5 "
      "ms}]}\n"
      "traffic: [{from: A, to: B, rate: 1.1T, size: 1000 B, shape: {rate: 1.2T, burst: 1 MB}}]\n"
      "engine: {duration: 1 h}\n");
  CHECK(refused.fidelity == Fidelity::packet);
  CHECK(refused.why.find("although") != std::string::npos);
}

TEST_CASE("auto measures the machine where its constants do not settle the matter") {
  run::Options options;
  options.threads = 1;
  const run::Prepared p = run::prepare(scenario(one_link("100G", "70G"), "packet"), options);
  const double rough = run::packet_seconds(p.input, p.config);
  SECTION("as the clock says") {
    // Setting up takes 0.01 s and a packet-hop 0.8 us; trials are of 100,000 and 2 million.
    double now = 0;
    int asked = 0;
    const auto clock = [&] {
      const double taken[] = {0, 0.01 + 1e5 * 0.8e-6, 0, 0.01 + 2e6 * 0.8e-6};
      return now += taken[asked++ % 4];
    };
    const double hops = 70e9 / 8000 * 2.01;
    const double seconds = run::measured_packet_seconds(p.input, p.config, clock);
    CHECK(asked == 4);
    CHECK(seconds == Approx(0.01 + hops * 0.8e-6).epsilon(0.02));
    EngineSpec spec;
    spec.fidelity = Fidelity::automatic;
    spec.budget = Duration::s(5);
    CHECK(rough < 1);
    asked = 0;
    const run::Choice slow = run::choose(spec, p.input, p.config, clock);
    CHECK(slow.fidelity == Fidelity::hybrid);
    CHECK(slow.why.find("about 14 s") != std::string::npos);
    // Far within the budget nothing is tried.
    spec.budget = Duration::s(3600);
    asked = 0;
    CHECK(run::choose(spec, p.input, p.config, clock).fidelity == Fidelity::packet);
    CHECK(asked == 0);
  }
  SECTION("about as long as it then takes") {
    // Of the processor's time, since other programs may have the machine meanwhile.
    const auto clock = [] { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; };
    const double told = run::measured_packet_seconds(p.input, p.config, clock);
    const double start = clock();
    run::run(p);
    const double taken = clock() - start;
    INFO("told " << told << " s, taken " << taken << " s");
    CHECK(told < 3 * taken);
    CHECK(told > taken / 3);
  }
}

TEST_CASE("parts and scaled copies of a distribution lose nothing") {
  DurationStats all;
  for (std::int64_t i = 1; i <= 1000; ++i) all.add(i * i);
  std::uint64_t together = 0;
  double before = 0;
  for (const double share : {0.25, 0.5, 0.25}) {
    const DurationStats part = hybrid::part_of(all, before, share);
    CHECK(static_cast<double>(part.count) == Approx(1000 * share).margin(1));
    CHECK(part.quantile_ps(0.5) == Approx(all.quantile_ps(0.5)).epsilon(0.02));
    together += part.count;
    before += share;
  }
  CHECK(together == all.count);
  const DurationStats more = hybrid::scaled_to(all, 1'234'567);
  CHECK(more.count == 1'234'567);
  CHECK(more.histogram.count() == more.count);
  CHECK(more.quantile_ps(0.99) == Approx(all.quantile_ps(0.99)).epsilon(0.001));
  CHECK(more.mean_ps() == Approx(all.mean_ps()));
}
