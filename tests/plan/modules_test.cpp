// The cheapest modules for a link: worked by hand, and against every way to buy.
#include "sim/plan/modules.hpp"

#include <limits>

#include "tests/catch.hpp"
#include "tests/routing/build.hpp"

namespace longhaul {
namespace {

using catalogue::Prices;
using plan::capacities;
using plan::cheapest_purchases;
using plan::LinkSite;
using plan::Purchase;

/// 10G at 10, 100G at 50 an end (of which half is the port); nothing else costs anything.
Prices simple_prices() {
  Prices prices;
  prices.currency = "coins";
  prices.modules = {{Rate::gbps(10), 5, 5, ""}, {Rate::gbps(100), 25, 25, ""}};
  return prices;
}

double cost(const std::vector<Purchase>& purchases) {
  double sum = 0;
  for (const Purchase& p : purchases) sum += p.cost();
  return sum;
}

const LinkSite one_10g{{1, Rate::gbps(10)}, 100, Medium::fiber};

TEST_CASE("modules: beside what there is while it is cheap, in its place when it is not") {
  // Up to 50 Gb/s four more 10G cost 4 x 2 x 10 = 80; a 100G costs 2 x 50 = 100.
  const auto few = cheapest_purchases(one_10g, std::vector{50e9}, simple_prices());
  REQUIRE(few.has_value());
  REQUIRE(few->size() == 1);
  CHECK(few->front().channels == 4);
  CHECK_FALSE(few->front().replaces);
  CHECK(few->front().cost() == Approx(80));
  CHECK(few->front().after == Capacity{5, Rate::gbps(10)});
  const auto more = cheapest_purchases(one_10g, std::vector{70e9}, simple_prices());
  REQUIRE(more->size() == 1);
  CHECK(more->front().replaces);
  CHECK(more->front().channels == 1);
  CHECK(more->front().cost() == Approx(100));
  CHECK(more->front().ports_cost == Approx(50));
}

TEST_CASE("modules: nothing is bought that is not needed, and nothing that will be thrown away") {
  CHECK(cheapest_purchases(one_10g, std::vector{8e9, 10e9}, simple_prices())->empty());
  // 20 Gb/s now and 80 Gb/s next year: a 10G now (20) would be replaced (100); 100G now is enough.
  const auto plan = cheapest_purchases(one_10g, std::vector{20e9, 80e9}, simple_prices());
  REQUIRE(plan->size() == 1);
  CHECK(plan->front().year == 0);
  CHECK(cost(*plan) == Approx(100));
  // With prices that halve each year it pays to wait: 20 now and 50 next year.
  Prices falling = simple_prices();
  falling.fall = 0.5;
  const auto waiting = cheapest_purchases(one_10g, std::vector{20e9, 80e9}, falling);
  REQUIRE(waiting->size() == 2);
  CHECK(cost(*waiting) == Approx(70));
  CHECK(capacities(one_10g, *waiting, 2) == std::vector{20e9, 100e9});
}

TEST_CASE("modules: a rate that is not on sale costs as the next one, which then is better value") {
  const LinkSite old{{1, Rate::mbps(2500)}, 100, Medium::fiber};
  const auto plan = cheapest_purchases(old, std::vector{4e9}, simple_prices());
  REQUIRE(plan->size() == 1);
  CHECK(plan->front().after == Capacity{1, Rate::gbps(10)});
  CHECK(cost(*plan) == Approx(20));
}

TEST_CASE("modules: a visit is paid once, so channels for later may be put in now") {
  Prices prices = simple_prices();
  prices.modules.pop_back();
  prices.work = 100;
  const auto plan = cheapest_purchases(one_10g, std::vector{20e9, 30e9, 40e9}, prices);
  REQUIRE(plan->size() == 1);
  CHECK(plan->front().channels == 3);
  CHECK(cost(*plan) == Approx(160));
}

TEST_CASE("modules: length costs fibre, and regenerators beyond the reach") {
  Prices prices = simple_prices();
  prices.per_km = 2;
  LinkSite far = one_10g;
  far.length_km = 3000;  // beyond the 2500 km of 100G: two sections
  const auto plan = cheapest_purchases(far, std::vector{70e9}, prices);
  REQUIRE(plan->size() == 1);
  CHECK(plan->front().channels == 1);
  CHECK(plan->front().ports_cost == Approx(50));
  CHECK(plan->front().transponders_cost == Approx(100));
  CHECK(plan->front().line_cost == Approx(6000));
}

TEST_CASE("modules: what no fibre pair holds cannot be bought") {
  CHECK(most_capacity_bps(one_10g, simple_prices()) == Approx(9.6e12));
  CHECK(cheapest_purchases(one_10g, std::vector{9.6e12}, simple_prices()).has_value());
  CHECK_FALSE(cheapest_purchases(one_10g, std::vector{9.7e12}, simple_prices()).has_value());
  // What stands there already is more than that: nothing need be bought.
  const LinkSite large{{200, Rate::gbps(100)}, 100, Medium::fiber};
  CHECK(cheapest_purchases(large, std::vector{15e12}, simple_prices())->empty());
}

/// The least cost over all ways to own 0 to 6 channels of any rate in each year.
double least_cost(const LinkSite& link, std::span<const double> needed, const Prices& prices,
                  std::size_t year, const Capacity& now) {
  if (year == needed.size()) return 0;
  double best = std::numeric_limits<double>::infinity();
  for (const catalogue::ModulePrice& module : prices.modules) {
    const bool same = module.rate == now.rate;
    for (std::uint32_t members = 1; members <= 6; ++members) {
      const Capacity then{members, module.rate};
      if (then.total().as_double() < needed[year] || (same && members < now.members)) continue;
      const std::uint32_t bought = same ? members - now.members : members;
      const double here = priced(link, year, module.rate, bought, prices).cost();
      best = std::min(best, here + least_cost(link, needed, prices, year + 1, then));
    }
  }
  return best;
}

TEST_CASE("modules: the cheapest of all ways to buy, on random prices and needs") {
  test::Dice dice(42);
  for (int trial = 0; trial < 40; ++trial) {
    Prices prices = simple_prices();
    prices.modules.push_back({Rate::gbps(400), 1, 1, ""});
    for (auto& m : prices.modules) m.port = static_cast<double>(1 + dice.roll(100));
    prices.fall = static_cast<double>(dice.roll(5)) / 10;
    prices.work = static_cast<double>(dice.roll(60));
    std::vector<double> needed;
    double need = 5e9;
    for (int year = 0; year < 3; ++year) {
      need *= 1 + static_cast<double>(dice.roll(30)) / 10;
      needed.push_back(need);
    }
    const auto plan = cheapest_purchases(one_10g, needed, prices);
    REQUIRE(plan.has_value());
    CHECK(cost(*plan) == Approx(least_cost(one_10g, needed, prices, 0, one_10g.capacity)));
    const auto have = capacities(one_10g, *plan, needed.size());
    for (std::size_t y = 0; y < needed.size(); ++y) CHECK(have[y] >= needed[y] * (1 - 1e-9));
  }
}

}  // namespace
}  // namespace longhaul
