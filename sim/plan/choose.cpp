#include "sim/plan/choose.hpp"

#include <CbcModel.hpp>
#include <CoinPackedMatrix.hpp>
#include <OsiClpSolverInterface.hpp>
#include <algorithm>

#include "sim/base/error.hpp"

namespace longhaul::plan {

namespace {

using Groups = std::vector<std::vector<Alternative>>;

/// A budget is kept if it is exceeded by rounding only.
constexpr double rounding = 1e-9;

void add_up(const Groups& groups, Selection& selection) {
  selection.cost = selection.value = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (!selection.chosen[g]) continue;
    selection.cost += groups[g][*selection.chosen[g]].cost;
    selection.value += groups[g][*selection.chosen[g]].value;
  }
}

/// From one alternative of a group to the next on the upper hull of value over cost.
struct Step {
  std::size_t group;
  std::size_t to;
  double cost;
  double value;
};

/// A group's hull from (0, 0), steepest step first.
std::vector<Step> hull(const std::vector<Alternative>& group, std::size_t number) {
  std::vector<Step> steps;
  Alternative at{0, 0};
  for (;;) {
    std::optional<std::size_t> best;
    const auto slope_less = [&](std::size_t a, std::size_t b) {
      const double cost_a = group[a].cost - at.cost;
      const double cost_b = group[b].cost - at.cost;
      const double left = (group[a].value - at.value) * cost_b;
      const double right = (group[b].value - at.value) * cost_a;
      return left < right || (left == right && cost_a < cost_b);
    };
    for (std::size_t a = 0; a < group.size(); ++a) {
      if (group[a].value <= at.value || group[a].cost < at.cost) continue;
      if (!best || slope_less(*best, a)) best = a;
    }
    if (!best) return steps;
    steps.push_back({number, *best, group[*best].cost - at.cost, group[*best].value - at.value});
    at = group[*best];
  }
}

Selection choose_greedily(const Groups& groups, double budget) {
  std::vector<Step> steps;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const Step& step : hull(groups[g], g)) steps.push_back(step);
  }
  // Slopes of a group fall along its hull, so that a stable sort keeps its steps in order.
  std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
    return a.value * b.cost > b.value * a.cost;
  });
  Selection out;
  out.chosen.resize(groups.size());
  std::vector<bool> ended(groups.size(), false);  // a step did not fit: the next ones start there
  double left = budget * (1 + rounding);
  bool relaxed = false;  // the bound is complete
  for (const Step& step : steps) {
    if (!relaxed) {
      const bool fits = step.cost <= left;
      out.bound += fits ? step.value : step.value * left / step.cost;
      relaxed = !fits;
    }
    if (ended[step.group]) continue;
    if (step.cost > left) {
      ended[step.group] = true;
      continue;
    }
    left -= step.cost;
    out.chosen[step.group] = step.to;
  }
  add_up(groups, out);
  return out;
}

Selection choose_exactly(const Groups& groups, double budget) {
  double most_value = 0;
  double most_cost = budget;
  for (const auto& group : groups) {
    for (const Alternative& a : group) {
      most_value = std::max(most_value, a.value);
      most_cost = std::max(most_cost, a.cost);
    }
  }
  Selection out;
  out.exact = true;
  out.chosen.resize(groups.size());
  if (most_value == 0) return out;

  // A column for each alternative; row 0 is the budget, row 1 + g says at most one of group g. All
  // is scaled to about 1 for the solver's tolerances.
  CoinPackedMatrix matrix(true, 0, 0);
  matrix.setDimensions(static_cast<int>(groups.size()) + 1, 0);
  std::vector<double> value;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const Alternative& a : groups[g]) {
      const int rows[2] = {0, static_cast<int>(g) + 1};
      const double entries[2] = {a.cost / most_cost, 1.0};
      matrix.appendCol(2, rows, entries);
      value.push_back(a.value / most_value);
    }
  }
  const std::vector<double> zero(value.size(), 0.0);
  const std::vector<double> one(value.size(), 1.0);
  std::vector<double> least(groups.size() + 1, -COIN_DBL_MAX);
  std::vector<double> most(groups.size() + 1, 1.0);
  most[0] = budget / most_cost;

  OsiClpSolverInterface relaxation;
  relaxation.messageHandler()->setLogLevel(0);
  relaxation.loadProblem(matrix, zero.data(), one.data(), value.data(), least.data(), most.data());
  relaxation.setObjSense(-1);
  for (std::size_t c = 0; c < value.size(); ++c) relaxation.setInteger(static_cast<int>(c));
  CbcModel model(relaxation);
  model.setLogLevel(0);
  model.setAllowableGap(0);
  model.setAllowableFractionGap(0);
  model.branchAndBound();
  if (!model.isProvenOptimal()) throw RunError("the choice of upgrades could not be finished");

  const double* taken = model.bestSolution();
  std::size_t column = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (std::size_t a = 0; a < groups[g].size(); ++a) {
      if (taken[column++] > 0.5) out.chosen[g] = a;
    }
  }
  add_up(groups, out);
  out.bound = out.value;
  return out;
}

}  // namespace

Selection choose(const Groups& groups, double budget, Choosing how) {
  std::size_t alternatives = 0;
  for (const auto& group : groups) alternatives += group.size();
  const bool exact =
      how == Choosing::exact || (how == Choosing::automatic && alternatives <= exact_alternatives);
  return exact ? choose_exactly(groups, budget) : choose_greedily(groups, budget);
}

}  // namespace longhaul::plan
