// `plan failures` and `plan upgrade` as a user runs them.
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/catch.hpp"
#include "tests/cli/program.hpp"

using namespace longhaul::tests;
using Json = nlohmann::json;
namespace fs = std::filesystem;

namespace {

const char* const scenario_text = R"(topology:
  name: ring
  providers: [{id: big, tier: 1}, {id: acme, tier: 2}]
  defaults: {capacity: 10G, provider: acme}
  nodes: {A: {}, B: {}, C: {}, T: {provider: big}}
  links:
    - {id: ab, endpoints: [A, B], length: 500 km, risk: [duct]}
    - {id: bc, endpoints: [B, C], length: 500 km, risk: [duct]}
    - {id: ca, endpoints: [C, A], length: 500 km}
    - {id: up, endpoints: [A, T], length: 10 km, relation: transit, customer: acme}
traffic:
  - demands: [{from: A, to: B, rate: 4G}, {from: B, to: A, rate: 2G}, {from: C, to: T, rate: 1G}]
)";

Outcome fine(const std::vector<std::string>& arguments) {
  Outcome outcome = program(arguments);
  INFO(outcome.err);
  CHECK(outcome.status == 0);
  return outcome;
}

/// A line of many nodes with a chord at each: long enough a sweep to interrupt.
std::string long_scenario() {
  std::string text = "topology:\n  defaults: {capacity: 10G}\n  nodes: {";
  constexpr int nodes = 90;
  for (int n = 0; n < nodes; ++n) text += (n ? ", n" : "n") + std::to_string(n) + ": {}";
  text += "}\n  links:\n";
  for (int n = 0; n < nodes; ++n) {
    for (const int step : {1, 7, 20})
      text += "    - {endpoints: [n" + std::to_string(n) + ", n" +
              std::to_string((n + step) % nodes) + "], length: 100 km}\n";
  }
  return text + "traffic: [{matrix: uniform, total: 100G}]\n";
}

}  // namespace

TEST_CASE("plan failures prints cases, links and demands in three formats") {
  const Scratch scratch;
  const std::string file = scratch.file("s.yaml", scenario_text);
  const Json j = Json::parse(fine({"plan", "failures", file, "--format", "json"}).out);
  CHECK(j["complete"] == true);
  CHECK(j["cases"].size() == 1 + 4 + 4 + 1);  // nothing, links, nodes, the duct
  CHECK(j["links"].size() == 8);
  CHECK(j["max_utilization"].get<double>() == Approx(0.4));
  CHECK(j["unrouted_bps"].get<double>() == 0);
  CHECK(j["cases"][9]["kind"] == "risk group");
  CHECK(j["cases"][9]["failed"] == Json{"duct"});
  CHECK(j["cases"][9]["unrouted_bps"].get<double>() == Approx(6e9));
  CHECK(j["worst"]["max_utilization"].get<double>() == Approx(0.4));
  CHECK(j["links"][0].contains("worst_failed"));
  CHECK(j["demands"].size() == 3);
  CHECK(j["demands"][0]["availability"]["lower"] < j["demands"][0]["availability"]["upper"]);

  const Json pairs =
      Json::parse(fine({"plan", "failures", file, "--links", "--pairs", "--format", "json"}).out);
  CHECK(pairs["cases_swept"] == 1 + 4 + 6);
  CHECK(pairs["never_together"]["cut_off"] == 3);
  CHECK(fine({"plan", "failures", file}).printed("Worst cases"));
  CHECK(fine({"plan", "failures", file, "--format", "csv"}).out.rfind("kind,failed_1", 0) == 0);
  for (const char* const table : {"links", "demands"})
    CHECK_FALSE(fine({"plan", "failures", file, "--format", "csv", "--table", table}).out.empty());
  CHECK(program({"plan", "failures", file, "--table", "links"}).status == 2);
}

TEST_CASE("plan failures prints the same on any number of threads") {
  const Scratch scratch;
  const std::string file = scratch.file("s.yaml", scenario_text);
  const auto with = [&](const char* threads) {
    return fine({"plan", "failures", file, "--pairs", "--all", "--format", "json", "--threads",
                 threads})
        .out;
  };
  const std::string one = with("1");
  for (const char* const threads : {"2", "3", "7"}) CHECK(with(threads) == one);
}

TEST_CASE("plan failures of published networks, as the program reads them") {
  const fs::path data = fs::path(LONGHAUL_DATA_DIR) / "repetita";
  if (!fs::exists(data)) {
    WARN("skipped: " << data << " is not here");
    return;
  }
  std::ifstream in(data / "expected.json");
  std::size_t compared = 0;
  for (const Json& row : Json::parse(in)) {
    if (row["nodes"] > 25) continue;
    fs::path graph = data / row["graph"].get<std::string>();
    fs::path matrix = graph;
    matrix.replace_extension(".0000.demands");
    if (!fs::exists(matrix)) matrix = fs::path(graph).replace_extension(".demands");
    INFO(graph);
    const Json j = Json::parse(fine({"plan", "failures", "--topology", graph.string(), "--matrix",
                                     matrix.string(), "--links", "--format", "json"})
                                   .out);
    double worst = 0;
    for (const Json& c : j["cases"]) {
      if (!c["failed"].empty()) worst = std::max(worst, c["max_utilization"].get<double>());
    }
    CHECK(worst == Approx(row["worst_single_link_mlu"].get<double>()).epsilon(1e-6));
    ++compared;
    if (compared == 12) break;
  }
  CHECK(compared == 12);
}

TEST_CASE("plan failures interrupted reports what it swept") {
  const Scratch scratch;
  Setting setting;
  setting.signal = SIGINT;
  setting.signal_after = std::chrono::milliseconds(400);
  const Outcome outcome = program({"plan", "failures", scratch.file("s.yaml", long_scenario()),
                                   "--pairs", "--threads", "1", "--format", "json"},
                                  setting);
  INFO(outcome.err);
  CHECK(outcome.status == 130);
  const Json j = Json::parse(outcome.out);
  CHECK(j["complete"] == false);
  CHECK(j["cases_swept"] < j["cases_total"]);
}

TEST_CASE("plan upgrade says what fills, what to buy and what it costs") {
  const Scratch scratch;
  const std::string file = scratch.file("s.yaml", scenario_text);
  const Json j = Json::parse(fine({"plan", "upgrade", file, "--growth", "50 %", "--years",
                                   "2026-2029", "--format", "json"})
                                 .out);
  CHECK(j["enough"] == true);
  REQUIRE(j["years"].size() == 4);
  CHECK(j["years"][3]["offered_bps"].get<double>() == Approx(7e9 * 1.5 * 1.5 * 1.5));
  CHECK(j["links"][0]["id"] == "ab");
  CHECK(j["links"][0]["full_in"] == 2028);  // 4 x 2.25 above 8 Gb/s
  REQUIRE_FALSE(j["purchases"].empty());
  CHECK(j["cost"].get<double>() == j["full_cost"].get<double>());
  // 1 Gb/s of transit at 0.10 a Mb/s and month.
  CHECK(j["years"][0]["transit_cost"].get<double>() == Approx(12 * 0.10 * 1000));
  CHECK(j["cost_per_gbps_year"].get<double>() > 0);
  CHECK(fine({"plan", "upgrade", file}).printed("What to buy"));
  for (const char* const table : {"purchases", "years", "links"})
    CHECK_FALSE(fine({"plan", "upgrade", file, "--format", "csv", "--table", table}).out.empty());

  const Outcome poor =
      program({"plan", "upgrade", file, "--growth", "50 %", "--budget", "1", "--format", "json"});
  CHECK(poor.status == 1);
  const Json p = Json::parse(poor.out);
  CHECK(p["cost"] == 0);
  CHECK(p["selection"]["method"] == "branch and bound");
}

TEST_CASE("plan upgrade refuses what makes no plan") {
  const Scratch scratch;
  const std::string file = scratch.file("s.yaml", scenario_text);
  const auto refused = [&](std::vector<std::string> flags, const char* complaint) {
    flags.insert(flags.begin(), {"plan", "upgrade", file});
    const Outcome outcome = program(flags);
    INFO(outcome.err);
    CHECK(outcome.status == 2);
    CHECK(outcome.out.empty());
    CHECK(outcome.complained(complaint));
  };
  refused({"--budget", "0"}, "above 0");
  refused({"--budget", "-5"}, "above 0");
  refused({"--years", "2026"}, "2026-2030");
  refused({"--years", "2030-2026"}, "expected a year from 2030");
  refused({"--growth", "a lot"}, "share");
  refused({"--threshold", "0"}, "");
  refused({"--set", "planning.growth_of=[{class: gold, rate: 10 %}]"}, "gold");
  refused({"--set", "planning.growth_of=[{rate: 10 %}]"}, "whose growth");
  refused({"--set",
           "planning.prices={modules: [{rate: 100G, port: 1, transponder: 1}, {rate: 100G, port: "
           "2, transponder: 1}]}"},
          "priced twice");
}
