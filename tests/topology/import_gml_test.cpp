// GML of the Topology Zoo: what is read, and every mistake at its place.
#include <filesystem>

#include "sim/topology/import/import.hpp"
#include "tests/catch.hpp"
#include "tests/topology/network_equal.hpp"

using namespace longhaul;
using test::import_mistakes;
using test::import_text;
using test::import_warnings;
using Lines = std::vector<std::string>;

TEST_CASE("GML: every key of the Zoo that means something") {
  const auto read = import_text("zoo.gml", R"(Creator "Zoo Toolset"
# a comment
graph [
  directed 0
  stats [ nodes 3 "deep" [ x 1 ] ]
  Network "M&#252;nchen &amp; friends"
  node [ id 7 label "A" Country "DE" Latitude 48.1 Longitude 11.5 Internal 1 ]
  node [ id 8 label "A" Country "Germany" lat 50 lon 8 ]
  node [ id 9 label "C" lat 52 lon 13 ]
  edge [ source 7 target 8 LinkSpeedRaw 10000000000.0 LinkLabel "about 10" ]
  edge [ source 8 target 9 LinkSpeed "2.5" LinkSpeedUnits "G" dist 423.25 ]
  edge [ source 9 target 7 LinkLabel "40 Gbps" ]
  edge [ source 7 target 8 ]
]
)",
                                Format::gml);
  const NetworkSpec& spec = read.spec;
  CHECK(read.has_network);
  CHECK(spec.name == "M\xC3\xBCnchen & friends");
  CHECK(spec.attributes ==
        Attributes{{"Creator", "Zoo Toolset"}, {"stats", "[ nodes 3 \"deep\" [ x 1 ] ]"}});
  REQUIRE(spec.nodes.size() == 3);
  CHECK(spec.nodes[0].id == "A");
  CHECK(spec.nodes[1].id == "A#2");
  CHECK(spec.nodes[0].country == "DE");
  CHECK(spec.nodes[0].at == GeoPoint{48.1, 11.5});
  CHECK(spec.nodes[0].attributes == Attributes{{"Internal", "1"}});
  CHECK(spec.nodes[1].attributes == Attributes{{"Country", "Germany"}});
  REQUIRE(spec.links.size() == 4);
  CHECK(spec.links[0].capacity == Capacity{1, Rate::gbps(10)});
  CHECK(spec.links[0].attributes == Attributes{{"LinkLabel", "about 10"}});
  CHECK(spec.links[1].capacity == Capacity{1, Rate::mbps(2500)});
  CHECK(spec.links[1].length == Distance::mm(423'250'000));
  CHECK(spec.links[2].capacity == Capacity{1, Rate::gbps(40)});
  CHECK(spec.links[3].capacity == Capacity{1, default_capacity});
  CHECK(spec.links[3].id == "A-A#2#2");
  CHECK_FALSE(spec.links[0].one_way);
}

TEST_CASE("GML: a directed graph has one-way links, and two opposite ones are a link") {
  const auto read =
      import_text("d.gml", R"(graph [ node [ id 0 lat 1 lon 1 ] node [ id 1 lat 2 lon 2 ]
    node [ id 2 lat 3 lon 3 ]
    edge [ source 0 target 1 ] edge [ source 1 target 0 ] edge [ source 1 target 2 ] directed 1 ])",
                  Format::gml);
  REQUIRE(read.spec.links.size() == 2);
  CHECK_FALSE(read.spec.links[0].one_way);
  CHECK(read.spec.links[1].one_way);
}

TEST_CASE("GML: one warning for all capacities that are missing") {
  CHECK(import_warnings(R"(graph [ node [ id 0 lat 1 lon 1 ] node [ id 1 lat 2 lon 2 ]
    edge [ source 0 target 1 ] edge [ source 0 target 1 ] ])",
                        Format::gml) == Lines{"2 links have no capacity; 100G is assumed"});
}

TEST_CASE("GML: a link of a node to itself is left out, and that is said") {
  CHECK(import_warnings(R"(graph [ node [ id 0 lat 1 lon 1 ] node [ id 1 lat 2 lon 2 ]
    edge [ source 0 target 0 ] edge [ source 0 target 1 LinkSpeedRaw 1 ] ])",
                        Format::gml) == Lines{"1 links join a node to itself; they are left out"});
}

TEST_CASE("GML: every mistake, at its place, all at once") {
  CHECK(import_mistakes(R"(graph [
  node [ id 0 label "A" lat 91 lon 1 ]
  node [ id 0 label "B" lat nan lon 1e999 ]
  node [ label "C" ]
  node [ id 4 lat 3 ]
  edge [ source 0 target 5 ]
  edge [ source 0 ]
  edge [ source 4 target 4 ]
  edge [ source 0 target 4 dist -1 ]
  edge [ source 0 target 4 LinkSpeedRaw 0 ]
  edge [ source 0 target 4 LinkSpeedRaw ten ]
  node [ id ]
]
)",
                        Format::gml) ==
        Lines{"2:29: expected a latitude from -90 to 90, got \"91\"",
              "3:13: node \"0\" is given twice", "3:29: expected a latitude, a number, got \"nan\"",
              "3:37: expected a longitude, a number, got \"1e999\"", "4:8: the node has no id",
              "5:19: node \"4\" has a latitude but no longitude", "6:26: there is no node \"5\"",
              "7:8: the edge has no target",
              "9:33: expected a length from 0 to 1000000 km, got \"-1\"",
              "10:41: expected a capacity above 0 (and at most 9.2 Eb/s), got \"0\"",
              "11:41: expected a capacity, a number, got \"ten\"", "12:8: the node has no id",
              "12:10: key \"id\" has no value"});
}

TEST_CASE("GML: brackets and quotes that do not close") {
  CHECK(import_mistakes("graph [\n node [ id 1", Format::gml) == Lines{"2:7: this [ has no ]"});
  CHECK(import_mistakes("graph [\n node [ id \"1 ]\n", Format::gml) ==
        Lines{"2:12: this string has no closing quote"});
  CHECK(import_mistakes("graph [ ] ]", Format::gml).front() == "1:11: a ] without its [");
  CHECK(import_mistakes("Creator 1", Format::gml) == Lines{"1:1: has no graph [ ... ]"});
}

TEST_CASE("GML: nesting of any depth is read in a time that grows with the text") {
  const std::size_t deep = 300'000;
  std::string text = "graph [ a ";
  for (std::size_t i = 0; i < deep; ++i) text += "[ b ";
  CHECK(import_mistakes(text, Format::gml).size() == 1);
}

TEST_CASE("GML: the published files read") {
  const std::filesystem::path folder = std::filesystem::path(LONGHAUL_DATA_DIR) / "topozoo";
  if (!std::filesystem::exists(folder)) {
    WARN("skipped: the folder of published networks is not here");
    return;
  }
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".gml") continue;
    INFO(entry.path());
    const SourceText text = SourceText::read(entry.path().string());
    CHECK(recognise(text) == Format::gml);
    Diagnostics diagnostics;
    const Imported read = import_network(text, Format::gml, diagnostics);
    CHECK_FALSE(diagnostics.has_errors());
    CHECK(read.spec.nodes.size() > 1);
    CHECK(read.spec.links.size() >= read.spec.nodes.size() - 1);
    if (entry.path().stem() == "Abilene") {
      CHECK(read.spec.nodes.size() == 11);
      CHECK(read.spec.links.size() == 14);
      CHECK(read.spec.nodes[0].id == "New York");
      CHECK(read.spec.links[0].length == Distance::m(1'146'160));
    }
    ++files;
  }
  CHECK(files > 0);
}
