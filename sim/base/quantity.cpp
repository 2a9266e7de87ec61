#include "sim/base/quantity.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/base/text.hpp"

namespace longhaul {

Parsed<std::int64_t> parse_quantity(std::string_view text, std::span<const QuantityUnit> units,
                                    std::int64_t least, std::int64_t most,
                                    std::string_view expected) {
  const ParseError wrong{fmt::format("expected {}, got {}", expected, quote(text))};
  for (const QuantityUnit& unit : units) {
    if (text.size() <= unit.name.size() || !text.ends_with(unit.name)) continue;
    const auto number = parse_number(text.substr(0, text.size() - unit.name.size()));
    if (!number) continue;  // "5 GHz" also ends in "Hz"
    const double steps = std::floor(*number * unit.steps + 0.5);
    if (!(steps >= static_cast<double>(least) && steps <= static_cast<double>(most))) return wrong;
    return static_cast<std::int64_t>(steps);
  }
  const auto bare = parse_number(text);
  return bare ? ParseError{wrong.message + ": the unit is missing"} : wrong;
}

}  // namespace longhaul
