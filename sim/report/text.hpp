// The report for people: what a planner reads in ten seconds.
#pragma once

#include <string>

#include "sim/report/report.hpp"
#include "sim/report/style.hpp"

namespace longhaul::report {

/// One word and one sentence on the state of the network.
struct Verdict {
  Tone tone;
  std::string word;  ///< HEALTHY, TIGHT, REROUTED, POLICED, CONGESTED, CUT OFF or IDLE
  std::string sentence;
};
Verdict verdict(const Report& report);

/// The whole summary; every line ends with a newline.
std::string to_text(const Report& report, const Style& style);

}  // namespace longhaul::report
