// The backbones under ../shared/data/ns3: what a packet simulator of the classic kind measured on
// them, and the same scenario for our engine. Lines of .topo are "nodes N" and "link A B bps
// delay_ns", of .dem "from to bps"; 1000-byte packets, no framing, Poisson arrivals, shortest paths
// by delay.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "sim/packet/engine.hpp"

namespace longhaul::ns3_files {

inline constexpr std::int32_t packet_bytes = 1000;

/// `stem` without .topo and .dem; rates and capacities multiplied by `scale`.
inline packet::Input read(const std::filesystem::path& stem, std::int64_t scale = 1) {
  NetworkSpec spec;
  spec.providers.push_back({"p", 1, 0, ""});
  std::ifstream topo(stem.string() + ".topo");
  for (std::string line; std::getline(topo, line);) {
    std::istringstream words(line);
    std::string kind;
    words >> kind;
    std::size_t a = 0;
    std::size_t b = 0;
    std::int64_t bps = 0;
    std::int64_t delay_ns = 0;
    if (kind == "nodes" && words >> a) {
      while (spec.nodes.size() < a) {
        Node node;
        node.id = std::to_string(spec.nodes.size());
        spec.nodes.push_back(node);
      }
    } else if (kind == "link" && words >> a >> b >> bps >> delay_ns) {
      Link link;
      link.id = std::to_string(a) + "-" + std::to_string(b);
      link.a = NodeId(a);
      link.b = NodeId(b);
      link.capacity = {1, Rate::bps(bps * scale)};
      link.delay = Duration::ns(delay_ns);
      link.framing = Framing::none;
      spec.links.push_back(link);
    }
  }
  auto demands = std::make_shared<DemandSet>();
  demands->classes.push_back({"default", 0});
  demands->sizes.push_back({"fixed", {{packet_bytes, 1.0}}});
  std::ifstream dem(stem.string() + ".dem");
  for (std::string line; std::getline(dem, line);) {
    std::istringstream words(line);
    std::size_t from = 0;
    std::size_t to = 0;
    std::int64_t bps = 0;
    if (words >> from >> to >> bps)
      demands->demands.push_back({NodeId(from), NodeId(to), ClassId(0), Rate::bps(bps * scale)});
  }
  const auto network = std::make_shared<const Network>(spec);
  RoutingSpec routing;
  routing.metric = Metric::delay;
  return {
      network, demands, std::make_shared<const Routes>(compute_routes(*network, routing)), {}, {}};
}

/// A line of a .ns3-per-demand.txt: "from to packets mean_ms p50_ms p99_ms".
struct Measured {
  double packets = 0;
  double mean_ms = 0;
  double p50_ms = 0;
  double p99_ms = 0;
};
using MeasuredByPair = std::map<std::pair<std::size_t, std::size_t>, Measured>;

inline MeasuredByPair read_measured(const std::filesystem::path& path) {
  MeasuredByPair all;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::size_t from = 0;
    std::size_t to = 0;
    Measured m;
    if (words >> from >> to >> m.packets >> m.mean_ms >> m.p50_ms >> m.p99_ms) all[{from, to}] = m;
  }
  return all;
}

}  // namespace longhaul::ns3_files
