// The topologies that come with longhaul: policy does between their providers what their comments
// say.
#include <filesystem>

#include "sim/routing/reachability.hpp"
#include "sim/routing/routes.hpp"
#include "sim/topology/topology.hpp"
#include "tests/catch.hpp"
#include "tests/routing/build.hpp"

namespace longhaul {
namespace {

const std::filesystem::path folder = std::filesystem::path(LONGHAUL_SOURCE_DIR) / "topologies";

/// Cities and providers crossed, by first next ports.
class Way {
 public:
  Way(const Network& net, const Routes& routes, const std::string& from, const std::string& to) {
    const std::size_t start = net.find_node(from).value().index();
    for (const std::size_t n : test::walk(net, routes, start, net.find_node(to).value().index())) {
      const Node& node = net.nodes()[n];
      cities.push_back(node.id);
      const std::string& provider = net.providers()[node.provider.index()].id;
      if (providers.empty() || providers.back() != provider) providers.push_back(provider);
    }
  }
  bool crosses(const std::string& a, const std::string& b) const {
    const std::vector<std::string> step{a, b};
    return std::search(cities.begin(), cities.end(), step.begin(), step.end()) != cities.end();
  }
  std::vector<std::string> cities;
  std::vector<std::string> providers;
};

using Names = std::vector<std::string>;

TEST_CASE("internet.yaml: up to a provider, across one peering, down to a customer") {
  const NetworkPtr net = load_topology((folder / "internet.yaml").string());
  RoutingSpec spec;
  spec.metric = Metric::delay;
  const Routes routes = compute_routes(*net, spec);
  const auto providers = [&](const std::string& from, const std::string& to) {
    return Way(*net, routes, from, to).providers;
  };
  // Tier 3 to the other tier 1, and back.
  CHECK(providers("Inverness", "Denver") ==
        Names{"highland", "norrsken", "atlantic", "continental"});
  CHECK(providers("Denver", "Inverness") ==
        Names{"continental", "atlantic", "norrsken", "highland"});
  // Two customers of one provider meet there, unless they peer.
  CHECK(providers("Inverness", "Berlin") == Names{"highland", "norrsken", "atlantic", "nord"});
  CHECK(providers("Berlin", "Muenchen") == Names{"nord", "rhein"});
  // Hot potato: Nürnberg hands over at home; Hannover, asked back, at its own borders.
  CHECK(Way(*net, routes, "Nuernberg", "Hannover").crosses("Nuernberg", "Leipzig"));
  CHECK_FALSE(Way(*net, routes, "Hannover", "Nuernberg").crosses("Leipzig", "Nuernberg"));
}

TEST_CASE("every topology that comes with longhaul routes every pair of its nodes") {
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".yaml") continue;
    INFO(file.path());
    const NetworkPtr net = load_topology(file.path().string());
    const Routes routes = compute_routes(*net, {});
    for (std::size_t from = 0; from < net->nodes().size(); ++from) {
      for (std::size_t to = 0; to < net->nodes().size(); ++to) {
        REQUIRE(test::walk(*net, routes, from, to).back() == to);
      }
    }
    ++files;
  }
  CHECK(files >= 8);
}

}  // namespace
}  // namespace longhaul
