// Generated shapes: how many nodes and links, who is joined, and that nothing depends on chance.
#include "sim/topology/generate.hpp"

#include <set>

#include "sim/topology/show.hpp"
#include "sim/topology/topology.hpp"
#include "tests/catch.hpp"

using namespace longhaul;

namespace {

NetworkSpec read(const std::string& generate) {
  Diagnostics diagnostics;
  NetworkSpec spec =
      read_topology(SourceText("t.yaml", "generate: " + generate + "\n"), diagnostics);
  diagnostics.throw_if_errors();
  return spec;
}

TopologySummary shape(const std::string& generate) { return summarize(Network(read(generate))); }

std::string mistake(const std::string& text) {
  Diagnostics diagnostics;
  (void)read_topology(SourceText("t.yaml", text), diagnostics);
  if (diagnostics.all().empty()) return "";
  const Diagnostic& d = diagnostics.all().front();
  return std::to_string(d.where.line) + ":" + std::to_string(d.where.column) + ": " + d.message;
}

}  // namespace

TEST_CASE("a ring") {
  const auto ring = shape("{shape: ring, nodes: 8}");
  CHECK(ring.nodes == 8);
  CHECK(ring.links == 8);
  CHECK(ring.min_degree == 2);
  CHECK(ring.max_degree == 2);
  CHECK(ring.diameter_hops == 4);
  CHECK(ring.cut_links.empty());
  CHECK(ring.cut_nodes.empty());
  CHECK(shape("{shape: ring, nodes: 2}").links == 1);
  CHECK(shape("{shape: ring, nodes: 3}").links == 3);
}

TEST_CASE("a star") {
  const auto star = shape("{shape: star, nodes: 9}");
  CHECK(star.nodes == 9);
  CHECK(star.links == 8);
  CHECK(star.max_degree == 8);
  CHECK(star.min_degree == 1);
  CHECK(star.diameter_hops == 2);
  CHECK(star.cut_links.size() == 8);
  CHECK(star.cut_nodes == std::vector<NodeId>{NodeId{0}});
}

TEST_CASE("a full mesh") {
  const auto mesh = shape("{shape: mesh, nodes: 7}");
  CHECK(mesh.links == 21);
  CHECK(mesh.min_degree == 6);
  CHECK(mesh.diameter_hops == 1);
}

TEST_CASE("a mesh by degree is a Harary graph") {
  for (std::size_t nodes = 3; nodes <= 15; ++nodes) {
    for (std::size_t degree = 2; degree < nodes; ++degree) {
      INFO(nodes << " nodes of degree " << degree);
      const auto spec = read("{shape: mesh, nodes: " + std::to_string(nodes) +
                             ", degree: " + std::to_string(degree) + "}");
      const auto mesh = summarize(Network(spec));
      CHECK(mesh.links == (nodes * degree + 1) / 2);
      CHECK(mesh.min_degree == degree);
      CHECK(mesh.max_degree == degree + (nodes % 2) * (degree % 2));
      CHECK(mesh.components == 1);
      CHECK(mesh.cut_nodes.empty());
      std::set<std::pair<NodeId, NodeId>> pairs;
      for (const Link& link : spec.links) {
        pairs.insert({std::min(link.a, link.b), std::max(link.a, link.b)});
      }
      CHECK(pairs.size() == spec.links.size());
    }
  }
}

TEST_CASE("trees and lines") {
  const auto tree = shape("{shape: tree, branching: 3, depth: 3}");
  CHECK(tree.nodes == 1 + 3 + 9 + 27);
  CHECK(tree.links == tree.nodes - 1);
  CHECK(tree.diameter_hops == 6);
  CHECK(tree.cut_links.size() == tree.links);
  CHECK(shape("{shape: tree, nodes: 6}").nodes == 6);
  const auto line = shape("{shape: line, nodes: 5, spacing: 100 km}");
  CHECK(line.links == 4);
  CHECK(line.diameter_hops == 4);
  // 400 km of fibre at 4.897 us/km.
  CHECK(line.diameter.seconds() == Approx(400 * 1.4682 / 299792.458).epsilon(1e-9));
  CHECK(line.cut_nodes.size() == 3);
}

TEST_CASE("a hybrid nests shapes in shapes") {
  const NetworkSpec spec = read(
      "{shape: hybrid, core: {shape: mesh, nodes: 6, capacity: 1.6T},"
      " metro: {shape: ring, nodes: 8, capacity: 400G, per: core},"
      " access: {shape: star, nodes: 4, capacity: 100G, per: metro}}");
  const auto sum = summarize(Network(spec));
  CHECK(sum.nodes == 6 + 6 * 8 + 48 * 4);
  CHECK(sum.links == 15 + 6 * 9 + 48 * 4);
  CHECK(sum.components == 1);
  CHECK(sum.cut_links.size() == 192);
  const Network network(spec);
  const auto core = network.find_node("core-1");
  const auto metro = network.find_node("metro-1-3");
  const auto access = network.find_node("access-6-8-4");
  REQUIRE(core);
  REQUIRE(metro);
  REQUIRE(access);
  CHECK(network.node(*core).role == Role::core);
  CHECK(network.node(*metro).role == Role::metro);
  CHECK(network.node(*access).role == Role::access);
  const auto link = network.find_link("metro-6-8-access-6-8-4");
  REQUIRE(link);
  CHECK(network.link(*link).capacity.total() == Rate::gbps(100));
  // A ring goes through the node it hangs on.
  CHECK(network.find_link("core-1-metro-1-1").has_value());
  CHECK(network.find_link("metro-1-8-core-1").has_value());
  CHECK(to_yaml(spec) == to_yaml(read("{access: {shape: star, nodes: 4, capacity: 100G},"
                                      " metro: {shape: ring, nodes: 8, capacity: 400G},"
                                      " core: {shape: mesh, nodes: 6, capacity: 1.6T},"
                                      " shape: hybrid}")));
}

TEST_CASE("levels may belong to providers of other tiers") {
  Diagnostics diagnostics;
  const NetworkSpec spec =
      read_topology(SourceText("t.yaml",
                               "providers: [{id: big, tier: 1}]\n"
                               "generate:\n"
                               "  shape: hybrid\n"
                               "  core: {shape: mesh, nodes: 3, provider: big}\n"
                               "  metro: {shape: ring, nodes: 2, tier: 2}\n"
                               "  access: {shape: star, nodes: 1, provider: village, tier: 3}\n"
                               "links: [{endpoints: [metro-1-1, metro-2-1], length: 10 km}]\n"),
                    diagnostics);
  CHECK(diagnostics.all().empty());
  REQUIRE(spec.providers.size() == 5);
  CHECK(spec.providers[0].id == "big");
  CHECK(spec.providers[1].id == "metro-1");
  CHECK(spec.providers[1].tier == 2);
  CHECK(spec.providers[4].id == "village");
  const Network network(spec);
  const Link& transit = network.link(*network.find_link("core-2-metro-2-1"));
  CHECK(transit.relation == Relation::transit);
  CHECK(network.providers()[transit.customer.index()].id == "metro-2");
  CHECK(network.link(*network.find_link("metro-1-1-metro-2-1")).relation == Relation::peer);
}

TEST_CASE("a center gives coordinates, and changes no delay") {
  const NetworkSpec flat = read("{shape: ring, nodes: 5}");
  const NetworkSpec geo = read("{shape: ring, nodes: 5, center: [48.1, 11.6]}");
  REQUIRE(geo.nodes[0].at.has_value());
  CHECK(geo.nodes[0].at->latitude == Approx(48.1).margin(5));
  CHECK(flat.links[0].delay == geo.links[0].delay);
  CHECK(flat.links[0].length == Distance::km(300));
}

TEST_CASE("what cannot be generated says why") {
  CHECK(mistake("generate: {shape: ring}\n") ==
        "1:11: missing key \"nodes\" of a ring: expected how many it has");
  CHECK(mistake("generate: {nodes: 3}\n").find("1:11: missing key \"shape\"") == 0);
  CHECK(mistake("generate: {shape: rong, nodes: 3}\n") ==
        "1:19: expected ring, star, mesh, tree, line or hybrid, got \"rong\"");
  CHECK(mistake("generate: {shape: mesh, nodes: 5, degree: 5}\n") ==
        "1:43: a mesh of 5 nodes has a degree of at most 4, got 5");
  CHECK(mistake("generate: {shape: ring, nodes: 5, degree: 2}\n") ==
        "1:43: a degree is for `shape: mesh`, not ring");
  CHECK(mistake("generate: {shape: mesh, nodes: 100000}\n")
            .find("1:11: this would make 100000 nodes and 4999950000 links") == 0);
  CHECK(mistake("generate: {shape: tree, branching: 1000, depth: 60}\n") ==
        "1:11: this tree would have more than 1000000 nodes");
  CHECK(mistake("generate: {shape: hybrid}\n").find("1:11: a hybrid needs levels") == 0);
  CHECK(mistake("generate: {shape: ring, nodes: 3, core: {shape: ring, nodes: 3}}\n") ==
        "1:41: levels such as this are for `shape: hybrid`");
  CHECK(mistake("generate: {shape: hybrid, core: {shape: ring, nodes: 3, per: metr}, "
                "metro: {shape: ring, nodes: 3}}\n") == "1:62: there is no level \"metr\"");
  CHECK(mistake("generate: {shape: hybrid, core: {shape: ring, nodes: 3, per: metro}, "
                "metro: {shape: ring, nodes: 3}}\n") ==
        "1:62: level \"core\" hangs on itself by way of `per`");
  CHECK(mistake("generate: {shape: ring, nodes: 3, provider: x}\n") ==
        "1:45: provider \"x\" is not defined; list it under `providers`, or give its `tier`");
  CHECK(mistake("generate: {shape: ring, nodes: 3}\nnodes: {core-2: {}}\n") ==
        "2:9: node \"core-2\" is given twice; `generate` makes one");
}
