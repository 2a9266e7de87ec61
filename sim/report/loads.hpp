// `plan loads` as text, JSON and CSV.
#pragma once

#include <string>

#include "sim/network/network.hpp"
#include "sim/plan/loads.hpp"
#include "sim/report/style.hpp"

namespace longhaul::report {

std::string loads_text(const Network& network, const plan::LoadPlan& loads, const Style& style);
/// {"links": [{"id", "from", "to", "capacity_bps", "load_bps", "utilization"}], "max_utilization",
/// "unrouted_bps"}
std::string loads_json(const Network& network, const plan::LoadPlan& loads);
std::string loads_csv(const Network& network, const plan::LoadPlan& loads);

}  // namespace longhaul::report
