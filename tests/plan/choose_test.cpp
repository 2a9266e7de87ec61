// The best of alternatives under a budget, against every selection there is.
#include "sim/plan/choose.hpp"

#include "tests/catch.hpp"
#include "tests/routing/build.hpp"

namespace longhaul {
namespace {

using plan::Alternative;
using plan::choose;
using plan::Choosing;
using plan::Selection;
using Groups = std::vector<std::vector<Alternative>>;

/// The most value of all selections that the budget allows.
double best_value(const Groups& groups, std::size_t group, double budget) {
  if (group == groups.size()) return 0;
  double best = best_value(groups, group + 1, budget);
  for (const Alternative& a : groups[group]) {
    if (a.cost <= budget)
      best = std::max(best, a.value + best_value(groups, group + 1, budget - a.cost));
  }
  return best;
}

TEST_CASE("choose: a case worked by hand") {
  // 10 to spend: 6 + 4 are worth 7 + 5; the best of the first group alone costs 9 and is worth 10.
  const Groups groups{{{6, 7}, {9, 10}}, {{4, 5}, {8, 6}}};
  const Selection exact = choose(groups, 10);
  CHECK(exact.exact);
  CHECK(exact.chosen[0] == 0);
  CHECK(exact.chosen[1] == 0);
  CHECK(exact.cost == 10);
  CHECK(exact.value == 12);
  CHECK(exact.bound == 12);
  // Nothing can be bought for 3, all for 17.
  CHECK_FALSE(choose(groups, 3).chosen[0].has_value());
  CHECK(choose(groups, 3).value == 0);
  CHECK(choose(groups, 17).value == 16);
}

TEST_CASE("choose: exact finds the best of all selections, greedy is below it and bounds it") {
  test::Dice dice(1128);
  int short_of_best = 0;
  for (int trial = 0; trial < 60; ++trial) {
    Groups groups(1 + dice.roll(6));
    double all = 0;
    for (auto& group : groups) {
      const std::size_t count = dice.roll(5);
      for (std::size_t a = 0; a < count; ++a) {
        group.push_back(
            {static_cast<double>(1 + dice.roll(40)), static_cast<double>(dice.roll(1000))});
        all += group.back().cost;
      }
    }
    const double budget = static_cast<double>(dice.roll(static_cast<std::size_t>(all) + 2));
    const double best = best_value(groups, 0, budget);
    const Selection exact = choose(groups, budget, Choosing::exact);
    CHECK(exact.value == Approx(best));
    CHECK(exact.cost <= budget);
    const Selection greedy = choose(groups, budget, Choosing::greedy);
    CHECK_FALSE(greedy.exact);
    CHECK(greedy.cost <= budget);
    CHECK(greedy.value <= best + 1e-9);
    CHECK(greedy.bound >= best - 1e-6);
    if (greedy.value < best - 1e-9) ++short_of_best;
  }
  CHECK(short_of_best > 0);  // else the exact one would have nothing to show
}

TEST_CASE("choose: the greedy bound is that of the linear relaxation") {
  // Steps of the hull: 4 per unit for 5, then 2 per unit for 10, of which 5 can be paid.
  const Groups groups{{{5, 20}}, {{10, 20}}};
  const Selection greedy = choose(groups, 10, Choosing::greedy);
  CHECK(greedy.bound == Approx(20 + 10));
  CHECK(greedy.value == 20);
}

TEST_CASE("choose: many alternatives go to the greedy one, whose gap is small") {
  test::Dice dice(5);
  Groups groups(2000);
  for (auto& group : groups) {
    for (int a = 0; a < 3; ++a)
      group.push_back(
          {static_cast<double>(1 + dice.roll(100)), static_cast<double>(1 + dice.roll(1000))});
  }
  const Selection selection = choose(groups, 20'000);
  CHECK_FALSE(selection.exact);
  CHECK(selection.cost <= 20'000);
  CHECK(selection.value > 0.99 * selection.bound);
}

}  // namespace
}  // namespace longhaul
