// Topologies in YAML: what is read, every mistake at its place, and the round trip.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "sim/base/yaml/node.hpp"
#include "sim/network/delay.hpp"
#include "sim/topology/topology.hpp"
#include "tests/catch.hpp"

using namespace longhaul;

namespace {

using Lines = std::vector<std::string>;

/// "line:column: message [hint]" of every mistake, in the order of the text.
Lines mistakes(const std::string& text) {
  Diagnostics diagnostics;
  (void)read_topology(SourceText("t.yaml", text), diagnostics);
  Lines out;
  try {
    diagnostics.throw_if_errors();
  } catch (const InputError& e) {
    for (const auto& d : e.diagnostics()) {
      out.push_back(std::to_string(d.where.line) + ":" + std::to_string(d.where.column) + ": " +
                    d.message + (d.hint.empty() ? "" : " [" + d.hint + "]"));
    }
  }
  return out;
}

NetworkSpec read(const std::string& text) {
  Diagnostics diagnostics;
  NetworkSpec spec = read_topology(SourceText("t.yaml", text), diagnostics);
  diagnostics.throw_if_errors();
  return spec;
}

const std::string two_nodes = "nodes: {A: , B: }\n";

class TempFolder {
 public:
  TempFolder()
      : path_(std::filesystem::temp_directory_path() /
              ("longhaul-topology-test-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
    return file.string();
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

std::string first_error(const std::string& path) {
  try {
    (void)load_topology(path);
  } catch (const InputError& e) {
    return e.diagnostics().front().message;
  }
  return "";
}

}  // namespace

TEST_CASE("the example of the vocabulary reads as it says") {
  const NetworkSpec spec = read(R"(
name: transatlantic
providers:
  - {id: acme, tier: 1, asn: 64500}
defaults: {capacity: 400G, medium: fiber, provider: acme}
nodes:
  NYC: {at: [40.71, -74.01], role: core, region: us, country: US}
  LON: {at: [51.51, -0.13],  role: core, region: eu, country: GB}
links:
  - {endpoints: [NYC, LON], capacity: 8x400G, medium: submarine, length: 5600 km, risk: [cable-a]}
  - {endpoints: [NYC, LON], medium: submarine}
  - {id: sat, endpoints: [LON, NYC], delay: 250 ms, metric: [10, 20], framing: none, one_way: true}
)");
  CHECK(spec.name == "transatlantic");
  REQUIRE(spec.providers.size() == 1);
  CHECK(spec.providers[0].asn == 64500);
  REQUIRE(spec.nodes.size() == 2);
  CHECK(spec.nodes[0].at == GeoPoint{40.71, -74.01});
  CHECK(spec.regions == std::vector<std::string>{"us", "eu"});
  CHECK(spec.nodes[1].country == "GB");
  REQUIRE(spec.links.size() == 3);
  CHECK(spec.links[0].id == "NYC-LON");
  CHECK(spec.links[1].id == "NYC-LON#2");
  CHECK(spec.links[0].capacity == Capacity{8, Rate::gbps(400)});
  CHECK(spec.links[1].capacity == Capacity{1, Rate::gbps(400)});
  CHECK(spec.links[0].risk == std::vector<std::string>{"cable-a"});
  // 5600 km x 1.4682 / 299792.458 km/s = 27.425 ms.
  CHECK(spec.links[0].delay.seconds() == Approx(5600 * 1.4682 / 299792.458).epsilon(1e-9));
  // The great circle is 5570 km or so; a cable at sea is taken as 1.2 times that.
  CHECK(great_circle(*spec.nodes[0].at, *spec.nodes[1].at).kilometres() ==
        Approx(5585).epsilon(0.005));
  CHECK(spec.links[1].delay.seconds() ==
        Approx(1.2 * great_circle(*spec.nodes[0].at, *spec.nodes[1].at).kilometres() * 1.4682 /
               299792.458)
            .epsilon(1e-9));
  CHECK(spec.links[2].delay == Duration::ms(250));
  CHECK(spec.links[2].metric_ab == 10);
  CHECK(spec.links[2].metric_ba == 20);
  CHECK(spec.links[2].framing == Framing::none);
  const Network network(spec);
  CHECK_FALSE(network.port(Network::backward(LinkId{2})).exists);
  CHECK(network.port(Network::forward(LinkId{0})).overhead == 24);
  CHECK(network.port(Network::forward(LinkId{2})).overhead == 0);
}

TEST_CASE("relations between providers follow their tiers") {
  const NetworkSpec spec = read(R"(
providers: [{id: one, tier: 1}, {id: uno, tier: 1}, {id: two, tier: 2}]
nodes: {A: {provider: one}, B: {provider: uno}, C: {provider: two}, D: {provider: two}}
links:
  - {endpoints: [A, B], delay: 1 ms}
  - {endpoints: [A, C], delay: 1 ms}
  - {endpoints: [C, D], delay: 1 ms}
  - {endpoints: [A, B], delay: 1 ms, customer: one}
  - {endpoints: [B, C], delay: 1 ms, relation: peer}
)");
  CHECK(spec.links[0].relation == Relation::peer);
  CHECK(spec.links[1].relation == Relation::transit);
  CHECK(spec.links[1].customer == ProviderId{2});
  CHECK(spec.links[2].relation == Relation::internal);
  CHECK(spec.links[3].relation == Relation::transit);
  CHECK(spec.links[3].customer == ProviderId{0});
  CHECK(spec.links[4].relation == Relation::peer);
}

TEST_CASE("wavelengths become a capacity that the length allows") {
  const NetworkSpec spec =
      read(two_nodes + "links: [{endpoints: [A, B], length: 100 km, wavelengths: 4}]\n");
  CHECK(spec.links[0].capacity.members == 4);
  CHECK(spec.links[0].capacity.rate >= Rate::gbps(100));
  CHECK(mistakes(two_nodes + "links: [{endpoints: [A, B], length: 100000 km, wavelengths: 4}]\n")
            .at(0)
            .find("2:61: no wavelength of the catalogue carries this over 100000 km of fiber") ==
        0);
  CHECK(mistakes(two_nodes +
                 "links: [{endpoints: [A, B], delay: 1 ms, wavelengths: 4, capacity: 1G}]\n") ==
        Lines{"2:55: a link has either `wavelengths` or `capacity`, not both"});
}

TEST_CASE("every mistake of a topology has its place") {
  SECTION("names") {
    CHECK(mistakes(two_nodes + "links: [{endpoints: [A, C], delay: 1 ms}]\n") ==
          Lines{"2:25: there is no node \"C\" [did you mean \"A\"?]"});
    CHECK(mistakes("nodes:\n  NYC: {}\n  LON: {}\n  NYC: {}\n") ==
          Lines{"4:3: \"NYC\" is given twice; it already stands in line 2"});
    CHECK(mistakes("providers: [{id: acme}]\nnodes: {A: {provider: acmee}}\n") ==
          Lines{"2:23: provider \"acmee\" is not defined under `providers` [did you mean "
                "\"acme\"?]"});
    CHECK(mistakes("providers: [{id: a}, {id: a}]\nnodes: {A: }\n") ==
          Lines{"1:27: provider \"a\" is given twice"});
    CHECK(mistakes("providers: [{id: a}, {id: b}]\nnodes: {A: }\n") ==
          Lines{"2:9: node \"A\" has no provider, and there are 2 to choose from; expected "
                "`provider` here or under `defaults`"});
    CHECK(mistakes("providers: [{id: a}]\ndefaults: {provider: z}\nnodes: {A: }\n") ==
          Lines{"2:22: provider \"z\" is not defined under `providers` [did you mean \"a\"?]"});
    CHECK(mistakes(two_nodes + "links:\n  - {id: x, endpoints: [A, B], delay: 1 ms}\n"
                               "  - {id: x, endpoints: [A, B], delay: 1 ms}\n") ==
          Lines{"4:5: link \"x\" is given twice [parallel links need ids of their own, or none]"});
  }
  SECTION("figures") {
    CHECK(mistakes(two_nodes + "links: [{endpoints: [A, B], delay: 1 ms, capacity: 0G}]\n") ==
          Lines{"2:52: expected a capacity such as 400G or 8x100G, got \"0G\": must be above 0"});
    CHECK(mistakes(two_nodes + "links: [{endpoints: [A, B], delay: 1 ms, capacity: 10}]\n") ==
          Lines{"2:52: expected a capacity such as 400G or 8x100G, got \"10\": the unit is "
                "missing"});
    CHECK(mistakes(two_nodes + "links: [{endpoints: [A, B], delay: -1 ms}]\n") ==
          Lines{"2:36: expected a duration such as 12 ms or 1.5 s, got \"-1 ms\": must be 0 or "
                "more"});
    CHECK(mistakes(two_nodes + "links: [{endpoints: [A, B], length: -1 km}]\n").size() == 1);
    CHECK(mistakes(two_nodes + "links: [{endpoints: [A, B], delay: 1 ms, metric: 0}]\n") ==
          Lines{"2:50: expected a whole number from 1 to 4294967295, got \"0\""});
    CHECK(mistakes("providers: [{id: a, tier: 4}]\nnodes: {A: }\n") ==
          Lines{"1:27: expected a whole number from 1 to 3, got \"4\""});
    CHECK(mistakes("nodes: {A: {weight: -1}}\n").size() == 1);
  }
  SECTION("geometry") {
    CHECK(mistakes("nodes: {A: {at: [1, 2]}, B: }\nlinks: [{endpoints: [A, B]}]\n") ==
          Lines{"2:9: the delay of link \"A-B\" is unknown: expected `delay`, `length`, or "
                "coordinates (`at`) of both ends; B has none"});
    CHECK(mistakes("nodes: {A: {at: [91, 2]}}\n") ==
          Lines{"1:18: expected a latitude from -90 to 90, got \"91\" [latitude comes before "
                "longitude]"});
    CHECK(mistakes("nodes: {A: {at: [1, 181]}}\n") ==
          Lines{"1:21: expected a longitude from -180 to 180, got \"181\""});
    CHECK(mistakes("nodes: {A: {at: [1]}}\n") ==
          Lines{"1:17: expected [latitude, longitude] in degrees, such as [40.71, -74.01], got a "
                "list"});
    CHECK(mistakes("nodes: {A: {at: [1, nan]}}\n").size() == 1);
  }
  SECTION("shape of the text") {
    CHECK(mistakes("") == Lines{"0:0: is empty; expected YAML"});
    CHECK(mistakes("hello\n") == Lines{"1:1: expected a map: a topology, got \"hello\""});
    CHECK(mistakes("name: x\n") == Lines{"1:1: has no nodes; expected `nodes` or `generate`"});
    CHECK(mistakes("nodes: {A: {roel: core, country: usa}}\n") ==
          Lines{"1:13: unknown key \"roel\" of a node; expected one of label, at, position, role, "
                "provider, region, country, weight, latency, attributes [did you mean \"role\"?]",
                "1:34: expected a country as two capital letters (ISO 3166-1), such as US, got "
                "\"usa\""});
    CHECK(
        mistakes(two_nodes + "links: [{endpoints: [A, B, A], delay: 1 ms}, 7, {delay: 1 ms}]\n") ==
        Lines{"2:21: expected 2 in this list, got 3", "2:46: expected a map: a link, got \"7\"",
              "2:49: missing key \"endpoints\" of a link: expected a list of 2, each a name"});
    CHECK(mistakes(two_nodes + "links: [{endpoints: [A, A], delay: 1 ms}]\n") ==
          Lines{"2:9: link \"A-A\" joins \"A\" to itself"});
    CHECK(mistakes(two_nodes + "links: [{endpoints: [A, B], delay: 1 ms, medium: fibre}]\n") ==
          Lines{"2:50: expected fiber, submarine, microwave or satellite, got \"fibre\" [did you "
                "mean \"fiber\"?]"});
  }
  SECTION("business") {
    const std::string head =
        "providers: [{id: a}, {id: b}, {id: c}]\n"
        "nodes: {A: {provider: a}, B: {provider: b}, C: {provider: a}}\n";
    CHECK(mistakes(head + "links: [{endpoints: [A, B], delay: 1 ms, customer: c}]\n") ==
          Lines{"3:9: the customer \"c\" of link \"A-B\" is at neither end [expected a or b]"});
    CHECK(mistakes(head + "links: [{endpoints: [A, B], delay: 1 ms, relation: transit}]\n") ==
          Lines{"3:9: link \"A-B\" is transit between providers of the same tier [say who pays: "
                "customer: a or b]"});
    CHECK(mistakes(head + "links: [{endpoints: [A, B], delay: 1 ms, relation: internal}]\n") ==
          Lines{"3:52: an internal link joins \"a\" and \"b\" [expected peer or transit]"});
    CHECK(mistakes(head + "links: [{endpoints: [A, C], delay: 1 ms, relation: peer}]\n") ==
          Lines{"3:9: link \"A-C\" is peer, but both ends belong to \"a\" [expected internal]"});
    CHECK(mistakes(head +
                   "links: [{endpoints: [A, B], delay: 1 ms, relation: peer, customer: a}]\n") ==
          Lines{"3:68: a customer is for transit, not for a link that is peer"});
  }
}

TEST_CASE("what is written reads back the same") {
  const NetworkSpec spec = read(R"(
name: "a: strange name"
source: 'somebody''s "list"'
description: two lines
attributes: {k: [v1, v2], other: "#x"}
providers: [{id: one, tier: 1, asn: 64500, name: One Inc.}, {id: two, tier: 3}]
defaults: {provider: one}
nodes:
  "NO": {label: Oslo, at: [59.9139, 10.7522], region: "no", country: "NO", weight: 0.1, latency: 1.5 us}
  "a.b": {position: [0.1, -3], role: access, provider: two, attributes: {x: "1", y: ""}}
  "null": {at: [-33.333333333333336, 151.2], region: "no"}
links:
  - {endpoints: ["NO", "null"], capacity: 9.95328G, medium: submarine}
  - {endpoints: ["NO", "null"], capacity: 8x100G, length: 12345.678 km, risk: [duct, "a,b"]}
  - {id: "NO-null#3", endpoints: ["null", "NO"], delay: 1.234567 ms, length: 3 km, metric: [1, 2]}
  - {endpoints: ["NO", "a.b"], delay: 7 ps, framing: none, one_way: true, attributes: {z: [1, 2]}}
)");
  const std::string written = to_yaml(spec);
  INFO(written);
  const NetworkSpec again = read(written);
  CHECK(to_yaml(again) == written);
  CHECK(again.name == spec.name);
  CHECK(again.source == spec.source);
  CHECK(again.attributes == spec.attributes);
  CHECK(again.regions == spec.regions);
  REQUIRE(again.nodes.size() == spec.nodes.size());
  for (std::size_t i = 0; i < spec.nodes.size(); ++i) {
    const Node& x = spec.nodes[i];
    const Node& y = again.nodes[i];
    CHECK(x.id == y.id);
    CHECK(x.label == y.label);
    CHECK(x.at == y.at);
    CHECK(x.position == y.position);
    CHECK(x.role == y.role);
    CHECK(x.provider == y.provider);
    CHECK(x.region == y.region);
    CHECK(x.country == y.country);
    CHECK(x.weight == y.weight);
    CHECK(x.latency == y.latency);
    CHECK(x.attributes == y.attributes);
  }
  REQUIRE(again.links.size() == spec.links.size());
  for (std::size_t i = 0; i < spec.links.size(); ++i) {
    const Link& x = spec.links[i];
    const Link& y = again.links[i];
    CHECK(x.id == y.id);
    CHECK(x.a == y.a);
    CHECK(x.b == y.b);
    CHECK(x.capacity == y.capacity);
    CHECK(x.medium == y.medium);
    CHECK(x.length == y.length);
    CHECK(x.delay == y.delay);
    CHECK(x.delay_given == y.delay_given);
    CHECK(x.metric_ab == y.metric_ab);
    CHECK(x.metric_ba == y.metric_ba);
    CHECK(x.framing == y.framing);
    CHECK(x.one_way == y.one_way);
    CHECK(x.relation == y.relation);
    CHECK(x.customer == y.customer);
    CHECK(x.risk == y.risk);
    CHECK(x.attributes == y.attributes);
  }
}

TEST_CASE("includes are merged first; a cycle and a repeated node are errors") {
  const TempFolder folder;
  folder.write("eu/base.yaml",
               "nodes: {A: {at: [1, 1]}, B: {at: [2, 2]}}\nlinks: [{endpoints: [A, B]}]\n");
  const std::string top = folder.write("top.yaml",
                                       "name: both\ninclude: eu/base.yaml\nnodes: {C: {at: [3, "
                                       "3]}}\nlinks: [{endpoints: [B, C]}]\n");
  const NetworkPtr network = load_topology(top);
  CHECK(network->nodes().size() == 3);
  CHECK(network->links().size() == 2);
  CHECK(network->find_node("C").has_value());

  folder.write("x.yaml", "include: y.yaml\nnodes: {X: }\n");
  const std::string y = folder.write("y.yaml", "include: [x.yaml]\nnodes: {Y: }\n");
  CHECK(first_error(y).find("this include makes a cycle: ") == 0);
  const std::string self = folder.write("self.yaml", "include: self.yaml\nnodes: {X: }\n");
  CHECK(first_error(self).find("this include makes a cycle: ") == 0);
  const std::string twice = folder.write("twice.yaml", "include: eu/base.yaml\nnodes: {A: }\n");
  CHECK(first_error(twice).find("\"A\" is given twice; it already stands in ") == 0);
  const std::string absent = folder.write("absent.yaml", "include: nowhere.yaml\nnodes: {A: }\n");
  CHECK(first_error(absent).find("cannot include ") == 0);
  CHECK(first_error(absent).find("there is no such file") != std::string::npos);
}

TEST_CASE("the defaults of an included file hold for its own nodes and links only") {
  const TempFolder folder;
  folder.write("east.yaml",
               "providers: [{id: east, tier: 2}]\n"
               "defaults: {provider: east, capacity: 100G, country: DE}\n"
               "nodes: {A: {at: [1, 1]}, B: {at: [2, 2], country: FR}}\n"
               "links: [{endpoints: [A, B]}]\n");
  // One provider and no word who runs what: it runs all of its file.
  folder.write("west.yaml",
               "providers: [{id: west, tier: 2}]\n"
               "nodes: {C: {at: [3, 3]}, D: {at: [4, 4]}}\n"
               "links: [{endpoints: [C, D]}]\n");
  const NetworkPtr network = load_topology(
      folder.write("both.yaml", "include: [east.yaml, west.yaml]\nlinks: [{endpoints: [B, C]}]\n"));
  const auto provider_of = [&](const char* node) {
    return network->providers()[network->node(*network->find_node(node)).provider.index()].id;
  };
  CHECK(provider_of("A") == "east");
  CHECK(provider_of("D") == "west");
  CHECK(network->node(*network->find_node("A")).country == "DE");
  CHECK(network->node(*network->find_node("B")).country == "FR");
  CHECK(network->node(*network->find_node("C")).country.empty());
  CHECK(network->links()[0].capacity.total() == Rate::gbps(100));
  CHECK(network->links()[1].capacity.total() == Rate::gbps(10));
  CHECK(network->links()[2].capacity.total() == Rate::gbps(10));
  CHECK(network->links()[2].relation == Relation::peer);

  // Nor do the defaults of the including file reach the included ones.
  const NetworkPtr outer = load_topology(
      folder.write("outer.yaml",
                   "include: west.yaml\ndefaults: {capacity: 1G}\nnodes: {E: {at: [5, 5]}}\n"
                   "links: [{endpoints: [D, E]}]\n"));
  CHECK(outer->links()[0].capacity.total() == Rate::gbps(10));
  CHECK(outer->links()[1].capacity.total() == Rate::gbps(1));

  folder.write("wrong.yaml",
               "defaults: {capacty: 10G, medium: glass}\n"
               "nodes: {A: {at: [1, 1]}, B: {at: [2, 2]}}\n"
               "links: [{endpoints: [A, B]}, {endpoints: [B, A]}]\n");
  const std::string top = folder.write("top.yaml", "include: wrong.yaml\n");
  try {
    load_topology(top);
    FAIL("accepted");
  } catch (const InputError& e) {
    CHECK(e.diagnostics().size() == 2);  // each once
  }
}

TEST_CASE("a topology within another text may include too") {
  const TempFolder folder;
  folder.write("net/base.yaml", "nodes: {A: {at: [1, 1]}, B: {at: [2, 2]}}\n");
  const std::string scenario =
      folder.write("s.yaml", "topology: {include: net/base.yaml, links: [{endpoints: [A, B]}]}\n");
  Diagnostics diagnostics;
  const auto root = yaml::parse(SourceText::read(scenario), diagnostics);
  REQUIRE(root);
  const NetworkSpec spec = read_topology(*root->find("topology"), diagnostics);
  CHECK(diagnostics.all().empty());
  CHECK(spec.nodes.size() == 2);
  CHECK(spec.links.size() == 1);
}

TEST_CASE("files that are no topology end in one mistake") {
  const TempFolder folder;
  CHECK(first_error(folder.path()) == "is a directory; expected a file");
  CHECK(first_error(folder.path() + "/nothing.yaml") == "there is no such file");
  CHECK(first_error(folder.write("empty.yaml", "")) == "is empty; expected YAML");
  CHECK(first_error(folder.write("nul.yaml", std::string("name: a\0b\n", 10))) ==
        "holds a NUL byte; expected UTF-8 text");
  const std::string big = folder.write("big.yaml", "x");
  std::filesystem::resize_file(big, std::uintmax_t{1} << 30);  // sparse: takes no room
  CHECK(first_error(big).find("is larger than 64 MiB") == 0);
}

TEST_CASE("the schema is JSON with every key of the table") {
  const std::string schema = topology_json_schema();
  for (const char* key : {"\"endpoints\"", "\"generate\"", "\"providers\"", "\"wavelengths\""}) {
    CHECK(schema.find(key) != std::string::npos);
  }
  CHECK(topology_reference().find("## link") != std::string::npos);
}
