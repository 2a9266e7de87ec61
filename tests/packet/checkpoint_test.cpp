// Checkpoint files that are missing, damaged or of another run: refused with what is wrong and what
// to do, whatever lies in them.
#include <filesystem>

#include "sim/base/error.hpp"
#include "sim/engine/input_hash.hpp"
#include "tests/catch.hpp"
#include "tests/packet/random_input.hpp"
#include "tests/scratch.hpp"

using namespace longhaul;
using namespace longhaul::packet;
using longhaul::tests::ScratchFile;

namespace {

/// A run stopped after three windows, whose state is in `file`.
RandomCase checkpointed(const ScratchFile& file, std::uint64_t seed = 3) {
  const RandomCase c = random_case(seed);
  Config config = c.config;
  std::atomic<bool> stop{false};
  int asked = 0;
  config.stop = &stop;
  config.window = (config.warmup + config.duration) / 20;
  config.checkpoint.file = file.path();
  config.checkpoint.program = "this version";
  config.checkpoint.wanted = [&] {
    stop = ++asked > 3;
    return false;
  };
  run(c.input, config);
  RandomCase rest = c;
  rest.config.checkpoint.resume = file.path();
  rest.config.checkpoint.program = "this version";
  return rest;
}

/// What is said of the file; empty if the run went through.
std::string complaint(const RandomCase& c) {
  try {
    run(c.input, c.config);
  } catch (const InputError& error) {
    const Diagnostic& d = error.diagnostics().at(0);
    CHECK_FALSE(d.hint.empty());
    return d.message;
  }
  return {};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a checkpoint that was cut short or changed anywhere is refused") {
  const ScratchFile file;
  const RandomCase c = checkpointed(file);
  const std::string good = file.content();
  REQUIRE(good.size() > 1000);
  CHECK(complaint(c).empty());
  Dice dice(1);
  for (int i = 0; i < 300; ++i) {
    std::string bad = good;
    switch (dice.roll(3)) {
      case 0:
        bad.resize(dice.roll(good.size()));
        break;
      case 1:
        bad[dice.roll(bad.size())] ^= static_cast<char>(1 + dice.roll(255));
        break;
      default:
        bad += "more";
    }
    file.set(bad);
    const std::string said = complaint(c);
    INFO(said);
    CHECK(contains(said, file.path()));
    CHECK((contains(said, "damaged") || contains(said, "not a checkpoint") ||
           contains(said, "of format")));
  }
}

TEST_CASE("what is no checkpoint at all is refused") {
  const ScratchFile file;
  RandomCase c = checkpointed(file);
  Dice dice(2);
  for (const std::size_t size : {0U, 1U, 8U, 100U, 232U, 5000U}) {
    std::string garbage(size, '\0');
    for (char& byte : garbage) byte = static_cast<char>(dice.roll(256));
    file.set(garbage);
    CHECK(contains(complaint(c), "is not a checkpoint"));
  }
  file.set("name: a scenario\n");
  CHECK(contains(complaint(c), "is not a checkpoint"));
  c.config.checkpoint.resume = file.directory();
  CHECK(contains(complaint(c), "directory"));
  c.config.checkpoint.resume = file.path() + "-none";
  CHECK(contains(complaint(c), "No such file"));
}

TEST_CASE("a checkpoint of another version or another run is refused") {
  const ScratchFile file;
  const RandomCase c = checkpointed(file);
  RandomCase other = c;
  other.config.checkpoint.program = "another version";
  CHECK(contains(complaint(other), "was written by this version"));

  other = c;
  ++other.config.seed;
  CHECK(contains(complaint(other), "another run"));
  other = c;
  other.config.duration += Duration::ps(1);
  CHECK(contains(complaint(other), "another run"));
  other = c;
  auto demands = std::make_shared<DemandSet>(*c.input.demands);
  demands->demands.back().rate = Rate::bps(demands->demands.back().rate.bps() + 1);
  other.input.demands = demands;
  CHECK(contains(complaint(other), "another run"));
  other = checkpointed(file, 5);
  CHECK(complaint(other).empty());
  CHECK(contains(complaint(c), "another run"));
}

TEST_CASE("the hash of an input sees what decides results, and nothing else") {
  const RandomCase c = random_case(6);
  const auto hash = [](const RandomCase& of) {
    return engine::input_hash(of.input, of.config, {of.config.flows});
  };
  const std::uint64_t expected = hash(c);
  RandomCase same = c;
  same.config.threads = 7;
  same.config.window = Duration::us(3);
  same.config.islands = Islands::events;
  same.config.checkpoint.file = "x";
  CHECK(hash(same) == expected);
  CHECK(hash(random_case(6)) == expected);

  const auto changed = [&](const auto& change) {
    RandomCase other = c;
    change(other);
    return hash(other) != expected;
  };
  const auto with_demands = [](const auto& change) {
    return [change](RandomCase& other) {
      auto set = std::make_shared<DemandSet>(*other.input.demands);
      change(*set);
      other.input.demands = set;
    };
  };
  CHECK(changed([](RandomCase& o) { o.config.flows *= 2; }));
  CHECK(changed([](RandomCase& o) { o.config.warmup += Duration::ps(1); }));
  CHECK(changed([](RandomCase& o) { o.config.interval = Duration::ms(7); }));
  CHECK(changed([](RandomCase& o) { o.config.queueing.buffer.value += 1; }));
  CHECK(changed([](RandomCase& o) { o.config.queueing.drop.rule = DropRule::codel; }));
  CHECK(changed([](RandomCase& o) {
    o.config.ecmp = o.config.ecmp == Ecmp::off ? Ecmp::per_flow : Ecmp::off;
  }));
  CHECK(changed(with_demands([](DemandSet& s) { s.demands.pop_back(); })));
  CHECK(changed(with_demands([](DemandSet& s) { s.demands[0].ecn = !s.demands[0].ecn; })));
  CHECK(changed(with_demands([](DemandSet& s) { s.sizes[0].entries[0].weight *= 1.5; })));
  CHECK(changed(with_demands([](DemandSet& s) {
    s.arrival_models.push_back(
        std::make_shared<ArrivalModel>(OnOff{Duration::ms(1), Duration::ms(1), 0, 2}));
  })));
  CHECK(changed([](RandomCase& o) {
    NetworkSpec spec = o.input.network->spec();
    spec.links[0].delay += Duration::ps(1);
    o.input.network = std::make_shared<Network>(spec);
  }));
  CHECK(changed([](RandomCase& o) {
    o.input.routes = std::make_shared<Routes>(o.input.network->nodes().size());
  }));
  CHECK(changed([](RandomCase& o) {
    o.input.changes.push_back({Time::ps(1), o.input.routes, {}, nullptr});
  }));
  CHECK(changed([](RandomCase& o) {
    o.input.rate_steps.resize(o.input.network->ports().size());
    o.input.rate_steps[0] = {{Time::zero(), Rate::gbps(1), 0}};
  }));
}

TEST_CASE("a checkpoint that cannot be written is said, and the run goes on") {
  const ScratchFile file;
  RandomCase c = random_case(3);
  const Measurements expected = run(c.input, c.config);
  std::string said;
  c.config.checkpoint.file = file.directory() + "/none/state";
  c.config.checkpoint.wanted = [] { return true; };
  c.config.checkpoint.wrote = [&](const engine::CheckpointNote& note) { said = note.error; };
  CHECK(run(c.input, c.config).fingerprint == expected.fingerprint);
  CHECK(contains(said, "No such file"));
  CHECK_THROWS_AS(engine::require_writable_checkpoint(c.config.checkpoint.file), InputError);
  CHECK_THROWS_AS(engine::require_writable_checkpoint(file.directory()), InputError);
  CHECK_NOTHROW(engine::require_writable_checkpoint(file.path()));
}

TEST_CASE("while a checkpoint is written the last one stays, and nothing else is left behind") {
  const ScratchFile file;
  const RandomCase c = checkpointed(file);
  RandomCase more = c;
  more.config.checkpoint.file = file.path();
  more.config.checkpoint.wanted = [] { return true; };
  std::size_t written = 0;
  more.config.checkpoint.wrote = [&](const engine::CheckpointNote& note) {
    ++written;
    CHECK(note.error.empty());
    CHECK(note.bytes == std::filesystem::file_size(file.path()));
    std::size_t files = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(file.directory()))
      ++files;
    CHECK(files == 1);
  };
  more.config.window = (more.config.warmup + more.config.duration) / 20;
  const Measurements whole = run(random_case(3).input, random_case(3).config);
  CHECK(run(more.input, more.config).fingerprint == whole.fingerprint);
  CHECK(written > 5);
  // What is left of a crash while writing is in the way of nothing.
  std::filesystem::rename(file.path(), file.path() + ".part");
  checkpointed(file);
  CHECK(complaint(c).empty());
}
