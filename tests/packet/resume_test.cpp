// A run that is interrupted at some window, saved, and continued from the file on another number of
// threads measures what one run through would have.
#include <atomic>
#include <filesystem>

#include "tests/catch.hpp"
#include "tests/packet/random_input.hpp"
#include "tests/same_measurements.hpp"
#include "tests/scratch.hpp"

using namespace longhaul;
using namespace longhaul::packet;
using longhaul::tests::ScratchFile;

namespace {

struct Seen {
  std::uint64_t interrupted = 0;  ///< before the end
  std::uint64_t in_flight = 0;    ///< when interrupted
};

/// Runs until `windows` have been asked whether to stop, leaving the state in `file`.
Measurements interrupted(const RandomCase& c, const std::string& file, std::uint64_t windows,
                         unsigned threads, std::int64_t least_windows) {
  Config config = c.config;
  std::atomic<bool> stop{false};
  std::uint64_t asked = 0;
  config.stop = &stop;
  config.threads = threads;
  config.window = (config.warmup + config.duration) / least_windows;
  config.checkpoint.file = file;
  config.checkpoint.wanted = [&] {
    stop = asked++ >= windows;
    return false;
  };
  config.checkpoint.wrote = [](const engine::CheckpointNote& note) { REQUIRE(note.error.empty()); };
  return run(c.input, config);
}

/// Interrupted twice, with threads, windows and islands of its own each time.
void check(const RandomCase& c, std::uint64_t seed, Seen& seen) {
  const ScratchFile file;
  Dice dice(seed + 17);
  Config whole = c.config;
  const Measurements expected = run(c.input, whole);
  const Measurements part =
      interrupted(c, file.path(), dice.roll(30), static_cast<unsigned>(1 + dice.roll(3)), 30);
  RandomCase rest = c;
  if (!part.complete) {
    ++seen.interrupted;
    seen.in_flight += part.packets.in_flight;
    rest.config.checkpoint.resume = file.path();
    const Measurements more =
        interrupted(rest, file.path(), dice.roll(20), static_cast<unsigned>(1 + dice.roll(3)), 41);
    REQUIRE(more.measured >= part.measured);
  }
  rest.config.threads = static_cast<unsigned>(1 + dice.roll(4));
  rest.config.islands = dice.chance(50) ? Islands::automatic : Islands::events;
  tests::require_same(run(rest.input, rest.config), expected);
}

}  // namespace

TEST_CASE("a resumed run measures what one run through does: FIFO, failures, uneven arrivals") {
  Seen seen;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    INFO("seed " << seed);
    check(random_case(seed), seed, seen);
  }
  CHECK(seen.interrupted > 100);
  CHECK(seen.in_flight > 1000);
}

TEST_CASE("a resumed run measures what one run through does: rates that change") {
  Seen seen;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    INFO("seed " << seed);
    check(random_case_of_rates(seed), seed, seen);
  }
  CHECK(seen.interrupted > 40);
}

TEST_CASE("a resumed run measures what one run through does: tables of single routers, circles") {
  Seen seen;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    INFO("seed " << seed);
    RandomCase c = random_case_of_tables(3 * seed);  // with failures
    if (seed % 4 == 3) add_tcp(seed, c);
    check(c, seed, seen);
  }
  CHECK(seen.interrupted > 40);
}

TEST_CASE("a resumed run measures what one run through does: every discipline and drop rule") {
  for (const Discipline discipline :
       {Discipline::fifo, Discipline::strict_priority, Discipline::drr, Discipline::wfq,
        Discipline::hierarchical, Discipline::fq_codel}) {
    for (const DropRule rule : {DropRule::tail, DropRule::red, DropRule::wred, DropRule::codel}) {
      if (discipline == Discipline::fifo && rule == DropRule::tail) continue;
      if (discipline == Discipline::fq_codel && rule != DropRule::codel) continue;
      Seen seen;
      for (std::uint64_t seed = 0; seed < 15; ++seed) {
        INFO(to_string(discipline) << ", " << to_string(rule) << ", seed " << seed);
        RandomCase c = seed % 2 == 0 ? random_case(5000 + seed) : random_case_of_rates(seed);
        c.config.queueing = random_queueing(seed, discipline, rule, c);
        check(c, seed, seen);
      }
      CHECK(seen.interrupted > 8);
    }
  }
}

TEST_CASE("a resumed run measures what one run through does: TCP") {
  Seen seen;
  for (std::uint64_t seed = 0; seed < 80; ++seed) {
    INFO("seed " << seed);
    RandomCase c = random_case(9000 + seed);
    add_tcp(seed, c);
    if (seed % 4 == 3)
      c.config.queueing = random_queueing(seed, Discipline::drr, DropRule::codel, c);
    check(c, seed, seen);
  }
  CHECK(seen.interrupted > 50);
}

TEST_CASE("a resumed run measures what one run through does: shapers, policers, services") {
  Seen seen;
  for (std::uint64_t seed = 0; seed < 80; ++seed) {
    INFO("seed " << seed);
    RandomCase c = random_case(9000 + seed);
    add_random_buckets(seed, c);
    auto set = std::make_shared<DemandSet>(*c.input.demands);
    set->demands.front().service = ServiceId(0);  // its fates are kept by interval
    c.input.demands = set;
    check(c, seed, seen);
  }
  CHECK(seen.interrupted > 50);
}
