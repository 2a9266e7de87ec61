// `expect:` lines judged against what was measured.
#pragma once

#include "sim/report/report.hpp"

namespace longhaul::report {

/// One row per expectation of the scenario, in its order. A figure that was not measured (no packet
/// delivered) fails.
std::vector<ExpectationRow> evaluate_expectations(const run::Result& result);

}  // namespace longhaul::report
