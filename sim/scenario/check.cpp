// `longhaul check`: which kind of file is it, and what is wrong with it?
#include <array>
#include <string_view>

#include "sim/base/yaml/node.hpp"
#include "sim/scenario/detail/csv_matrix.hpp"
#include "sim/scenario/read.hpp"
#include "sim/topology/topology.hpp"

namespace longhaul {

namespace {

enum class Kind { scenario, topology, neither };

/// Keys that only one of the two has.
Kind kind_of(const yaml::Node& root) {
  constexpr std::array scenario_keys{"topology", "traffic", "engine", "expect", "events", "queues"};
  constexpr std::array topology_keys{"nodes", "links", "generate"};
  for (const char* key : scenario_keys) {
    if (root.find(key) != nullptr) return Kind::scenario;
  }
  for (const char* key : topology_keys) {
    if (root.find(key) != nullptr) return Kind::topology;
  }
  return Kind::neither;
}

void check_scenario(SourceText text, Diagnostics& diagnostics) {
  try {
    diagnostics.add(read_scenario(std::move(text)).warnings);
  } catch (const InputError& e) {
    diagnostics.add(e.diagnostics());
  }
}

void check_yaml(SourceText text, Diagnostics& diagnostics) {
  Diagnostics own;
  const auto root = yaml::load(text, {}, own);
  if (!root || own.has_errors()) {
    diagnostics.add(own.all());
    return;
  }
  switch (kind_of(*root)) {
    case Kind::scenario:
      check_scenario(std::move(text), diagnostics);
      return;
    case Kind::topology:
      (void)read_topology(std::move(text), diagnostics);
      return;
    case Kind::neither:
      root->where.error(diagnostics,
                        "is neither a scenario (topology, traffic, ...) nor a topology (nodes, "
                        "links or generate)");
      return;
  }
}

}  // namespace

void check_file(const std::string& path, Diagnostics& diagnostics) {
  try {
    auto text = std::make_shared<const SourceText>(SourceText::read(path));
    if (scenario::looks_like_csv_matrix(*text)) {
      // Which unit plain numbers have is said by the scenario that names the file.
      (void)scenario::read_csv_matrix(text, Rate::bps(1), nullptr, diagnostics);
    } else {
      check_yaml(*text, diagnostics);
    }
  } catch (const InputError& e) {
    diagnostics.add(e.diagnostics());
  }
}

}  // namespace longhaul
