#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "sim/routing/loads.hpp"
#include "sim/traffic/traffic_spec.hpp"
#include "tests/catch.hpp"
#include "tests/routing/build.hpp"

using namespace longhaul;
using longhaul::test::Build;

namespace {

using Pair = std::pair<std::size_t, std::size_t>;

std::map<Pair, std::int64_t> rates(const DemandSet& set) {
  std::map<Pair, std::int64_t> out;
  for (const Demand& d : set.demands) out[{d.from.index(), d.to.index()}] += d.rate.bps();
  return out;
}

/// Never called unless a test gives a target.
double no_target(const DemandSet& /*demands*/) {
  FAIL("asked for a utilization without a target");
  return 0;
}

DemandSet build(const Network& network, const std::vector<TrafficSpec>& traffic,
                const std::function<double(const DemandSet&)>& utilization = no_target) {
  return build_demands(network, {{"a", 0}, {"b", 1}}, {{"1000", {{1000, 1.0}}}}, traffic,
                       utilization);
}

Network star(const std::vector<double>& weights) {
  Build net;
  net.nodes(weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i) net.node(i).weight = weights[i];
  for (std::size_t i = 1; i < weights.size(); ++i) net.link(0, i);
  return net.network();
}

TrafficSpec spec(TrafficSpec::Matrix matrix, std::int64_t total) {
  TrafficSpec out;
  out.matrix = matrix;
  out.total = Rate::bps(total);
  return out;
}

}  // namespace

TEST_CASE("explicit rates stand as they are written, sorted by pair, each pair once") {
  const Network network = star({1, 1, 1});
  TrafficSpec entry;
  entry.cls = ClassId(1);
  entry.arrivals = Arrivals::cbr;
  entry.entries = {{NodeId(2), NodeId(0), Rate::bps(7)},
                   {NodeId(0), NodeId(1), Rate::bps(999'999'999'999)},
                   {NodeId(2), NodeId(0), Rate::bps(4)},
                   {NodeId(1), NodeId(1), Rate::bps(5)},
                   {NodeId(1), NodeId(2), Rate::zero()}};
  const DemandSet set = build(network, {entry});
  REQUIRE(set.demands.size() == 2);
  CHECK(set.demands[0].from == NodeId(0));
  CHECK(set.demands[0].to == NodeId(1));
  CHECK(set.demands[0].rate == Rate::bps(999'999'999'999));
  CHECK(set.demands[1].rate == Rate::bps(11));
  CHECK(set.demands[1].cls == ClassId(1));
  CHECK(set.demands[1].arrivals == Arrivals::cbr);
  CHECK(set.total() == Rate::bps(1'000'000'000'010));
}

TEST_CASE("explicit rates are kept exactly whatever their spread") {
  const Network network = star(std::vector<double>(40, 1.0));
  test::Dice dice(3);
  TrafficSpec entry;
  std::map<Pair, std::int64_t> written;
  for (std::size_t i = 0; i < 40; ++i) {
    for (std::size_t j = 0; j < 40; ++j) {
      if (i == j) continue;
      const auto rate = static_cast<std::int64_t>(1 + dice.roll(std::size_t{1} << dice.roll(40)));
      entry.entries.push_back({NodeId(i), NodeId(j), Rate::bps(rate)});
      written[{i, j}] = rate;
    }
  }
  CHECK(rates(build(network, {entry})) == written);
}

TEST_CASE("gravity is in proportion to the product of weights") {
  // Pairs (0,1) 1x2, (0,2) 1x3, (1,2) 2x3, each twice: 22 shares.
  const DemandSet set = build(star({1, 2, 3}), {spec(TrafficSpec::Matrix::gravity, 2200)});
  CHECK(rates(set) == std::map<Pair, std::int64_t>{{{0, 1}, 200},
                                                   {{0, 2}, 300},
                                                   {{1, 0}, 200},
                                                   {{1, 2}, 600},
                                                   {{2, 0}, 300},
                                                   {{2, 1}, 600}});
}

TEST_CASE("gravity leaves nodes of weight zero out and bears any magnitude of weights") {
  const auto same = rates(build(star({1, 2, 3, 0}), {spec(TrafficSpec::Matrix::gravity, 2200)}));
  CHECK(same.size() == 6);
  CHECK(same ==
        rates(build(star({1e300, 2e300, 3e300, 0}), {spec(TrafficSpec::Matrix::gravity, 2200)})));
  CHECK(build(star({0, 0}), {spec(TrafficSpec::Matrix::gravity, 10)}).demands.empty());
}

TEST_CASE("uniform: every ordered pair, totals exact, shares at most one bit/s apart") {
  for (const std::size_t n : {2U, 3U, 7U, 20U}) {
    for (const std::int64_t total : {1'000'000'007LL, 6'000'000'000'000LL, 999'999'999'999'989LL}) {
      const DemandSet set =
          build(star(std::vector<double>(n, 1.0)), {spec(TrafficSpec::Matrix::uniform, total)});
      REQUIRE(set.demands.size() == n * (n - 1));
      CHECK(set.total() == Rate::bps(total));
      const auto pairs = static_cast<std::int64_t>(n * (n - 1));
      for (const Demand& d : set.demands) {
        CHECK(d.rate.bps() >= total / pairs);
        CHECK(d.rate.bps() <= total / pairs + 1);
      }
    }
  }
}

TEST_CASE("rates that round to zero are dropped and the total is kept") {
  const DemandSet set = build(star({1, 1, 1}), {spec(TrafficSpec::Matrix::uniform, 4)});
  CHECK(set.demands.size() == 4);
  CHECK(set.total() == Rate::bps(4));
}

TEST_CASE("hub: every node to and from each hub, by the node's weight") {
  TrafficSpec entry = spec(TrafficSpec::Matrix::hub, 1200);
  entry.hubs = {NodeId(0)};
  const DemandSet one = build(star({9, 1, 2, 3}), {entry});
  CHECK(rates(one) == std::map<Pair, std::int64_t>{{{0, 1}, 100},
                                                   {{0, 2}, 200},
                                                   {{0, 3}, 300},
                                                   {{1, 0}, 100},
                                                   {{2, 0}, 200},
                                                   {{3, 0}, 300}});

  // Two hubs of six nodes: 4 others x 2 hubs x 2 ways, and the two hubs to each other.
  entry.hubs = {NodeId(1), NodeId(2)};
  const DemandSet two = build(star(std::vector<double>(6, 1.0)), {entry});
  CHECK(two.demands.size() == 18);
  CHECK(two.total() == Rate::bps(1200));
  // A pair of hubs has a share as node and one as hub: 16 + 2 x 2 shares of 60.
  CHECK(rates(two).at({1, 2}) == 120);
  CHECK(rates(two).at({0, 1}) == 60);
}

TEST_CASE("among restricts who takes part; hubs always do") {
  TrafficSpec entry = spec(TrafficSpec::Matrix::uniform, 600);
  entry.among = {NodeId(3), NodeId(1), NodeId(1)};
  CHECK(rates(build(star({1, 1, 1, 1}), {entry})) ==
        std::map<Pair, std::int64_t>{{{1, 3}, 300}, {{3, 1}, 300}});

  entry.matrix = TrafficSpec::Matrix::hub;
  entry.hubs = {NodeId(0)};
  CHECK(build(star({1, 1, 1, 1}), {entry}).demands.size() == 4);
}

TEST_CASE("scale multiplies, after a total too") {
  TrafficSpec entry = spec(TrafficSpec::Matrix::uniform, 1000);
  entry.scale = 2.5;
  CHECK(build(star({1, 1, 1}), {entry}).total() == Rate::bps(2500));

  TrafficSpec written;
  written.entries = {{NodeId(0), NodeId(1), Rate::bps(3)}, {NodeId(1), NodeId(0), Rate::bps(5)}};
  written.scale = 1000;
  CHECK(rates(build(star({1, 1}), {written})) ==
        std::map<Pair, std::int64_t>{{{0, 1}, 3000}, {{1, 0}, 5000}});
  written.scale = 1;
  written.total = Rate::bps(16);
  CHECK(rates(build(star({1, 1}), {written})) ==
        std::map<Pair, std::int64_t>{{{0, 1}, 6}, {{1, 0}, 10}});
  written.scale = 0;
  CHECK(build(star({1, 1}), {written}).demands.empty());
}

TEST_CASE("entries keep the order of the list") {
  const DemandSet set = build(star({1, 1}), {spec(TrafficSpec::Matrix::uniform, 100),
                                             spec(TrafficSpec::Matrix::uniform, 40)});
  REQUIRE(set.demands.size() == 4);
  CHECK(set.demands[0].rate == Rate::bps(50));
  CHECK(set.demands[3].rate == Rate::bps(20));
}

TEST_CASE("a target utilization is reached on the wire") {
  // Star of 10 Gb/s links, 1000 B + 24 B framing: n-1 demands of rate r share each spoke in each
  // direction.
  const Network network = star({1, 1, 1, 1, 1});
  const Routes routes = compute_routes(network, RoutingSpec{});
  TrafficSpec entry;
  entry.matrix = TrafficSpec::Matrix::uniform;
  entry.target_utilization = 0.7;
  const auto utilization = wire_utilization(network, routes);
  const DemandSet set = build(network, {entry}, utilization);
  CHECK(set.demands.size() == 20);
  CHECK(utilization(set) == Approx(0.7).epsilon(1e-9));
  // By hand: 4 r x 1024/1000 = 7 Gb/s.
  CHECK(set.demands[0].rate.as_double() == Approx(7e9 / 4 / 1.024).epsilon(1e-8));

  entry.scale = 0.5;
  CHECK(utilization(build(network, {entry}, utilization)) == Approx(0.35).epsilon(1e-9));

  TrafficSpec written;
  written.entries = {{NodeId(1), NodeId(2), Rate::gbps(1)}, {NodeId(1), NodeId(3), Rate::gbps(3)}};
  written.target_utilization = 0.9;
  const DemandSet scaled = build(network, {written}, utilization);
  CHECK(utilization(scaled) == Approx(0.9).epsilon(1e-9));
  CHECK(scaled.demands[1].rate.as_double() ==
        Approx(3 * scaled.demands[0].rate.as_double()).epsilon(1e-8));
}

TEST_CASE("an entry whose target nothing reaches is left out") {
  Build net;
  net.nodes(2);
  const Network network = net.network();
  TrafficSpec entry;
  entry.matrix = TrafficSpec::Matrix::uniform;
  entry.target_utilization = 0.7;
  CHECK(build(network, {entry}, wire_utilization(network, compute_routes(network, RoutingSpec{})))
            .demands.empty());
}

TEST_CASE("totals beyond a double's precision still add up") {
  const std::int64_t total = max_total_rate.bps() - 1;
  const DemandSet set = build(star({1, 1, 1}), {spec(TrafficSpec::Matrix::uniform, total)});
  CHECK(std::abs(set.total().bps() - total) <= 128);
}

TEST_CASE("mean packet size is weighted by packets") {
  const SizeMix imix{"imix", {{64, 7}, {594, 4}, {1518, 1}}};
  CHECK(imix.mean_bytes() == Approx((7 * 64 + 4 * 594 + 1518) / 12.0));
  CHECK(SizeMix{"fixed", {{400, 0.3}}}.mean_bytes() == Approx(400));
  CHECK(std::string(to_string(Arrivals::poisson)) == "poisson");
  CHECK(std::string(to_string(Arrivals::cbr)) == "cbr");
}

TEST_CASE("a hub may only send or only receive") {
  const Network network = star({1, 1, 2});
  TrafficSpec entry = spec(TrafficSpec::Matrix::hub, 900);
  entry.hubs = {NodeId(0)};
  entry.direction = TrafficSpec::Direction::from_hubs;
  CHECK(rates(build(network, {entry})) ==
        std::map<Pair, std::int64_t>{{{0, 1}, 300}, {{0, 2}, 600}});
  entry.direction = TrafficSpec::Direction::to_hubs;
  CHECK(rates(build(network, {entry})) ==
        std::map<Pair, std::int64_t>{{{1, 0}, 300}, {{2, 0}, 600}});
}

TEST_CASE("a group divides one total, and the sum is exact") {
  const Network network = star({1, 1, 1});
  TrafficSpec first = spec(TrafficSpec::Matrix::uniform, 1'000'000'001);
  first.group = 1;
  first.share = 1.0 / 3;
  TrafficSpec second = first;
  second.cls = ClassId(1);
  second.share = 2.0 / 3;
  TrafficSpec other = first;  // another group, a whole of its own
  other.group = 2;
  other.share = 1;
  const DemandSet set = build(network, {first, second, other});
  CHECK(set.total() == Rate::bps(2'000'000'002));
  std::int64_t of_first = 0;
  for (std::size_t i = 0; i < 6; ++i) of_first += set.demands[i].rate.bps();
  CHECK(of_first == 333'333'334);  // a third, rounded
}

TEST_CASE("a group reaches one target together") {
  const Network network = star({1, 1});  // 10 Gb/s
  const Routes routes = compute_routes(network, {});
  const auto utilization = wire_utilization(network, routes);
  TrafficSpec down;
  down.matrix = TrafficSpec::Matrix::hub;
  down.hubs = {NodeId(0)};
  down.among = {NodeId(1)};
  down.target_utilization = 0.5;
  down.group = 7;
  down.share = 0.8;
  down.direction = TrafficSpec::Direction::from_hubs;
  TrafficSpec up = down;
  up.share = 0.2;
  up.direction = TrafficSpec::Direction::to_hubs;
  const DemandSet set = build(network, {down, up}, utilization);
  REQUIRE(set.demands.size() == 2);
  CHECK(std::abs(utilization(set) - 0.5) < 1e-9);
  const double ratio = set.demands[0].rate.as_double() / set.demands[1].rate.as_double();
  CHECK(std::abs(ratio - 4) < 1e-8);
}
