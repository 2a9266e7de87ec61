// Shortest paths within one provider: hand-worked networks, and random ones against all-pairs
// Floyd-Warshall.
#include "sim/routing/routes.hpp"

#include <cstdint>
#include <limits>

#include "sim/routing/reachability.hpp"
#include "tests/catch.hpp"
#include "tests/routing/build.hpp"

namespace longhaul {
namespace {

using test::Build;
using test::Dice;
using test::next;
using Ports = std::vector<std::size_t>;

RoutingSpec by(Metric metric, Ecmp ecmp = Ecmp::per_flow) {
  RoutingSpec spec;
  spec.metric = metric;
  spec.ecmp = ecmp;
  return spec;
}

TEST_CASE("equal costs give every next port, parallel links each their own") {
  // 0 - 1 - 3 and 0 - 2 - 3 cost 2 each; 1 - 3 is doubled.
  const Network net =
      Build().nodes(4).link(0, 1).link(0, 2).link(1, 3).link(2, 3).link(1, 3).network();
  const Routes routes = compute_routes(net, by(Metric::given));
  CHECK(next(routes, 0, 3) == Ports{0, 2});
  CHECK(next(routes, 1, 3) == Ports{4, 8});
  CHECK(next(routes, 2, 3) == Ports{6});
  CHECK(next(routes, 3, 0) == Ports{5, 7, 9});
  CHECK(next(routes, 3, 3).empty());

  const Routes single = compute_routes(net, by(Metric::given, Ecmp::off));
  CHECK(next(single, 0, 3) == Ports{0});
  CHECK(next(single, 1, 3) == Ports{4});
  CHECK(next(single, 3, 0) == Ports{5});
}

TEST_CASE("each metric model chooses its own path") {
  // From 0 to 2: direct (link 0) or by way of 1 (links 1, 2).
  Build build;
  build.nodes(3);
  build.link(0, 2, 5).last().capacity = {1, Rate::gbps(10)};
  build.last().delay = Duration::ms(9);
  build.link(0, 1, 2).last().capacity = {1, Rate::gbps(100)};
  build.last().delay = Duration::ms(4);
  build.link(1, 2, 2).last().capacity = {1, Rate::gbps(100)};
  build.last().delay = Duration::ms(4);
  const Network net = build.network();
  CHECK(next(compute_routes(net, by(Metric::hops)), 0, 2) == Ports{0});
  CHECK(next(compute_routes(net, by(Metric::inverse_capacity)), 0, 2) == Ports{2});
  CHECK(next(compute_routes(net, by(Metric::delay)), 0, 2) == Ports{2});
  CHECK(next(compute_routes(net, by(Metric::given)), 0, 2) == Ports{2});
}

TEST_CASE("inverse capacity counts a whole bundle") {
  // 2x100G one way costs the same as 200G; together with a second hop it loses against the direct
  // 100G.
  Build build;
  build.nodes(3);
  build.link(0, 2).last().capacity = {1, Rate::gbps(100)};
  build.link(0, 1).last().capacity = {2, Rate::gbps(100)};
  build.link(1, 2).last().capacity = {1, Rate::gbps(200)};
  const Network net = build.network();
  CHECK(next(compute_routes(net, by(Metric::inverse_capacity)), 0, 2) == Ports{0, 2});
}

TEST_CASE("a link without a metric counts 10") {
  Build build;
  build.nodes(3).link(0, 2).last().metric_ab.reset();
  build.link(0, 1, 5).link(1, 2, 5);
  CHECK(next(compute_routes(build.network(), by(Metric::given)), 0, 2) == Ports{0, 2});
  build.last().metric_ab = 6;
  CHECK(next(compute_routes(build.network(), by(Metric::given)), 0, 2) == Ports{0});
}

TEST_CASE("metrics may differ by direction") {
  Build build;
  build.nodes(3).link(0, 2, 3).last().metric_ba = 1;
  build.link(0, 1).link(1, 2);
  const Routes routes = compute_routes(build.network(), by(Metric::given));
  CHECK(next(routes, 0, 2) == Ports{2});
  CHECK(next(routes, 2, 0) == Ports{1});
}

TEST_CASE("the delay metric counts what a packet waits: cable and the next router") {
  Build build;
  build.nodes(4).link(0, 1).link(1, 3).link(0, 2).link(2, 3);
  CHECK(next(compute_routes(build.network(), by(Metric::delay)), 0, 3) == Ports{0, 4});
  build.node(1).latency = Duration::us(1);
  CHECK(next(compute_routes(build.network(), by(Metric::delay)), 0, 3) == Ports{4});
}

TEST_CASE("links without delay cannot make a loop") {
  // A triangle of zero-length links: every pair is one hop, never two.
  Build build;
  build.nodes(3);
  for (const auto& [a, b] : {std::pair{0U, 1U}, {1U, 2U}, {2U, 0U}}) {
    build.link(a, b).last().delay = Duration::zero();
  }
  const Routes routes = compute_routes(build.network(), by(Metric::delay));
  CHECK(next(routes, 0, 1) == Ports{0});
  CHECK(next(routes, 0, 2) == Ports{5});
  CHECK(next(routes, 1, 2) == Ports{2});
}

TEST_CASE("the largest metrics do not overflow") {
  Build build;
  build.nodes(3).link(0, 1, std::numeric_limits<std::int64_t>::max());
  build.link(1, 2, std::numeric_limits<std::int64_t>::max());
  CHECK(next(compute_routes(build.network(), by(Metric::given)), 0, 2) == Ports{0});
}

TEST_CASE("ports that are down and directions that do not exist are left out") {
  Build build;
  build.nodes(3).link(0, 1).link(1, 2).link(0, 2, 5);
  std::vector<bool> down(6, false);
  down[0] = true;  // only from 0 to 1
  const Routes routes = compute_routes(build.network(), by(Metric::given), {down});
  CHECK(next(routes, 0, 1) == Ports{4});
  CHECK(next(routes, 1, 0) == Ports{1});

  Build one_way;
  one_way.nodes(2).link(0, 1).last().one_way = true;
  const Routes directed = compute_routes(one_way.network(), by(Metric::given));
  CHECK(next(directed, 0, 1) == Ports{0});
  CHECK(next(directed, 1, 0).empty());
}

TEST_CASE("reachability follows working cables, direction by direction") {
  Build build;
  build.nodes(4).link(0, 1).link(1, 2);  // 3 is alone
  const Network net = build.network();
  const Reachability all(net);
  CHECK(all.connected(NodeId(0), NodeId(2)));
  CHECK(all.connected(NodeId(3), NodeId(3)));
  CHECK_FALSE(all.connected(NodeId(0), NodeId(3)));
  CHECK_FALSE(Reachability(net, {true, true, false, false}).connected(NodeId(0), NodeId(2)));
  const Reachability half(net, {true, false, false, false});
  CHECK_FALSE(half.connected(NodeId(0), NodeId(2)));
  CHECK(half.connected(NodeId(2), NodeId(0)));
}

TEST_CASE("random networks: next ports are exactly those on shortest paths by Floyd-Warshall") {
  constexpr std::int64_t far = std::int64_t{1} << 40;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Dice dice(seed);
    const std::size_t nodes = 2 + dice.roll(9);
    Build build;
    build.nodes(nodes);
    const std::size_t links = 1 + dice.roll(2 * nodes);
    for (std::size_t l = 0; l < links; ++l) {
      const std::size_t a = dice.roll(nodes);
      const std::size_t b = (a + 1 + dice.roll(nodes - 1)) % nodes;
      build.link(a, b).last().metric_ab = static_cast<std::int64_t>(1 + dice.roll(3));
      build.last().metric_ba = static_cast<std::int64_t>(1 + dice.roll(3));
      build.last().one_way = dice.roll(8) == 0;
    }
    const Network net = build.network();
    std::vector<bool> down(net.ports().size());
    for (std::size_t p = 0; p < down.size(); ++p) down[p] = dice.roll(10) == 0;
    const auto cost = [&](std::size_t p) {
      const Link& link = net.links()[p / 2];
      return p % 2 == 0 ? *link.metric_ab : *link.metric_ba;
    };
    const auto up = [&](std::size_t p) { return net.ports()[p].exists && !down[p]; };

    std::vector<std::vector<std::int64_t>> dist(nodes, std::vector<std::int64_t>(nodes, far));
    for (std::size_t n = 0; n < nodes; ++n) dist[n][n] = 0;
    for (std::size_t p = 0; p < net.ports().size(); ++p) {
      if (!up(p)) continue;
      auto& d = dist[net.ports()[p].from.index()][net.ports()[p].to.index()];
      d = std::min(d, cost(p));
    }
    for (std::size_t k = 0; k < nodes; ++k) {
      for (std::size_t i = 0; i < nodes; ++i) {
        for (std::size_t j = 0; j < nodes; ++j) {
          dist[i][j] = std::min(dist[i][j], dist[i][k] + dist[k][j]);
        }
      }
    }

    const Routes routes = compute_routes(net, by(Metric::given), {down});
    const Reachability reach(net, down);
    for (std::size_t i = 0; i < nodes; ++i) {
      for (std::size_t j = 0; j < nodes; ++j) {
        Ports expected;
        for (std::size_t p = 0; p < net.ports().size(); ++p) {
          if (i == j || !up(p) || net.ports()[p].from.index() != i || dist[i][j] >= far) continue;
          if (cost(p) + dist[net.ports()[p].to.index()][j] == dist[i][j]) expected.push_back(p);
        }
        INFO("seed " << seed << ", from " << i << " to " << j);
        REQUIRE(next(routes, i, j) == expected);
        REQUIRE(reach.connected(NodeId(i), NodeId(j)) == (dist[i][j] < far));
      }
    }
  }
}

}  // namespace
}  // namespace longhaul
