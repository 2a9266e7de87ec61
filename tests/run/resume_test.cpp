// Scenarios through all three engines: interrupted, saved and continued, they end as in one run.
#include <atomic>
#include <string>

#include "sim/base/error.hpp"
#include "sim/run/run.hpp"
#include "sim/scenario/read.hpp"
#include "tests/catch.hpp"
#include "tests/same_measurements.hpp"
#include "tests/scratch.hpp"

using namespace longhaul;
using longhaul::tests::ScratchFile;

namespace {

/// A ring with bursts, a day that passes in seconds, queues that fill, and a cut.
std::string text(const std::string& more) {
  return R"(topology:
  nodes: {A: {at: [52, 13]}, B: {at: [50, 8]}, C: {at: [48, 2]}, D: {at: [51, 0]}}
  links:
    - {id: ab, endpoints: [A, B], capacity: 100M, delay: 2 ms}
    - {id: bc, endpoints: [B, C], capacity: 100M, delay: 3 ms}
    - {id: cd, endpoints: [C, D], capacity: 155M, delay: 1 ms}
    - {id: da, endpoints: [D, A], capacity: 100M, delay: 4 ms}
classes: [{name: gold, priority: high}, {name: rest, priority: low}]
traffic:
  - {class: gold, matrix: uniform, total: 60M, arrivals: {model: on-off, on: 5 ms, off: 15 ms, sources: 20}}
  - {class: rest, matrix: gravity, total: 130M,
     profile: {start: "Mon 00:00", speed: 20000, diurnal: {peak: "20:00", trough_share: 20 %}}}
services:
  - {name: lan, type: vpn, class: gold, sites: [A, C], total: 10M, sla: {availability: 99 %}}
events:
  - {at: 1500 ms, fail: ab}
  - {at: 2500 ms, restore: ab}
)" + more;
}

Measurements run_text(const std::string& yaml, const std::string& fidelity,
                      const run::Options& options) {
  return run::run(std::make_shared<const Scenario>(
                      read_scenario(SourceText("r.yaml", yaml), {"engine.fidelity=" + fidelity})),
                  options)
      .measurements;
}

/// Stops at the `number`-th opportunity, again and again, until the run has come to its end.
void check(const std::string& yaml, const std::string& fidelity, int number) {
  const ScratchFile file;
  run::Options options;
  options.threads = 1;
  const Measurements expected = run_text(yaml, fidelity, options);
  REQUIRE(expected.complete);
  int interruptions = 0;
  while (true) {
    std::atomic<bool> stop{false};
    int asked = 0;
    options.stop = &stop;
    options.threads = 1 + static_cast<unsigned>(interruptions) % 3;
    options.checkpoint.file = file.path();
    options.checkpoint.wanted = [&] {
      stop = ++asked >= number;
      return false;
    };
    options.checkpoint.wrote = [](const engine::CheckpointNote& note) {
      CHECK(note.error.empty());
    };
    const Measurements m = run_text(yaml, fidelity, options);
    if (m.complete) {
      tests::require_same(m, expected);
      break;
    }
    ++interruptions;
    options.checkpoint.resume = file.path();
  }
  INFO(fidelity);
  CHECK(interruptions >= 3);
}

}  // namespace

TEST_CASE("packet: a scenario interrupted again and again ends as in one run") {
  check(text("engine: {warmup: 500 ms, duration: 3 s}\n"), "packet", 60);
}

TEST_CASE("fluid: a scenario interrupted again and again ends as in one run") {
  check(text("engine: {warmup: 500 ms, duration: 3 s}\nqueues: {buffer: 20 ms}\n"), "fluid", 4);
}

TEST_CASE("hybrid: a scenario interrupted again and again ends as in one run") {
  check(text("engine: {warmup: 500 ms, duration: 3 s}\nqueues: {discipline: strict-priority}\n"),
        "hybrid", 2);
}

TEST_CASE("hybrid: losses and congestion before an interruption are remembered") {
  // Windows lose packets at shallow queues; a crowd in the first half fills deep ones.
  const std::string crowd = R"(topology:
  nodes: {A: {}, B: {}, C: {}}
  links:
    - {id: ab, endpoints: [A, B], capacity: 100M, delay: 1 ms}
    - {id: bc, endpoints: [B, C], capacity: 80M, delay: 1 ms}
engine: {warmup: 0 s, duration: 20 s}
traffic:
  - {from: A, to: C, rate: 60M, size: 1000 B,
     profile: {flash_crowd: {at: 1 s, rise: 0 s, hold: 6 s, fall: 0 s, factor: 1.5}}}
  - {from: C, to: A, rate: 70M, size: 1000 B}
)";
  check(crowd + "queues: {buffer: 500 us}\n", "hybrid", 2);
  check(crowd + "queues: {buffer: 10 s}\n", "hybrid", 2);
}

TEST_CASE("events of all kinds and random failures, interrupted again and again, end as in one run") {
  const std::string more =
      "  - {at: 700 ms, drain: cd}\n"
      "  - {at: 900 ms, degrade: {what: da, to: 70 %}}\n"
      "  - {at: 1100 ms, add: {class: rest, from: B, to: D, rate: 10M}, for: 1 s}\n"
      "  - {at: 1200 ms, metric: {link: bc, to: 5}}\n"
      "  - {at: 2 s, restore: da}\n"
      "  - {at: 2100 ms, undrain: cd}\n"
      "failures: {link: {mtbf: 2 s, mttr: 1 s}, cable: {mtbf: never}}\n"
      "engine: {warmup: 500 ms, duration: 3 s}\n";
  check(text(more), "packet", 60);
  check(text(more + "queues: {buffer: 20 ms}\n"), "fluid", 4);
  check(text(more), "hybrid", 2);
}

TEST_CASE("a checkpoint of one fidelity is none of another") {
  const ScratchFile file;
  run::Options options;
  std::atomic<bool> stop{true};
  options.threads = 1;
  options.stop = &stop;
  options.checkpoint.file = file.path();
  const std::string yaml = text("engine: {warmup: 500 ms, duration: 3 s}\n");
  run_text(yaml, "packet", options);
  stop = false;
  options.checkpoint.resume = file.path();
  try {
    run_text(yaml, "fluid", options);
    FAIL("no error");
  } catch (const InputError& error) {
    CHECK(error.diagnostics()[0].message.find("is of a run with fidelity packet") !=
          std::string::npos);
  }
}
