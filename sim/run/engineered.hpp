// A scenario under each way of engineering its traffic, to be simulated side by side.
#pragma once

#include <string>
#include <vector>

#include "sim/plan/engineer.hpp"
#include "sim/run/run.hpp"

namespace longhaul::run {

struct Variant {
  std::string method;  ///< as plan::MethodRow has it, and "controller"
  ScenarioPtr scenario;
};

/// `scenario` without its controller; with the metrics and with the segments of `engineered`, where
/// it has them; and steered by a controller: its own, or one that acts ten times in a run, reacts
/// in a fifth of that and changes 20 pairs at a time. Throws InputError if traffic is scaled to a
/// utilization: each variant would have traffic of its own.
std::vector<Variant> variants(const ScenarioPtr& scenario, const plan::Engineered& engineered);

}  // namespace longhaul::run
