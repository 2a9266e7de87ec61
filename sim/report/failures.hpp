// `plan failures` as text, JSON and CSV.
#pragma once

#include <cstddef>
#include <string>

#include "sim/network/network.hpp"
#include "sim/plan/failures.hpp"
#include "sim/report/style.hpp"

namespace longhaul::report {

std::string failures_text(const Network& network, const plan::FailurePlan& plan,
                          const Style& style);

/// What `plan loads` prints, and the cases (docs/reference/cli.md). Of demands those that some case
/// cuts off, the `top` least available of them, or with `all_demands` every one.
std::string failures_json(const Network& network, const plan::FailurePlan& plan, std::size_t top,
                          bool all_demands);

std::string failure_cases_csv(const Network& network, const plan::FailurePlan& plan);
std::string failure_links_csv(const Network& network, const plan::FailurePlan& plan);
/// Every demand.
std::string failure_demands_csv(const Network& network, const plan::FailurePlan& plan);

/// Positions in plan.groups: those that some case cuts off, the least available first, `top` of
/// them.
std::vector<std::size_t> least_available(const plan::FailurePlan& plan, std::size_t top);

}  // namespace longhaul::report
