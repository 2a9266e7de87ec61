// Routing between providers: AS graphs worked by hand, and random hierarchies against BGP played
// out message by message.
#include "sim/routing/policy.hpp"

#include "sim/routing/reachability.hpp"
#include "sim/routing/routes.hpp"
#include "sim/routing/spf.hpp"
#include "tests/catch.hpp"
#include "tests/routing/bgp_oracle.hpp"
#include "tests/routing/build.hpp"

namespace longhaul {
namespace {

using test::Build;
using test::Dice;
using test::next;
using test::walk;
using Path = std::vector<std::size_t>;
using Ports = std::vector<std::size_t>;

TEST_CASE("a peer does not carry its peers' traffic to each other") {
  // Tier-2 providers 0, 1, 2 of one router each in a row, peering: 0 reaches 1, never 2.
  const Network net = Build()
                          .provider(2)
                          .provider(2)
                          .provider(2)
                          .nodes(1, 0)
                          .nodes(1, 1)
                          .nodes(1, 2)
                          .peer(0, 1)
                          .peer(1, 2)
                          .network();
  const Routes routes = compute_routes(net, {});
  CHECK(next(routes, 0, 1) == Ports{0});
  CHECK(next(routes, 1, 2) == Ports{2});
  CHECK(next(routes, 0, 2).empty());
  CHECK(next(routes, 2, 0).empty());
  // A cable is there: the refusal is policy's.
  CHECK(Reachability(net).connected(NodeId(0), NodeId(2)));
}

TEST_CASE("a customer does not carry its providers' traffic to each other") {
  const Network net = Build()
                          .provider(1)
                          .provider(1)
                          .provider(2)
                          .nodes(1, 0)
                          .nodes(1, 1)
                          .nodes(1, 2)
                          .transit(2, 0)
                          .transit(2, 1)
                          .network();
  const Routes routes = compute_routes(net, {});
  CHECK(next(routes, 0, 2) == Ports{1});
  CHECK(next(routes, 2, 1) == Ports{2});
  CHECK(next(routes, 0, 1).empty());
}

TEST_CASE("a customer's longer way is preferred to a peer's shorter one") {
  // 0 peers with the destination's provider 3 directly; its customer 1 reaches 3 by way of its
  // customer 2.
  //   0 -peer- 3,  0 <- 1 <- 2 <- 3 (arrows: pays)
  Build build;
  for (int p = 0; p < 4; ++p)
    build.provider(1 + (p > 0) + (p > 1)).nodes(1, static_cast<std::size_t>(p));
  build.peer(0, 3).transit(1, 0).transit(2, 1).transit(3, 2);
  const Network net = build.network();
  const Routes routes = compute_routes(net, {});
  CHECK(walk(net, routes, 0, 3) == Path{0, 1, 2, 3});
  // 3 answers over the peering: for 3 both its provider and its peer know 0, and the peer is
  // cheaper.
  CHECK(walk(net, routes, 3, 0) == Path{3, 0});
}

TEST_CASE("a peer's longer way is preferred to a provider's shorter one") {
  // 0 buys from 1 whose customer is 4; 0 peers with 2, whose customer 3 has customer 4.
  Build build;
  build.provider(2).provider(1).provider(2).provider(3).provider(3);
  for (std::size_t p = 0; p < 5; ++p) build.nodes(1, p);
  build.transit(0, 1).transit(4, 1).peer(0, 2).transit(3, 2).transit(4, 3);
  const Network net = build.network();
  CHECK(walk(net, compute_routes(net, {}), 0, 4) == Path{0, 2, 3, 4});
}

TEST_CASE("among equals the fewest providers decide, then all of equal length are used") {
  // 0 buys from 1 and 2; 3 is a customer of both, 4 of 2 and of 5, which is 1's customer.
  Build build;
  build.provider(2).provider(1).provider(1).provider(2).provider(3).provider(2);
  for (std::size_t p = 0; p < 6; ++p) build.nodes(1, p);
  build.transit(0, 1).transit(0, 2).transit(3, 1).transit(3, 2);  // links 0..3
  build.transit(5, 1).transit(4, 5).transit(4, 2).peer(1, 2);     // links 4..7
  const Network net = build.network();
  const Routes routes = compute_routes(net, {});
  CHECK(next(routes, 0, 3) == Ports{0, 2});  // by 1 and by 2, even
  CHECK(next(routes, 0, 4) == Ports{2});     // 0 2 4 is shorter than 0 1 5 4
}

TEST_CASE("a multihomed tier 2 falls back to its other provider") {
  Build build;
  build.provider(1).provider(1).provider(2);
  build.nodes(1, 0).nodes(1, 1).nodes(1, 2).peer(0, 1).transit(2, 0).transit(2, 1);
  const Network net = build.network();
  CHECK(walk(net, compute_routes(net, {}), 2, 0) == Path{2, 0});
  // Without its own link to 0, by its other provider and that one's peering; and back the same way.
  const std::vector<bool> down{false, false, true, true, false, false};
  const Routes routes = compute_routes(net, {}, {down});
  CHECK(walk(net, routes, 2, 0) == Path{2, 1, 0});
  CHECK(walk(net, routes, 0, 2) == Path{0, 1, 2});
}

TEST_CASE("tier 3 reaches tier 3 up, across the tier-1 peering, and down") {
  Build build;
  build.provider(1).provider(1).provider(2).provider(2).provider(3).provider(3);
  for (std::size_t p = 0; p < 6; ++p) build.nodes(1, p);
  build.peer(0, 1).transit(2, 0).transit(3, 1).transit(4, 2).transit(5, 3);
  const Network net = build.network();
  const Routes routes = compute_routes(net, {});
  CHECK(walk(net, routes, 4, 5) == Path{4, 2, 0, 1, 3, 5});
  CHECK(walk(net, routes, 5, 4) == Path{5, 3, 1, 0, 2, 4});
}

TEST_CASE("hot potato: each provider hands over at its own nearest exit, so the ways differ") {
  // Two peers on the same two cities: west (0, 2) and east (1, 3), joined at both.
  Build build;
  build.provider(1).provider(1).nodes(2, 0).nodes(2, 1);
  build.link(0, 1, 10).link(2, 3, 10).peer(0, 2).peer(1, 3);
  const Network net = build.network();
  const Routes routes = compute_routes(net, {});
  CHECK(walk(net, routes, 0, 3) == Path{0, 2, 3});  // west to east: at once, on the other's network
  CHECK(walk(net, routes, 3, 0) == Path{3, 1, 0});  // and back on this one
}

TEST_CASE("a router between two exits equally far uses both; at an exit, all its own borders") {
  // 0 - 1 - 2 in a row; 0 and 2 are exits to 3, 2 by two links.
  Build build;
  build.provider(1).provider(1).nodes(3, 0).nodes(1, 1);
  build.link(0, 1, 7).link(1, 2, 7).peer(0, 3).peer(2, 3).peer(2, 3);
  const Network net = build.network();
  const Routes routes = compute_routes(net, {});
  CHECK(next(routes, 1, 3) == Ports{1, 2});
  CHECK(next(routes, 0, 3) == Ports{4});
  CHECK(next(routes, 2, 3) == Ports{6, 8});
  RoutingSpec single;
  single.ecmp = Ecmp::off;
  CHECK(next(compute_routes(net, single), 1, 3) == Ports{1});
  CHECK(next(compute_routes(net, single), 2, 3) == Ports{6});
}

TEST_CASE("a provider never leaves its own network for its own routers") {
  // The inner way costs 100; out to the peer and back would be two hops.
  Build build;
  build.provider(1).provider(1).nodes(2, 0).nodes(1, 1);
  build.link(0, 1, 100).peer(0, 2).peer(1, 2);
  const Network net = build.network();
  CHECK(walk(net, compute_routes(net, {}), 0, 1) == Path{0, 1});
}

TEST_CASE(
    "a provider cut in two: each piece decides for itself, none reaches the other by others") {
  // Provider 0 has routers 0 and 1, joined by link 0; both buy from provider 1 (router 2).
  Build build;
  build.provider(2).provider(1).provider(2).nodes(2, 0).nodes(1, 1).nodes(1, 2);
  build.link(0, 1).transit(0, 2).transit(1, 2).peer(0, 3);
  const Network net = build.network();
  CHECK(walk(net, compute_routes(net, {}), 1, 3) == Path{1, 0, 3});
  const std::vector<bool> down{true, true, false, false, false, false, false, false};
  const Routes cut = compute_routes(net, {}, {down});
  CHECK(walk(net, cut, 0, 3) == Path{0, 3});
  CHECK(next(cut, 1, 3).empty());  // its provider has no way to the other piece's peer
  CHECK(walk(net, cut, 1, 2) == Path{1, 2});
  CHECK(walk(net, cut, 2, 1) == Path{2, 1});
  CHECK(next(cut, 0, 1).empty());  // BGP refuses a path with its own number in it
}

TEST_CASE("a piece of a provider refuses a way through another piece") {
  // 0 and 1 are routers of one provider without a link between them; both buy from 2, and 3 buys
  // from 1.
  Build build;
  build.provider(2).provider(1).provider(3).nodes(2, 0).nodes(1, 1).nodes(1, 2);
  build.transit(0, 2).transit(1, 2).transit(3, 1);
  const Network net = build.network();
  const Routes routes = compute_routes(net, {});
  CHECK(walk(net, routes, 2, 3) == Path{2, 1, 3});
  CHECK(next(routes, 0, 3).empty());
}

TEST_CASE("links between providers that do not say are by tier") {
  Build build;
  build.provider(1).provider(1).provider(2).nodes(1, 0).nodes(1, 1).nodes(1, 2);
  build.link(0, 1).link(0, 2);
  const Network net = build.network();
  using routing::far_end_is;
  using routing::LearntFrom;
  CHECK(far_end_is(net, PortId(0)) == LearntFrom::peer);
  CHECK(far_end_is(net, PortId(2)) == LearntFrom::customer);
  CHECK(far_end_is(net, PortId(3)) == LearntFrom::provider);
}

/// A random hierarchy: tier-1 providers peer with each other, lower ones buy above and peer at
/// will.
Network random_hierarchy(Dice& dice) {
  Build build;
  std::vector<std::vector<std::size_t>> routers;
  std::vector<int> tiers;
  const auto link_somewhere = [&](std::size_t low, std::size_t high, bool peer) {
    for (std::size_t k = 0, times = 1 + dice.roll(3); k < times; ++k) {
      const std::size_t a = routers[low][dice.roll(routers[low].size())];
      const std::size_t b = routers[high][dice.roll(routers[high].size())];
      peer ? build.peer(a, b) : build.transit(a, b);
    }
  };
  std::size_t nodes = 0;
  for (const int tier : {1, 2, 3}) {
    for (std::size_t k = 0, count = 1 + dice.roll(3); k < count; ++k) {
      const std::size_t me = tiers.size();
      tiers.push_back(tier);
      routers.emplace_back();
      const std::size_t size = 1 + dice.roll(4);
      build.provider(tier).nodes(size, me);
      for (std::size_t r = 0; r < size; ++r) {
        routers[me].push_back(nodes + r);
        const auto metric = static_cast<std::int64_t>(1 + dice.roll(3));
        if (r > 0) build.link(nodes + r, nodes + dice.roll(r), metric);
        if (r > 1 && dice.roll(2) == 0) build.link(nodes + r, nodes + dice.roll(r), metric);
      }
      nodes += size;
      for (std::size_t other = 0; other < me; ++other) {
        if (tiers[other] == 1 && tier == 1) link_somewhere(me, other, true);
        if (tiers[other] < tier && dice.roll(3) == 0) link_somewhere(me, other, false);
        if (tiers[other] == tier && tier > 1 && dice.roll(3) == 0) link_somewhere(me, other, true);
      }
    }
  }
  return build.network();
}

/// Walks every forwarding path from `at`: it must end, and after going across or down never go up
/// or across again.
void check_walks(const Network& net, const Routes& routes, NodeId at, NodeId to, bool descending,
                 std::size_t hops) {
  REQUIRE(hops <= net.nodes().size());
  if (at == to) return;
  const auto ports = routes.next(at, to);
  REQUIRE_FALSE(ports.empty());
  for (const PortId port : ports) {
    const auto far = routing::far_end_is(net, port);
    bool down = descending;
    if (far != routing::LearntFrom::self) {
      if (descending) REQUIRE(far == routing::LearntFrom::customer);
      down = far != routing::LearntFrom::provider;
    }
    check_walks(net, routes, net.port(port).to, to, down, hops + 1);
  }
}

void compare_with_bgp(unsigned inner_failures_in_100, Exits exits = Exits::hot_potato) {
  RoutingSpec spec;
  spec.exits = exits;
  std::size_t routed = 0;
  std::size_t refused = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Dice dice(seed);
    const Network net = random_hierarchy(dice);
    std::vector<bool> down(net.ports().size());
    for (std::size_t l = 0; l < net.links().size(); ++l) {
      const bool inner = net.links()[l].relation == Relation::internal;
      down[2 * l] = down[2 * l + 1] = dice.roll(100) < (inner ? inner_failures_in_100 : 8U);
    }
    const Routes routes = compute_routes(net, spec, {down});
    const Reachability reach(net, down);
    const test::BgpOracle oracle(net, down, seed, exits == Exits::cold_potato);
    for (std::size_t to = 0; to < net.nodes().size(); ++to) {
      for (std::size_t at = 0; at < net.nodes().size(); ++at) {
        INFO("seed " << seed << ", from " << at << " to " << to);
        REQUIRE(next(routes, at, to) == oracle.next(at, to));
        if (at == to) continue;
        if (next(routes, at, to).empty()) {
          ++refused;
          continue;
        }
        ++routed;
        REQUIRE(reach.connected(NodeId(at), NodeId(to)));
        check_walks(net, routes, NodeId(at), NodeId(to), false, 0);
      }
    }
  }
  // The property means something only if both outcomes are common.
  CHECK(routed > 10'000);
  CHECK(refused > 1'000);
}

TEST_CASE("random hierarchies: walks end, are valley-free, and equal BGP played out by messages") {
  compare_with_bgp(0);
}

TEST_CASE("random hierarchies with providers cut in pieces: the same") { compare_with_bgp(25); }

TEST_CASE("random hierarchies with cold potato: the same") {
  compare_with_bgp(0, Exits::cold_potato);
}

TEST_CASE("cold potato carries traffic to the exit from which the rest of the way is cheapest") {
  // Provider 0: 0 - 1 - 2 with metric 5 each; provider 1: 3 - 4 - 5 likewise; peerings 0-3 and 2-5.
  Build build;
  build.provider(2).provider(2).nodes(3, 0).nodes(3, 1);
  build.link(0, 1, 5).link(1, 2, 5).link(3, 4, 5).link(4, 5, 5).peer(0, 3).peer(2, 5);
  const Network net = build.network();
  RoutingSpec cold;
  cold.exits = Exits::cold_potato;
  const Routes hot_routes = compute_routes(net, {});
  const Routes routes = compute_routes(net, cold);
  CHECK(walk(net, hot_routes, 0, 5) == Path{0, 3, 4, 5});
  CHECK(walk(net, routes, 0, 5) == Path{0, 1, 2, 5});
  CHECK(walk(net, routes, 5, 0) == Path{5, 4, 3, 0});
  CHECK(walk(net, routes, 0, 3) == Path{0, 3});
  CHECK(next(routes, 1, 4) == Ports{1, 2});  // both exits are as far from 4: the nearer, here both
  CHECK(next(routes, 0, 4) == Ports{8});
}

TEST_CASE("a port between providers with the largest metric is the last resort of both") {
  // Provider 0 (node 0) buys from 1 (node 1) and peers with 2 (node 2), which buys from 1 too.
  Build build;
  build.provider(3).provider(1).provider(3).nodes(1, 0).nodes(1, 1).nodes(1, 2);
  build.transit(0, 1).peer(0, 2).transit(2, 1);
  const Network net = build.network();
  std::vector<std::int64_t> metric(net.ports().size(), 1);
  CHECK(next(compute_routes(net, {}), 0, 2) == Ports{2});
  metric[2] = metric[3] = routing::largest_metric(net);
  CHECK(walk(net, compute_routes(net, {}, {{}, metric}), 0, 2) == Path{0, 1, 2});
  CHECK(walk(net, compute_routes(net, {}, {{}, metric}), 2, 0) == Path{2, 1, 0});
  std::vector<bool> unusable(net.ports().size());
  unusable[0] = unusable[1] = true;
  CHECK(walk(net, compute_routes(net, {}, {unusable, metric}), 0, 2) == Path{0, 2});
}

}  // namespace
}  // namespace longhaul
