#include "sim/failure/timeline.hpp"

#include "sim/failure/random.hpp"
#include "tests/catch.hpp"
#include "tests/failure/networks.hpp"

using namespace longhaul;
using failure::Change;
using failure::Timeline;
using Kind = Change::Kind;

namespace {

const Network net(test::chain({100, 100}));
constexpr std::int64_t largest = 1'000'000;
const std::vector<PortId> ab = failure::ports_of({LinkId(0)});
const std::vector<PortId> bc = failure::ports_of({LinkId(1)});
const std::vector<PortId> both = failure::ports_of({LinkId(0), LinkId(1)});

Time at(std::int64_t ms) { return Time::zero() + Duration::ms(ms); }

Timeline timeline(const std::vector<Change>& changes) {
  return failure::timeline_of(net, {std::vector<std::int64_t>(4, 10), largest}, changes);
}

using Ports = std::vector<bool>;

}  // namespace

TEST_CASE("without changes there is one state, in which all works") {
  const Timeline t = timeline({});
  REQUIRE(t.states.size() == 1);
  CHECK(t.states[0].at == Time::zero());
  CHECK(t.states[0].down == Ports(4, false));
  CHECK(t.states[0].withdrawn == Ports(4, false));
  CHECK(t.states[0].metric == std::vector<std::int64_t>(4, 10));
  CHECK(t.capacities.empty());
}

TEST_CASE("a port is down while anything holds it down; what differs in nothing is no state") {
  const Timeline t = timeline({{at(1), Kind::fail, "B", both},
                               {at(2), Kind::fail, "ab", ab},
                               {at(3), Kind::restore, "B", both},
                               {at(4), Kind::restore, "ab", ab},
                               {at(5), Kind::restore, "bc", bc}});
  REQUIRE(t.states.size() == 4);
  CHECK(t.states[1].at == at(1));
  CHECK(t.states[1].down == Ports(4, true));
  CHECK(t.states[2].at == at(3));
  CHECK(t.states[2].down == Ports{true, true, false, false});
  CHECK(t.states[3].at == at(4));
  CHECK(t.states[3].down == Ports(4, false));
}

TEST_CASE("a change at time zero is in the first state, several at one instant make one") {
  const Timeline t = timeline({{Time::zero(), Kind::drain, "ab", ab},
                               {at(1), Kind::fail, "ab", ab},
                               {at(1), Kind::undrain, "ab", ab}});
  REQUIRE(t.states.size() == 2);
  CHECK(t.states[0].metric == std::vector<std::int64_t>{largest, largest, 10, 10});
  CHECK(t.states[1].metric == std::vector<std::int64_t>(4, 10));
  CHECK(t.states[1].down == Ports{true, true, false, false});
}

TEST_CASE("metrics change for good, drains over them for a time") {
  const Timeline t = timeline({{at(1), Kind::drain, "ab", ab},
                               {at(2), Kind::metric, "ab", ab, {20, 30}},
                               {at(3), Kind::undrain, "ab", ab}});
  REQUIRE(t.states.size() == 3);  // what a drained port would cost is not seen
  CHECK(t.states[1].metric == std::vector<std::int64_t>{largest, largest, 10, 10});
  CHECK(t.states[2].metric == std::vector<std::int64_t>{20, 30, 10, 10});
}

TEST_CASE("capacities: the slowest of what degrades holds, and restoring brings back the rest") {
  const std::int64_t g = 1'000'000'000;
  const Timeline t = timeline({{at(1), Kind::degrade, "ab", ab, {4 * g, 4 * g}},
                               {at(2), Kind::degrade, "all", both, {5 * g, 5 * g, 5 * g, 5 * g}},
                               {at(3), Kind::restore, "ab", ab},
                               {at(4), Kind::degrade, "all", both, {3 * g, 3 * g, 3 * g, 3 * g}},
                               {at(5), Kind::restore, "all", both}});
  CHECK(t.states.size() == 1);
  std::vector<std::pair<Time, Rate>> first;
  std::vector<std::pair<Time, Rate>> third;
  for (const failure::CapacityStep& step : t.capacities) {
    if (step.port == PortId(0)) first.emplace_back(step.at, step.member_rate);
    if (step.port == PortId(2)) third.emplace_back(step.at, step.member_rate);
  }
  using Steps = std::vector<std::pair<Time, Rate>>;
  CHECK(first == Steps{{at(1), Rate::gbps(4)},
                       {at(3), Rate::gbps(5)},
                       {at(4), Rate::gbps(3)},
                       {at(5), Rate::gbps(10)}});
  CHECK(third ==
        Steps{{at(2), Rate::gbps(5)}, {at(4), Rate::gbps(3)}, {at(5), Rate::gbps(10)}});
}

TEST_CASE("restoring ends a failure and a degradation of one name") {
  const Timeline t = timeline({{at(1), Kind::degrade, "ab", ab, {1000, 1000}},
                               {at(2), Kind::fail, "ab", ab},
                               {at(3), Kind::restore, "ab", ab}});
  REQUIRE(t.states.size() == 3);
  CHECK(t.states[2].down == Ports(4, false));
  CHECK(t.capacities.size() == 4);
}

TEST_CASE("links between parted providers work, but are withdrawn until they make it up") {
  const Timeline t =
      timeline({{at(1), Kind::depeer, "x and y", bc}, {at(2), Kind::peer, "x and y", bc}});
  REQUIRE(t.states.size() == 3);
  CHECK(t.states[1].down == Ports(4, false));
  CHECK(t.states[1].withdrawn == Ports{false, false, true, true});
  CHECK(t.states[2].withdrawn == Ports(4, false));
}

TEST_CASE("a port counts as faded only while nothing else holds it down") {
  const Timeline t = timeline({{at(1), Kind::fade, "ab", ab},
                               {at(2), Kind::fail, "ab", ab},
                               {at(3), Kind::restore, "ab", ab},
                               {at(4), Kind::clear, "ab", ab}});
  REQUIRE(t.states.size() == 5);
  const Ports here{true, true, false, false};
  const Ports none(4, false);
  CHECK(t.states[1].faded == here);
  CHECK(t.states[2].faded == none);
  CHECK(t.states[2].down == here);
  CHECK(t.states[3].faded == here);
  CHECK(t.states[4].down == none);
}
