// `plan optimum` as a user runs it: what it writes is what a scenario takes, and what it plans is
// what a simulation measures.
#include <nlohmann/json.hpp>

#include "tests/catch.hpp"
#include "tests/cli/program.hpp"

using namespace longhaul::tests;
using Json = nlohmann::json;

namespace {

/// Two ways from A to B of 10 Gb/s each, one shorter.
const char* const base = R"(topology:
  nodes: {A: {}, B: {}, C: {}, D: {}}
  links:
    - {endpoints: [A, B], delay: 1 ms, metric: 3}
    - {endpoints: [A, C], delay: 1 ms, metric: 2}
    - {endpoints: [C, B], delay: 1 ms, metric: 3}
    - {endpoints: [D, A], delay: 1 ms, metric: 1}
traffic:
  - {from: A, to: B, rate: 8G, size: 1500 B}
  - {from: D, to: B, rate: 4G, size: 1500 B}
engine: {duration: 20 ms, warmup: 5 ms}
)";

Json json_of(const std::vector<std::string>& arguments) {
  const Outcome outcome = program(arguments);
  INFO(outcome.err);
  REQUIRE(outcome.status == 0);
  return Json::parse(outcome.out);
}

/// By its method.
Json row(const Json& result, const std::string& method) {
  for (const Json& r : result["methods"])
    if (r["method"] == method) return r;
  FAIL("no row " << method);
  return {};
}

}  // namespace

TEST_CASE("plan optimum: configured, best, and every method in one table") {
  const Scratch scratch;
  const std::string file = scratch.file("s.yaml", base);
  const Json plain = json_of({"plan", "optimum", file, "--format", "json"});
  CHECK(plain["max_utilization"].get<double>() == Approx(1.2));
  CHECK(plain["optimal_max_utilization"].get<double>() == Approx(0.6));
  CHECK(plain["method"] == "lp");
  const Json near =
      json_of({"plan", "optimum", file, "--format", "json", "--method", "approximation"});
  CHECK(near["lower_bound"].get<double>() <= 0.6 * (1 + 1e-9));
  CHECK(near["optimal_max_utilization"].get<double>() >= 0.6 * (1 - 1e-9));
  CHECK(near["gap"].get<double>() <= 0.01);

  const Json all = json_of({"plan", "optimum", file, "--format", "json", "--compare"});
  CHECK(row(all, "ecmp")["max_utilization"].get<double>() == Approx(1.2));
  CHECK(row(all, "metrics")["max_utilization"].get<double>() == Approx(0.6));
  CHECK(row(all, "segments")["max_utilization"].get<double>() == Approx(0.8));
  CHECK(row(all, "segments")["changes"] == 1);
  CHECK(row(all, "optimum")["gap"].get<double>() == Approx(0).margin(1e-6));
}

TEST_CASE("plan optimum: what --tune writes a scenario includes") {
  const Scratch scratch;
  const std::string file = scratch.file("s.yaml", base);
  for (const auto& [what, expected] : {std::pair{"metrics", 0.6}, std::pair{"segments", 0.8}}) {
    const std::string out = std::string(what) + ".yaml";
    const std::string tuned = scratch.path(out);
    REQUIRE(program({"plan", "optimum", file, "--tune", what, "--out", tuned}).status == 0);
    const std::string both = scratch.file("both.yaml", "include: [s.yaml, " + out + "]\n");
    const Json loads = json_of({"plan", "loads", both, "--format", "json"});
    CHECK(loads["max_utilization"].get<double>() == Approx(expected));
  }
}

TEST_CASE("plan optimum: every method simulated") {
  const Scratch scratch;
  const std::string file = scratch.file("s.yaml", base);
  const Json all =
      json_of({"plan", "optimum", file, "--compare", "--simulate", "--format", "json"});
  // Framing is 24 bytes on 1500.
  CHECK(row(all, "segments")["measured_max_utilization"].get<double>() ==
        Approx(0.8 * 1.016).margin(0.03));
  CHECK(row(all, "ecmp")["measured_max_utilization"].get<double>() > 0.99);
  CHECK(row(all, "segments")["loss"] == 0);
  CHECK(row(all, "metrics")["loss"] == 0);
  CHECK(row(all, "controller")["changes"] == 1);
  CHECK(row(all, "ecmp")["queueing_p99_s"].get<double>() >
        10 * row(all, "segments")["queueing_p99_s"].get<double>());
}

TEST_CASE("the comparison of docs/howto/compare-te.md, its simulation shortened") {
  const Json all =
      json_of({"plan", "optimum", LONGHAUL_SOURCE_DIR "/scenarios/tier1/abilene-engineering.yaml",
               "--compare", "--simulate", "--format", "json", "--set", "engine.warmup=150 ms",
               "--set", "engine.duration=50 ms", "--set",
               "routing.controller={interval: 30 ms, reaction: 10 ms, changes: 10}"});
  CHECK(row(all, "ecmp")["max_utilization"].get<double>() == Approx(1.075).epsilon(0.01));
  CHECK(row(all, "ecmp")["queueing_p99_s"].get<double>() > 0.01);
  CHECK(all["optimal_max_utilization"].get<double>() == Approx(0.665).epsilon(0.01));
  for (const char* const method : {"metrics", "segments"}) {
    CHECK(row(all, method)["max_utilization"].get<double>() < 0.70);
    CHECK(row(all, method)["measured_max_utilization"].get<double>() < 0.72);
  }
  CHECK(row(all, "controller")["measured_max_utilization"].get<double>() < 0.80);
  for (const char* const method : {"metrics", "segments", "controller"}) {
    CHECK(row(all, method)["loss"] == 0);
    CHECK(row(all, method)["queueing_p99_s"].get<double>() < 0.001);
  }
}

TEST_CASE("plan optimum: flags that do not go together") {
  const Scratch scratch;
  const std::string file = scratch.file("s.yaml", base);
  CHECK(program({"plan", "optimum", file, "--out", "x.yaml"}).status == 2);
  CHECK(program({"plan", "optimum", file, "--simulate"}).status == 2);
  const Outcome scaled = program({"plan", "optimum", file, "--compare", "--simulate", "--set",
                                  "traffic.0.max_utilization=0.5"});
  CHECK(scaled.status == 2);
  const std::string two =
      scratch.file("two.yaml",
                   "topology:\n  providers: [{id: x}, {id: y}]\n"
                   "  nodes: {A: {provider: x}, B: {provider: y}}\n"
                   "  links: [{endpoints: [A, B], relation: peer, delay: 1 ms}]\n"
                   "traffic: [{from: A, to: B, rate: 1G}]\n");
  CHECK(program({"plan", "optimum", two}).status == 0);
  const Outcome several = program({"plan", "optimum", two, "--compare"});
  CHECK(several.status == 2);
  CHECK(several.complained("one provider"));
}
