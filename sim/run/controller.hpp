// `routing: controller:`: a controller that measures what is sent and steers it through nodes while
// the run goes on (docs/models/traffic-engineering.md).
#pragma once

#include <cstddef>
#include <vector>

#include "sim/engine/input.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/steered.hpp"

namespace longhaul::run {

/// Demands become policies, and `input.changes` gains what the controller decides: what it measures
/// does not depend on it, so all can be decided beforehand. Returns how many changes of ways it
/// made. Throws InputError where that is not so (TCP, shapers, policers), or if routers take their
/// time over changes.
std::size_t control(const Scenario& scenario, const engine::Config& config, const Steered& steered,
                    const std::vector<bool>& initially_down, engine::Input& input);

}  // namespace longhaul::run
