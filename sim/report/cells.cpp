#include "sim/report/cells.hpp"

#include <fmt/format.h>

namespace longhaul::report {

std::string heading(const Style& style, std::string_view text) {
  return "\n" + paint(style, Tone::bold, text) + "\n";
}

Cell loss_cell(double loss) { return {percent(loss), loss > 0 ? Tone::bad : Tone::dim}; }

Cell time_cell(const DurationSummary& s, double DurationSummary::*figure) {
  if (s.count == 0) return {"-", Tone::dim};
  return {seconds(s.*figure), Tone::plain};
}

std::string direction(const Style& style, const std::string& from, const std::string& to) {
  return from + (style.utf8 ? " → " : " > ") + to;
}

std::string score(double mos) { return fmt::format("{:.2f}", mos); }

}  // namespace longhaul::report
