// `preset:`: what it expands to, what the entry changes of it, and every mistake with its place.
#include "sim/scenario/presets.hpp"

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "sim/base/yaml/node.hpp"
#include "sim/routing/loads.hpp"
#include "sim/scenario/read.hpp"
#include "tests/catch.hpp"
#include "tests/scenario/mistakes.hpp"

using namespace longhaul;
using tests::check_mistakes;

namespace {

/// Five lines, so that what follows starts in line 6.
const std::string network = R"(topology:
  nodes: {A: {weight: 3}, B: {weight: 2}, C: {}}
  links:
    - {id: ab, endpoints: [A, B], capacity: 10G, length: 100 km}
    - {id: bc, endpoints: [B, C], capacity: 10G, length: 100 km}
)";

std::string entry(const std::string& text) { return network + "traffic: [{" + text + "}]\n"; }
std::string hub(const std::string& text) { return entry("matrix: hub, hubs: [A], " + text); }

Scenario read(const std::string& text) { return read_scenario(SourceText("t.yaml", text)); }

double never_used(const DemandSet&) { return 1; }

DemandSet demands_of(const Scenario& s,
                     const std::function<double(const DemandSet&)>& utilization = never_used) {
  return build_demands(*s.network, s.classes, s.sizes, s.traffic, utilization);
}

std::map<std::string, double> rates_by_class(const DemandSet& set) {
  std::map<std::string, double> out;
  for (const Demand& d : set.demands) out[set.classes[d.cls.index()].name] += d.rate.as_double();
  return out;
}

const TrafficClass& class_of(const Scenario& s, const std::string& name) {
  for (const TrafficClass& c : s.classes)
    if (c.name == name) return c;
  FAIL("no class " << name);
  return s.classes[0];
}

yaml::Node tree_of(const Preset& preset) {
  Diagnostics mistakes;
  auto root = yaml::parse(SourceText(preset.name, std::string(preset.yaml)), mistakes);
  REQUIRE_FALSE(mistakes.has_errors());
  return std::move(*root);
}

/// A tree on one line, for comparing.
std::string shown(const yaml::Node& node) {
  std::string out = node.scalar;
  for (const yaml::Node& item : node.items) out += "[" + shown(item) + "]";
  for (const yaml::Entry& e : node.entries) out += "{" + e.key + ":" + shown(e.value) + "}";
  return out;
}

}  // namespace

TEST_CASE("there are presets of five industries and seven workloads") {
  std::map<Preset::Kind, std::vector<std::string>> names;
  for (const Preset& p : presets()) names[p.kind].push_back(p.name);
  CHECK(names[Preset::Kind::industry] ==
        std::vector<std::string>{"education", "enterprise", "government", "healthcare", "telecom"});
  CHECK(names[Preset::Kind::workload] ==
        std::vector<std::string>{"5g-backhaul", "cdn", "cloud-interconnect", "edge-computing",
                                 "iot-telemetry", "storage-replication", "trading"});
  CHECK(find_preset("cdn") != nullptr);
  CHECK(find_preset("CDN") == nullptr);
}

TEST_CASE("every preset says what it is and where its figures are from") {
  for (const Preset& p : presets()) {
    INFO(p.name);
    CHECK(p.summary.size() > 20);
    CHECK(p.sources.size() >= 2);
    CHECK(p.yaml.substr(0, 2) == "# ");
    CHECK(p.yaml.find("ssumption") != std::string_view::npos);  // none is measured throughout
  }
}

TEST_CASE("the shares of every preset add up to the whole") {
  for (const Preset& p : presets()) {
    INFO(p.name);
    double sum = 0;
    const yaml::Node tree = tree_of(p);
    for (const yaml::Node& component : tree.find("traffic")->items) {
      const auto share = parse_fraction(component.find("share")->scalar);
      REQUIRE(share);
      CHECK(*share > 0);
      sum += *share;
    }
    CHECK(std::abs(sum - 1) < 1e-12);
  }
}

TEST_CASE("every preset is a valid scenario by itself, and uses all that it brings") {
  for (const Preset& p : presets()) {
    INFO(p.name);
    const yaml::Node tree = tree_of(p);
    const Scenario s = read(hub("preset: " + p.name + ", total: 1G"));
    CHECK(s.warnings.empty());
    CHECK(s.traffic.size() == tree.find("traffic")->items.size());
    CHECK(s.classes.size() == tree.find("classes")->items.size());
    for (const auto& [name, rate] : rates_by_class(demands_of(s))) CHECK(rate > 0);
    for (const char* key : {"sizes", "flow_sizes"}) {
      if (tree.find(key) == nullptr) continue;
      for (const yaml::Entry& table : tree.find(key)->entries) {
        INFO(table.key);
        const auto uses = [&](const std::string& by) {
          return p.yaml.find(by + ": " + table.key) != std::string_view::npos;
        };
        CHECK((uses("size") || uses("sizes") || uses("flow")));
      }
    }
  }
}

TEST_CASE("a name means the same in every preset that defines it, so that they can be mixed") {
  std::map<std::string, std::string> seen;
  for (const Preset& p : presets()) {
    const yaml::Node tree = tree_of(p);
    const auto add = [&](const std::string& name, const yaml::Node& what) {
      INFO(p.name << ", " << name);
      CHECK(seen.emplace(name, shown(what)).first->second == shown(what));
    };
    for (const yaml::Node& cls : tree.find("classes")->items)
      add("class " + cls.find("name")->scalar, cls);
    for (const char* key : {"sizes", "flow_sizes"})
      if (const yaml::Node* tables = tree.find(key))
        for (const yaml::Entry& e : tables->entries) add(std::string(key) + e.key, e.value);
  }
  std::string all = network + "traffic:\n";
  for (const Preset& p : presets())
    all += "  - {matrix: uniform, total: 1G, preset: " + p.name + "}\n";
  CHECK(rates_by_class(demands_of(read(all))).size() == read(all).classes.size());
}

TEST_CASE("a total is divided by the shares, and met to the bit/s") {
  const Scenario s =
      read(entry("matrix: gravity, preset: enterprise, total: 1000000007"
                 " b/s"));
  const DemandSet set = demands_of(s);
  std::int64_t sum = 0;
  for (const Demand& d : set.demands) sum += d.rate.bps();
  CHECK(sum == 1'000'000'007);
  auto rates = rates_by_class(set);
  CHECK(std::abs(rates["voice"] - 0.08e9) < 2);
  CHECK(std::abs(rates["conferencing"] - 0.25e9) < 3);
  CHECK(std::abs(rates["business"] - 0.37e9) < 4);
  CHECK(std::abs(rates["best-effort"] - 0.25e9) < 3);
  CHECK(std::abs(rates["bulk"] - 0.05e9) < 2);
  CHECK(class_of(s, "voice").priority == 0);
  CHECK(class_of(s, "bulk").priority == 4);
}

TEST_CASE("a rate of a pair and those of a list are divided alike") {
  auto pair = rates_by_class(
      demands_of(read(entry("preset: enterprise, from: A, to: B, rate: 100M, scale: 2"))));
  CHECK(pair["voice"] == 16e6);
  CHECK(pair["bulk"] == 10e6);
  auto list = rates_by_class(
      demands_of(read(entry("preset: enterprise, demands: [{from: A, to: B, rate: 100M}, "
                            "{from: B, to: C, rate: 300M}]"))));
  CHECK(list["voice"] == 32e6);
  CHECK(list["bulk"] == 20e6);
}

TEST_CASE("max_utilization is that of the whole entry") {
  // Frames of 100 B and of 1500 B have not the same share of framing; and up and down fill two
  // directions of a link, of which only the fuller counts.
  for (const char* name : {"iot-telemetry", "enterprise", "cdn", "trading"}) {
    INFO(name);
    const Scenario s = read(hub(std::string("max_utilization: 40 %, preset: ") + name));
    const Routes routes = compute_routes(*s.network, s.routing);
    const auto utilization = wire_utilization(*s.network, routes);
    const DemandSet set = demands_of(s, utilization);
    CHECK(std::abs(utilization(set) - 0.4) < 1e-6);
    // The shares are those of packets, as with `total`.
    const DemandSet total = demands_of(read(hub(std::string("total: 1G, preset: ") + name)));
    double sum = 0;
    for (const Demand& d : set.demands) sum += d.rate.as_double();
    auto rates = rates_by_class(set);
    for (const auto& [cls, rate] : rates_by_class(total))
      CHECK(std::abs(rates[cls] / sum - rate / 1e9) < 1e-6);
  }
}

TEST_CASE("with matrix hub each part goes where it belongs, else as the entry says") {
  for (const Demand& d :
       demands_of(read(hub("preset: cdn, class: all, total: 1G") + "classes: [{name: all}]\n"))
           .demands) {
    const bool requests = d.rate < Rate::mbps(100);
    CHECK((d.to == NodeId(0)) == requests);
  }
  auto forward = rates_by_class(demands_of(read(entry("preset: cdn, from: A, to: C, rate: 1G"))));
  CHECK(forward["video"] == 670e6);
  CHECK(forward["web"] == 330e6);
  const Scenario turned = read(hub("preset: cdn, direction: to-hubs, total: 1G"));
  for (const Demand& d : demands_of(turned).demands) CHECK(d.to == NodeId(0));
}

TEST_CASE("keys of the entry win over the preset's") {
  const Scenario s = read(hub("preset: telecom, total: 1G, size: 700 B, arrivals: cbr"));
  for (const TrafficSpec& spec : s.traffic) {
    CHECK(spec.model == nullptr);
    CHECK(spec.arrivals == Arrivals::cbr);
    CHECK(s.sizes[spec.sizes.index()].mean_bytes() == 700);
  }
  const Scenario one =
      read(network + "classes: [{name: gold, priority: 5}]\n" +
           "traffic: [{preset: telecom, matrix: uniform, total: 1G, class: gold}]\n");
  CHECK(one.classes.size() == 1);  // what the preset does not need is not added
  CHECK(one.classes[0].priority == 5);
}

TEST_CASE("transport takes the place of arrivals, sizes and buckets, and they of it") {
  const Scenario tcp = read(hub("preset: telecom, total: 1G, transport: bbr"));
  for (const TrafficSpec& spec : tcp.traffic) {
    REQUIRE(spec.transport != nullptr);
    CHECK(spec.model == nullptr);
  }
  const Scenario had = read(hub("preset: storage-replication, total: 1G"));
  CHECK(had.traffic[0].transport == nullptr);
  CHECK(had.traffic[1].transport != nullptr);
  const Scenario open =
      read(hub("preset: storage-replication, total: 1G, police: {rate: 1G, burst: 100 kB}"));
  for (const TrafficSpec& spec : open.traffic) {
    CHECK(spec.transport == nullptr);
    CHECK(spec.bucket);
  }
}

TEST_CASE("what the scenario defines stays as it is, whoever else uses it") {
  const Scenario s = read(network + R"(classes:
  - {name: voice, priority: 6}
  - {name: mine}
flow_sizes: {video-segments: [{size: 1 MB, share: 100 %}]}
traffic:
  - {class: mine, from: A, to: B, rate: 1M}
  - {preset: telecom, matrix: hub, hubs: [A], total: 1G}
  - {preset: enterprise, matrix: hub, hubs: [B], total: 1G}
)");
  CHECK(class_of(s, "voice").priority == 6);
  CHECK(s.classes[0].name == "voice");
  CHECK(s.classes[1].name == "mine");
  CHECK(s.classes.size() == 8);  // video, internet; conferencing, business, best-effort, bulk
  const auto& flows = std::get<FlowArrivals>(*s.traffic[1].model);
  CHECK(flows.sizes->mean_bytes() == 1e6);
}

TEST_CASE("two entries of one preset are two wholes") {
  const Scenario s = read(network + R"(traffic:
  - {preset: iot-telemetry, matrix: hub, hubs: [A], total: 1M}
  - {preset: iot-telemetry, matrix: hub, hubs: [B], total: 3M}
)");
  auto rates = rates_by_class(demands_of(s));
  CHECK(rates["telemetry"] == 4e6);
}

TEST_CASE("a service has its own class, whatever is sent in it") {
  const Scenario s = read(network + R"(classes: [{name: gold, priority: high}, {name: rest}]
services: [{name: vpn, type: vpn, sites: [A, B], class: gold}]
traffic: [{preset: enterprise, service: vpn, from: A, to: B, rate: 100M}]
)");
  CHECK(s.classes.size() == 2);
  CHECK(s.traffic.size() == 5);
  for (const TrafficSpec& spec : s.traffic) {
    CHECK(spec.cls == ClassId(0));
    CHECK(spec.service == ServiceId(0));
  }
  CHECK(rates_by_class(demands_of(s))["gold"] == 100e6);
}

TEST_CASE("a preset may be chosen on the command line") {
  const Scenario s = read_scenario(SourceText("t.yaml", hub("preset: cdn, total: 1G")),
                                   {"traffic.0.preset=telecom"});
  CHECK(class_of(s, "voice").name == "voice");
}

TEST_CASE("an unknown preset, with the nearest name") {
  check_mistakes(hub("preset: helthcare, total: 1G"), {"6:44: got \"helthcare\"\n"});
  check_mistakes(hub("preset: helthcare, total: 1G"), {"6:44: did you mean \"healthcare\"?"});
  check_mistakes(hub("preset: [cdn], total: 1G"), {"6:44: trading, got a list"});
  check_mistakes(hub("preset: {name: cdn, share: 1, group: 1}, total: 1G"),
                 {"6:44: trading, got a map"});
}

TEST_CASE("mistakes of an entry are told once, where it stands, with the preset's name") {
  check_mistakes(entry("preset: enterprise, matrix: hub, hubs: [Z], total: 1G"),
                 {"6:52:  \"Z\"; expected one of A, B, C (in preset enterprise)"});
  check_mistakes(entry("preset: enterprise, matrix: gravity"),
                 {"6:40: how much? a model needs `total` (a rate) or `max_utilization` (a share) "
                  "(in preset enterprise)"});
  check_mistakes(entry("preset: cdn, total: 1G"), {"6:11: (in preset cdn)"});
  check_mistakes(hub("preset: cdn, total: 1G, share: 20 %"), {"6:60: unknown key \"share\""});
  check_mistakes(hub("preset: cdn, total: 1G, sise: 20 B"), {"6:60: did you mean \"size\"?"});
  check_mistakes(hub("preset: cdn, total: 1G, class: vidio"), {"6:67: did you mean \"video\"?"});
  check_mistakes(entry("preset: cdn, direction: to-hubs, matrix: gravity, total: 1G"),
                 {"6:36: `direction` only goes with matrix hub (in preset cdn)"});
}

TEST_CASE("a preset has no use for traffic without a rate") {
  check_mistakes(hub("preset: cdn, total: 1G, transport: {protocol: cubic, connections: 3}"),
                 {"6:71: a preset does not go with endless connections"});
  check_mistakes(entry("preset: cdn, from: A, to: B, arrivals: {model: trace, file: x.csv}"),
                 {"6:51: a preset does not go with a trace"});
}

TEST_CASE("what a scenario gets wrong besides is told as well") {
  check_mistakes(network + "classes: [{name: video, prority: 3}]\n" +
                     "traffic: [{preset: cdn, matrix: uniform, total: 1G}]\n",
                 {"6:25: did you mean \"priority\"?"});
  check_mistakes(
      network + "classes: 3\ntraffic: [{preset: cdn, matrix: uniform, total: 1G}]\n",
      {"6:10: got \"3\"", "7:11: there is no class \"video\"; expected default (in preset cdn)",
       "7:11: there is no class \"web\""});
}
