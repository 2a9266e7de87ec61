// Loads under failures: by hand, and what a failure changes against every route computed afresh.
#include "sim/routing/failure_loads.hpp"

#include <algorithm>
#include <cmath>

#include "sim/routing/loads.hpp"
#include "tests/catch.hpp"
#include "tests/routing/build.hpp"

namespace longhaul {
namespace {

using routing::Cut;
using routing::FailedLoads;
using test::Build;
using test::demands;
using test::Dice;

std::vector<PortId> both_ways(std::size_t link) {
  return {Network::forward(LinkId(link)), Network::backward(LinkId(link))};
}

TEST_CASE("failure loads: a square, worked by hand") {
  // 0 - 1 - 3 and 0 - 2 - 3, and 1 - 2: two equal ways from 0 to 3.
  const Network net =
      Build().nodes(4).link(0, 1).link(1, 3).link(0, 2).link(2, 3).link(1, 2).network();
  const DemandSet traffic = demands({{0, 3, 8'000'000'000}, {1, 3, 1'000'000'000}});
  const auto loads = routing::incremental_failure_loads(net, {}, {}, traffic);

  const auto at = [&](const FailedLoads& l, std::size_t port) { return l.load_bps[port] / 1e9; };
  const FailedLoads& whole = loads->start({});
  CHECK(at(whole, 0) == Approx(4));
  CHECK(at(whole, 2) == Approx(5));
  CHECK(at(whole, 6) == Approx(4));
  CHECK(whole.cut.empty());

  const FailedLoads& one = loads->start(both_ways(1));  // 1 - 3
  CHECK(at(one, 0) == 0);                               // 0 goes by 2 alone
  CHECK(at(one, 4) == Approx(8));
  // 1 - 2 - 3 is shorter than 1 - 0 - 2 - 3.
  CHECK(at(one, 8) == Approx(1));
  CHECK(at(one, 6) == Approx(9));

  const FailedLoads& two = loads->also(both_ways(3));  // 2 - 3 as well: 3 is alone
  CHECK(std::all_of(two.load_bps.begin(), two.load_bps.end(), [](double l) { return l == 0; }));
  CHECK(two.cut == std::vector<Cut>{{DestinationId(3), NodeId(0)}, {DestinationId(3), NodeId(1)}});

  const FailedLoads& other = loads->also(both_ways(4));  // 1 - 2 instead: 1 goes back over 0
  CHECK(at(other, 1) == Approx(1));
  CHECK(at(other, 4) == Approx(9));
  CHECK(other.cut.empty());

  CHECK(loads->start({}).load_bps[2] == Approx(5e9));  // repaired
}

/// A connected network with many equal paths, parallel links, bundles and one-way links.
Network random_network(Dice& dice, std::size_t nodes, std::size_t extra, bool providers) {
  Build build;
  if (providers) build.provider(1).provider(2).provider(3);
  for (std::size_t n = 0; n < nodes; ++n) build.nodes(1, providers ? dice.roll(3) : 0);
  const auto dress = [&] {
    Link& link = build.last();
    link.metric_ab = 1 + static_cast<std::int64_t>(dice.roll(3));
    link.metric_ba =
        dice.roll(4) == 0 ? 1 + static_cast<std::int64_t>(dice.roll(3)) : link.metric_ab;
    link.capacity.members = 1 + static_cast<std::uint32_t>(dice.roll(3));
  };
  for (std::size_t n = 1; n < nodes; ++n) {
    build.link(n, dice.roll(n));
    dress();
  }
  for (std::size_t l = 0; l < extra; ++l) {
    const std::size_t a = dice.roll(nodes);
    const std::size_t b = dice.roll(nodes);
    if (a == b) continue;
    build.link(a, b);
    dress();
    build.last().one_way = dice.roll(4) == 0;
  }
  return build.network();
}

DemandSet random_demands(Dice& dice, const Network& net, std::size_t count,
                         std::size_t constraints) {
  std::vector<test::Flow> flows;
  while (flows.size() < count) {
    const std::size_t from = dice.roll(net.nodes().size());
    const std::size_t to = dice.roll(net.nodes().size());
    if (from == to) continue;
    flows.push_back({from, to, 1 + static_cast<std::int64_t>(dice.roll(9'000'000'000))});
  }
  DemandSet set = demands(flows);
  for (Demand& d : set.demands) d.constraint = ConstraintId(dice.roll(constraints));
  return set;
}

/// Some ports that fail together: a link, the links of a node, or any three.
std::vector<PortId> random_failure(Dice& dice, const Network& net) {
  std::vector<PortId> down;
  const std::size_t links = net.links().size();
  const auto add = [&](std::size_t link) {
    for (const PortId port : both_ways(link)) down.push_back(port);
  };
  switch (dice.roll(4)) {
    case 0: {
      const NodeId node(dice.roll(net.nodes().size()));
      for (const PortId port : net.ports_from(node)) down.push_back(port);
      for (const PortId port : net.ports_to(node)) down.push_back(port);
      break;
    }
    case 1:
      for (int i = 0; i < 3; ++i) add(dice.roll(links));
      break;
    default:
      add(dice.roll(links));
  }
  return down;
}

void require_equal(const FailedLoads& fast, const FailedLoads& full, double total_bps) {
  REQUIRE(fast.cut == full.cut);
  REQUIRE(fast.unrouted_bps == full.unrouted_bps);
  REQUIRE(fast.load_bps.size() == full.load_bps.size());
  for (std::size_t p = 0; p < full.load_bps.size(); ++p) {
    INFO("port " << p);
    REQUIRE(fast.load_bps[p] == Approx(full.load_bps[p]).epsilon(0).margin(1e-11 * total_bps));
  }
}

/// Drives both implementations through the same failures; true once some demand was cut off.
bool drive_both(Dice& dice, const Network& net, const RoutingSpec& spec,
                const std::vector<PathConstraint>& constraints, const DemandSet& traffic) {
  const auto fast = routing::incremental_failure_loads(net, spec, constraints, traffic);
  const auto full = routing::full_failure_loads(net, spec, constraints, traffic);
  const double total = traffic.total().as_double();
  bool cut = false;
  for (int first = 0; first < 5; ++first) {
    const std::vector<PortId> down = first == 0 ? std::vector<PortId>{} : random_failure(dice, net);
    require_equal(fast->start(down), full->start(down), total);
    for (int second = 0; second < 5; ++second) {
      const std::vector<PortId> more = random_failure(dice, net);
      const FailedLoads& expected = full->also(more);
      require_equal(fast->also(more), expected, total);
      cut = cut || !expected.cut.empty();
    }
  }
  return cut;
}

TEST_CASE("failure loads: incremental equals full on 400 random networks") {
  Dice dice(20261128);
  int with_cuts = 0;
  for (int network = 0; network < 400; ++network) {
    INFO("network " << network);
    const Network net = random_network(dice, 3 + dice.roll(14), dice.roll(20), false);
    std::vector<PathConstraint> constraints(1 + dice.roll(3));
    for (std::size_t c = 1; c < constraints.size(); ++c) {
      constraints[c].avoid.assign(net.ports().size(), false);
      for (std::size_t p = 0; p < net.ports().size(); ++p)
        constraints[c].avoid[p] = dice.roll(8) == 0;
    }
    RoutingSpec spec;
    const Metric metrics[] = {Metric::given, Metric::hops, Metric::inverse_capacity};
    spec.metric = metrics[dice.roll(3)];
    spec.ecmp = dice.roll(4) == 0 ? Ecmp::off : Ecmp::per_flow;
    const DemandSet traffic = random_demands(dice, net, 1 + dice.roll(40), constraints.size());
    if (drive_both(dice, net, spec, constraints, traffic)) ++with_cuts;
  }
  CHECK(with_cuts > 100);
  CHECK(with_cuts < 400);
}

TEST_CASE("failure loads: with several providers every route is computed afresh") {
  Dice dice(7);
  int with_policy = 0;
  for (int network = 0; network < 30; ++network) {
    const Network net = random_network(dice, 4 + dice.roll(8), dice.roll(12), true);
    if (routing::shortest_paths_only(net)) continue;
    ++with_policy;
    const DemandSet traffic = random_demands(dice, net, 20, 1);
    const auto chosen = routing::failure_loads(net, {}, {}, traffic);
    const std::vector<PortId> first = random_failure(dice, net);
    const std::vector<PortId> second = random_failure(dice, net);
    chosen->start(first);
    const FailedLoads& got = chosen->also(second);
    std::vector<bool> down(net.ports().size(), false);
    for (const auto& ports : {first, second}) {
      for (const PortId port : ports) down[port.index()] = true;
    }
    const Routes routes = compute_routes(net, {}, {down});
    const Loads expected = expected_loads(net, routes, traffic);
    CHECK(got.load_bps == expected.load_bps);
    CHECK(got.unrouted_bps == expected.unrouted_bps);
    const std::vector<PathStats> stats = path_stats(net, routes, traffic);
    for (std::size_t d = 0; d < stats.size(); ++d) {
      const Demand& demand = traffic.demands[d];
      const bool cut = std::binary_search(got.cut.begin(), got.cut.end(),
                                          Cut{DestinationId(demand.to.index()), demand.from});
      CHECK(cut == !stats[d].routed);
    }
  }
  CHECK(with_policy > 20);
}

TEST_CASE("failure loads: a clone starts whole and knows nothing of the other's failures") {
  const Network net = Build().nodes(3).link(0, 1).link(1, 2).link(0, 2).network();
  const DemandSet traffic = demands({{0, 2, 1'000}});
  const auto one = routing::failure_loads(net, {}, {}, traffic);
  one->start(both_ways(2));
  const auto other = one->clone();
  CHECK(other->also(both_ways(0)).load_bps[4] == 1'000);
  CHECK(one->also(both_ways(0)).cut.size() == 1);
}

}  // namespace
}  // namespace longhaul
