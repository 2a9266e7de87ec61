// Runs that are killed or interrupted and resumed, as a user does it.
#include <nlohmann/json.hpp>

#include "tests/catch.hpp"
#include "tests/cli/program.hpp"

using namespace longhaul::tests;
using Json = nlohmann::json;

namespace {

const std::string scenario = R"(name: line
topology:
  defaults: {capacity: 1G}
  nodes: {A: {}, B: {}, C: {}}
  links:
    - {endpoints: [A, B], delay: 1 ms}
    - {endpoints: [B, C], delay: 2 ms}
engine: {warmup: 5 ms, duration: 250 s}
classes: [{name: all}]
traffic:
  - {class: all, matrix: uniform, total: 1.2G, size: 1000 B}
)";

/// The report but for what its run cost.
Json result(const Outcome& outcome) {
  Json j = Json::parse(outcome.out);
  for (const char* key : {"wall_s", "packet_hops_per_s", "peak_memory_bytes", "threads"})
    j["engine"].erase(key);
  return j;
}

std::vector<std::string> run_of(const std::string& file, std::vector<std::string> more) {
  std::vector<std::string> all{"run", file, "--format", "json"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace

TEST_CASE("a run killed after a checkpoint is resumed to the same report") {
  const Scratch scratch;
  const std::string file = scratch.file("s.yaml", scenario);
  const std::string state = scratch.path("state");
  const auto whole = program(run_of(file, {"--threads", "1"}));
  REQUIRE(whole.status == 0);
  Setting killed;
  killed.signal = SIGKILL;
  killed.signal_once_there = state;
  killed.signal_after = std::chrono::milliseconds(50);
  const auto cut = program(
      run_of(file, {"--threads", "1", "--checkpoint", state, "--checkpoint-every", "20 ms"}),
      killed);
  REQUIRE(cut.status == 128 + SIGKILL);
  CHECK(cut.complained("checkpoint at "));
  const auto resumed = program(run_of(file, {"--threads", "2", "--resume", state}));
  CHECK(resumed.status == 0);
  CHECK(resumed.err.empty());
  CHECK(result(resumed) == result(whole));
}

TEST_CASE("a run interrupted twice writes its state each time, and is resumed to the same report") {
  const Scratch scratch;
  const std::string file = scratch.file("s.yaml", scenario);
  const std::string state = scratch.path("state");
  const auto whole = program(run_of(file, {}));
  Setting interrupted;
  interrupted.signal = SIGINT;
  interrupted.signal_after = std::chrono::milliseconds(200);
  const auto first = program(run_of(file, {"--checkpoint", state}), interrupted);
  REQUIRE(first.status == 130);
  CHECK(first.complained("go on with the same command and --resume " + state));
  CHECK(Json::parse(first.out)["complete"] == false);
  interrupted.signal = SIGTERM;
  const auto second =
      program(run_of(file, {"--checkpoint", state, "--resume", state}), interrupted);
  REQUIRE(second.status == 130);
  CHECK(Json::parse(second.out)["packets"]["sent"].get<std::uint64_t>() >
        Json::parse(first.out)["packets"]["sent"].get<std::uint64_t>());
  const auto third = program(run_of(file, {"--resume", state, "--quiet"}));
  CHECK(third.status == 0);
  CHECK(third.err.empty());
  CHECK(result(third) == result(whole));
  CHECK(scratch.entries() == 2);  // the scenario and the state
}

TEST_CASE("flags of checkpoints that cannot be are refused before anything runs") {
  const Scratch scratch;
  const std::string file = scratch.file("s.yaml", scenario);
  const auto refused = [&](std::vector<std::string> flags, const std::string& what) {
    const auto outcome = program(run_of(file, std::move(flags)));
    INFO(outcome.err);
    CHECK(outcome.status == 2);
    CHECK(outcome.out.empty());
    CHECK(outcome.complained(what));
  };
  refused({"--resume", scratch.path("none")}, "No such file");
  refused({"--resume", file}, "is not a checkpoint");
  refused({"--checkpoint", scratch.path("none/state")}, "cannot be written");
  refused({"--checkpoint", scratch.path()}, "is not a file");
  refused({"--checkpoint-every", "1 s"}, "needs --checkpoint");
  refused({"--checkpoint", scratch.path("state"), "--checkpoint-every", "0 s"}, "above 0");
  refused({"--checkpoint", scratch.path("state"), "--checkpoint-every", "often"}, "duration");
}

TEST_CASE("a checkpoint is refused after any change of the input") {
  const Scratch scratch;
  const std::string file = scratch.file("s.yaml", scenario);
  const std::string state = scratch.path("state");
  Setting interrupted;
  interrupted.signal = SIGINT;
  interrupted.signal_after = std::chrono::milliseconds(150);
  REQUIRE(program(run_of(file, {"--checkpoint", state}), interrupted).status == 130);
  for (const char* change : {"engine.seed=9", "traffic.0.total=1.1G", "engine.duration=251 s"}) {
    const auto outcome = program(run_of(file, {"--resume", state, "--set", change}));
    INFO(change << ": " << outcome.err);
    CHECK(outcome.status == 2);
    CHECK(outcome.complained("is of another run"));
  }
  const auto fluid = program(run_of(file, {"--resume", state, "--fidelity", "fluid"}));
  CHECK(fluid.status == 2);
  CHECK(fluid.complained("resume with --fidelity packet"));
}
