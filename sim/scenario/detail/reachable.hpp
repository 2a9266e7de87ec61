// Whether a demand can arrive at all, while every link is up.
#pragma once

#include <optional>

#include "sim/network/network.hpp"
#include "sim/routing/reachability.hpp"
#include "sim/routing/routes.hpp"

namespace longhaul::scenario {

/// Refers to its network. Routes are only computed where providers may refuse to carry a demand.
class Reachable {
 public:
  enum class Way {
    routed,
    disconnected,  ///< no path of links
    refused,       ///< policy between providers allows none of the paths
  };

  Reachable(const Network& network, const RoutingSpec& routing)
      : network_(network), routing_(routing), cables_(network) {}

  Way way(NodeId from, NodeId to) {
    if (!cables_.connected(from, to)) return Way::disconnected;
    if (network_.providers().size() <= 1) return Way::routed;
    if (!routes_) routes_ = compute_routes(network_, routing_);
    return routes_->next(from, to).empty() ? Way::refused : Way::routed;
  }

 private:
  const Network& network_;
  RoutingSpec routing_;
  Reachability cables_;
  std::optional<Routes> routes_;
};

}  // namespace longhaul::scenario
