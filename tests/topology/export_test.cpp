// GeoJSON and DOT as other programs read them.
#include "sim/topology/export/export.hpp"

#include "sim/topology/topology.hpp"
#include "tests/catch.hpp"
#include "tests/topology/samples.hpp"

using namespace longhaul;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string squeezed(const std::string& text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '\n') out += c;
  return out;
}

}  // namespace

TEST_CASE("the format is the ending's") {
  CHECK(export_format_of("a.yaml") == ExportFormat::yaml);
  CHECK(export_format_of("a.b/c.graphml") == ExportFormat::graphml);
  CHECK(export_format_of("a.geojson") == ExportFormat::geojson);
  CHECK(export_format_of("a.gv") == ExportFormat::dot);
  CHECK_FALSE(export_format_of("dot"));
  CHECK_FALSE(export_format_of(".dot"));
  const NetworkSpec spec = test::full_spec();
  CHECK(export_network(spec, ExportFormat::yaml) == to_yaml(spec));
  CHECK(export_network(spec, ExportFormat::dot) == to_dot(spec));
}

TEST_CASE("GeoJSON: longitude first, no geometry without coordinates") {
  const std::string json = squeezed(to_geojson(test::full_spec()));
  CHECK(has(json, "{\"type\":\"Point\",\"coordinates\":[-74.01,40.71]}"));
  CHECK(has(json, "\"site\":[\"60Hudson\",\"1118th\"]"));
  CHECK(has(
      json,
      "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"kind\":\"node\",\"id\":\"lab\""));
  CHECK(has(json, "\"capacity_bps\":3200000000000,\"members\":8,\"medium\":\"submarine\""));
}

TEST_CASE("GeoJSON: a line over the antimeridian is cut there (RFC 7946, 3.1.9)") {
  NetworkSpec spec = test::full_spec();
  spec.nodes[0].at = GeoPoint{10, 170};
  spec.nodes[1].at = GeoPoint{20, -160};  // 30 degrees on; 10 of them to the edge
  spec.nodes[1].at->latitude = 40;        // so a third of the way up
  const std::string json = squeezed(to_geojson(spec));
  CHECK(has(json,
            "{\"type\":\"MultiLineString\",\"coordinates\":[[[170.0,10.0],[180.0,20.0]],"
            "[[-180.0,20.0],[-160.0,40.0]]]}"));
}

TEST_CASE("GeoJSON of hostile names is still JSON in UTF-8") {
  NetworkSpec spec = test::full_spec();
  spec.nodes[0].id = "\"\\\x01\xFF";
  CHECK(has(to_geojson(spec), "\"id\": \"\\\"\\\\\\u0001\xEF\xBF\xBD\""));
}

TEST_CASE("DOT: quoted names, one-way arrows, no way out of a string") {
  NetworkSpec spec = test::full_spec();
  std::string dot = to_dot(spec);
  CHECK(has(dot, "graph \"full\" {"));
  CHECK(has(dot, "\"NYC\" [label=\"New York\", pos=\"-74.01,40.71!\"];"));
  CHECK(has(dot, "\"NYC\" -- \"TYO\" [label=\"8x400G\"];"));
  CHECK(has(dot, ", dir=forward];"));
  spec.nodes[0].id = "a\"]; b [\\";
  dot = to_dot(spec);
  CHECK(has(dot, "\"a\\\"]; b [\\\\\" [label="));
}

TEST_CASE("GraphML: what XML forbids is escaped") {
  NetworkSpec spec = test::full_spec();
  spec.name = "<&>\"\x01";
  CHECK(has(to_graphml(spec), ">&lt;&amp;&gt;&quot;\\x01<"));
}
