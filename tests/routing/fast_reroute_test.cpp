// Repairs: networks worked by hand; random and real ones by following every way that a repaired
// packet may take over routers that know of nothing.
#include "sim/routing/fast_reroute.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "sim/routing/routes.hpp"
#include "sim/topology/topology.hpp"
#include "tests/catch.hpp"
#include "tests/routing/build.hpp"

namespace longhaul::routing {
namespace {

using test::Build;
using test::Dice;

/// A network of one provider before the failure.
struct Before {
  explicit Before(Network n, Metric m = Metric::given)
      : net(std::move(n)),
        spec{m},
        metric(port_metrics(net, m)),
        usable(net.ports().size()),
        routes(compute_routes(net, spec)) {
    for (std::size_t p = 0; p < usable.size(); ++p) usable[p] = net.ports()[p].exists;
  }
  std::optional<Repair> repair(Frr scheme, std::size_t at, std::size_t to, std::size_t port) const {
    return FastReroute(net, metric, usable, scheme)
        .repair(NodeId(at), NodeId(to), PortId(port), {});
  }
  Network net;
  RoutingSpec spec;
  std::vector<Cost> metric;
  std::vector<bool> usable;
  Routes routes;
};

std::vector<std::size_t> nodes_of(const Repair& r) {
  std::vector<std::size_t> out;
  for (const Leg& leg : r.legs) out.push_back(leg.node.index());
  return out;
}

TEST_CASE("a triangle: the third corner is a loop-free alternate") {
  const Before b(Build().nodes(3).link(0, 1).link(1, 2).link(0, 2).network());
  for (const Frr scheme : {Frr::lfa, Frr::remote_lfa, Frr::ti_lfa}) {
    const auto r = b.repair(scheme, 0, 1, 0);
    REQUIRE(r);
    CHECK(r->port == PortId(4));
    CHECK(r->legs.empty());
  }
  CHECK_FALSE(b.repair(Frr::none, 0, 1, 0));
}

TEST_CASE("a ring of five: no alternate, but a tunnel to where the ways part") {
  const Before b(Build().nodes(5).link(0, 1).link(1, 2).link(2, 3).link(3, 4).link(4, 0).network());
  // From 4 to 1 it is as far by 0 as by 3 and 2.
  CHECK_FALSE(b.repair(Frr::lfa, 0, 1, 0));
  // From 3 to 1 by 2 takes 2, by 0 takes 3; 4 still reaches 3 without the link.
  const auto remote = b.repair(Frr::remote_lfa, 0, 1, 0);
  REQUIRE(remote);
  CHECK(remote->port == PortId(9));
  CHECK(nodes_of(*remote) == std::vector<std::size_t>{3});
  const auto ti = b.repair(Frr::ti_lfa, 0, 1, 0);
  REQUIRE(ti);
  CHECK_FALSE(ti->port.valid());
  CHECK(nodes_of(*ti) == std::vector<std::size_t>{3});
  // To 2 it goes over 1 before: from 4 it is 2 by 3 and 3 by 0.
  const auto lfa = b.repair(Frr::lfa, 0, 2, 0);
  REQUIRE(lfa);
  CHECK(lfa->port == PortId(9));
}

TEST_CASE("a ring with one dear link: only segments lead over it") {
  // 0 - 1 - 2 - 3 - 0, where 2 - 3 costs 10: no node that 0 reaches without the link to 1 reaches
  // 1 without it.
  const Before b(Build().nodes(4).link(0, 1).link(1, 2).link(2, 3, 10).link(3, 0).network());
  CHECK_FALSE(b.repair(Frr::lfa, 0, 1, 0));
  CHECK_FALSE(b.repair(Frr::remote_lfa, 0, 1, 0));
  const auto ti = b.repair(Frr::ti_lfa, 0, 1, 0);
  REQUIRE(ti);
  REQUIRE(nodes_of(*ti) == std::vector<std::size_t>{3, 3});
  CHECK_FALSE(ti->legs[0].port.valid());
  CHECK(ti->legs[1].port == PortId(5));
  // Seen from 3, the dear link is the first of the way.
  const auto first = b.repair(Frr::ti_lfa, 3, 1, 6);
  REQUIRE(first);
  CHECK(first->port == PortId(5));
  CHECK(first->legs.empty());
}

TEST_CASE("among alternates those that also avoid the next node come first") {
  // From 0 to 3 by 1. Neighbour 2 is nearer, but goes by 1 too; 4 does not.
  const Before b(Build()
                     .nodes(5)
                     .link(0, 1)
                     .link(1, 3)
                     .link(0, 2, 5)
                     .link(2, 1)
                     .link(0, 4, 9)
                     .link(4, 3, 5)
                     .network());
  const auto r = b.repair(Frr::lfa, 0, 3, 0);
  REQUIRE(r);
  CHECK(r->port == PortId(8));
}

/// Follows all equal-cost ways of a packet with segments over routers that know of no failure.
class Walk {
 public:
  Walk(const Network& net, const Routes& routes, PortId dead)
      : net_(net), routes_(routes), dead_(dead) {}
  /// True if it comes to its end on each, and never into the dead link or a circle.
  bool arrives(NodeId at, DestinationId to) {
    if (routes_.delivers(at, to)) return true;
    const auto [known, fresh] = verdict_.try_emplace({at, to}, false);  // false while on the way
    if (!fresh) return known->second;
    const auto ports = routes_.next(at, to);
    bool good = !ports.empty();
    for (const PortId p : ports)
      good = good && p != dead_ && p != Network::reverse(dead_) &&
             arrives(net_.port(p).to, routes_.turned(at, to));
    verdict_[{at, to}] = good;
    return good;
  }

 private:
  const Network& net_;
  const Routes& routes_;
  PortId dead_;
  std::map<std::pair<NodeId, DestinationId>, bool> verdict_;
};

/// All shortest ways from `from` to `to` avoid the link, and `never` too.
bool all_avoid(const Before& b, NodeId from, NodeId to, PortId link, NodeId never) {
  std::set<NodeId> seen{from};
  std::vector<NodeId> stack{from};
  while (!stack.empty()) {
    const NodeId at = stack.back();
    stack.pop_back();
    if (at == never) return false;
    if (at == to) continue;
    const auto ports = b.routes.next(at, to);
    if (ports.empty()) return false;
    for (const PortId p : ports) {
      if (p == link || p == Network::reverse(link)) return false;
      if (seen.insert(b.net.port(p).to).second) stack.push_back(b.net.port(p).to);
    }
  }
  return true;
}

/// The definitions, tried out: RFC 5286's loop-free alternate, RFC 7490's tunnel.
bool has_lfa(const Before& b, NodeId at, NodeId to, PortId failed) {
  for (const PortId p : b.net.ports_from(at))
    if (p != failed && all_avoid(b, b.net.port(p).to, to, failed, at)) return true;
  return false;
}
bool has_tunnel(const Before& b, NodeId at, PortId failed) {
  const NodeId beyond = b.net.port(failed).to;
  for (std::size_t n = 0; n < b.net.nodes().size(); ++n) {
    const NodeId pq(n);
    if (pq == at || !all_avoid(b, pq, beyond, failed, NodeId::none())) continue;
    for (const PortId p : b.net.ports_from(at))
      if (p != failed && all_avoid(b, b.net.port(p).to, pq, failed, NodeId::none())) return true;
  }
  return false;
}

struct Coverage {
  std::size_t asked = 0;  ///< (router, its link, destination) with no other next port, still joined
  std::size_t lfa = 0;
  std::size_t remote = 0;
  std::size_t ti = 0;
};

/// Checks every repair of every link, and counts.
Coverage check_all(const Before& b) {
  Coverage out;
  const Network& net = b.net;
  FastReroute schemes[] = {{net, b.metric, b.usable, Frr::lfa},
                           {net, b.metric, b.usable, Frr::remote_lfa},
                           {net, b.metric, b.usable, Frr::ti_lfa}};
  auto segments = std::make_shared<Segments>(net.nodes().size(), 1);
  Routes routes = b.routes;
  routes.use(segments);
  for (std::size_t l = 0; l < net.links().size(); ++l)
    for (const PortId failed : {Network::forward(LinkId(l)), Network::backward(LinkId(l))}) {
      const NodeId at = net.port(failed).from;
      std::vector<bool> down(net.ports().size());
      down[failed.index()] = down[Network::reverse(failed).index()] = true;
      const Routes after = compute_routes(net, b.spec, {down});
      const bool tunnel = has_tunnel(b, at, failed);
      Walk walk(net, routes, failed);
      for (std::size_t t = 0; t < net.nodes().size(); ++t) {
        const NodeId to(t);
        const auto ports = b.routes.next(at, to);
        if (ports.size() != 1 || ports[0] != failed) continue;
        const bool joined = !after.next(at, to).empty();
        out.asked += joined;
        const bool lfa = has_lfa(b, at, to, failed);
        const bool expected[] = {lfa, lfa || tunnel, joined};
        for (int s = 0; s < 3; ++s) {
          const auto repair = schemes[s].repair(at, to, failed, {});
          CHECK(repair.has_value() == expected[s]);
          if (!repair) continue;
          ++(s == 0 ? out.lfa : s == 1 ? out.remote : out.ti);
          const DestinationId turned =
              through_legs(*segments, repair->legs, ConstraintId(0), DestinationId(t));
          if (repair->port.valid()) {
            CHECK(repair->port != failed);
            CHECK(walk.arrives(net.port(repair->port).to, turned));
          } else {
            CHECK(walk.arrives(at, turned));
          }
        }
      }
    }
  return out;
}

TEST_CASE("random networks: every repair arrives, and there is one exactly where there should be") {
  Dice dice(3);
  Coverage sum;
  for (int round = 0; round < 60; ++round) {
    const std::size_t n = 3 + dice.roll(9);
    Build build;
    build.nodes(n);
    for (std::size_t i = 1; i < n; ++i)
      build.link(i - 1, i, 1 + static_cast<std::int64_t>(dice.roll(4)));
    for (std::size_t i = dice.roll(n); i > 0; --i) {
      const std::size_t a = dice.roll(n);
      const std::size_t c = dice.roll(n);
      if (a == c) continue;
      build.link(a, c, 1 + static_cast<std::int64_t>(dice.roll(4)));
      if (dice.roll(3) == 0)
        build.last().metric_ba = 1 + static_cast<std::int64_t>(dice.roll(6));  // one way dearer
    }
    const Coverage c = check_all(Before(build.network()));
    sum.asked += c.asked;
    sum.lfa += c.lfa;
    sum.remote += c.remote;
    sum.ti += c.ti;
  }
  CHECK(sum.asked > 500);
  CHECK(sum.lfa < sum.remote);
  CHECK(sum.remote < sum.ti);
  CHECK(sum.ti == sum.asked);
}

const std::filesystem::path zoo = std::filesystem::path(LONGHAUL_DATA_DIR) / "repetita/inverse";

TEST_CASE("real networks: TI-LFA repairs all that is still joined") {
  if (!std::filesystem::exists(zoo)) return;
  for (const char* name : {"Abilene", "Geant2012", "BtNorthAmerica"}) {
    INFO(name);
    const Coverage c = check_all(Before(*load_topology((zoo / name).string() + ".graph")));
    CHECK(c.asked > 0);
    CHECK(c.ti == c.asked);
  }
}

// The table of docs/models/fast-reroute.md: test_routing "[.coverage]".
TEST_CASE("coverage on real networks", "[.coverage]") {
  for (const Metric metric : {Metric::given, Metric::delay})
    for (const char* name : {"Abilene", "BtNorthAmerica", "Geant2012", "Tinet", "Cogentco"}) {
      const Coverage c =
          check_all(Before(*load_topology((zoo / name).string() + ".graph"), metric));
      WARN(name << " by " << to_string(metric) << ": of " << c.asked << ": LFA " << c.lfa
                << ", remote LFA " << c.remote << ", TI-LFA " << c.ti);
    }
}

}  // namespace
}  // namespace longhaul::routing
