// The planner's story of docs/howto/grow-a-backbone.md, command by command: what the page says is
// what the program prints.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/catch.hpp"
#include "tests/cli/program.hpp"

using namespace longhaul::tests;
using Json = nlohmann::json;

namespace {

const std::string root = LONGHAUL_SOURCE_DIR;
const std::string scenario = root + "/scenarios/tier1/abilene-to-2030.yaml";
const std::string page = read_file(root + "/docs/howto/grow-a-backbone.md");

/// The page has this text.
void check_told(const std::string& text) {
  INFO(text);
  CHECK(page.find(text) != std::string::npos);
}

/// Houston to Atlanta cut in 2028.
Json cut(const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"run",      scenario,
                                     "--format", "json",
                                     "--set",    "expect=[]",
                                     "--set",    "events=[{at: 0 s, fail: HSTN-ATLA}]",
                                     "--set",    "traffic.0.total=26.026G"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Outcome outcome = program(arguments);
  INFO(outcome.err);
  REQUIRE(outcome.status == 0);
  return Json::parse(outcome.out);
}

Json all_traffic(const Json& report) {
  // The only class has all of it.
  return report["groups"]["class"][0];
}

Json demand(const Json& report, const std::string& from, const std::string& to) {
  for (const Json& d : report["demands"])
    if (d["from"] == from && d["to"] == to) return d;
  FAIL("no demand " << from << " to " << to);
  return {};
}

std::string share(double value) { return fmt::format("{:.1f} %", 100 * value); }

std::string time(double seconds) {
  return seconds < 1e-3 ? fmt::format("{:.3g} us", seconds * 1e6)
                        : fmt::format("{:.3g} ms", seconds * 1e3);
}

}  // namespace

TEST_CASE("the story of a backbone that grows: the plans print what the page says") {
  const Scratch scratch;
  const Outcome today = program({"plan", "failures", scenario});
  REQUIRE(today.status == 0);
  CHECK(today.printed("62.0 % at worst, on ATLA"));
  CHECK(today.printed("0 overload a link"));
  check_told("62.0 % at worst, on Atlanta to Houston while Kansas City to Indianapolis is down");

  const Outcome plan = program({"plan", "upgrade", scenario, "--out", scratch.path("bought")});
  INFO(plan.err);
  REQUIRE(plan.status == 0);
  // Each line of its tables that the page shows stands in what is printed.
  std::istringstream lines(page);
  int tables = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("      20", 0) != 0 && line.rfind("      year", 0) != 0) continue;
    INFO(line);
    CHECK(plan.printed(line.substr(4)));
    ++tables;
  }
  CHECK(tables == 10);
  CHECK(plan.printed("431,840 USD keeps all of them below"));
  CHECK(plan.printed("12 links of 15 are full by 2030"));
  check_told("88,200 USD in 2028, 431,840 USD up to 2030: 12 of 15 links");
  for (const char* year : {"2026", "2027", "2028", "2029", "2030"}) {
    const Outcome checked =
        program({"check", scratch.path(std::string("bought/") + year + ".yaml")});
    INFO(checked.err);
    CHECK(checked.status == 0);
  }

  const Json before = cut();
  const Json after = cut({"--set", "topology=" + scratch.path("bought/2028.yaml")});
  const auto row = [&](const std::string& name, const auto& of) {
    check_told(fmt::format("| {} | {} | {} |", name, of(before), of(after)));
  };
  row("busiest link", [](const Json& r) { return share(r["congestion"]["max_utilization"]); });
  row("queueing p99, all traffic",
      [](const Json& r) { return time(all_traffic(r)["queueing_s"]["p99"].get<double>()); });
  row("latency p50, all traffic",
      [](const Json& r) { return time(all_traffic(r)["latency_s"]["p50"]); });
  row("latency p99, all traffic",
      [](const Json& r) { return time(all_traffic(r)["latency_s"]["p99"]); });
  row("latency p99, Atlanta to Sunnyvale",
      [](const Json& r) { return time(demand(r, "ATLA", "SNVA")["latency_s"]["p99"]); });
  check_told(
      fmt::format("| lost | {:.2f} % | 0 |", 100 * all_traffic(before)["loss"].get<double>()));
  CHECK(all_traffic(after)["loss"] == 0.0);
}
