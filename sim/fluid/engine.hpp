// The fluid engine: demands as rates that change now and then, queues as fluids; events only where
// a rate changes (docs/models/fluid.md).
#pragma once

#include "sim/engine/input.hpp"
#include "sim/fluid/queue.hpp"

namespace longhaul::fluid {

/// Why this input cannot be simulated as a fluid yet, for people; empty if it can.
std::string refusal(const engine::Input& input, const Queueing& queueing);

/// Runs to the end of warmup + duration. Requires an empty refusal().
Measurements run(const engine::Input& input, const engine::Config& config);

}  // namespace longhaul::fluid
