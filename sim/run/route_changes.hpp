// `events:` as the routes and dead ports that hold from each instant on.
#pragma once

#include <vector>

#include "sim/engine/input.hpp"
#include "sim/run/rain.hpp"
#include "sim/scenario/scenario.hpp"

namespace longhaul::run {

/// Routes at time zero and the changes after it. Routers switch at the instant of the event: how
/// long detection and flooding take is not modelled (docs/limitations.md).
///
/// A link is down while anything that took it down still holds: a link that failed by itself and
/// with its node comes back when both are restored. Restoring what never failed brings its links up
/// whatever took them down.
struct RouteTimeline {
  std::shared_ptr<const Routes> initial;
  std::vector<bool> initial_down;  ///< by PortId; down from time zero
  std::vector<engine::RouteChange> changes;
};
///
/// `outages` of microwave hops come on top: nothing is sent while they last, and routers notice
/// both their begin and their end when it has lasted `outage_detection`; shorter ones they miss.
RouteTimeline route_timeline(const Scenario& scenario, const std::vector<Outage>& outages = {});

/// Loss of the signal, as for a fibre that goes dark (Francois et al., CCR 35(3), 2005: below
/// 10 ms).
inline constexpr Duration outage_detection = Duration::ms(10);

}  // namespace longhaul::run
