// Convergence: networks worked by hand, exact to the picosecond; random ones must end where routes
// computed afresh are; and the figures that Francois et al. published.
#include "sim/routing/convergence.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "sim/routing/flooding.hpp"
#include "sim/topology/topology.hpp"
#include "tests/catch.hpp"
#include "tests/routing/build.hpp"

namespace longhaul::routing {
namespace {

using test::Build;
using test::Dice;

/// States of a network, one change after the other.
class States {
 public:
  explicit States(const Network& net) : net_(net) {
    const std::size_t ports = net.ports().size();
    timeline_.states.push_back({Time::zero(), std::vector<bool>(ports), std::vector<bool>(ports),
                                std::vector<bool>(ports), port_metrics(net, Metric::given)});
  }
  States& link(Duration at, std::size_t link, bool down) {
    failure::State& s = next(at);
    s.down[2 * link] = s.down[2 * link + 1] = down;
    return *this;
  }
  States& metric(Duration at, std::size_t link, Cost cost) {
    failure::State& s = next(at);
    s.metric[2 * link] = s.metric[2 * link + 1] = cost;
    return *this;
  }
  States& withdrawn(Duration at, std::size_t link, bool is) {
    failure::State& s = next(at);
    s.withdrawn[2 * link] = s.withdrawn[2 * link + 1] = is;
    return *this;
  }
  const failure::Timeline& timeline() const { return timeline_; }
  Convergence converge(const ConvergenceSpec& spec = {}) const {
    auto segments = std::make_shared<Segments>(net_.nodes().size(), 1);
    return routing::converge(net_, {}, {}, timeline_, spec, segments);
  }

 private:
  failure::State& next(Duration at) {
    if (timeline_.states.back().at != Time::zero() + at) {
      timeline_.states.push_back(timeline_.states.back());
      timeline_.states.back().at = Time::zero() + at;
    }
    return timeline_.states.back();
  }
  const Network& net_;
  failure::Timeline timeline_;
};

/// (time in us, destination, ports) of one router.
using Row = std::tuple<std::int64_t, std::size_t, std::vector<std::size_t>>;
std::vector<Row> rows(const Convergence& c, std::size_t node) {
  std::vector<Row> out;
  for (const FibUpdate& u : c.updates.of(NodeId(node))) {
    std::vector<std::size_t> ports;
    for (const PortId p : c.updates.ports(u)) ports.push_back(p.index());
    out.emplace_back(u.at.ps() / 1'000'000, u.destination.index(), ports);
  }
  return out;
}

/// 0 - 1 - 2 - 3 - 0, a millisecond each.
Network ring() { return Build().nodes(4).link(0, 1).link(1, 2).link(2, 3).link(3, 0).network(); }

using Ports = std::vector<std::size_t>;

TEST_CASE("a cut in a ring: each router in its own time, each destination by itself") {
  const Network net = ring();
  const Convergence c = States(net).link(Duration::ms(100), 0, true).converge();
  // The ends see it at 110 ms, start SPF at 120, are done after 4 x 40 us. 0 had sent by itself to
  // 1, and both ways to 2.
  const auto at_0 = rows(c, 0);
  REQUIRE(at_0.size() == 2);
  CHECK(std::get<0>(at_0[0]) == 120'270);
  CHECK(std::get<0>(at_0[1]) == 120'380);
  CHECK(std::get<1>(at_0[0]) + std::get<1>(at_0[1]) == 3);
  CHECK(std::get<2>(at_0[0]) == Ports{7});
  CHECK(std::get<2>(at_0[1]) == Ports{7});
  // Their LSPs leave at 120; 0's is at 3 after 1 ms of way and 2 of processing, and 1's at 2; SPF
  // starts at 133. The other LSP, 3 ms later, says nothing new.
  CHECK(rows(c, 3) == std::vector<Row>{{133'270, 1, {5}}});
  CHECK(rows(c, 2) == std::vector<Row>{{133'270, 0, {4}}});
  REQUIRE(c.settled.size() == 2);
  CHECK(c.settled[1] == Time::ps(133'270'000'000));
  CHECK(c.routes[1]->next(NodeId(3), NodeId(1)).front() == PortId(5));
  // Until then 3 sends half of what is for 1 to 0, and 0 sends it back: a micro-loop.
}

TEST_CASE("each knob does what it says") {
  const Network net = ring();
  const States cut = States(net).link(Duration::ms(100), 0, true);
  ConvergenceSpec spec;
  spec.detection = Duration::ms(150);  // BFD, 3 x 50 ms
  CHECK(std::get<0>(rows(cut.converge(spec), 0)[0]) == 260'270);
  CHECK(std::get<0>(rows(cut.converge(spec), 3)[0]) == 273'270);
  spec.origination = Duration::ms(4);
  spec.flooding = Duration::ms(7);
  CHECK(std::get<0>(rows(cut.converge(spec), 0)[0]) == 260'270);
  CHECK(std::get<0>(rows(cut.converge(spec), 3)[0]) == 250'000 + 4000 + 8000 + 10'000 + 270);
  spec = {};
  spec.spf_delay = Duration::ms(1);
  spec.spf_per_node = Duration::us(100);
  spec.fib_per_prefix = Duration::us(10);
  spec.prefixes = 50;
  CHECK(std::get<0>(rows(cut.converge(spec), 0)[0]) == 111'000 + 400 + 500);
  CHECK(std::get<0>(rows(cut.converge(spec), 0)[1]) == 111'000 + 400 + 1000);
}

TEST_CASE("what comes during the hold waits for its end, and holds double") {
  // Three links from 0 to 1, one after the other cut.
  const Network net =
      Build().nodes(3).link(0, 1, 1).link(0, 1, 2).link(0, 1, 3).link(1, 2).network();
  const Convergence c = States(net)
                            .link(Duration::ms(100), 0, true)
                            .link(Duration::ms(115), 1, true)
                            .link(Duration::ms(131), 2, true)
                            .converge();
  std::vector<std::int64_t> times;
  for (const Row& r : rows(c, 0)) times.push_back(std::get<0>(r));
  // SPF at 120; news at 125, SPF not before 120 + 20; news at 141, not before 140 + 40. Each takes
  // 120 us and then writes both destinations.
  CHECK(times == std::vector<std::int64_t>{120'230, 120'340, 140'230, 140'340, 180'230, 180'340});
  CHECK(std::get<2>(rows(c, 0)[0]) == Ports{2});
  CHECK(std::get<2>(rows(c, 0)[2]) == Ports{4});
  CHECK(std::get<2>(rows(c, 0)[4]).empty());
  CHECK(c.settled[1] == Time::max());  // overtaken by the next
  // 2 hears each 13 ms later: SPF at 133; at 138 news, SPF not before 153; at 154, not before 193.
  CHECK(c.settled[3] == Time::ps(193'230'000'000));
}

TEST_CASE("what is still to be written when the next SPF is done is forgotten") {
  const Network net = ring();
  ConvergenceSpec spec;
  spec.prefixes = 1000;  // 110 ms each
  const Convergence c =
      States(net).link(Duration::ms(100), 0, true).metric(Duration::ms(250), 3, 2).converge(spec);
  // 0 writes one of two at 120.16 + 110; the change of a metric is known at once, SPF at 260, done
  // at 260.16. It begins to write the other, but the far end's LSP with its own metric of the link
  // is there at 263: SPF not before 260 + 40, done at 300.16, and the other is written 110 later.
  std::vector<std::int64_t> times;
  for (const Row& r : rows(c, 0)) times.push_back(std::get<0>(r));
  CHECK(times == std::vector<std::int64_t>{230'160, 410'160});
}

TEST_CASE("an outage too short to see changes nothing; a repair needs an adjacency") {
  const Network net = ring();
  CHECK(States(net)
            .link(Duration::ms(100), 0, true)
            .link(Duration::ms(109), 0, false)
            .converge()
            .updates.empty());
  const Convergence c =
      States(net).link(Duration::ms(100), 0, true).link(Duration::ms(500), 0, false).converge();
  // Both ends know at 1500: each believes the link when it has heard the other too, whose LSP
  // leaves at 1510 and has 1 + 2 ms over the link itself.
  const auto at_0 = rows(c, 0);
  REQUIRE(at_0.size() == 4);
  CHECK(std::get<0>(at_0[2]) == 1'523'270);
  CHECK(std::get<0>(at_0[3]) == 1'523'380);
  // At 3, 0's LSP is there at 1513, and 1's, by 0, at 1516: SPF at 1526.
  CHECK(std::get<0>(rows(c, 3)[1]) == 1'526'270);
}

TEST_CASE("a metric is known at once at its router, and floods") {
  const Network net = ring();
  const Convergence c = States(net).metric(Duration::ms(100), 0, 5).converge();
  CHECK(std::get<0>(rows(c, 0)[0]) == 110'270);
  CHECK(std::get<0>(rows(c, 3)[0]) == 100'000 + 10'000 + 3000 + 10'000 + 270);
}

TEST_CASE("a neighbour that comes back hears what it missed") {
  // 0 - 1 = 2, the second of two links between 1 and 2 cut while 0 is away.
  const Network net = Build().nodes(3).link(0, 1).link(1, 2).link(1, 2).network();
  const States s = States(net)
                       .link(Duration::ms(100), 0, true)
                       .link(Duration::ms(300), 2, true)
                       .link(Duration::ms(500), 0, false);
  const ConvergenceSpec spec;
  const Flooding flooding(net, s.timeline(), spec);
  std::vector<std::int64_t> from_1;
  for (const News& n : flooding.heard_by(NodeId(0)))
    if (flooding.speakers()[n.speaker].node == NodeId(1))
      from_1.push_back(n.at.ps() / 1'000'000'000);
  // What 1 said at 110 and 310 comes with the adjacency at 1500, 3 ms later; what it says then, at
  // 1510, too.
  CHECK(from_1 == std::vector<std::int64_t>{1503, 1503, 1513});
}

TEST_CASE("between providers news takes the time of BGP") {
  // 0 - 1 of one provider, two links from 1 and from 0 to 2 of another.
  const Network net = Build()
                          .provider(1)
                          .provider(1)
                          .nodes(2, 0)
                          .nodes(1, 1)
                          .link(0, 1)
                          .peer(0, 2)
                          .peer(1, 2)
                          .network();
  ConvergenceSpec spec;
  spec.bgp = Duration::ms(300);
  const Convergence c = States(net).link(Duration::ms(100), 1, true).converge(spec);
  // 0 loses its exit: itself at 110; 2 has two nodes less one link.
  REQUIRE(rows(c, 0).size() == 1);
  CHECK(rows(c, 0)[0] == Row{120'190, 2, {0}});
  for (const Row& r : rows(c, 2)) CHECK(std::get<0>(r) < 121'000);
  const Convergence d = States(net).withdrawn(Duration::ms(100), 2, true).converge(spec);
  // 0 sent by itself to 2 and is not concerned; 1 knows at once.
  CHECK(rows(d, 0).empty());
  CHECK(rows(d, 1) == std::vector<Row>{{110'190, 2, {1}}});
}

TEST_CASE(
    "with fast reroute the end of the link repairs at once, and forgets it with its own routes") {
  const Network net =
      Build().nodes(5).link(0, 1).link(1, 2).link(2, 3).link(3, 4).link(4, 0).network();
  ConvergenceSpec spec;
  spec.frr = Frr::ti_lfa;
  const Convergence c = States(net).link(Duration::ms(100), 0, true).converge(spec);
  std::map<std::size_t, std::vector<std::tuple<std::int64_t, Ports, DestinationId>>> of;
  for (const FibUpdate& u : c.updates.of(NodeId(0))) {
    Ports ports;
    for (const PortId p : c.updates.ports(u)) ports.push_back(p.index());
    if (u.destination.index() < 5)
      of[u.destination.index()].emplace_back(u.at.ps() / 1'000'000, ports, u.turned);
  }
  // To 1 through 3, declared as the first segment; to 2, whose neighbour 4 sends it by 3, directly.
  REQUIRE(of[1].size() == 2);
  CHECK(of[1][0] == std::tuple{std::int64_t{110'000}, Ports{9}, DestinationId(5)});
  CHECK(std::get<1>(of[1][1]) == Ports{9});
  CHECK(std::get<2>(of[1][1]) == DestinationId(1));
  REQUIRE(of[2].size() == 2);
  CHECK(of[2][0] == std::tuple{std::int64_t{110'000}, Ports{9}, DestinationId(2)});
  CHECK(c.initial->turned(NodeId(3), DestinationId(5)) == DestinationId(1));
}

/// Tables after all updates.
std::map<std::pair<NodeId, DestinationId>, std::pair<Ports, DestinationId>> final_tables(
    const Network& net, const Convergence& c) {
  std::map<std::pair<NodeId, DestinationId>, std::pair<Ports, DestinationId>> out;
  for (std::size_t n = 0; n < net.nodes().size(); ++n)
    for (std::size_t d = 0; d < c.initial->destination_count(); ++d) {
      Ports ports;
      for (const PortId p : c.initial->next(NodeId(n), DestinationId(d)))
        ports.push_back(p.index());
      out.insert_or_assign({NodeId(n), DestinationId(d)},
                           std::pair{ports, c.initial->turned(NodeId(n), DestinationId(d))});
    }
  for (const FibUpdate& u : c.updates.all()) {
    Ports ports;
    for (const PortId p : c.updates.ports(u)) ports.push_back(p.index());
    out.insert_or_assign({u.node, u.destination}, std::pair{ports, u.turned});
  }
  return out;
}

TEST_CASE(
    "random networks and failures: in the end all tables are those of routes computed afresh") {
  Dice dice(17);
  std::size_t updates = 0;
  std::size_t segments = 0;
  for (int round = 0; round < 120; ++round) {
    INFO("round " << round);
    const std::size_t n = 3 + dice.roll(8);
    Build build;
    build.nodes(n);
    for (std::size_t i = 1; i < n; ++i) build.link(i - 1, i, 1 + static_cast<Cost>(dice.roll(3)));
    build.link(n - 1, 0);
    for (std::size_t i = dice.roll(n); i > 0; --i) {
      const std::size_t a = dice.roll(n);
      const std::size_t b = dice.roll(n);
      if (a != b) build.link(a, b, 1 + static_cast<Cost>(dice.roll(4)));
    }
    const Network net = build.network();
    States states(net);
    std::vector<bool> down(net.links().size());
    std::int64_t now = 0;
    for (std::size_t e = 1 + dice.roll(6); e > 0; --e) {
      now += 1 + static_cast<std::int64_t>(dice.roll(dice.roll(2) ? 40 : 2000));
      const std::size_t link = dice.roll(net.links().size());
      if (dice.roll(4) == 0) {
        states.metric(Duration::ms(now), link, 1 + static_cast<Cost>(dice.roll(5)));
      } else {
        down[link] = !down[link];
        states.link(Duration::ms(now), link, down[link]);
      }
    }
    ConvergenceSpec spec;
    const Frr schemes[] = {Frr::none, Frr::lfa, Frr::remote_lfa, Frr::ti_lfa};
    spec.frr = schemes[round % 4];
    const Convergence c = states.converge(spec);
    updates += c.updates.all().size();
    segments += c.initial->destination_count() - n;

    const failure::State& last = states.timeline().states.back();
    const Routes expected = compute_routes(net, {}, {last.down, last.metric});
    // A router that is cut off has not heard of what lies beyond, and has its own truth.
    const auto tables = final_tables(net, c);
    for (std::size_t a = 0; a < n; ++a)
      for (std::size_t b = 0; b < n; ++b) {
        if (a == b || expected.next(NodeId(a), NodeId(b)).empty()) continue;
        Ports ports;
        for (const PortId p : expected.next(NodeId(a), NodeId(b))) ports.push_back(p.index());
        CHECK(tables.at({NodeId(a), DestinationId(b)}) == std::pair{ports, DestinationId(b)});
      }
    // A segment's entry is what its parts' entries say.
    for (std::size_t d = n; d < c.initial->destination_count(); ++d)
      for (std::size_t a = 0; a < n; ++a) {
        const auto& [ports, turned] = tables.at({NodeId(a), DestinationId(d)});
        CHECK(turned == c.initial->turned(NodeId(a), DestinationId(d)));
      }
  }
  CHECK(updates > 1000);
  CHECK(segments > 50);
}

TEST_CASE("Francois et al.: sub-second on GEANT for every cut, with what they measured") {
  // Their routers: detection below 20 ms, SPF 30 to 40 us a node, 100 to 110 us a prefix; theirs
  // and our timers: LSP at once to 10 ms, SPF wait 10 ms. With 2,500 prefixes in all the FIB is the
  // largest part.
  const NetworkPtr net = load_topology(std::string(LONGHAUL_SOURCE_DIR) + "/topologies/geant.yaml");
  ConvergenceSpec spec;
  spec.prefixes = static_cast<std::uint32_t>(2500 / net->nodes().size());
  const std::size_t ports = net->ports().size();
  for (std::size_t l = 0; l < net->links().size(); ++l) {
    failure::Timeline t;
    t.states.push_back({Time::zero(), std::vector<bool>(ports), std::vector<bool>(ports),
                        std::vector<bool>(ports), port_metrics(*net, Metric::given)});
    t.states.push_back(t.states[0]);
    t.states[1].at = Time::zero() + Duration::ms(100);
    t.states[1].down[2 * l] = t.states[1].down[2 * l + 1] = true;
    const Convergence c = converge(*net, {}, {}, t, spec, nullptr);
    const Duration whole = c.settled[1] - t.states[1].at;
    CHECK(whole < Duration::s(1));
    // Nothing can be done before detection, SPF's wait and SPF itself are over.
    for (const FibUpdate& u : c.updates.all())
      CHECK(u.at - t.states[1].at > Duration::ms(20) + Duration::us(40) * 22);
  }
}

}  // namespace
}  // namespace longhaul::routing
