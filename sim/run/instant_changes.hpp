// `routing: convergence: instant`: all routers switch at the instant of a change.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "sim/engine/input.hpp"
#include "sim/failure/timeline.hpp"

namespace longhaul::run {

/// Routes at time zero and the changes after it.
struct RouteTimeline {
  std::shared_ptr<const Routes> initial;
  std::vector<bool> initial_down;  ///< by PortId; down from time zero
  std::vector<engine::RouteChange> changes;
  /// When each router switches; null: at the changes.
  std::shared_ptr<const routing::FibUpdates> forwarding = nullptr;
};

/// Routers know of every change at once, but for ports that are down because no modulation holds:
/// their begin and their end are noticed when they have lasted `outage_detection`, shorter ones are
/// missed; all routes share `segments`. An outage within the first picosecond is known at once: the
/// network has settled.
RouteTimeline instant_changes(const Network& network, const RoutingSpec& routing,
                              std::span<const PathConstraint> constraints,
                              const failure::Timeline& timeline,
                              const std::shared_ptr<Segments>& segments = nullptr);

/// Loss of the signal, as for a fibre that goes dark (Francois et al., CCR 35(3), 2005: below
/// 10 ms).
inline constexpr Duration outage_detection = Duration::ms(10);

}  // namespace longhaul::run
