// Quantities with units that only one part of longhaul knows: dB, GHz, mm/h.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sim/base/parse.hpp"

namespace longhaul {

/// A unit and how many of the smallest steps it holds.
struct QuantityUnit {
  std::string_view name;
  double steps;
};

/// A number with one of `units`, from `least` to `most` steps, rounded to the nearest step. The
/// mistake reads `expected EXPECTED, got "TEXT"`. A space before the unit is optional.
Parsed<std::int64_t> parse_quantity(std::string_view text, std::span<const QuantityUnit> units,
                                    std::int64_t least, std::int64_t most,
                                    std::string_view expected);

}  // namespace longhaul
