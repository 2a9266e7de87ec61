#include <nlohmann/json.hpp>

#include "tests/catch.hpp"
#include "tests/cli/program.hpp"

using namespace longhaul::tests;
using Json = nlohmann::json;

namespace {

const char* const topology_text = R"(name: ring
providers: [{id: acme, tier: 2}]
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
                                                    {"plan", "failures"},
                                                    {"plan", "upgrade"},
                                                    {"plan", "optimum"},
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

TEST_CASE("the flag --version names version, commit and compiler") {
  const Outcome outcome = fine({"--version"});
  CHECK(outcome.out.rfind("longhaul ", 0) == 0);
  CHECK(outcome.printed("commit "));
}

TEST_CASE("check takes many files and tells the mistakes of all") {
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
  CHECK(fine({"topology", "show", file}).printed("3, 60 Gb/s"));
  const std::string plain = fine({"topology", "convert", file}).out;
  CHECK(plain.find("[A, B]") != std::string::npos);
  fine({"topology", "convert", file, scratch.path("ring.graphml")});
  CHECK(fine({"topology", "convert", scratch.path("ring.graphml")}).out == plain);
  CHECK(fine({"topology", "convert", file, "--format", "dot"}).printed("graph"));
  CHECK(Json::parse(fine({"topology", "convert", file, "--format", "geojson"}).out).is_object());
}

TEST_CASE("a conversion that fails writes nothing") {
  const Scratch scratch;
  const std::string file = scratch.file("ring.yaml", topology_text);
  CHECK(
      program({"topology", "convert", scratch.path("missing"), scratch.path("out.yaml")}).status ==
      2);
  CHECK(program({"topology", "convert", file, scratch.path("out.jpeg")}).status == 2);
  CHECK(program({"topology", "convert", file, scratch.path("out.yaml"), "--demands",
                 scratch.path("out.csv")})
            .status == 2);
  CHECK(program({"topology", "convert", file, scratch.path("no/such/folder.yaml")}).status == 3);
  CHECK(scratch.entries() == 1);
}

TEST_CASE("a file's demands become a matrix that runs with its topology") {
  const Scratch scratch;
  const std::string file = scratch.file("two.graph", R"(NODES 2
label x y
A 0.0 0.0
B 1.0 1.0

EDGES 2
label src dest weight bw delay
ab 0 1 10 1000000 1000
ba 1 0 10 1000000 1000
)");
  const std::string demands = scratch.file("two.demands", R"(DEMANDS 1
label src dest bw
d0 0 1 250000
)");
  const Json j = Json::parse(fine({"plan", "loads", "--topology", file, "--matrix", demands,
                                   "--matrix-scale", "2", "--format", "json"})
                                 .out);
  CHECK(j["max_utilization"].get<double>() == Approx(0.5));
  fine({"topology", "convert", file, scratch.path("two.yaml")});
  const Json again = Json::parse(fine({"plan", "loads", "--topology", scratch.path("two.yaml"),
                                       "--matrix", demands, "--format", "json"})
                                     .out);
  CHECK(again["max_utilization"].get<double>() == Approx(0.25));
  CHECK(fine({"run", "--topology", file, "--matrix", demands, "--set", "engine.duration=5 ms"})
            .printed("A to B"));
}

TEST_CASE("generated topologies read back") {
  const Scratch scratch;
  fine({"topology", "generate", "hybrid", "--core", "shape: mesh, nodes: 4, capacity: 400G",
        "--metro", "shape: ring, nodes: 3, capacity: 100G, per: core", "--out",
        scratch.path("h.yaml")});
  const Outcome shown = fine({"topology", "show", scratch.path("h.yaml")});
  CHECK(shown.printed("nodes       16"));
  const Outcome bad = program({"topology", "generate", "ring", "--nodes", "many"});
  CHECK(bad.status == 2);
  CHECK(bad.out.empty());
}

TEST_CASE("the reference pages in docs/ are what the program prints") {
  for (const char* which : {"scenario", "topology"}) {
    const std::string page =
        read_file(std::string(LONGHAUL_SOURCE_DIR "/docs/reference/") + which + ".md");
    const Outcome outcome = fine({"schema", which, "--reference"});
    CAPTURE(which);
    CHECK(page.find(outcome.out) != std::string::npos);
  }
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
  CHECK(outcome.printed("web-search"));
  CHECK(outcome.printed("SIGCOMM 2010"));
}

TEST_CASE("the catalogue lists the presets and prints one whole") {
  const Outcome all = fine({"catalogue"});
  CHECK(all.printed("presets of traffic, by industry"));
  CHECK(all.printed("presets of traffic, by workload"));
  CHECK(all.printed("3GPP TR 45.820"));
  const Outcome one = fine({"catalogue", "iot-telemetry"});
  CHECK(one.out == read_file(LONGHAUL_SOURCE_DIR "/sim/scenario/presets/iot-telemetry.yaml"));
  CHECK(fine({"catalogue", "web-search"}).printed("SIGCOMM 2010"));
  const Outcome typo = program({"catalogue", "iot-telemtry"});
  CHECK(typo.status == 2);
  CHECK(typo.out.empty());
  CHECK(typo.err.find("did you mean \"iot-telemetry\"?") != std::string::npos);
}

TEST_CASE("completion knows the verbs and their flags") {
  for (const char* shell : {"bash", "zsh"}) {
    const Outcome outcome = fine({"completion", shell});
    CHECK(outcome.printed("topology"));
    CHECK(outcome.printed("--matrix-scale"));
    CHECK(outcome.printed("storage-replication"));
  }
}
