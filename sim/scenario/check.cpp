// `longhaul check`: which kind of file is it, and what is wrong with it?
#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "sim/base/yaml/node.hpp"
#include "sim/scenario/detail/csv_matrix.hpp"
#include "sim/scenario/read.hpp"
#include "sim/topology/import/import.hpp"
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

/// Nodes for a matrix that comes alone: as many as its numbers may mean.
NetworkSpec nodes_for(const SourceText& text, Format format) {
  std::size_t count = 65'536;
  if (format == Format::matrix_rows) {
    const std::string_view content = text.content();
    const std::string_view line = content.substr(0, content.find('\n'));
    std::size_t numbers = 0;
    bool inside = false;
    for (const char c : line) {
      const bool blank = c == ' ' || c == '\t' || c == ',' || c == '\r';
      if (!blank && !inside) ++numbers;
      inside = !blank;
    }
    count = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(numbers))));
  }
  NetworkSpec spec;
  spec.nodes.resize(count);
  for (std::size_t i = 0; i < count; ++i) spec.nodes[i].id = std::to_string(i);
  return spec;
}

void check_imported(const SourceText& text, Format format, Diagnostics& diagnostics) {
  switch (format) {
    case Format::repetita_demands:
    case Format::ns3_demands:
    case Format::matrix_rows:
      (void)import_matrix(text, format, nodes_for(text, format), diagnostics);
      return;
    default:
      (void)import_network(text, format, diagnostics);
  }
}

}  // namespace

void check_file(const std::string& path, Diagnostics& diagnostics) {
  try {
    auto text = std::make_shared<const SourceText>(SourceText::read(path));
    if (scenario::looks_like_csv_matrix(*text)) {
      // Which unit plain numbers have is said by the scenario that names the file.
      (void)scenario::read_csv_matrix(text, Rate::bps(1), nullptr, diagnostics);
      return;
    }
    const auto format = recognise(*text);
    // JSON is YAML, so a scenario may be written in it.
    const bool scenario_in_json = format == Format::topohub_json &&
                                  text->content().find("\"traffic\"") != std::string_view::npos;
    if (!format || *format == Format::yaml || scenario_in_json) {
      check_yaml(*text, diagnostics);
    } else {
      Diagnostics own;
      check_imported(*text, *format, own);
      diagnostics.add(own.all());
    }
  } catch (const InputError& e) {
    diagnostics.add(e.diagnostics());
  }
}

}  // namespace longhaul
