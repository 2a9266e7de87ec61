// What a topology looks like: size, degrees, diameter, and where one failure splits it.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "sim/network/network.hpp"

namespace longhaul {

/// A pair of nodes as far apart as any.
struct FarthestPair {
  NodeId from;
  NodeId to;
};

struct TopologySummary {
  std::size_t nodes = 0;
  std::size_t links = 0;
  std::size_t components = 0;  ///< connected parts, directions ignored
  std::size_t min_degree = 0;  ///< links at a node, parallel ones counted each
  std::size_t max_degree = 0;
  double mean_degree = 0;
  Rate total_capacity = Rate::zero();        ///< of all directions of all links
  Distance total_length = Distance::zero();  ///< of all cables whose length is known
  std::size_t diameter_hops = 0;             ///< over pairs that can reach each other
  std::optional<FarthestPair> farthest_hops;
  Duration diameter =
      Duration::zero();  ///< longest of the shortest one-way delays, pipeline latency included
  std::optional<FarthestPair> farthest;
  std::vector<LinkId> cut_links;  ///< each splits a part when it fails (bridges), in id order
  std::vector<NodeId> cut_nodes;  ///< each splits a part when it fails, in id order
};

/// Takes nodes x (nodes + links) steps for the diameters: about a second for a thousand nodes
/// unoptimised.
TopologySummary summarize(const Network& network);

}  // namespace longhaul
