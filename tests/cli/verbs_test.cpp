#include <nlohmann/json.hpp>

#include "tests/catch.hpp"
#include "tests/cli/program.hpp"

using namespace longhaul::tests;
using Json = nlohmann::json;

namespace {

const char* const topology_text = R"(name: ring
defaults: {capacity: 10G}
nodes: {A: {}, B: {}, C: {}}
links:
  - {endpoints: [A, B], delay: 1 ms}
  - {endpoints: [B, C], delay: 1 ms}
  - {endpoints: [C, A], delay: 1 ms}
)";

Outcome fine(const std::vector<std::string>& arguments, const Setting& setting = {}) {
  Outcome outcome = program(arguments, setting);
  INFO(outcome.err);
  CHECK(outcome.status == 0);
  return outcome;
}

}  // namespace

TEST_CASE("every verb has help with an example") {
  const std::vector<std::vector<std::string>> verbs{{},
                                                    {"run"},
                                                    {"check"},
                                                    {"topology", "generate"},
                                                    {"topology", "convert"},
                                                    {"topology", "show"},
                                                    {"plan", "loads"},
                                                    {"catalogue"},
                                                    {"schema"},
                                                    {"completion"}};
  for (auto verb : verbs) {
    verb.emplace_back("--help");
    const Outcome outcome = fine(verb);
    CAPTURE(outcome.out);
    CHECK(outcome.printed("xample"));
    CHECK(outcome.err.empty());
  }
}

TEST_CASE("--version names version, commit and compiler") {
  const Outcome outcome = fine({"--version"});
  CHECK(outcome.out.rfind("longhaul ", 0) == 0);
  CHECK(outcome.printed("commit "));
}

TEST_CASE("check says nothing on stdout's side but fine, for many files") {
  const Scratch scratch;
  const std::string topology = scratch.file("ring.yaml", topology_text);
  const std::string scenario =
      scratch.file("s.yaml", "topology: ring.yaml\ntraffic: [{matrix: uniform, total: 1G}]\n");
  CHECK(fine({"check", topology, scenario}).err.empty());
  const Outcome both =
      program({"check", scenario, scratch.file("bad.yaml", "topologie: x\n"), topology});
  CHECK(both.status == 2);
  CHECK(both.complained("bad.yaml:1:1"));
}

TEST_CASE("plan loads prints the loads of each direction") {
  const Scratch scratch;
  scratch.file("ring.yaml", topology_text);
  const std::string scenario =
      scratch.file("s.yaml", "topology: ring.yaml\ntraffic: [{from: A, to: B, rate: 5G}]\n");
  const Json j = Json::parse(fine({"plan", "loads", scenario, "--format", "json"}).out);
  CHECK(j.size() == 3);
  REQUIRE(j["links"].size() == 6);
  CHECK(j["links"][0]["load_bps"] == 5e9);
  CHECK(j["max_utilization"] == 0.5);
  CHECK(j["unrouted_bps"] == 0.0);
  CHECK(fine({"plan", "loads", scenario}).printed("50.0 %"));
  CHECK(fine({"plan", "loads", scenario, "--format", "csv"}).out.rfind("id,from,to", 0) == 0);
}

TEST_CASE("topology show and convert") {
  const Scratch scratch;
  const std::string file = scratch.file("ring.yaml", topology_text);
  CHECK(fine({"topology", "show", file}).printed("3"));
  fine({"topology", "convert", file, scratch.path("ring.graphml")});
  fine({"topology", "convert", scratch.path("ring.graphml"), scratch.path("back.yaml")});
  CHECK(read_file(scratch.path("back.yaml")).find("A-B") != std::string::npos);
  const Outcome outcome =
      program({"topology", "convert", scratch.path("missing"), scratch.path("out.yaml")});
  CHECK(outcome.status == 2);
  CHECK_FALSE(std::filesystem::exists(scratch.path("out.yaml")));
}

TEST_CASE("schemas are JSON") {
  for (const char* which : {"scenario", "topology", "report"}) {
    const Json j = Json::parse(fine({"schema", which}).out);
    CHECK(j.contains("$schema"));
  }
  CHECK(program({"schema", "nonsense"}).status == 2);
}

TEST_CASE("the catalogue names its sources") {
  const Outcome outcome = fine({"catalogue"});
  CHECK(outcome.printed("400"));
  CHECK(outcome.printed("IEEE 802.3"));
}

TEST_CASE("completion knows the verbs and their flags") {
  for (const char* shell : {"bash", "zsh"}) {
    const Outcome outcome = fine({"completion", shell});
    CHECK(outcome.printed("topology"));
    CHECK(outcome.printed("--matrix-scale"));
  }
}
