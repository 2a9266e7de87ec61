// Topologies made from a shape: ring, star, mesh, tree, line, and shapes nested in shapes (hybrid).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/network/network.hpp"

namespace longhaul {

enum class Shape { ring, star, mesh, tree, line };
const char* to_string(Shape);

/// One level of a generated network: a shape, once for the whole network or once per node of
/// another level.
///
/// Members of a shape, in order: for the outermost level its own nodes; for an inner level the node
/// it hangs on, which is the first member (the hub of a star, the root of a tree, the end of a
/// line, one node of a ring or mesh), then its own nodes.
/// - ring: each member to the next, the last to the first (two members: one link)
/// - star: the first member to every other
/// - mesh: every pair; with `degree` the Harary graph H(degree, members): member i to i +- 1, ...,
/// i +- degree/2, and
///   for an odd degree to the opposite one. It stays connected when any degree - 1 nodes fail
///   (Harary 1962).
/// - tree: each member has up to `branching` children, filled level by level
/// - line: each member to the next
struct LevelSpec {
  std::string name = "core";  ///< prefix of node ids: core-1, metro-1-3
  Shape shape = Shape::ring;
  std::uint32_t nodes = 0;      ///< own nodes, per instance of the shape
  std::uint32_t degree = 0;     ///< of a mesh; 0: full
  std::uint32_t branching = 2;  ///< of a tree
  std::string per;              ///< the level whose nodes this hangs on; empty for the outermost
  Role role = Role::core;
  Capacity capacity{1, Rate::gbps(100)};
  Distance spacing = Distance::km(300);  ///< length of every link of the shape
  Medium medium = Medium::fiber;
  Framing framing = Framing::ethernet;
  Duration latency = Duration::zero();
  double weight = 1;
  std::string provider;  ///< of the level's nodes; created with `tier` if the spec does not have
                         ///< it; empty: see tier
  int tier =
      0;  ///< without `provider`: each instance becomes a provider of this tier; 0: no own provider
  std::string region;  ///< empty: as the node it hangs on
  std::string country;
};

struct GenerateSpec {
  std::vector<LevelSpec> levels;   ///< the outermost first; each `per` names an earlier one
  std::optional<GeoPoint> center;  ///< also gives coordinates, around this point
};

/// The default `spacing` of a level: core 300 km, metro and edge 30 km, others 5 km. Chosen, not
/// measured.
Distance default_spacing(Role role);

/// Nodes and links that `spec` would give; for refusing what is too large.
struct GeneratedSize {
  double nodes;
  double links;
};
GeneratedSize generated_size(const GenerateSpec& spec);

/// Own nodes of a complete tree of `depth` levels of links below its root, root excluded or
/// included.
std::uint64_t tree_nodes(std::uint32_t branching, std::uint32_t depth, bool with_root);

/// Adds the generated nodes and links to `out`, in a fixed order. Requires a valid spec: `nodes` >=
/// 1, `per` names an earlier level, ids not yet in `out`. Links are left to `finish_links`.
void generate_into(NetworkSpec& out, const GenerateSpec& spec);
/// A finished spec of its own.
NetworkSpec generate(const GenerateSpec& spec);

}  // namespace longhaul
