#include <nlohmann/json.hpp>

#include "tests/catch.hpp"
#include "tests/cli/program.hpp"

using namespace longhaul::tests;
using Json = nlohmann::json;

namespace {

/// Two nodes and 40 % of a 1 Gb/s link for 20 ms; `more` is appended.
std::string scenario_text(const std::string& more = "") {
  return R"(name: two nodes
topology:
  providers: [{id: acme, tier: 2}]
  defaults: {capacity: 1G, provider: acme}
  nodes:
    A: {region: west}
    B: {region: east}
  links:
    - {endpoints: [A, B], delay: 1 ms}
engine: {seed: 7, warmup: 5 ms, duration: 20 ms}
classes:
  - {name: gold, priority: high}
traffic:
  - {class: gold, from: A, to: B, rate: 400M, size: 1000 B}
)" + more;
}

std::string long_run() { return "engine.duration=1000 s"; }

bool has_escapes(const std::string& text) { return text.find('\033') != std::string::npos; }

}  // namespace

TEST_CASE("run prints a summary and exits 0") {
  const Scratch scratch;
  const auto outcome = program({"run", scratch.file("s.yaml", scenario_text())});
  CHECK(outcome.status == 0);
  CHECK(outcome.err.empty());
  CHECK(outcome.printed("HEALTHY"));
  CHECK(outcome.printed("Worst links"));
  CHECK(outcome.printed("fingerprint"));
  CHECK_FALSE(has_escapes(outcome.out));
}

TEST_CASE("the flag --format json prints one document with the agreed keys and nothing else") {
  const Scratch scratch;
  const auto outcome =
      program({"run", scratch.file("s.yaml", scenario_text()), "--format", "json"});
  REQUIRE(outcome.status == 0);
  CHECK(outcome.err.empty());
  const Json j = Json::parse(outcome.out);
  CHECK(j["schema"] == "longhaul.report/1");
  CHECK(j["complete"] == true);
  CHECK(j["scenario"]["name"] == "two nodes");
  CHECK(j["scenario"]["seed"] == 7);
  CHECK(j["scenario"]["provider_tiers"] == Json({2}));
  CHECK(j["scenario"]["warmup_s"] == 0.005);
  CHECK(j["links"].size() == 2);
  CHECK(j["links"][0]["utilization"]["mean"].get<double>() == Approx(0.41).margin(0.06));
  CHECK(j["demands"].size() == 1);
  CHECK(j["demands"][0]["latency_s"]["min"].get<double>() >= 1e-3);
  CHECK(j["groups"]["tier"][0]["name"] == "2");
  CHECK(j["groups"]["class"][0]["name"] == "gold");
  CHECK(j["groups"]["region"].size() == 2);
}

TEST_CASE("equal inputs give equal documents on any number of threads") {
  const Scratch scratch;
  const std::string file = scratch.file("s.yaml", scenario_text());
  const auto result = [&](const char* threads) {
    Json j = Json::parse(program({"run", file, "--format", "json", "--threads", threads}).out);
    for (const char* key : {"threads", "wall_s", "packet_hops_per_s", "peak_memory_bytes"})
      j["engine"].erase(key);
    return j;
  };
  const Json one = result("1");
  CHECK(one == result("2"));
  CHECK(one == result("7"));
}

TEST_CASE("the flags --seed and --set change what is run") {
  const Scratch scratch;
  const std::string file = scratch.file("s.yaml", scenario_text());
  const auto fingerprint = [&](std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"run", file, "--format", "json"});
    const auto outcome = program(flags);
    INFO(outcome.err);
    REQUIRE(outcome.status == 0);
    return Json::parse(outcome.out)["engine"]["fingerprint"].get<std::string>();
  };
  const std::string plain = fingerprint({});
  CHECK(fingerprint({"--seed", "7"}) == plain);
  CHECK(fingerprint({"--seed", "8"}) != plain);
  CHECK(fingerprint({"--set", "engine.seed=8"}) == fingerprint({"--seed", "8"}));
  CHECK(fingerprint({"--set", "engine.duration=30 ms", "--set", "engine.warmup=0 s"}) != plain);
}

TEST_CASE("expectations decide the exit status") {
  const Scratch scratch;
  const std::string pass = "expect:\n  - max link utilization < 90 %\n  - loss of gold < 0.1 %\n";
  const std::string fail = pass + "  - p99 latency from A to B < 1 us\n";
  const auto passed = program({"run", scratch.file("pass.yaml", scenario_text(pass))});
  CHECK(passed.status == 0);
  CHECK(passed.printed("pass  max link utilization < 90 %"));
  const auto failed =
      program({"run", scratch.file("fail.yaml", scenario_text(fail)), "--format", "json"});
  CHECK(failed.status == 1);
  const Json j = Json::parse(failed.out);
  REQUIRE(j["expectations"].size() == 3);
  CHECK(j["expectations"][1]["pass"] == true);
  CHECK(j["expectations"][2]["pass"] == false);
  CHECK(j["expectations"][2]["bound"].get<double>() == Approx(1e-6));
  CHECK(j["expectations"][2]["value"].get<double>() > 1e-3);
}

TEST_CASE("an expectation that matches nothing is bad input") {
  const Scratch scratch;
  const auto outcome = program(
      {"run", scratch.file("s.yaml", scenario_text("expect:\n  - loss from B to A < 1 %\n"))});
  CHECK(outcome.status == 2);
  CHECK(outcome.out.empty());
  CHECK(outcome.complained("from B to A"));
}

TEST_CASE("the flag --out writes the report and its tables, whole") {
  const Scratch scratch;
  const auto outcome = program({"run", scratch.file("s.yaml", scenario_text()), "--out",
                                scratch.path("new/dir"), "--quiet"});
  CHECK(outcome.status == 0);
  CHECK(outcome.out.empty());
  CHECK(scratch.entries("new/dir") == 4);
  CHECK(Json::parse(read_file(scratch.path("new/dir/report.json")))["complete"] == true);
  CHECK(read_file(scratch.path("new/dir/links.csv")).rfind("id,from,to,", 0) == 0);
  CHECK(read_file(scratch.path("new/dir/groups.csv")).find("\ntier,2,") != std::string::npos);
}

TEST_CASE("the flag --out that is a file is refused before anything runs") {
  const Scratch scratch;
  const std::string file = scratch.file("s.yaml", scenario_text());
  const auto outcome = program({"run", file, "--out", file, "--set", long_run()});
  CHECK(outcome.status == 2);
  CHECK(outcome.out.empty());
  CHECK(read_file(file) == scenario_text());
}

TEST_CASE("the flag --format csv prints the table of links") {
  const Scratch scratch;
  const auto outcome = program({"run", scratch.file("s.yaml", scenario_text()), "--format", "csv"});
  CHECK(outcome.out.rfind("id,from,to,capacity_bps", 0) == 0);
  CHECK(std::count(outcome.out.begin(), outcome.out.end(), '\n') == 3);
}

TEST_CASE("quiet prints nothing, and keeps the exit status") {
  const Scratch scratch;
  const auto outcome = program(
      {"run", scratch.file("s.yaml", scenario_text("expect:\n  - loss > 1 %\n")), "--quiet"});
  CHECK(outcome.status == 1);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.empty());
}

TEST_CASE("Ctrl-C reports what was measured, marked incomplete, and exits 130") {
  const Scratch scratch;
  Setting interrupted;
  interrupted.signal = SIGINT;
  interrupted.signal_after = std::chrono::milliseconds(700);
  const auto outcome = program(
      {"run", scratch.file("s.yaml", scenario_text()), "--set", long_run(), "--format", "json"},
      interrupted);
  CHECK(outcome.status == 130);
  const Json j = Json::parse(outcome.out);
  CHECK(j["complete"] == false);
  CHECK(j["scenario"]["duration_s"].get<double>() < 1000);
  CHECK(j["packets"]["sent"].get<std::uint64_t>() > 0);
}

TEST_CASE("a full disk is said, and exits 3") {
  if (!std::filesystem::exists("/dev/full")) return;
  const Scratch scratch;
  Setting full;
  full.stdout_to = "/dev/full";
  const auto outcome = program({"run", scratch.file("s.yaml", scenario_text())}, full);
  CHECK(outcome.status == 3);
  CHECK(outcome.complained("No space left on device"));
}

TEST_CASE("a closed standard output is an error, a reader who leaves is not") {
  const Scratch scratch;
  const std::string file = scratch.file("s.yaml", scenario_text());
  Setting closed;
  closed.stdout_closed = true;
  const auto outcome = program({"run", file}, closed);
  CHECK(outcome.status == 3);
  CHECK(outcome.complained("cannot write to standard output"));
  CHECK(read_file(file) == scenario_text());

  Setting leaves;
  leaves.reader_leaves = true;
  const auto unread = program({"run", file}, leaves);
  CHECK(unread.status == 0);
  CHECK(unread.err.empty());
}
