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
    confined,      ///< the demand's own path constraint does not
  };

  Reachable(const Network& network, const RoutingSpec& routing,
            const std::vector<PathConstraint>& constraints)
      : network_(network), routing_(routing), constraints_(constraints), cables_(network) {}

  Way way(NodeId from, NodeId to, ConstraintId constraint) {
    if (!cables_.connected(from, to)) return Way::disconnected;
    if (network_.providers().size() <= 1 && constraint == ConstraintId(0)) return Way::routed;
    if (!routes_) routes_ = compute_routes(network_, routing_, {}, constraints_);
    if (routes_->next(from, to).empty()) return Way::refused;
    return routes_->next(from, routes_->destination(to, constraint)).empty() ? Way::confined
                                                                             : Way::routed;
  }

 private:
  const Network& network_;
  RoutingSpec routing_;
  const std::vector<PathConstraint>& constraints_;
  Reachability cables_;
  std::optional<Routes> routes_;
};

}  // namespace longhaul::scenario
