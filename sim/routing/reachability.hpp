// Which routers are joined by links that are up, whatever metrics and policy say. It tells a packet
// without a route that policy refuses (`policy`) from one that no cable could carry (`no_route`).
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/routes.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul {

/// Physical reachability of a network with some ports down; immutable once built.
class Reachability {
 public:
  /// `down` as for compute_routes. Costs O(ports), and O(nodes x ports) if some link works in one
  /// direction only.
  explicit Reachability(const Network& network, const std::vector<bool>& down = {});

  /// A path of working ports leads from `from` to `to`; true for a node and itself.
  bool connected(NodeId from, NodeId to) const {
    if (component_[from.index()] != component_[to.index()]) return false;
    return reaches_.empty() || reaches_[from.index() * component_.size() + to.index()];
  }

 private:
  std::vector<std::uint32_t> component_;  ///< by NodeId, over working ports taken as two-way
  std::vector<bool> reaches_;  ///< from x to; empty where every working link works both ways
};

/// By DemandId: without a route although working cables lead there, so that policy refuses it:
/// that between providers, or the demand's own constraint. `routes` must have been computed with
/// the same `down`.
std::vector<bool> refused_by_policy(const Network& network, const Routes& routes,
                                    const DemandSet& demands, const std::vector<bool>& down = {});

}  // namespace longhaul
