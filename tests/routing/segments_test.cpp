// Segments: networks worked by hand, and random lists against following every single path.
#include "sim/routing/segments.hpp"

#include <map>
#include <memory>

#include "sim/routing/loads.hpp"
#include "tests/catch.hpp"
#include "tests/routing/build.hpp"

namespace longhaul {
namespace {

using test::Build;
using test::demands;
using test::Dice;
using Ports = std::vector<std::size_t>;

Ports next_ports(const Routes& routes, std::size_t at, DestinationId destination) {
  Ports ports;
  for (const PortId p : routes.next(NodeId(at), destination)) ports.push_back(p.index());
  return ports;
}

/// 0 - 1 - 2 - 3 in a row of cost 1 each (links 0, 1, 2), and 0 - 4 - 3 of cost 5 each (links 3,
/// 4).
Network ladder() {
  return Build().nodes(5).link(0, 1).link(1, 2).link(2, 3).link(0, 4, 5).link(4, 3, 5).network();
}

std::shared_ptr<Segments> segments_for(const Network& net, std::size_t constraints = 1) {
  return std::make_shared<Segments>(net.nodes().size(), constraints);
}

TEST_CASE("a node segment leads to its node and turns into the rest there") {
  const Network net = ladder();
  Routes routes = compute_routes(net, {});
  const auto segments = segments_for(net);
  const DestinationId by_4 = segments->through(DestinationId(4), DestinationId(3));
  routes.use(segments);
  CHECK(by_4 == DestinationId(5));
  CHECK(segments->through(DestinationId(4), DestinationId(3)) == by_4);
  CHECK(routes.destination_count() == 6);
  CHECK(routes.node(by_4) == NodeId(3));

  CHECK(next_ports(routes, 0, by_4) == Ports{6});  // not by 1, where plain 3 lies
  CHECK(routes.turned(NodeId(0), by_4) == by_4);
  CHECK(next_ports(routes, 1, by_4) == Ports{1});
  CHECK(next_ports(routes, 4, by_4) == Ports{8});
  CHECK(routes.turned(NodeId(4), by_4) == DestinationId(3));
  // The end of the whole list is no end while a segment is ahead.
  CHECK(next_ports(routes, 3, by_4) == Ports{9});
  CHECK_FALSE(routes.delivers(NodeId(3), by_4));
  CHECK(routes.delivers(NodeId(3), DestinationId(3)));
  CHECK(routes.turned(NodeId(4), DestinationId(3)) == DestinationId(3));
}

TEST_CASE("lists nest, and what is behind is skipped") {
  const Network net = ladder();
  Routes routes = compute_routes(net, {});
  const auto segments = segments_for(net);
  const std::vector<NodeId> vias{NodeId(4), NodeId(4), NodeId(2)};
  const DestinationId list = segments->list(vias, DestinationId(2));
  routes.use(segments);
  // At 4 the first two are behind; at 2, all of the rest.
  CHECK(routes.turned(NodeId(4), list) == segments->through(DestinationId(2), DestinationId(2)));
  CHECK(next_ports(routes, 4, list) == Ports{8});
  const DestinationId rest = routes.turned(NodeId(4), list);
  CHECK(routes.delivers(NodeId(2), rest));
  CHECK(next_ports(routes, 2, rest).empty());
}

TEST_CASE("an adjacency segment goes over its port, and as the rest from the far end") {
  const Network net = ladder();
  Routes routes = compute_routes(net, {});
  const auto segments = segments_for(net);
  // From 1 to 2, though 0 is the end: to 1, over the link, and back.
  const DestinationId over = segments->over(PortId(2), NodeId(1), DestinationId(0));
  routes.use(segments);
  CHECK(next_ports(routes, 0, over) == Ports{0});
  CHECK_FALSE(routes.delivers(NodeId(0), over));
  CHECK(next_ports(routes, 1, over) == Ports{2});
  CHECK(routes.turned(NodeId(1), over) == DestinationId(0));
  CHECK(routes.node(over) == NodeId(0));
}

TEST_CASE("a policy is what the routes of the time bind it to") {
  const Network net = ladder();
  const auto segments = segments_for(net);
  const DestinationId policy = segments->policy(DestinationId(3));
  const DestinationId by_4 = segments->through(DestinationId(4), DestinationId(3));
  Routes before = compute_routes(net, {});
  before.use(segments);
  Routes after = before;
  after.bind(policy, by_4);
  CHECK(next_ports(before, 0, policy) == Ports{0});
  CHECK(before.turned(NodeId(0), policy) == DestinationId(3));
  CHECK(next_ports(after, 0, policy) == Ports{6});
  CHECK(after.turned(NodeId(0), policy) == by_4);
  CHECK(after.turned(NodeId(4), policy) == DestinationId(3));
  CHECK(after.node(policy) == NodeId(3));

  DemandSet set = demands({{0, 3, 1'000'000'000}});
  set.demands[0].steered = policy;
  CHECK(expected_loads(net, before, set).load_bps[0] == 1e9);
  const Loads loads = expected_loads(net, after, set);
  CHECK(loads.load_bps[0] == 0);
  CHECK(loads.load_bps[6] == 1e9);
  CHECK(loads.load_bps[8] == 1e9);
}

TEST_CASE(
    "a way that crosses a link twice loads it twice, and a segment to nowhere carries nothing") {
  const Network net = ladder();
  const auto segments = segments_for(net);
  // 1 -> 2 -> 1 -> 0.
  const DestinationId there_and_back = segments->through(DestinationId(2), DestinationId(0));
  Routes routes = compute_routes(net, {});
  routes.use(segments);
  DemandSet set = demands({{0, 0, 1'000'000'000}, {1, 0, 1'000'000'000}});
  set.demands[0].to = NodeId(0);
  set.demands[0].steered = there_and_back;
  set.demands[1].steered = there_and_back;
  const Loads loads = expected_loads(net, routes, set);
  CHECK(loads.load_bps[0] == 1e9);  // 0 -> 1
  CHECK(loads.load_bps[2] == 2e9);  // 1 -> 2
  CHECK(loads.load_bps[3] == 2e9);  // 2 -> 1
  CHECK(loads.load_bps[1] == 2e9);  // 1 -> 0
  CHECK(path_stats(net, routes, set)[0].mean_hops == 4);

  std::vector<bool> down(net.ports().size(), false);
  down[2] = down[3] = down[4] = down[5] = true;  // 2 is alone
  Routes cut = compute_routes(net, {}, {down});
  cut.use(segments);
  CHECK(expected_loads(net, cut, set).unrouted_bps == 2e9);
  CHECK_FALSE(path_stats(net, cut, set)[1].routed);
}

/// Follows every path of one demand, whatever its destination turns into.
class Enumeration {
 public:
  Enumeration(const Network& network, const Routes& routes)
      : load_bps(network.ports().size(), 0.0), network_(network), routes_(routes) {}
  std::vector<double> load_bps;
  std::map<std::pair<std::uint32_t, std::uint32_t>, double> turns;
  double hops = 0;
  double delay_s = 0;

  /// `vias` are the nodes still to visit, the last one to stay at; of them `port` is the adjacency
  /// to take at the first, if valid.
  struct Leg {
    NodeId via;
    PortId port;
  };
  void follow(NodeId at, std::vector<Leg> legs, double bps, double share, double delay_s_so_far,
              int length, PortId in) {
    while (!legs.empty() && legs.front().via == at && !legs.front().port.valid())
      legs.erase(legs.begin());
    if (legs.empty()) {
      hops += share * length;
      delay_s += share * delay_s_so_far;
      turns[{in.value(), PortId::none().value()}] += bps * share;
      return;
    }
    std::vector<PortId> ports;
    if (legs.front().via == at) {
      ports.push_back(legs.front().port);
      legs.erase(legs.begin());
    } else {
      const auto all = routes_.next(at, legs.front().via);
      ports.assign(all.begin(), all.end());
    }
    for (const PortId p : ports) {
      const double part = share / static_cast<double>(ports.size());
      load_bps[p.index()] += bps * part;
      turns[{in.value(), p.value()}] += bps * part;
      const Port& port = network_.port(p);
      follow(port.to, legs, bps, part, delay_s_so_far + port.delay.seconds(), length + 1, p);
    }
  }

 private:
  const Network& network_;
  const Routes& routes_;
};

TEST_CASE("random lists: loads, shares, turns and paths are those of following every path") {
  Dice dice(11);
  for (int round = 0; round < 30; ++round) {
    const std::size_t n = 3 + dice.roll(6);
    Build build;
    build.nodes(n);
    for (std::size_t i = 1; i < n; ++i)
      build.link(dice.roll(i), i, 1 + static_cast<int>(dice.roll(2)));
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t a = dice.roll(n);
      const std::size_t b = dice.roll(n);
      if (a != b) build.link(a, b, 1 + static_cast<int>(dice.roll(2)));
    }
    const Network net = build.network();
    Routes routes = compute_routes(net, {});
    const auto segments = segments_for(net);
    DemandSet set = demands({});
    Enumeration every(net, routes);
    std::vector<double> hops;
    std::vector<double> delays;
    for (int d = 0; d < 8; ++d) {
      const std::size_t from = dice.roll(n);
      const std::size_t to = (from + 1 + dice.roll(n - 1)) % n;
      std::vector<Enumeration::Leg> legs{{NodeId(to), PortId::none()}};
      DestinationId destination{to};
      for (std::size_t k = dice.roll(4); k > 0; --k) {
        if (dice.roll(3) == 0) {
          const PortId port(dice.roll(net.ports().size()));
          const NodeId near = net.port(port).from;
          destination = segments->over(port, near, destination);
          legs.insert(legs.begin(), {near, port});
        } else {
          const NodeId via(dice.roll(n));
          destination = segments->through(DestinationId(via.index()), destination);
          legs.insert(legs.begin(), {via, PortId::none()});
        }
      }
      DemandSet one = demands({{from, to, 1'000'000 + d}});
      if (destination.index() >= n) one.demands[0].steered = destination;
      if (set.sizes.empty()) set.sizes = one.sizes;
      set.demands.push_back(one.demands[0]);
      every.hops = every.delay_s = 0;
      every.follow(NodeId(from), legs, one.demands[0].rate.as_double(), 1, 0, 0, PortId::none());
      hops.push_back(every.hops);
      delays.push_back(every.delay_s);
    }
    set.sizes = demands({}).sizes;
    routes.use(segments);

    const Loads loads = expected_loads(net, routes, set);
    for (std::size_t p = 0; p < net.ports().size(); ++p)
      CHECK(loads.load_bps[p] == Approx(every.load_bps[p]).margin(1e-6));
    for (std::size_t p = 0; p < net.ports().size(); ++p) {
      const auto shares = shares_through(net, routes, set, PortId(p));
      double bps = 0;
      for (std::size_t d = 0; d < shares.size(); ++d)
        bps += shares[d] * set.demands[d].rate.as_double();
      CHECK(bps == Approx(every.load_bps[p]).margin(1e-6));
    }
    std::map<std::pair<std::uint32_t, std::uint32_t>, double> turns;
    turn_loads(net, routes, set, [&](const Turn& t) {
      turns[{t.in.value(), t.out.value()}] += t.bps;
    });
    for (const auto& [turn, bps] : every.turns) CHECK(turns[turn] == Approx(bps));
    CHECK(turns.size() == every.turns.size());
    const auto stats = path_stats(net, routes, set);
    for (std::size_t d = 0; d < stats.size(); ++d) {
      CHECK(stats[d].routed);
      CHECK(stats[d].mean_hops == Approx(hops[d]));
      CHECK(stats[d].mean_delay_s == Approx(delays[d]));
    }
  }
}

}  // namespace
}  // namespace longhaul
