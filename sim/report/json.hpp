// The report as JSON: one document, the keys of `longhaul schema report`, SI units.
#pragma once

#include <string>

#include "sim/report/report.hpp"

namespace longhaul::report {

/// One line per link, demand and group; ends with a newline. What was not measured is null.
std::string to_json(const Report& report);

/// JSON Schema (2020-12) of that document.
std::string json_schema();

}  // namespace longhaul::report
