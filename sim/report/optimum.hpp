// `plan optimum` for people and for scripts.
#pragma once

#include <string>

#include "sim/network/network.hpp"
#include "sim/plan/engineer.hpp"
#include "sim/report/style.hpp"

namespace longhaul::report {

/// The busiest links as configured and at the optimum, and the comparison where methods were asked
/// for.
std::string optimum_text(const Network& network, const plan::Engineered& engineered,
                         const Style& style);
/// One document; docs/reference/cli.md says what its keys are.
std::string optimum_json(const Network& network, const plan::Engineered& engineered);
/// The comparison, a line a method.
std::string optimum_csv(const plan::Engineered& engineered);

}  // namespace longhaul::report
