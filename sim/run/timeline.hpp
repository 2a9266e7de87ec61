// What happens in a scenario, as states of its network: events, failures at random, rain.
#pragma once

#include <vector>

#include "sim/engine/input.hpp"
#include "sim/failure/timeline.hpp"
#include "sim/run/rain.hpp"
#include "sim/scenario/scenario.hpp"

namespace longhaul::run {

/// Scripted events, drawn failures up to the end of the run, and outages of microwave hops. What
/// holds at time zero is there before anything is sent, but for outages: these begin 1 ps later.
failure::Timeline timeline_of(const Scenario& scenario, const std::vector<Outage>& outages = {});

/// By PortId, as engine::Input wants them: the slower of what rain (`fading`, empty if there is
/// none) and `capacities` leave. Levels stay those of the rain. Empty if neither changes anything.
std::vector<std::vector<engine::RateStep>> rate_steps_of(
    const Network& network, std::vector<std::vector<engine::RateStep>> fading,
    const std::vector<failure::CapacityStep>& capacities);

}  // namespace longhaul::run
