// Fleischer's approximation of the maximum concurrent flow, whose inverse is the least max
// utilization.
#pragma once

#include "sim/plan/optimum.hpp"

namespace longhaul::plan::detail {

/// Until `limits.gap` or `limits.phases`.
Optimum approximate_flow(const FlowProblem& problem, const OptimumLimits& limits);

}  // namespace longhaul::plan::detail
