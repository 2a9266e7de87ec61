// What is written reads back to the same network: YAML and GraphML, of hostile names and of every
// published file.
#include <filesystem>

#include "sim/topology/export/export.hpp"
#include "sim/topology/topology.hpp"
#include "tests/catch.hpp"
#include "tests/topology/network_equal.hpp"
#include "tests/topology/samples.hpp"

using namespace longhaul;
using test::difference;

namespace {

/// No difference; compared with, so that a failure shows what differs.
const std::string same;

NetworkSpec by_yaml(const NetworkSpec& spec) {
  Diagnostics diagnostics;
  NetworkSpec read = read_topology(SourceText("round.yaml", to_yaml(spec)), diagnostics);
  diagnostics.throw_if_errors();
  return read;
}

NetworkSpec by_graphml(const NetworkSpec& spec) {
  return test::import_text("round.graphml", to_graphml(spec), Format::graphml).spec;
}

}  // namespace

TEST_CASE("every field survives YAML and GraphML") {
  const NetworkSpec spec = test::full_spec();
  CHECK(difference(spec, by_graphml(spec)).empty());
  CHECK(difference(spec, by_yaml(spec)).empty());
  CHECK(recognise(SourceText("x", to_graphml(spec))) == Format::graphml);
}

TEST_CASE("a difference would be seen") {
  const NetworkSpec spec = test::full_spec();
  NetworkSpec other = spec;
  other.links[0].risk.pop_back();
  CHECK(difference(spec, other) == "link " + spec.links[0].id + ": risk");
}

TEST_CASE("hostile names survive YAML and GraphML") {
  const std::string bad[] = {"<>&\"'", "]]>", " lead and trail ", "a\\b\\", "\\x41", "M\xC3\xBC",
                             "null",   "1e3", "- a: b",           "#c",     "@"};
  const std::string unprintable[] = {"tab\tx", "two\nlines", "cr\rx", "\x01\x1F", "\x7F", " "};
  NetworkSpec spec = test::full_spec();
  for (const std::size_t length : {1000U, 1025U, 5000U}) {  // YAML's plain keys end at 1024
    spec.nodes[0].id = std::string(length, 'n');
    spec.nodes[1].attributes = {{std::string(length, 'k'), "v"}, {"b", "c"}};
    CHECK(difference(spec, by_graphml(spec)) == same);
    CHECK(difference(spec, by_yaml(spec)) == same);
  }
  for (const std::string& text : bad) {
    INFO(text);
    spec.name = spec.source = text;
    spec.nodes[0].id = spec.nodes[0].label = text;
    spec.nodes[1].attributes = {{text, text}, {text, "again"}};
    spec.links[0].id = text;
    spec.links[0].risk = {text};
    CHECK(difference(spec, by_graphml(spec)) == same);
    CHECK(difference(spec, by_yaml(spec)) == same);
  }
  for (const std::string& text : unprintable) {  // not in names, but free texts may hold them
    INFO(text);
    spec.source = spec.nodes[0].label = text;
    spec.nodes[1].attributes = {{"k", text}};
    CHECK(difference(spec, by_graphml(spec)) == same);
    CHECK(difference(spec, by_yaml(spec)) == same);
  }
}

TEST_CASE("every published network survives YAML and GraphML") {
  namespace fs = std::filesystem;
  if (!fs::exists(LONGHAUL_DATA_DIR)) {
    WARN("skipped: the folder of published networks is not here");
    return;
  }
  std::size_t networks = 0;
  for (const auto& entry : fs::recursive_directory_iterator(LONGHAUL_DATA_DIR)) {
    const std::string ending = entry.path().extension().string();
    if (!entry.is_regular_file() || ending == ".md" || ending == ".txt") continue;
    if (entry.path().filename() == "expected.json") continue;
    INFO(entry.path().string());
    const SourceText text = SourceText::read(entry.path().string());
    const auto format = recognise(text);
    REQUIRE(format);
    if (*format == Format::repetita_demands || *format == Format::ns3_demands) continue;
    Diagnostics diagnostics;
    const NetworkSpec spec = import_network(text, *format, diagnostics).spec;
    diagnostics.throw_if_errors();
    CHECK(difference(spec, by_yaml(spec)) == same);
    CHECK(difference(spec, by_graphml(spec)) == same);
    ++networks;
  }
  CHECK(networks > 100);
}
