#include "sim/run/run.hpp"

#include <atomic>

#include "sim/base/error.hpp"
#include "sim/failure/random.hpp"
#include "sim/run/instant_changes.hpp"
#include "sim/run/timeline.hpp"
#include "sim/scenario/selection.hpp"
#include "tests/catch.hpp"

using namespace longhaul;

namespace {

/// A triangle: A-B direct, and A-C-B around; 1 Gb/s and 1 ms each. A sends 100 Mb/s to B, and B to
/// A.
std::shared_ptr<Scenario> triangle() {
  NetworkSpec spec;
  for (const char* id : {"A", "B", "C"}) {
    Node n;
    n.id = id;
    spec.nodes.push_back(n);
  }
  const auto link = [&](const char* id, std::size_t a, std::size_t b) {
    Link l;
    l.id = id;
    l.a = NodeId(a);
    l.b = NodeId(b);
    l.capacity = {1, Rate::gbps(1)};
    l.delay = Duration::ms(1);
    spec.links.push_back(l);
  };
  link("A-B", 0, 1);
  link("A-C", 0, 2);
  link("C-B", 2, 1);
  auto scenario = std::make_shared<Scenario>();
  scenario->convergence.instant = true;  // what is tested is what changes, not how fast
  scenario->network = std::make_shared<const Network>(std::move(spec));
  scenario->classes = {{"gold", 0}, {"unused", 1}};
  scenario->sizes = {{"fixed", {{1000, 1.0}}}};
  TrafficSpec traffic;
  traffic.entries = {{NodeId(0), NodeId(1), Rate::mbps(100)},
                     {NodeId(1), NodeId(0), Rate::mbps(100)}};
  scenario->traffic = {traffic};
  scenario->engine.warmup = Duration::ms(10);
  scenario->engine.duration = Duration::ms(100);
  return scenario;
}

failure::Change event(failure::Change::Kind kind, std::int64_t at_ms, const char* what,
                      const std::vector<LinkId>& links) {
  return {Time::zero() + Duration::ms(at_ms), kind, what, failure::ports_of(links)};
}

constexpr auto fail = failure::Change::Kind::fail;
constexpr auto restore = failure::Change::Kind::restore;

run::RouteTimeline route_timeline(const Scenario& scenario) {
  return run::instant_changes(*scenario.network, scenario.routing, scenario.constraints,
                              run::timeline_of(scenario));
}

run::Options threads(unsigned n) {
  run::Options options;
  options.threads = n;
  return options;
}

}  // namespace

TEST_CASE("a run sends what was asked for, over the shortest path, and conserves packets") {
  const auto result = run::run(triangle(), threads(1));
  const Measurements& m = result.measurements;
  REQUIRE(m.demands.size() == 2);
  CHECK(m.complete);
  CHECK(m.measured == Duration::ms(100));
  CHECK(m.packets.sent == m.packets.delivered + m.packets.dropped() + m.packets.in_flight);
  // 100 Mb/s of 1000-byte packets for 100 ms: 1250, Poisson, so within 5 sigma (177).
  CHECK(std::abs(static_cast<double>(m.demands[0].sent_packets) - 1250) < 177);
  CHECK(m.demands[0].hops_mean == Approx(1));
  CHECK(m.demands[0].base >= Duration::ms(1));
  CHECK(m.ports[2].sent_packets == 0);
}

TEST_CASE("the number of threads changes nothing") {
  const auto one = run::run(triangle(), threads(1)).measurements;
  const auto two = run::run(triangle(), threads(2)).measurements;
  CHECK(one.fingerprint == two.fingerprint);
  CHECK(one.packets.delivered == two.packets.delivered);
}

TEST_CASE("after a failure traffic goes around, and comes back when the link does") {
  const auto scenario = triangle();
  scenario->events = {event(fail, 30, "A-B", {LinkId(0)}), event(restore, 80, "A-B", {LinkId(0)})};
  const auto m = run::run(scenario, threads(2)).measurements;
  // Down for 50 of the 100 ms measured: half the packets take two hops.
  CHECK(m.demands[0].hops_mean == Approx(1.5).epsilon(0.1));
  CHECK(m.ports[2].sent_packets > 400);
}

TEST_CASE(
    "what policy refuses after a failure is dropped as policy, what no cable carries as no route") {
  // The triangle's corners as three peers: C does not carry its peers' traffic to each other.
  const auto scenario = triangle();
  NetworkSpec spec = scenario->network->spec();
  spec.providers.clear();
  for (const char* id : {"a", "b", "c"}) spec.providers.push_back(Provider{id, 2, 0, ""});
  for (std::size_t n = 0; n < 3; ++n) spec.nodes[n].provider = ProviderId(n);
  for (Link& l : spec.links) l.relation = Relation::peer;
  scenario->network = std::make_shared<const Network>(std::move(spec));

  scenario->events = {event(fail, 60, "A-B", {LinkId(0)})};
  auto m = run::run(scenario, threads(1)).measurements;
  CHECK(m.packets.dropped_policy > 1000);  // both demands, for 50 of 100 ms
  CHECK(m.packets.dropped_no_route == 0);

  scenario->events = {event(fail, 60, "B", {LinkId(0), LinkId(2)})};
  m = run::run(scenario, threads(1)).measurements;
  CHECK(m.packets.dropped_policy == 0);
  CHECK(m.packets.dropped_no_route > 1000);
}

TEST_CASE("a run that is stopped reports what it has, marked incomplete") {
  const auto scenario = triangle();
  scenario->engine.duration = Duration::s(100);
  std::atomic<bool> stop{false};
  run::Options options = threads(1);
  options.stop = &stop;
  options.progress = [&](const engine::Progress&) { stop = true; };
  const auto m = run::run(scenario, options).measurements;
  CHECK_FALSE(m.complete);
  CHECK(m.measured < Duration::s(100));
}

TEST_CASE("an expectation that no demand or link matches is bad input, all of them at once") {
  const auto scenario = triangle();
  Expectation unused_class;
  unused_class.text = "loss of unused < 1 %";
  unused_class.cls = ClassId(1);
  Expectation from_c;
  from_c.text = "loss from C < 1 %";
  from_c.from = NodeId(2);
  Expectation fine;
  fine.text = "loss < 1 %";
  scenario->expectations = {unused_class, fine, from_c};
  try {
    run::prepare(scenario);
    FAIL("no error");
  } catch (const InputError& error) {
    REQUIRE(error.diagnostics().size() == 2);
    CHECK(error.diagnostics()[0].message.find("of unused") != std::string::npos);
  }
}

TEST_CASE("an engine that cannot simulate the scenario in this version refuses it") {
  const auto scenario = triangle();
  scenario->traffic[0].bucket = TokenBucketSpec{};
  for (const Fidelity fidelity : {Fidelity::hybrid, Fidelity::fluid}) {
    scenario->engine.fidelity = fidelity;
    CHECK_THROWS_AS(run::prepare(scenario), InputError);
  }
}

TEST_CASE("a target utilization is met on the wire") {
  const auto scenario = triangle();
  scenario->traffic[0].target_utilization = 0.5;
  const auto prepared = run::prepare(scenario);
  // 1000-byte packets take 1024 bytes on an Ethernet: 500 Mb/s x 1000 / 1024.
  const double wire = 1000.0 + prepared.input.network->port(PortId(0)).overhead;
  CHECK(prepared.input.demands->demands[0].rate.as_double() ==
        Approx(0.5e9 * 1000.0 / wire).epsilon(1e-6));
}

TEST_CASE("route changes: one per instant, in time order, with their dead ports") {
  const auto scenario = triangle();
  scenario->events = {event(fail, 0, "A-C", {LinkId(1)}), event(fail, 20, "A-B", {LinkId(0)}),
                      event(fail, 20, "C-B", {LinkId(2)}), event(restore, 40, "A-B", {LinkId(0)})};
  const auto timeline = route_timeline(*scenario);
  REQUIRE(timeline.changes.size() == 2);
  CHECK(timeline.initial->next(NodeId(0), NodeId(2)).size() == 1);
  CHECK(timeline.initial->next(NodeId(0), NodeId(2))[0] == PortId(0));  // by way of B
  CHECK(timeline.changes[0].routes->next(NodeId(0), NodeId(1)).empty());
  CHECK(timeline.changes[0].down == std::vector<bool>{true, true, true, true, true, true});
  CHECK(timeline.changes[1].down == std::vector<bool>{false, false, true, true, true, true});
}

TEST_CASE("a link stays down while anything holds it down") {
  const auto scenario = triangle();
  const std::vector<LinkId> node_a{LinkId(0), LinkId(1)};
  scenario->events = {event(fail, 1, "A", node_a), event(fail, 2, "A-B", {LinkId(0)}),
                      event(fail, 3, "A-B", {LinkId(0)}), event(restore, 4, "A", node_a),
                      event(restore, 5, "A-B", {LinkId(0)})};
  const auto changes = route_timeline(*scenario).changes;
  REQUIRE(changes.size() == 3);  // the failures of A-B change nothing
  CHECK(changes[1].down == std::vector<bool>{true, true, false, false, false, false});
  CHECK(changes[2].down == std::vector<bool>(6, false));
}

TEST_CASE("selection of ports and demands") {
  const auto scenario = triangle();
  const auto demands =
      run::make_demands(*scenario, *route_timeline(*scenario).initial, Steered(*scenario));
  Expectation e;
  CHECK(matching_demands(e, *scenario->network, *demands).size() == 2);
  CHECK(matching_ports(e, *scenario->network).size() == 6);
  e.to = NodeId(1);
  CHECK(matching_demands(e, *scenario->network, *demands) == std::vector<DemandId>{DemandId(0)});
  e.to = NodeId::none();
  e.link = LinkId(1);
  CHECK(is_link_metric(e));
  CHECK(matching_ports(e, *scenario->network) == std::vector<PortId>{PortId(2), PortId(3)});
  e = Expectation{};
  e.tier = 2;
  CHECK(matching_demands(e, *scenario->network, *demands).empty());
}
