// Routers that take their time over a change (docs/models/convergence.md).
#pragma once

#include <span>

#include "sim/failure/timeline.hpp"
#include "sim/routing/convergence.hpp"
#include "sim/run/instant_changes.hpp"

namespace longhaul::run {

/// Each router by itself, for engines that know single routers; for the others, all of them when
/// the slowest of them has the routes that a state leads to, if that lasts so long. `segments`
/// holds what demands are steered into and gains those of repairs; null only without fast reroute.
RouteTimeline gradual_changes(const Network& network, const RoutingSpec& routing,
                              std::span<const PathConstraint> constraints,
                              const failure::Timeline& timeline,
                              const routing::ConvergenceSpec& spec,
                              const std::shared_ptr<Segments>& segments = nullptr);

}  // namespace longhaul::run
