// The schema and the reader come from the same tables; here what the schema says is compared with
// what the reader does, by a small validator of the part of JSON Schema that is used.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <string>

#include "sim/base/yaml/node.hpp"
#include "sim/scenario/read.hpp"
#include "tests/catch.hpp"

using namespace longhaul;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// YAML to JSON as an editor reads it (YAML 1.2 core schema).
json to_json(const yaml::Node& node) {
  if (node.is_list()) {
    json out = json::array();
    for (const yaml::Node& item : node.items) out.push_back(to_json(item));
    return out;
  }
  if (node.is_map()) {
    json out = json::object();
    for (const yaml::Entry& entry : node.entries) out[entry.key] = to_json(entry.value);
    return out;
  }
  if (!node.is_scalar()) return nullptr;
  if (node.quoted) return node.scalar;
  if (node.scalar == "true") return true;
  if (node.scalar == "false") return false;
  static const std::regex integer("[-+]?[0-9]+");
  static const std::regex number("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  if (std::regex_match(node.scalar, integer)) return std::stoll(node.scalar);
  if (std::regex_match(node.scalar, number)) return std::stod(node.scalar);
  return node.scalar;
}

bool has_type(const json& value, const std::string& type) {
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  return type == value.type_name();
}

/// Empty if `value` is valid, else what is not.
std::string violation(const json& value, const json& schema, const std::string& at) {
  if (schema.contains("type")) {
    const json types = schema["type"].is_array() ? schema["type"] : json::array({schema["type"]});
    const bool any =
        std::any_of(types.begin(), types.end(), [&](const json& t) { return has_type(value, t); });
    if (!any) return at + ": type " + types.dump() + ", got " + value.dump();
  }
  if (schema.contains("const") && value != schema["const"])
    return at + ": is not " + schema["const"].dump();
  if (schema.contains("enum") &&
      std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end()) {
    return at + ": " + value.dump() + " is not in " + schema["enum"].dump();
  }
  if (schema.contains("pattern") && value.is_string() &&
      !std::regex_search(value.get<std::string>(),
                         std::regex(schema["pattern"].get<std::string>()))) {
    return at + ": " + value.dump() + " does not match " + schema["pattern"].dump();
  }
  if (schema.contains("minimum") && value.is_number() && value < schema["minimum"])
    return at + ": too small";
  if (schema.contains("maximum") && value.is_number() && value > schema["maximum"])
    return at + ": too large";
  if (schema.contains("exclusiveMinimum") && value.is_number() &&
      value <= schema["exclusiveMinimum"])
    return at + ": too small";
  if (schema.contains("minLength") && value.is_string() && value.get<std::string>().empty())
    return at + ": empty";
  if (schema.contains("anyOf")) {
    std::string all;
    bool some = false;
    for (const json& option : schema["anyOf"]) {
      const std::string wrong = violation(value, option, at);
      some = some || wrong.empty();
      all += wrong + " | ";
    }
    if (!some) return all;
  }
  if (value.is_array()) {
    if (schema.contains("minItems") && value.size() < schema["minItems"]) return at + ": too few";
    if (schema.contains("maxItems") && value.size() > schema["maxItems"]) return at + ": too many";
    for (std::size_t i = 0; schema.contains("items") && i < value.size(); ++i) {
      const auto wrong = violation(value[i], schema["items"], at + "/" + std::to_string(i));
      if (!wrong.empty()) return wrong;
    }
  }
  if (value.is_object()) {
    for (const json& key : schema.value("required", json::array()))
      if (!value.contains(key.get<std::string>())) return at + ": lacks " + key.dump();
    const json properties = schema.value("properties", json::object());
    for (const auto& [key, inner] : value.items()) {
      if (properties.contains(key)) {
        const auto wrong = violation(inner, properties[key], at + "/" + key);
        if (!wrong.empty()) return wrong;
      } else if (schema.contains("additionalProperties")) {
        const json& more = schema["additionalProperties"];
        if (more == false) return at + ": unknown key " + key;
        if (more.is_object()) {
          const auto wrong = violation(inner, more, at + "/" + key);
          if (!wrong.empty()) return wrong;
        }
      }
    }
  }
  return {};
}

json tree(const std::string& text) {
  Diagnostics diagnostics;
  const auto root = yaml::parse(SourceText("t.yaml", text), diagnostics);
  REQUIRE(root.has_value());
  return to_json(*root);
}

std::string content(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<fs::path> files_in(const std::string& folder) {
  std::vector<fs::path> out;
  const fs::path root = fs::path(LONGHAUL_SOURCE_DIR) / folder;
  if (!fs::is_directory(root)) return out;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".yaml") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

const std::string start = R"(
topology:
  nodes: {A: {at: [40.7, -74], role: core}, B: {at: [51.5, -0.1]}, C: {}}
  links:
    - {id: ab, endpoints: [A, B], capacity: 8x400G, medium: submarine, length: 5600 km, risk: [duct]}
    - {endpoints: [B, C], capacity: 100G, delay: 1 ms, metric: [5, 6]}
)";
const std::string traffic = "traffic: [{from: A, to: B, rate: 1G}]\n";

}  // namespace

TEST_CASE("the schemas are draft 2020-12 and refuse unknown keys everywhere") {
  for (const std::string& text : {scenario_schema(), topology_schema()}) {
    const json schema = json::parse(text);
    CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
    CHECK(schema["additionalProperties"] == false);
    CHECK_FALSE(schema["title"].get<std::string>().empty());
    for (const auto& [key, property] : schema["properties"].items()) {
      INFO(key);
      CHECK_FALSE(property["description"].get<std::string>().empty());
    }
  }
  const json scenario = json::parse(scenario_schema());
  CHECK(scenario["required"] == json::array({"topology"}));
  CHECK(scenario["anyOf"].size() == 2);  // traffic or services
}

TEST_CASE("the schema accepts what the reader accepts") {
  const json schema = json::parse(scenario_schema());
  for (const std::string& text : std::vector<std::string>{
           start + traffic,
           start + traffic +
               "engine: {seed: 7, warmup: 0, duration: 1.5 s, interval: 10 ms, fidelity: packet}\n",
           start + traffic +
               "queues: {buffer: 1000 packets}\nrouting: {metric: inverse-capacity, flows: 1, "
               "ecmp: off}\n",
           start + traffic + "queues: {buffer: none, discipline: fifo}\nname: 3\n",
           start + traffic + "events: [{at: 0, fail: duct}, {at: 10 ms, restore: duct}]\n",
           start + traffic + "expect: [loss < 1 %]\nclasses: [{name: a, priority: 3}]\n",
           start +
               "sizes: {s: [{size: 64 B, weight: 0.5}, {size: 1.5 kB}]}\n"
               "traffic: [{matrix: gravity, total: 1 Tb/s, size: s, scale: 0.5, arrivals: cbr}]\n",
           start + "traffic: [{matrix: hub, hubs: [A, B], max_utilization: 0.7, among: {role: "
                   "[core], tier: 1}}]\n",
           start + "traffic: [{demands: [{from: A, to: C, rate: 1M}], total: 40G}]\n",
           start + "traffic: [{matrix: gravity, total: 1G, arrivals: {model: mmpp, states: [{rate: "
                   "1, mean: 1 ms}, {rate: 2, mean: 1 ms, to: [1, 0]}]}}]\n",
           start + "flow_sizes: {f: [{size: 1 kB, share: 100 %}]}\n"
                   "traffic: [{matrix: gravity, total: 1G, arrivals: {model: flows, sizes: f, "
                   "flow_rate: 1M}, profile: {start: Mon 18:00, diurnal: {peak: \"19:00\"}}}]\n",
           start +
               "services: [{name: v, type: vpn, sites: [A, B], hub: C, total: 1G, voice: {calls: "
               "3}, guaranteed: 2G, path: {avoid: [ab]}, sla: {mos: 3.5, loss: 0.1 %}}]\n",
           start + "traffic: [{matrix: gravity, total: 1G, transport: cubic}]\n",
           start + "traffic: [{from: A, to: C, transport: {protocol: bbr, connections: 4, "
                   "delayed_ack: none, mss: 1448 B, start: 1 s}}]\n",
       }) {
    INFO(text);
    REQUIRE_NOTHROW(read_scenario(SourceText("t.yaml", text)));
    CHECK(violation(tree(text), schema, "") == "");
  }
}

TEST_CASE("the schema refuses what only a slip can have meant") {
  const json schema = json::parse(scenario_schema());
  for (const std::string& text : std::vector<std::string>{
           start,
           traffic,
           start + traffic + "trafic: 1\n",
           start + traffic + "engine: {duration: 1}\n",
           start + traffic + "engine: {seed: x}\n",
           start + traffic + "queues: {buffer: 50}\n",
           start + traffic + "queues: {buffer: 1000 pakets}\n",
           start + traffic + "routing: {flows: 65}\n",
           start + traffic + "routing: {metric: dely}\n",
           start + traffic + "expect: loss < 1 %\n",
           start + "traffic: []\n",
           start + "traffic: [{matrix: gravitation, total: 1G}]\n",
           start + "traffic: [{matrix: {scale: 2}}]\n",
           start + "traffic: [{matrix: uniform, total: 1}]\n",
           start + "traffic: [{matrix: uniform, total: 1G, scale: 0}]\n",
           start + "traffic: [{demands: [{from: A, to: B}]}]\n",
           start + "traffic: [{matrix: gravity, total: 1G, arrivals: mmpp}]\n",
           start + "traffic: [{matrix: gravity, total: 1G, arrivals: {model: mmpp}}]\n",
           start + "traffic: [{matrix: gravity, total: 1G, profile: {weekends: 50 %}}]\n",
           start + "traffic: [{matrix: gravity, total: 1G, transport: tcp}]\n",
           start + "traffic: [{matrix: gravity, total: 1G, transport: {connections: 4}}]\n",
           start + traffic + "events: [{fail: ab}]\n",
           start + "services: [{name: v, type: vpm, sites: [A, B], total: 1G}]\n",
           start + "services: [{name: v, type: vpn, sites: [A, B], total: 1}]\n",
       }) {
    INFO(text);
    CHECK_THROWS_AS(read_scenario(SourceText("t.yaml", text)), InputError);
    CHECK(violation(tree(text), schema, "") != "");
  }
}

TEST_CASE("the schemas accept every canned file") {
  const json scenario = json::parse(scenario_schema());
  const json topology = json::parse(topology_schema());
  const auto scenarios = files_in("scenarios");
  const auto topologies = files_in("topologies");
  if (scenarios.empty() && topologies.empty()) {
    WARN("skipped: there are no canned files");
    return;
  }
  for (const fs::path& path : scenarios) {
    INFO(path.string());
    CHECK(violation(tree(content(path)), scenario, "") == "");
  }
  for (const fs::path& path : topologies) {
    INFO(path.string());
    CHECK(violation(tree(content(path)), topology, "") == "");
  }
}

TEST_CASE("the reference page lists every table once") {
  const std::string page = scenario_reference();
  for (const char* section :
       {"## scenario\n", "## engine\n", "## class\n", "## traffic entry\n", "## routing\n",
        "## queues\n", "## event\n", "## link\n", "## node\n"}) {
    INFO(section);
    const std::size_t first = page.find(section);
    CHECK(first != std::string::npos);
    CHECK(page.find(section, first + 1) == std::string::npos);
  }
}

TEST_CASE("check knows scenarios, topologies and matrices by their content") {
  const fs::path folder =
      fs::temp_directory_path() / ("longhaul-check-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const auto check = [&](const std::string& text) {
    std::ofstream(folder / "file.dat") << text;
    Diagnostics diagnostics;
    check_file((folder / "file.dat").string(), diagnostics);
    return diagnostics.all();
  };
  CHECK(check(start + traffic).empty());
  CHECK(check("nodes: {A: {}, B: {}}\nlinks: [{endpoints: [A, B], capacity: 1G, length: 1 km}]\n")
            .empty());
  CHECK(check("generate: {shape: ring, nodes: 4, capacity: 10G}\n").empty());
  CHECK(check("from,to,rate\nA,B,1G\nA,C,3\n").empty());

  const auto broken = check(start + "traffic: [{from: A, to: Q, rate: 1}]\n");
  CHECK(broken.size() == 2);
  CHECK(check("nodes: {A: {rol: core}}\n").size() == 1);
  CHECK(check("from,to,rate\nA,B,1X\n").size() == 1);
  REQUIRE(check("colour: blue\n").size() == 1);
  CHECK(check("colour: blue\n")[0].message.find("neither a scenario") != std::string::npos);
  CHECK(check("").size() == 1);
  CHECK(check("a: [1\n").size() == 1);

  Diagnostics missing;
  check_file((folder / "none").string(), missing);
  check_file(folder.string(), missing);
  CHECK(missing.all().size() == 2);
  fs::remove_all(folder);
}
