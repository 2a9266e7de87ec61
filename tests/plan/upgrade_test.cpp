// `plan upgrade` of networks worked by hand; transit bills.
#include "sim/plan/upgrade.hpp"

#include <numeric>

#include "sim/plan/growth.hpp"
#include "sim/plan/sweep.hpp"
#include "tests/catch.hpp"
#include "tests/plan/scenario_of.hpp"
#include "tests/routing/build.hpp"

namespace longhaul {
namespace {

using plan::plan_upgrade;
using plan::UpgradeOptions;
using plan::UpgradePlan;
using test::Build;
using test::scenario_of;

/// Only 10G modules at 100 an end, at one price for ever.
void set_simple(Planning& planning) {
  planning.growth = 1.0;
  planning.from = 2026;
  planning.to = 2028;
  planning.prices = {};
  planning.prices.currency = "coins";
  planning.prices.modules = {{Rate::gbps(10), 50, 50, "a test"}};
}

/// Two nodes with two ways of 10 Gb/s: direct, and over a third node.
Scenario triangle(std::int64_t gbps) {
  Scenario scenario = scenario_of(Build().nodes(3).link(0, 1).link(0, 2).link(2, 1).network(),
                                  {{NodeId(0), NodeId(1), Rate::gbps(gbps)}});
  set_simple(scenario.planning);
  return scenario;
}

TEST_CASE("growth: compound, by the first entry that names a demand, in whole bit/s") {
  Build build;
  build.nodes(2).link(0, 1).node(0).region = RegionId(0);
  const Network net = build.network();
  DemandSet set = test::demands({{0, 1, 1000}, {1, 0, 1000}});
  set.demands[1].cls = ClassId(1);
  Planning planning;
  planning.growth = 0.1;
  planning.growth_of = {{ClassId(1), RegionId::none(), 0.5},
                        {ClassId::none(), RegionId(0), 0.2},
                        {ClassId(1), RegionId::none(), 9}};
  const DemandSet later = plan::grown(planning, net, set, 2028);
  CHECK(later.demands[0].rate == Rate::bps(1440));  // sent from region 0
  CHECK(later.demands[1].rate == Rate::bps(2250));
  planning.growth_of.clear();
  CHECK(plan::grown(planning, net, set, 2028).demands[0].rate == Rate::bps(1210));
  CHECK(plan::grown(planning, net, set, 2026).demands[0].rate == Rate::bps(1000));
}

TEST_CASE("plan upgrade: a triangle that doubles each year, worked by hand") {
  // 4, 8 and 16 Gb/s. Nothing failed: l0 at 40, 80 and 160 %: full (over 80 %) in 2028. With l0
  // down l1 and l2 carry it all: over 100 % in 2028, and l0 as well.
  const UpgradePlan plan = plan_upgrade(triangle(4));
  REQUIRE(plan.years.size() == 3);
  CHECK(plan.years[1].offered_bps == Approx(8e9));
  CHECK(plan.years[2].max_utilization == Approx(1.6));
  CHECK(plan.links[0].full == 2);
  CHECK(plan.links[0].full_failed == 2);
  CHECK_FALSE(plan.links[1].full.has_value());
  CHECK(plan.links[1].full_failed == 2);
  CHECK(plan.causes[plan.links[1].years[2].when.index()].name == "l0");
  // l0 needs 16 / 0.8 = 20 Gb/s, l1 and l2 16: one more 10G each, 200 coins a link.
  CHECK(plan.cost == Approx(600));
  CHECK(plan.full_cost == Approx(600));
  CHECK(plan.enough());
  for (const plan::LinkPlan& link : plan.links) {
    REQUIRE(link.purchases.size() == 1);
    CHECK(link.purchases[0].year == 2);
    CHECK(link.purchases[0].channels == 1);
  }
  CHECK(plan.years[2].max_utilization_after == Approx(0.8));
  CHECK(plan.years[2].max_failed_utilization_after == Approx(0.8));
  CHECK(plan.years[2].upgrades_cost == Approx(600));
  CHECK(plan.transit_cost == 0);
  CHECK_FALSE(plan.selection.has_value());
  CHECK(plan.risk_after_bit == 0);
  CHECK(plan.risk_before_bit > 0);
}

TEST_CASE("plan upgrade: a budget goes where it avoids the most") {
  Scenario scenario = triangle(4);
  scenario.planning.budget = 250;  // one link's
  const UpgradePlan plan = plan_upgrade(scenario);
  REQUIRE(plan.selection.has_value());
  CHECK(plan.selection->exact);
  CHECK(plan.cost == Approx(200));
  CHECK(plan.full_cost == Approx(600));
  // l0 is over all the time, l1 and l2 only while l0 is down.
  CHECK(plan.links[0].purchases.size() == 1);
  CHECK(plan.links[1].purchases.empty());
  CHECK_FALSE(plan.enough());
  CHECK(plan.links[1].full_after == 2);
  CHECK_FALSE(plan.links[0].full_after.has_value());
  CHECK(plan.risk_after_bit < 0.01 * plan.risk_before_bit);

  UpgradeOptions greedy;
  greedy.choosing = plan::Choosing::greedy;
  const UpgradePlan second = plan_upgrade(scenario, greedy);
  CHECK_FALSE(second.selection->exact);
  CHECK(second.cost == Approx(200));
  CHECK(second.selection->bound >= plan.selection->value);

  scenario.planning.budget = 100;  // of nothing
  const UpgradePlan none = plan_upgrade(scenario);
  CHECK(none.cost == 0);
  CHECK(none.risk_after_bit == Approx(none.risk_before_bit));
  scenario.planning.budget = 600;  // all of it
  CHECK_FALSE(plan_upgrade(scenario).selection.has_value());
}

TEST_CASE("plan upgrade: what no module can carry is said") {
  Scenario scenario = triangle(1000);
  scenario.planning.to = 2026;  // 1250 Gb/s are needed, 96 x 10 are the most
  const UpgradePlan plan = plan_upgrade(scenario);
  CHECK_FALSE(plan.links[0].possible);
  CHECK(plan.links[0].purchases.empty());
  CHECK_FALSE(plan.enough());
}

TEST_CASE(
    "plan upgrade: the bought capacity keeps every state of every year below the thresholds") {
  test::Dice dice(9);
  Build build;
  build.nodes(8);
  for (std::size_t n = 1; n < 8; ++n) build.link(n, dice.roll(n));
  for (int l = 0; l < 7; ++l) {
    const std::size_t a = dice.roll(8);
    build.link(a, (a + 1 + dice.roll(7)) % 8);
  }
  std::vector<MatrixEntry> entries;
  entries.reserve(8);
  for (std::size_t a = 0; a < 8; ++a)
    entries.push_back({NodeId(a), NodeId((a + 1 + dice.roll(7)) % 8),
                       Rate::mbps(100 + static_cast<std::int64_t>(dice.roll(3000)))});
  Scenario scenario = scenario_of(build.network(), entries);
  scenario.planning.growth = 0.5;
  const UpgradePlan plan = plan_upgrade(scenario);
  REQUIRE(plan.enough());
  REQUIRE(plan.cost > 0);
  // The same sweep over a network that has what was bought by the last year.
  NetworkSpec spec = scenario.network->spec();
  for (std::size_t l = 0; l < spec.links.size(); ++l) {
    if (!plan.links[l].purchases.empty())
      spec.links[l].capacity = plan.links[l].purchases.back().after;
  }
  const Network upgraded(spec);
  std::vector<test::Flow> flows;
  flows.reserve(entries.size());
  for (const MatrixEntry& e : entries)
    flows.push_back({e.from.index(), e.to.index(), e.rate.bps()});
  const DemandSet last =
      plan::grown(scenario.planning, upgraded, test::demands(flows), scenario.planning.to);
  const plan::FailureSweep sweep({upgraded, {}, {}, last, plan.causes});
  double normal = 0;
  double worst = 0;
  sweep.visit({}, [&](const plan::Case& seen) {
    if (!seen.first.valid()) normal = seen.max_utilization;
    worst = std::max(worst, seen.max_utilization);
  });
  CHECK(normal <= scenario.planning.threshold + 1e-9);
  CHECK(worst <= scenario.planning.failed_threshold + 1e-9);
  CHECK(normal == Approx(plan.years.back().max_utilization_after));
  CHECK(worst == Approx(plan.years.back().max_failed_utilization_after));
}

TEST_CASE("plan upgrade: the same on any number of threads, and stopped without a year") {
  Scenario scenario = triangle(4);
  UpgradeOptions options;
  options.threads = 1;
  const UpgradePlan one = plan_upgrade(scenario, options);
  for (const unsigned threads : {2U, 3U, 7U}) {
    options.threads = threads;
    const UpgradePlan many = plan_upgrade(scenario, options);
    CHECK(many.cost == one.cost);
    CHECK(many.risk_before_bit == one.risk_before_bit);
  }
  const std::atomic<bool> stop = true;
  options.stop = &stop;
  const UpgradePlan none = plan_upgrade(scenario, options);
  CHECK_FALSE(none.complete);
  CHECK(none.years.empty());
}

TEST_CASE("transit: the 95th percentile leaves out the top twentieth") {
  CHECK(plan::billed_percentile({}) == 0);
  CHECK(plan::billed_percentile({7}) == 7);
  std::vector<double> samples(100);
  std::iota(samples.begin(), samples.end(), 1.0);
  CHECK(plan::billed_percentile(samples) == 95);
}

TEST_CASE("transit: who pays, for the greater direction, at the percentile of a day's shape") {
  // Provider 1 (tier 2) buys from provider 0 (tier 1) over l0; peers do not pay (l1).
  Build build;
  build.provider(1).provider(2).provider(2).nodes(1, 0).nodes(1, 1).nodes(1, 2);
  build.transit(1, 0).peer(1, 2);
  Scenario scenario = scenario_of(build.network(), {{NodeId(1), NodeId(0), Rate::gbps(1)},
                                                    {NodeId(0), NodeId(1), Rate::gbps(3)},
                                                    {NodeId(1), NodeId(2), Rate::gbps(1)}});
  set_simple(scenario.planning);
  scenario.planning.to = 2027;
  scenario.planning.growth = 0.5;
  scenario.planning.prices.transit_per_mbps_month = 0.5;
  scenario.planning.prices.transit_fall = 0.2;
  const UpgradePlan plan = plan_upgrade(scenario);
  REQUIRE(plan.years[0].transit.size() == 1);
  const plan::TransitLink& bill = plan.years[0].transit[0];
  CHECK(bill.link == LinkId(0));
  CHECK(bill.customer == ProviderId(1));
  CHECK(bill.seller == ProviderId(0));
  CHECK(bill.billed_bps == Approx(3e9));
  CHECK(plan.years[0].transit_cost == Approx(12 * 0.5 * 3000));
  CHECK(plan.years[1].transit_cost == Approx(12 * 0.4 * 4500));

  // Half the hours at full rate, half at a tenth: the percentile is the full rate, the mean 55 %.
  auto profile = std::make_shared<Profile>();
  profile->diurnal = DiurnalProfile{};
  profile->diurnal->hours.assign(24, 0.1);
  std::fill_n(profile->diurnal->hours.begin(), 12, 1.0);
  scenario.traffic[0].profile = profile;
  const UpgradePlan daily = plan_upgrade(scenario);
  CHECK(daily.years[0].transit[0].billed_bps == Approx(3e9).epsilon(0.02));
  CHECK(daily.years[0].transit[0].mean_bps == Approx(0.55 * 3e9).epsilon(0.02));
}

}  // namespace
}  // namespace longhaul
