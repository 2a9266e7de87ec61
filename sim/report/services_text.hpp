// The services of a report, as text.
#pragma once

#include <string>

#include "sim/report/report.hpp"
#include "sim/report/style.hpp"

namespace longhaul::report {

/// What became of each service, the ones that broke promises first, and who hurt it; empty without
/// services.
std::string services_section(const Report& report, const Style& style);

}  // namespace longhaul::report
