// `plan failures` of networks worked by hand, and of random ones against every state of theirs.
#include "sim/plan/failures.hpp"

#include <stdexcept>

#include "tests/catch.hpp"
#include "tests/plan/scenario_of.hpp"
#include "tests/routing/build.hpp"

namespace longhaul {
namespace {

using plan::Cause;
using plan::CauseId;
using plan::FailureOptions;
using plan::FailurePlan;
using plan::plan_failures;
using test::Build;
using test::Dice;
using test::scenario_of;

/// Only links' equipment fails, one hour in ten.
failure::Rates tenth_of_the_time() {
  failure::Rates rates;
  rates.link_mtbf_h = 90;
  rates.link_mttr_h = 10;
  return rates;
}

FailureOptions pairs_of_links() {
  FailureOptions options;
  options.sweep.pairs = true;
  options.rates = tenth_of_the_time();
  return options;
}

TEST_CASE("plan failures: a triangle, worked by hand") {
  // 0 sends 8 Gb/s to 1 over 10 Gb/s links. l0 is 0-1, l1 is 1-2, l2 is 0-2.
  const Network net = Build().nodes(3).link(0, 1).link(1, 2).link(0, 2).network();
  const FailurePlan plan = plan_failures(scenario_of(net, {{NodeId(0), NodeId(1), Rate::gbps(8)},
                                                           {NodeId(2), NodeId(1), Rate::gbps(5)}}),
                                         pairs_of_links());
  REQUIRE(plan.complete);
  CHECK(plan.cases_swept == 1 + 3 + 3 + 3);  // nothing; links; nodes; pairs
  CHECK(plan.pairs_swept == 3);
  REQUIRE(plan.cases.size() == 10);

  CHECK(plan.cases[0].max_utilization == Approx(0.8));
  // l0 down: 8 + 5 from 2 to 1.
  CHECK(plan.cases[1].max_utilization == Approx(1.3));
  CHECK(plan.cases[1].worst == PortId(3));
  CHECK(plan.cases[1].unrouted_bps == 0);
  CHECK(plan.worst == 1);
  CHECK(plan.cases[2].max_utilization == Approx(1.3));  // l1 down: all on l0
  CHECK(plan.cases[3].max_utilization == Approx(0.8));  // l2 down: nothing was there
  // Node 1 takes all demands with it; node 0 its own.
  CHECK(plan.cases[4].unrouted_bps == Approx(8e9));
  CHECK(plan.cases[4].at_failed_node_bps == Approx(8e9));
  CHECK(plan.cases[5].unrouted_bps == Approx(13e9));
  CHECK(plan.cases[5].max_utilization == 0);
  CHECK_FALSE(plan.cases[5].worst.valid());
  // Pairs: l0 and l1 leave 1 alone; l0 and l2 leave 0 alone; l1 and l2 leave 2 alone.
  CHECK(plan.cases[7].unrouted_bps == Approx(13e9));
  CHECK(plan.cases[8].unrouted_bps == Approx(8e9));
  CHECK(plan.cases[9].unrouted_bps == Approx(5e9));
  CHECK(plan.cases[9].at_failed_node_bps == 0);
  CHECK(plan.cut_together == 3);
  CHECK(plan.overload_together == 0);
  CHECK(plan.overloads == 2);
  CHECK(plan.cuts == 6);

  // The time: l0 is above 80 % alone when exactly l1 is down.
  const double p = 0.9 * 0.9 * 0.1;
  CHECK(plan.cases[2].probability == Approx(p));
  CHECK(plan.links[0].share[0] == Approx(p));
  CHECK(plan.links[0].share[2] == Approx(p));
  CHECK(plan.links[3].share[1] == Approx(p));
  CHECK(plan.links[0].worst.first == CauseId(1));
  CHECK(plan.links[0].worst.load_bps == Approx(13e9));
  CHECK(plan.links[1].worst.load_bps == 0);

  // Demand 0 to 1 is cut where two links are down that hold both ways: two of three pairs.
  CHECK(plan.swept_share == Approx(1 - 0.001));
  REQUIRE(plan.groups.size() == 2);
  CHECK(plan.under[0].down_share == Approx(2 * 0.9 * 0.01));
  CHECK(plan.under[0].cases_cut == 4);
  CHECK(plan.under[0].cut_by.at(0) == std::pair(CauseId(3), CauseId::none()));
}

TEST_CASE("plan failures: pairs that overload although neither link alone does") {
  // Three parallel links of 10 Gb/s with 18 Gb/s: 6 each, 9 with one down, 18 with two.
  const Network net = Build().nodes(2).link(0, 1).link(0, 1).link(0, 1).network();
  const FailurePlan plan =
      plan_failures(scenario_of(net, {{NodeId(0), NodeId(1), Rate::gbps(18)}}), pairs_of_links());
  CHECK(plan.overload_together == 3);
  CHECK(plan.cut_together == 0);
  CHECK(plan.cases[plan.worst].max_utilization == Approx(1.8));
  CHECK(plan.histogram[4] == 3);  // one down: 90 %
  CHECK(plan.histogram[8] == 3);  // two down: 180 %
}

TEST_CASE("plan failures: a risk group takes its links at once") {
  Build build;
  build.nodes(2).link(0, 1).last().risk = {"bridge"};
  build.link(0, 1).last().risk = {"bridge", "duct"};
  build.link(0, 1).last().risk = {"duct"};
  const Network net = build.network();
  const auto causes = plan::causes(net, failure::published_rates());
  REQUIRE(causes.size() == 3 + 2 + 2);
  CHECK(causes[5].name == "bridge");
  CHECK(causes[5].kind == Cause::Kind::risk_group);
  CHECK(causes[5].ports == std::vector<PortId>{PortId(0), PortId(1), PortId(2), PortId(3)});

  FailureOptions options;
  options.sweep.links = options.sweep.nodes = false;
  const FailurePlan plan =
      plan_failures(scenario_of(net, {{NodeId(0), NodeId(1), Rate::gbps(6)}}), options);
  REQUIRE(plan.cases.size() == 3);
  CHECK(plan.cases[1].max_utilization == Approx(0.6));
  CHECK(plan.cases[1].worst == PortId(4));
}

TEST_CASE("causes: how long cables are and how often they are cut") {
  failure::Rates rates;
  rates.cable_mtbf_h_per_1000_km = 3000;
  rates.cable_mttr_h = 12;
  rates.submarine_mtbf_h_per_1000_km = 50'000;
  rates.submarine_mttr_h = 400;
  Build build;
  build.nodes(2).link(0, 1).last().length = Distance::km(500);
  build.link(0, 1).last().delay = Duration::us(4897);  // 1000 km of fibre
  build.link(0, 1).last().length = Distance::km(2000);
  build.last().medium = Medium::submarine;
  build.link(0, 1).last().medium = Medium::microwave;
  // A group: 300 km together with a link of 1000 km.
  build.link(0, 1).last().length = Distance::km(300);
  build.last().risk = {"duct"};
  build.link(0, 1).last().length = Distance::km(1000);
  build.last().risk = {"duct"};
  const auto causes = plan::causes(build.network(), rates);
  CHECK(causes[0].unavailability == Approx(12.0 / 6012));
  CHECK(causes[1].unavailability == Approx(12.0 / 3012).epsilon(1e-3));
  CHECK(causes[2].unavailability == Approx(400.0 / 25'400));
  CHECK(causes[3].unavailability == 0);
  CHECK(causes[4].unavailability == 0);
  CHECK(causes[5].unavailability == Approx(12.0 / (3000 / 0.7 + 12)));
  CHECK(causes[6].unavailability == 0);  // nodes never fail here
  CHECK(causes[8].unavailability == Approx(12.0 / 10'012));
}

/// Availability of one demand over every state of the causes, weighed by its probability.
double availability(const Network& net, const std::vector<Cause>& causes, NodeId from, NodeId to) {
  double up = 0;
  for (std::size_t state = 0; state < (std::size_t{1} << causes.size()); ++state) {
    double probability = 1;
    std::vector<bool> down(net.ports().size(), false);
    for (std::size_t c = 0; c < causes.size(); ++c) {
      const bool fails = (state >> c & 1U) != 0;
      probability *= fails ? causes[c].unavailability : 1 - causes[c].unavailability;
      if (!fails) continue;
      for (const PortId port : causes[c].ports) down[port.index()] = true;
    }
    if (probability > 0 && !compute_routes(net, {}, {down}).next(from, to).empty())
      up += probability;
  }
  return up;
}

TEST_CASE(
    "plan failures: availability is within its bounds, and exact where all states are swept") {
  Dice dice(11);
  for (int trial = 0; trial < 8; ++trial) {
    const std::size_t nodes = 3 + dice.roll(2);
    Build build;
    build.nodes(nodes);
    for (std::size_t n = 1; n < nodes; ++n) build.link(n, dice.roll(n));
    for (int l = 0; l < 3; ++l) {
      const std::size_t a = dice.roll(nodes);
      const std::size_t b = dice.roll(nodes);
      if (a != b) build.link(a, b);
    }
    const Network net = build.network();
    const NodeId to(nodes - 1);
    FailureOptions options = pairs_of_links();
    const auto scenario = scenario_of(net, {{NodeId(0), to, Rate::gbps(1)}});
    const FailurePlan plan = plan_failures(scenario, options);
    const std::vector<Cause> links(
        plan.causes.begin(), plan.causes.begin() + static_cast<std::ptrdiff_t>(net.links().size()));
    const double truth = availability(net, links, NodeId(0), to);
    const double upper = 1 - plan.under[0].down_share;
    const double unswept = 1 - plan.swept_share;
    CHECK(truth <= upper + 1e-12);
    CHECK(truth >= upper - unswept - 1e-12);
  }
  // Two links: every state is swept, so the bounds meet.
  const Network two = Build().nodes(2).link(0, 1).link(0, 1).network();
  const FailurePlan all =
      plan_failures(scenario_of(two, {{NodeId(0), NodeId(1), Rate::gbps(1)}}), pairs_of_links());
  CHECK(all.swept_share == Approx(1).epsilon(1e-15));
  CHECK(all.under[0].down_share == Approx(0.01));
}

/// Everything that a plan says, to be compared bit by bit.
std::vector<double> figures(const FailurePlan& plan) {
  std::vector<double> all{plan.swept_share, static_cast<double>(plan.cases_swept),
                          static_cast<double>(plan.cut_together)};
  for (const plan::CaseResult& c : plan.cases) {
    all.push_back(static_cast<double>(c.number));
    all.push_back(c.max_utilization);
    all.push_back(c.worst.value());
    all.push_back(c.unrouted_bps);
    all.push_back(c.probability);
  }
  for (const plan::LinkUnderFailures& l : plan.links) {
    all.push_back(l.worst.load_bps);
    all.push_back(static_cast<double>(l.worst.number));
    all.insert(all.end(), l.share.begin(), l.share.end());
  }
  for (const plan::GroupUnderFailures& g : plan.under) all.push_back(g.down_share);
  return all;
}

Scenario meshed(Dice& dice, std::size_t nodes, std::size_t links) {
  Build build;
  build.nodes(nodes);
  for (std::size_t n = 1; n < nodes; ++n) build.link(n, dice.roll(n));
  for (std::size_t l = nodes - 1; l < links; ++l) {
    const std::size_t a = dice.roll(nodes);
    build.link(a, (a + 1 + dice.roll(nodes - 1)) % nodes);
  }
  std::vector<MatrixEntry> entries;
  for (std::size_t a = 0; a < nodes; ++a) {
    for (std::size_t b = 0; b < nodes; ++b) {
      if (a != b)
        entries.push_back({NodeId(a), NodeId(b), Rate::mbps(1 + std::int64_t(dice.roll(999)))});
    }
  }
  return scenario_of(build.network(), std::move(entries));
}

TEST_CASE("plan failures: the same to the bit on 1, 2, 3 and 7 threads, and as with full routes") {
  Dice dice(3);
  const Scenario scenario = meshed(dice, 14, 24);
  FailureOptions options;
  options.sweep.pairs = true;
  options.top = 7;
  options.sweep.threads = 1;
  const FailurePlan one = plan_failures(scenario, options);
  CHECK(one.cases_swept == 1 + 24 + 14 + 24 * 23 / 2);
  CHECK(one.cases.size() < 39 + 3 * 7 + 1);
  for (const unsigned threads : {2U, 3U, 7U}) {
    options.sweep.threads = threads;
    CHECK(figures(plan_failures(scenario, options)) == figures(one));
  }
  options.all_pairs = true;
  const FailurePlan fast = plan_failures(scenario, options);
  options.sweep.full = true;
  const FailurePlan full = plan_failures(scenario, options);
  REQUIRE(fast.cases.size() == full.cases.size());
  for (std::size_t c = 0; c < full.cases.size(); ++c) {
    CHECK(fast.cases[c].max_utilization == Approx(full.cases[c].max_utilization).epsilon(1e-9));
    CHECK(fast.cases[c].unrouted_bps == full.cases[c].unrouted_bps);
    CHECK(fast.cases[c].groups_cut == full.cases[c].groups_cut);
  }
  // The worst of all pairs are those that were kept of the few.
  const auto& worst = one.cases[one.worst];
  CHECK(worst.number == fast.cases[fast.worst].number);
}

TEST_CASE("plan failures: stopped early it says so, and what it swept comes first") {
  Dice dice(5);
  const Scenario scenario = meshed(dice, 14, 24);
  FailureOptions options;
  options.sweep.pairs = true;
  options.all_pairs = true;
  std::atomic<bool> stop = false;
  options.sweep.stop = &stop;
  options.sweep.threads = 2;
  options.sweep.progress = [&](std::uint64_t, std::uint64_t) { stop = true; };
  const FailurePlan some = plan_failures(scenario, options);
  CHECK_FALSE(some.complete);
  CHECK(some.cases_swept < some.cases_total);
  CHECK(some.cases_swept == some.cases.size());
  CHECK(some.cases.back().number + 1 == some.cases.size());
}

TEST_CASE("plan failures: what a visitor throws ends the sweep") {
  Dice dice(5);
  const Scenario scenario = meshed(dice, 8, 12);
  FailureOptions options;
  options.sweep.progress = [](std::uint64_t, std::uint64_t) { throw std::runtime_error("full"); };
  CHECK_THROWS_WITH(plan_failures(scenario, options), "full");
}

}  // namespace
}  // namespace longhaul
