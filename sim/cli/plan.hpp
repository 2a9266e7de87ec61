// The sub-verbs of `plan`, one file each.
#pragma once

#include "sim/cli/verbs.hpp"

namespace longhaul::cli {

void add_plan_failures(CLI::App& plan, Action& chosen);
void add_plan_upgrade(CLI::App& plan, Action& chosen);
void add_plan_optimum(CLI::App& plan, Action& chosen);

}  // namespace longhaul::cli
