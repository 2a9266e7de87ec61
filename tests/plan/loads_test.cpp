// `plan loads` of scenarios built by hand.
#include "sim/plan/loads.hpp"

#include "tests/catch.hpp"
#include "tests/plan/scenario_of.hpp"
#include "tests/routing/build.hpp"

namespace longhaul {
namespace {

using plan::plan_loads;
using test::Build;
using test::scenario_of;

TEST_CASE("every existing direction is listed, loaded or not") {
  Build build;
  build.nodes(3).link(0, 1).link(1, 2).last().one_way = true;
  const plan::LoadPlan loads =
      plan_loads(scenario_of(build.network(), {{NodeId(0), NodeId(2), Rate::gbps(4)}}));
  REQUIRE(loads.links.size() == 3);
  CHECK(loads.links[0].port == PortId(0));
  CHECK(loads.links[0].capacity_bps == 1e10);
  CHECK(loads.links[0].load_bps == Approx(4e9));
  CHECK(loads.links[0].utilization == Approx(0.4));
  CHECK(loads.links[1].load_bps == 0);
  CHECK(loads.links[2].port == PortId(2));
  CHECK(loads.max_utilization == Approx(0.4));
  CHECK(loads.worst == PortId(0));
  CHECK(loads.offered_bps == Approx(4e9));
}

TEST_CASE("framing counts only where asked for") {
  const Network network = Build().nodes(2).link(0, 1).network();
  const Scenario scenario = scenario_of(network, {{NodeId(0), NodeId(1), Rate::gbps(5)}});
  CHECK(plan_loads(scenario).max_utilization == Approx(0.5));
  CHECK(plan_loads(scenario, plan::Count::wire).max_utilization == Approx(0.512));
}

TEST_CASE("a target utilization is met on the wire") {
  Scenario scenario = scenario_of(Build().nodes(3).link(0, 1).link(1, 2).network(), {});
  scenario.traffic[0].matrix = TrafficSpec::Matrix::uniform;
  scenario.traffic[0].target_utilization = 0.7;
  CHECK(plan_loads(scenario, plan::Count::wire).max_utilization == Approx(0.7));
  CHECK(plan_loads(scenario).max_utilization == Approx(0.7 / 1.024));
}

TEST_CASE("what policy refuses is told from what no cable carries") {
  // Three tier-2 peers in a row, and a router alone.
  Build build;
  build.provider(2).provider(2).provider(2).nodes(1, 0).nodes(1, 1).nodes(1, 2).nodes(1, 0);
  build.peer(0, 1).peer(1, 2);
  const plan::LoadPlan loads =
      plan_loads(scenario_of(build.network(), {{NodeId(0), NodeId(2), Rate::bps(100)},
                                               {NodeId(0), NodeId(3), Rate::bps(20)},
                                               {NodeId(0), NodeId(1), Rate::bps(3)}}));
  CHECK(loads.offered_bps == 123);
  CHECK(loads.unrouted_bps == 120);
  CHECK(loads.refused_bps == 100);
}

}  // namespace
}  // namespace longhaul
