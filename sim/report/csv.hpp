// The report as CSV tables (RFC 4180): header line, "," between fields, "\n" at line ends, SI units
// as in the JSON.
#pragma once

#include <string>

#include "sim/report/report.hpp"

namespace longhaul::report {

std::string links_csv(const Report& report);
/// A row per class and direction of a link; empty with plain FIFO.
std::string link_classes_csv(const Report& report);
std::string demands_csv(const Report& report);
/// A row for each service; empty without any.
std::string services_csv(const Report& report);
/// A row for each TCP demand; empty without any.
std::string transports_csv(const Report& report);
/// A row for each direction of a link and modulation; empty where no link adapts its modulation.
std::string modulations_csv(const Report& report);
/// All groups, with a first column `kind`: tier, provider, class, region; and one row `all`.
std::string groups_csv(const Report& report);

/// A field as RFC 4180 wants it: in quotes when it holds a comma, a quote or a line end.
std::string csv_field(const std::string& text);

}  // namespace longhaul::report
