// The linear program of the least max utilization, solved with Clp.
#pragma once

#include "sim/plan/optimum.hpp"

namespace longhaul::plan::detail {

/// Exact up to Clp's tolerances. Throws RunError if Clp gives up.
Optimum solve_flow_lp(const FlowProblem& problem);

}  // namespace longhaul::plan::detail
