// What sections of the text report have in common: headings, cells, and the choice of what is
// worst.
#pragma once

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "sim/report/report.hpp"
#include "sim/report/table.hpp"

namespace longhaul::report {

std::string heading(const Style& style, std::string_view text);
Cell loss_cell(double loss);
/// A figure of a duration, or a dash where no packet was measured.
Cell time_cell(const DurationSummary& s, double DurationSummary::*figure);
/// "A → B".
std::string direction(const Style& style, const std::string& from, const std::string& to);
/// A mean opinion score: "4.21".
std::string score(double mos);

/// The positions 0..n-1 ordered by `worse`, at most `shown` of them.
template <class Worse>
std::vector<std::size_t> worst(std::size_t n, std::size_t shown, Worse worse) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t kept = std::min(n, shown);
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      if (worse(a, b)) return true;
                      return !worse(b, a) && a < b;
                    });
  order.resize(kept);
  return order;
}

}  // namespace longhaul::report
