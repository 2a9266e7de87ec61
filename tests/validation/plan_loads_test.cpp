// Expected loads against published figures: the REPETITA instances (ECMP max utilization, total
// load and worst single failure, worked out apart from this project) and the utilizations that
// TopoHub prints for every SNDlib network.
//
// The readers here are the tests' own, on purpose: a second opinion beside sim/topology/import,
// which reads the REPETITA files once more.
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/plan/loads.hpp"
#include "sim/routing/loads.hpp"
#include "sim/routing/routes.hpp"
#include "sim/topology/import/import.hpp"
#include "tests/catch.hpp"

namespace longhaul {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const fs::path data = LONGHAUL_DATA_DIR;

/// True, with a word, where the published data are not at hand.
bool absent(const fs::path& folder) {
  if (fs::exists(data / folder)) return false;
  WARN("skipped: " << (data / folder) << " is not here");
  return true;
}

json read_json(const fs::path& path) {
  std::ifstream in(path);
  return json::parse(in);
}

DemandSet empty_demands() {
  DemandSet set;
  set.classes.push_back({"default", 0});
  set.sizes.push_back({"1000", {{1000, 1.0}}});
  return set;
}

Demand demand(std::size_t from, std::size_t to, std::int64_t bps) {
  return Demand{NodeId(from), NodeId(to), ClassId(0), Rate::bps(bps)};
}

Node node(const std::string& id) {
  Node node;
  node.id = id;
  return node;
}

struct Instance {
  Network network;
  DemandSet demands;
};

/// A REPETITA pair of files: whitespace-separated tables; rates in kbit/s, delays in us. Every edge
/// is a one-way link.
Instance read_repetita(const fs::path& graph, const fs::path& matrix) {
  NetworkSpec spec;
  std::ifstream in(graph);
  std::string word;
  std::string line;
  std::size_t count = 0;
  in >> word >> count;
  std::getline(in, line);
  std::getline(in, line);  // the names of the columns
  for (std::size_t n = 0; n < count; ++n) {
    std::getline(in, line);
    spec.nodes.push_back(node(std::to_string(n)));
  }
  in >> word >> count;
  std::getline(in, line);
  std::getline(in, line);
  for (std::size_t e = 0; e < count; ++e) {
    std::size_t a = 0;
    std::size_t b = 0;
    std::int64_t metric = 0;
    std::int64_t kbps = 0;
    std::int64_t delay_us = 0;
    in >> word >> a >> b >> metric >> kbps >> delay_us;
    Link link;
    link.id = std::to_string(e);
    link.a = NodeId(a);
    link.b = NodeId(b);
    link.capacity = {1, Rate::bps(kbps * 1000)};
    link.delay = Duration::us(delay_us);
    link.metric_ab = metric;
    link.one_way = true;
    spec.links.push_back(link);
  }
  DemandSet demands = empty_demands();
  std::ifstream matrix_in(matrix);
  matrix_in >> word >> count;
  std::getline(matrix_in, line);
  std::getline(matrix_in, line);
  for (std::size_t d = 0; d < count; ++d) {
    std::size_t from = 0;
    std::size_t to = 0;
    std::int64_t kbps = 0;
    matrix_in >> word >> from >> to >> kbps;
    demands.demands.push_back(demand(from, to, kbps * 1000));
  }
  REQUIRE(in);
  REQUIRE(matrix_in);
  return {Network(spec), demands};
}

fs::path matrix_of(const fs::path& graph) {
  fs::path numbered = graph;
  numbered.replace_extension(".0000.demands");
  if (fs::exists(numbered)) return numbered;
  fs::path plain = graph;
  return plain.replace_extension(".demands");
}

TEST_CASE("REPETITA: max utilization and total load of all 120 published rows") {
  if (absent("repetita")) return;
  const json rows = read_json(data / "repetita" / "expected.json");
  REQUIRE(rows.size() == 120);
  for (const json& row : rows) {
    const fs::path graph = data / "repetita" / row["graph"].get<std::string>();
    INFO(graph);
    const Instance instance = read_repetita(graph, matrix_of(graph));
    REQUIRE(instance.network.nodes().size() == row["nodes"]);
    REQUIRE(instance.network.links().size() == row["edges"]);
    REQUIRE(instance.demands.demands.size() == row["demands"]);
    const Routes routes = compute_routes(instance.network, {});
    const Loads loads = expected_loads(instance.network, routes, instance.demands);
    double total = 0;
    for (const double load : loads.load_bps) total += load;
    CHECK(loads.max_utilization == Approx(row["ecmp_mlu"].get<double>()).epsilon(1e-9));
    CHECK(total / 1000 == Approx(row["sum_load"].get<double>()).epsilon(1e-9));
    CHECK(loads.unrouted_bps == 0);
    const PortId busiest = Network::forward(LinkId(row["max_edge"].get<std::size_t>()));
    const double there =
        loads.load_bps[busiest.index()] / instance.network.port(busiest).rate().as_double();
    CHECK(there == Approx(loads.max_utilization).epsilon(1e-9));
  }
}

/// The same pair of files as a scenario, by way of longhaul's own readers and `plan loads`.
Scenario imported_scenario(const fs::path& graph, const fs::path& matrix) {
  Diagnostics diagnostics;
  const NetworkSpec spec =
      import_network(SourceText::read(graph.string()), Format::repetita_graph, diagnostics).spec;
  const auto demands =
      import_matrix(SourceText::read(matrix.string()), Format::repetita_demands, spec, diagnostics);
  diagnostics.throw_if_errors();
  Scenario scenario;
  scenario.network = std::make_shared<const Network>(spec);
  scenario.classes = empty_demands().classes;
  scenario.sizes = empty_demands().sizes;
  TrafficSpec traffic;
  for (const ImportedDemand& d : demands) {
    const NodeId from = scenario.network->find_node(d.from).value();
    traffic.entries.push_back({from, scenario.network->find_node(d.to).value(), d.rate});
  }
  scenario.traffic.push_back(traffic);
  return scenario;
}

TEST_CASE("REPETITA: the same 120 rows through the importers and plan loads") {
  if (absent("repetita")) return;
  for (const json& row : read_json(data / "repetita" / "expected.json")) {
    const fs::path graph = data / "repetita" / row["graph"].get<std::string>();
    INFO(graph);
    const plan::LoadPlan plan = plan::plan_loads(imported_scenario(graph, matrix_of(graph)));
    REQUIRE(plan.links.size() == row["edges"]);
    double total = 0;
    for (const plan::LinkLoad& link : plan.links) total += link.load_bps;
    CHECK(plan.max_utilization == Approx(row["ecmp_mlu"].get<double>()).epsilon(1e-9));
    CHECK(total / 1000 == Approx(row["sum_load"].get<double>()).epsilon(1e-9));
    CHECK(plan.unrouted_bps == 0);
  }
}

TEST_CASE("REPETITA: worst max utilization over all single-link failures of all 120 rows") {
  if (absent("repetita")) return;
  std::size_t compared = 0;
  for (const json& row : read_json(data / "repetita" / "expected.json")) {
    const fs::path graph = data / "repetita" / row["graph"].get<std::string>();
    INFO(graph);
    const Instance instance = read_repetita(graph, matrix_of(graph));
    const std::size_t links = instance.network.links().size();
    REQUIRE(links / 2 == row["single_link_failures"]);
    double worst = 0;
    for (std::size_t l = 0; l < links; l += 2) {  // both directions are neighbours in the file
      std::vector<bool> down(2 * links);
      down[2 * l] = down[2 * (l + 1)] = true;
      const Routes routes = compute_routes(instance.network, {}, {down});
      const Loads loads = expected_loads(instance.network, routes, instance.demands);
      worst = std::max(worst, loads.max_utilization);
    }
    CHECK(worst == Approx(row["worst_single_link_mlu"].get<double>()).epsilon(1e-6));
    ++compared;
  }
  CHECK(compared == 120);
}

/// One of TopoHub's three matrices for a network. TopoHub sends every demand both ways: `org` the
/// network's own, `uni` the same for all pairs, `deg` by the product of the two ends' numbers of
/// links.
DemandSet topohub_demands(const json& graph, const std::string& matrix) {
  DemandSet demands = empty_demands();
  const std::size_t nodes = graph["nodes"].size();
  if (matrix == "org") {
    for (const auto& [from, row] : graph["graph"]["demands"].items()) {
      for (const auto& [to, value] : row.items()) {
        const auto rate = static_cast<std::int64_t>(value.get<double>() * 1000);
        if (from == to || rate == 0) continue;
        demands.demands.push_back(demand(std::stoul(from), std::stoul(to), rate));
        demands.demands.push_back(demand(std::stoul(to), std::stoul(from), rate));
      }
    }
    return demands;
  }
  std::vector<std::int64_t> degree(nodes, 0);
  for (const json& edge : graph["edges"]) {
    ++degree[edge["source"].get<std::size_t>()];
    ++degree[edge["target"].get<std::size_t>()];
  }
  for (std::size_t i = 0; i < nodes; ++i) {
    for (std::size_t j = 0; j < nodes; ++j) {
      const std::int64_t weight = matrix == "uni" ? 1 : degree[i] * degree[j];
      if (i != j) demands.demands.push_back(demand(i, j, weight * 1'000'000));
    }
  }
  return demands;
}

TEST_CASE("TopoHub: utilizations of every SNDlib link under three matrices, ECMP over hops") {
  if (absent("sndlib")) return;
  std::size_t compared = 0;
  for (const auto& file : fs::directory_iterator(data / "sndlib")) {
    if (file.path().extension() != ".json") continue;
    INFO(file.path());
    const json graph = read_json(file.path());
    NetworkSpec spec;
    for (std::size_t n = 0; n < graph["nodes"].size(); ++n) {
      REQUIRE(graph["nodes"][n]["id"] == n);
      spec.nodes.push_back(node(std::to_string(n)));
    }
    for (const json& edge : graph["edges"]) {
      Link link;
      link.id = std::to_string(spec.links.size());
      link.a = NodeId(edge["source"].get<std::size_t>());
      link.b = NodeId(edge["target"].get<std::size_t>());
      spec.links.push_back(link);
    }
    const Network network(spec);
    RoutingSpec hops;
    hops.metric = Metric::hops;
    const Routes routes = compute_routes(network, hops);
    for (const std::string matrix : {"org", "uni", "deg"}) {
      INFO(matrix);
      const Loads loads = expected_loads(network, routes, topohub_demands(graph, matrix));
      REQUIRE(loads.unrouted_bps == 0);
      const double busiest = *std::max_element(loads.load_bps.begin(), loads.load_bps.end());
      // TopoHub gives percent of the busiest link to two decimals.
      for (std::size_t l = 0; l < network.links().size(); ++l) {
        for (const auto& [key, port] : {std::pair{"ecmp_fwd", Network::forward(LinkId(l))},
                                        {"ecmp_bwd", Network::backward(LinkId(l))}}) {
          const double published = graph["edges"][l][key][matrix].get<double>();
          const double ours = 100 * loads.load_bps[port.index()] / busiest;
          REQUIRE(ours == Approx(published).margin(0.0051));
          ++compared;
        }
      }
    }
  }
  CHECK(compared > 3000);
}

}  // namespace
}  // namespace longhaul
