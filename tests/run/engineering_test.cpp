// Traffic engineering in whole runs: what was planned is what links carry, and a controller does
// what it can.
#include <string>

#include "sim/base/error.hpp"
#include "sim/plan/engineer.hpp"
#include "sim/plan/loads.hpp"
#include "sim/run/engineered.hpp"
#include "sim/run/run.hpp"
#include "sim/scenario/read.hpp"
#include "tests/catch.hpp"
#include "tests/same_measurements.hpp"

using namespace longhaul;

namespace {

run::ScenarioPtr scenario_of(const std::string& text, const std::string& routing) {
  return std::make_shared<const Scenario>(
      read_scenario(SourceText("e.yaml", text + "routing: " + routing + "\n"), {}));
}

Measurements measure(const run::ScenarioPtr& scenario, unsigned threads = 1) {
  run::Options options;
  options.threads = threads;
  return run::run(scenario, options).measurements;
}

/// Two ways from A to B: direct, or over C. 8 Gb/s want to go, in two pairs of which one starts at
/// D behind A. Without framing, so that loads are those of packets.
const std::string two_ways = R"(topology:
  nodes: {A: {}, B: {}, C: {}, D: {}}
  links:
    - {id: ab, endpoints: [A, B], capacity: 1G, delay: 1 ms, metric: 1, framing: none}
    - {id: ac, endpoints: [A, C], capacity: 1G, delay: 1 ms, metric: 2, framing: none}
    - {id: cb, endpoints: [C, B], capacity: 1G, delay: 1 ms, metric: 2, framing: none}
    - {id: da, endpoints: [D, A], capacity: 1G, delay: 1 ms, metric: 1, framing: none}
engine: {warmup: 50 ms, duration: 250 ms, interval: 50 ms}
traffic:
  - {from: A, to: B, rate: 800M, size: 1000 B, arrivals: cbr}
  - {from: D, to: B, rate: 600M, size: 1000 B, arrivals: cbr}
)";

double utilization(const Measurements& m, std::size_t port) {
  return m.ports[port].utilization_mean;
}

}  // namespace

TEST_CASE("segments: the pair goes over its node, the rest does not") {
  const auto scenario = scenario_of(two_ways, "{segments: [{from: D, to: B, via: C}]}");
  const plan::LoadPlan plan = plan::plan_loads(*scenario);
  CHECK(plan.max_utilization == Approx(0.8));
  const Measurements m = measure(scenario);
  CHECK(m.packets.dropped() == 0);
  for (const plan::LinkLoad& link : plan.links)
    CHECK(utilization(m, link.port.index()) == Approx(link.utilization).margin(0.005));
  // A to B over ab 1 ms, D to B over da, ac, cb 3 ms, with a transmission of 8 us each.
  CHECK(m.demands[0].base == Duration::us(1008));
  CHECK(m.demands[0].latency.max_ps < Duration::us(100).ps());
  CHECK(m.demands[1].base == Duration::us(3024));
  CHECK(m.demands[1].latency.max_ps < Duration::us(100).ps());
  // Without: 1.4 Gb/s want through ab.
  CHECK(measure(scenario_of(two_ways, "{}")).packets.dropped() > 0);
}

TEST_CASE("metrics in routing take the place of those of the topology") {
  const auto scenario = scenario_of(two_ways, "{metrics: {ab: 4, ac: [2, 7]}}");
  // Two equal ways now.
  const plan::LoadPlan plan = plan::plan_loads(*scenario);
  CHECK(plan.max_utilization == Approx(0.7));
  CHECK(*scenario->network->link(LinkId(1)).metric_ba == 7);
}

TEST_CASE("a controller takes one pair off the full link, from its reaction on") {
  const std::string routing = "{controller: {interval: 100 ms, reaction: 10 ms, changes: 1}}";
  const auto scenario = scenario_of(two_ways, routing);
  const run::Prepared prepared = run::prepare(scenario);
  CHECK(prepared.steered_changes == 1);
  REQUIRE(prepared.input.changes.size() == 1);
  CHECK(prepared.input.changes.front().at == Time::zero() + Duration::ms(110));
  // Until 110 ms all of 1.4 Gb/s want through ab; in the 190 ms after it the larger of the two goes
  // over C.
  const Measurements m = measure(scenario);
  CHECK(utilization(m, 2) == Approx(0.8 * 190 / 250).margin(0.01));
  for (const unsigned threads : {2U, 3U, 7U}) tests::require_same(m, measure(scenario, threads));
}

TEST_CASE("a controller knows what has failed, and takes back what has lost its way") {
  const std::string events = "events: [{at: 150 ms, fail: C}]\n";
  const auto scenario = scenario_of(
      two_ways + events,
      "{convergence: instant, controller: {interval: 100 ms, reaction: 10 ms, changes: 1}}");
  const run::Prepared prepared = run::prepare(scenario);
  // Over C at 110 ms; the failure at 150; back at 210.
  CHECK(prepared.steered_changes == 2);
  REQUIRE(prepared.input.changes.size() == 3);
  for (const Demand& d : prepared.input.demands->demands) {
    const auto next = prepared.input.changes.back().routes->next(NodeId(0), d.steered);
    REQUIRE(next.size() == 1);
    CHECK(next.front() == PortId(0));
  }
  tests::require_same(measure(scenario), measure(scenario, 3));
}

TEST_CASE("variants differ in their ways only, and none is refused") {
  const auto scenario = scenario_of(two_ways, "{}");
  plan::EngineerOptions options;
  options.metrics = options.segments = true;
  options.iterations = 500;
  const plan::Engineered engineered = plan::engineer(*scenario, options);
  CHECK(engineered.configured_utilization == Approx(1.4));
  CHECK(engineered.optimum.max_utilization == Approx(0.7));
  CHECK(engineered.metrics->max_utilization == Approx(0.7));
  CHECK(engineered.segments->max_utilization == Approx(0.8));
  std::vector<double> loss;
  for (const run::Variant& variant : run::variants(scenario, engineered)) {
    const Measurements m = measure(variant.scenario);
    loss.push_back(static_cast<double>(m.packets.dropped()) / static_cast<double>(m.packets.sent));
  }
  REQUIRE(loss.size() == 4);
  CHECK(loss[0] > 0.1);
  CHECK(loss[1] < 0.01);
  CHECK(loss[2] == 0);
  CHECK(loss[3] < loss[0]);
}

TEST_CASE("what cannot be steered says so") {
  const auto mistake = [](const std::string& text, const std::string& routing) -> std::string {
    try {
      run::prepare(scenario_of(text, routing));
    } catch (const InputError& e) {
      return e.diagnostics().front().message;
    }
    return "";
  };
  CHECK(mistake(two_ways, "{segments: [{from: A, to: B, via: X}]}").find("no node \"X\"") !=
        std::string::npos);
  CHECK(mistake(two_ways, "{segments: [{from: A, to: B, via: B}]}").find("three nodes") !=
        std::string::npos);
  CHECK(mistake(two_ways, "{segments: [{from: D, to: B, via: C}, {from: D, to: B, via: A}]}")
            .find("steered already") != std::string::npos);
  CHECK(mistake(two_ways, "{metrics: {ax: 4}}").find("no link \"ax\"") != std::string::npos);
  CHECK(mistake(two_ways, "{metric: hops, metrics: {ab: 4}}").find("without effect") !=
        std::string::npos);
  CHECK(mistake(two_ways, "{controller: {interval: 1 s, reaction: 1 s}}").find("not shorter") !=
        std::string::npos);
  CHECK(mistake(two_ways + "events: [{at: 100 ms, fail: cb}]\n", "{controller: {interval: 100 ms}}")
            .find("switch at once") != std::string::npos);
  std::string text = two_ways;
  text.replace(text.find("engine: {"), 9, "engine: {fidelity: fluid, ");
  CHECK(mistake(text, "{segments: [{from: D, to: B, via: C}]}").find("has no `segments`") !=
        std::string::npos);
}
