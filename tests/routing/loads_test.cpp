// Expected loads: networks worked by hand, and random ones against an enumeration of every path.
#include "sim/routing/loads.hpp"

#include <map>
#include <tuple>

#include "tests/catch.hpp"
#include "tests/routing/build.hpp"

namespace longhaul {
namespace {

using test::Build;
using test::demands;
using test::Dice;

/// Follows every path of every demand on its own, with the product of the shares on the way.
class Enumeration {
 public:
  Enumeration(const Network& network, const Routes& routes)
      : network_(network), routes_(routes), load_bps(network.ports().size(), 0.0) {}

  void send(const Demand& demand, double packet_bytes) {
    packet_bytes_ = packet_bytes;
    hops = delay_s = unrouted = 0;
    fastest = Duration::max();
    follow(demand.from, demand.to, demand.rate.as_double(), 1.0, 0, Duration::zero());
  }

 private:
  void follow(NodeId at, NodeId to, double bps, double share, int length, Duration delay) {
    if (at == to) {
      hops += share * length;
      delay_s += share * delay.seconds();
      fastest = std::min(fastest, delay);
      return;
    }
    const auto ports = routes_.next(at, to);
    if (ports.empty()) unrouted += bps * share;
    for (const PortId id : ports) {
      const Port& port = network_.port(id);
      const double part = share / static_cast<double>(ports.size());
      const double framed = packet_bytes_ > 0 ? 1.0 + port.overhead / packet_bytes_ : 1.0;
      load_bps[id.index()] += bps * part * framed;
      follow(port.to, to, bps, part, length + 1, delay + port.delay);
    }
  }

  const Network& network_;
  const Routes& routes_;
  double packet_bytes_ = 0;

 public:
  std::vector<double> load_bps;
  double hops = 0;      ///< of the last demand
  double delay_s = 0;   ///< of the last demand
  double unrouted = 0;  ///< of the last demand
  Duration fastest = Duration::max();
};

TEST_CASE("a demand splits evenly at every hop, not over paths") {
  // 0 -> 1 -> 3 and 0 -> 2 -> 3, where 1 -> 3 is doubled: three paths, but half goes each way at 0.
  const Network net =
      Build().nodes(4).link(0, 1).link(0, 2).link(1, 3).link(2, 3).link(1, 3).network();
  const Routes routes = compute_routes(net, {});
  const Loads loads = expected_loads(net, routes, demands({{0, 3, 8'000'000'000}}));
  CHECK(loads.load_bps[0] == Approx(4e9));
  CHECK(loads.load_bps[2] == Approx(4e9));
  CHECK(loads.load_bps[4] == Approx(2e9));
  CHECK(loads.load_bps[6] == Approx(4e9));
  CHECK(loads.load_bps[8] == Approx(2e9));
  CHECK(loads.load_bps[1] == 0);
  CHECK(loads.max_utilization == Approx(0.4));
  CHECK(loads.worst == PortId(0));  // the first of equals
  CHECK(loads.unrouted_bps == 0);

  const auto stats = path_stats(net, routes, demands({{0, 3, 8'000'000'000}}));
  CHECK(stats.at(0).routed);
  CHECK(stats.at(0).mean_hops == Approx(2));
  CHECK(stats.at(0).min_delay == Duration::ms(2));
}

TEST_CASE("framing is added to every packet, by the port") {
  Build build;
  build.nodes(3).link(0, 1).link(1, 2).last().framing = Framing::none;
  const Network net = build.network();
  const Routes routes = compute_routes(net, {});
  const Loads loads = expected_loads(net, routes, demands({{0, 2, 1'000'000'000}}), true);
  CHECK(loads.load_bps[0] == Approx(1.024e9));  // 1000-byte packets and 24 bytes of Ethernet
  CHECK(loads.load_bps[2] == Approx(1e9));
  CHECK(loads.worst == PortId(0));
}

TEST_CASE("a bundle's load is measured against all its members") {
  Build build;
  build.nodes(2).link(0, 1).last().capacity = {4, Rate::gbps(10)};
  const Network net = build.network();
  const Loads loads =
      expected_loads(net, compute_routes(net, {}), demands({{0, 1, 20'000'000'000}}));
  CHECK(loads.max_utilization == Approx(0.5));
}

TEST_CASE("turns at a node: what comes in by each port, by where it goes on") {
  // 0 -> 1 -> 3 and 0 -> 2 -> 3 at equal cost, then 3 -> 4; node 3 sends to 4 itself too.
  const Network net =
      Build().nodes(5).link(0, 1).link(0, 2).link(1, 3).link(2, 3).link(3, 4).network();
  const Routes routes = compute_routes(net, {});
  const DemandSet set = demands({{0, 4, 8000000}, {3, 4, 1000000}, {0, 3, 2000000}});
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, double> bps;
  turn_loads(net, routes, set, [&](const Turn& t) {
    const auto other_end = [&](PortId p, bool in) {
      if (p == PortId::none()) return 99U;
      return in ? net.port(p).from.value() : net.port(p).to.value();
    };
    bps[{other_end(t.in, true), t.at.value(), other_end(t.out, false)}] += t.bps;
  });
  const std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, double> expected{
      {{99, 0, 1}, 5e6}, {{99, 0, 2}, 5e6}, {{0, 1, 3}, 5e6},  {{0, 2, 3}, 5e6},
      {{1, 3, 4}, 4e6},  {{2, 3, 4}, 4e6},  {{1, 3, 99}, 1e6}, {{2, 3, 99}, 1e6},
      {{99, 3, 4}, 1e6}, {{3, 4, 99}, 9e6}};
  CHECK(bps == expected);
}

TEST_CASE("the shares of demands through a port, times their rates, are its load") {
  Dice dice(7);
  for (int round = 0; round < 20; ++round) {
    const std::size_t n = 3 + dice.roll(8);
    Build build;
    build.nodes(n);
    for (std::size_t i = 1; i < n; ++i) build.link(dice.roll(i), i);
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t a = dice.roll(n);
      const std::size_t b = dice.roll(n);
      if (a != b) build.link(a, b);
    }
    const Network net = build.network();
    const Routes routes = compute_routes(net, {});
    DemandSet set = demands({});
    for (std::size_t a = 0; a < n; ++a)
      for (std::size_t b = 0; b < n; ++b)
        if (a != b) {
          DemandSet one = demands({{a, b, 1'000'000 + static_cast<std::int64_t>(a * n + b)}});
          set.demands.push_back(one.demands[0]);
          set.sizes = one.sizes;
          set.classes = one.classes;
        }
    const Loads loads = expected_loads(net, routes, set);
    for (std::size_t p = 0; p < net.ports().size(); ++p) {
      const auto shares = shares_through(net, routes, set, PortId(p));
      double bps = 0;
      for (std::size_t i = 0; i < shares.size(); ++i) {
        CHECK(shares[i] <= 1 + 1e-12);
        bps += shares[i] * set.demands[i].rate.as_double();
      }
      CHECK(bps == Approx(loads.load_bps[p]).margin(1e-6));
    }
  }
}

TEST_CASE("what has no route is counted apart and loads nothing") {
  const Network net = Build().nodes(3).link(0, 1).network();
  const auto set = demands({{0, 2, 5}, {0, 1, 7}, {1, 2, 11}});
  const Routes routes = compute_routes(net, {});
  const Loads loads = expected_loads(net, routes, set);
  CHECK(loads.unrouted_bps == 16);
  CHECK(loads.load_bps == std::vector<double>{7, 0});
  const auto stats = path_stats(net, routes, set);
  CHECK_FALSE(stats.at(0).routed);
  CHECK(stats.at(1).routed);
}

TEST_CASE("no demands, no load") {
  const Network net = Build().nodes(2).link(0, 1).network();
  const Loads loads = expected_loads(net, compute_routes(net, {}), demands({}));
  CHECK(loads.max_utilization == 0);
  CHECK_FALSE(loads.worst.valid());
}

TEST_CASE("random networks: loads and path statistics equal those of every path followed alone") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Dice dice(seed);
    const std::size_t nodes = 2 + dice.roll(8);
    Build build;
    build.nodes(nodes);
    for (std::size_t l = 0, links = 1 + dice.roll(2 * nodes); l < links; ++l) {
      const std::size_t a = dice.roll(nodes);
      build.link(a, (a + 1 + dice.roll(nodes - 1)) % nodes);
      build.last().metric_ab = build.last().metric_ba = static_cast<std::int64_t>(1 + dice.roll(2));
      build.last().delay = Duration::us(static_cast<std::int64_t>(dice.roll(900)));
      build.last().framing = dice.roll(2) == 0 ? Framing::none : Framing::ethernet;
    }
    const Network net = build.network();
    std::vector<test::Flow> flows;
    for (std::size_t d = 0; d < 12; ++d) {
      const std::size_t from = dice.roll(nodes);
      flows.push_back({from, (from + 1 + dice.roll(nodes - 1)) % nodes,
                       static_cast<std::int64_t>(1 + dice.roll(1'000'000))});
    }
    const DemandSet set = demands(flows);
    const Routes routes = compute_routes(net, {});

    for (const bool wire : {false, true}) {
      INFO("seed " << seed << (wire ? ", with framing" : ""));
      const Loads loads = expected_loads(net, routes, set, wire);
      const auto stats = path_stats(net, routes, set);
      Enumeration all(net, routes);
      double unrouted = 0;
      for (std::size_t d = 0; d < set.demands.size(); ++d) {
        all.send(set.demands[d], wire ? 1000.0 : 0.0);
        unrouted += all.unrouted;
        REQUIRE(stats[d].routed == (all.unrouted == 0));
        if (!stats[d].routed) continue;
        REQUIRE(stats[d].mean_hops == Approx(all.hops));
        REQUIRE(stats[d].mean_delay_s == Approx(all.delay_s));
        REQUIRE(stats[d].min_delay == all.fastest);
      }
      REQUIRE(loads.unrouted_bps == Approx(unrouted));
      double worst = 0;
      for (std::size_t p = 0; p < loads.load_bps.size(); ++p) {
        REQUIRE(loads.load_bps[p] == Approx(all.load_bps[p]));
        worst = std::max(worst, all.load_bps[p] / net.ports()[p].rate().as_double());
      }
      REQUIRE(loads.max_utilization == Approx(worst));
    }
  }
}

}  // namespace
}  // namespace longhaul
