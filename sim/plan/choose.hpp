// The best of alternatives under a budget: at most one of each group, the most value for no more
// than the budget (the multiple-choice knapsack problem; docs/models/upgrades.md).
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace longhaul::plan {

struct Alternative {
  double cost;   ///< >= 0
  double value;  ///< >= 0
};

struct Selection {
  std::vector<std::optional<std::size_t>> chosen;  ///< by group; nothing: none of it
  double cost = 0;
  double value = 0;
  double bound = 0;    ///< no selection is worth more
  bool exact = false;  ///< by branch and bound to the end; else greedy
};

/// How to choose: `automatic` is exact up to `exact_alternatives` of them.
enum class Choosing { automatic, exact, greedy };
inline constexpr std::size_t exact_alternatives = 5000;

/// Exact: a 0/1 programme for Cbc. Greedy: by value per cost along each group's upper hull, as the
/// linear relaxation does it, whose value is the bound.
Selection choose(const std::vector<std::vector<Alternative>>& groups, double budget,
                 Choosing how = Choosing::automatic);

}  // namespace longhaul::plan
