// Classes bound to regions and countries: what `within` means for routes, and what check says.
#include <algorithm>
#include <string>

#include "sim/routing/reachability.hpp"
#include "sim/run/run.hpp"
#include "sim/scenario/read.hpp"
#include "tests/catch.hpp"

using namespace longhaul;

namespace {

/// Berlin and Frankfurt are nearest by way of Zurich; within the EU by way of Prague, within
/// Germany by way of Hamburg. Geneva hangs on Zurich.
const std::string network = R"(topology:
  nodes:
    BER: {country: DE, region: eu}
    FRA: {country: DE, region: eu}
    HAM: {country: DE, region: eu}
    PRG: {country: CZ, region: eu}
    ZRH: {country: CH, region: alps}
    GVA: {country: CH, region: alps}
  links:
    - {id: bz, endpoints: [BER, ZRH], length: 100 km, metric: 1}
    - {id: zf, endpoints: [ZRH, FRA], length: 100 km, metric: 1}
    - {id: bp, endpoints: [BER, PRG], length: 100 km, metric: 2}
    - {id: pf, endpoints: [PRG, FRA], length: 100 km, metric: 2}
    - {id: bh, endpoints: [BER, HAM], length: 100 km, metric: 4}
    - {id: hf, endpoints: [HAM, FRA], length: 100 km, metric: 4}
    - {id: zg, endpoints: [ZRH, GVA], length: 100 km, metric: 1}
engine: {warmup: 1 ms, duration: 20 ms}
)";

Scenario read(const std::string& classes, const std::string& traffic,
              const std::string& more = "") {
  return read_scenario(SourceText("residency.yaml", network + "classes: [" + classes +
                                                        "]\ntraffic: [" + traffic + "]\n" + more));
}

std::uint64_t sent_by(const run::Result& result, const std::string& link) {
  const Network& net = *result.scenario->network;
  for (std::size_t l = 0; l < net.links().size(); ++l)
    if (net.links()[l].id == link)
      return result.measurements.ports[Network::forward(LinkId(l)).index()].sent_packets +
             result.measurements.ports[Network::backward(LinkId(l)).index()].sent_packets;
  FAIL("no link " << link);
  return 0;
}

run::Result run_it(Scenario scenario) {
  scenario.convergence.instant = true;  // what is tested is where packets may go, not how fast
  return run::run(std::make_shared<const Scenario>(std::move(scenario)), run::Options{});
}

const std::string pair = "from: BER, to: FRA, rate: 100M";

}  // namespace

TEST_CASE("a class bound to a region or a country takes no way around it") {
  struct Case {
    const char* within;
    const char* link;
  };
  for (const Case& c :
       {Case{"", "bz"}, Case{", within: {region: eu}", "bp"}, Case{", within: {country: DE}", "bh"},
        Case{", within: {country: [DE, CZ]}", "bp"},
        Case{", within: {region: alps, country: DE}", "bz"}}) {
    CAPTURE(c.within, c.link);
    const run::Result result =
        run_it(read("{name: health" + std::string(c.within) + "}", "{" + pair + "}"));
    CHECK(result.measurements.packets.delivered > 100);
    for (const char* link : {"bz", "bp", "bh"}) {
      CAPTURE(link);
      if (std::string(link) == c.link)
        CHECK(sent_by(result, link) > 100);
      else
        CHECK(sent_by(result, link) == 0);
    }
  }
}

TEST_CASE("classes with different constraints share links and keep apart") {
  const run::Result result =
      run_it(read("{name: a}, {name: b, within: {region: eu}}, {name: c, within: {country: DE}}",
                  "{class: a, " + pair + "}, {class: b, " + pair + "}, {class: c, " + pair + "}"));
  CHECK(sent_by(result, "bz") > 100);
  CHECK(sent_by(result, "bp") > 100);
  CHECK(sent_by(result, "bh") > 100);
  CHECK(result.measurements.packets.dropped() == 0);
}

TEST_CASE("what a constraint leaves without a route is dropped by policy") {
  // Geneva is outside: its pairs cannot be routed.
  const std::string all = "{matrix: uniform, total: 400M, among: {nodes: [BER, FRA, GVA]}}";
  Scenario scenario = read("{name: health, within: {country: DE}}", all);
  REQUIRE(scenario.warnings.size() == 1);
  CHECK(scenario.warnings[0].message ==
        "4 of its 6 pairs have no route within DE, e.g. BER to GVA: their packets are dropped");
  CHECK(scenario.warnings[0].where.line == 19);
  const run::Result result = run_it(std::move(scenario));
  const PacketTotals& p = result.measurements.packets;
  CHECK(p.dropped_policy > p.sent / 2);
  CHECK(p.delivered > 100);
  CHECK(p.dropped_no_route == 0);
  CHECK(p.sent == p.delivered + p.dropped() + p.in_flight);
  for (std::size_t i = 0; i < result.demands->demands.size(); ++i) {
    const Demand& d = result.demands->demands[i];
    const bool inside = d.from.index() < 2 && d.to.index() < 2;
    CHECK((result.measurements.demands[i].delivered_packets > 0) == inside);
  }
}

TEST_CASE("after a cut a confined class is dropped rather than sent abroad") {
  const run::Result result =
      run_it(read("{name: free}, {name: health, within: {country: DE}}",
                  "{class: free, " + pair + "}, {class: health, " + pair + "}",
                  "events: [{at: 6 ms, fail: hf}]\n"));
  CHECK(result.measurements.demands[0].dropped_packets == 0);
  CHECK(result.measurements.demands[1].delivered_packets > 20);
  CHECK(result.measurements.demands[1].dropped_packets > 100);
  CHECK(result.measurements.packets.dropped_policy > 100);
  CHECK(result.measurements.packets.dropped_no_route == 0);  // those at Hamburg neither
}

TEST_CASE("a pair outside its class's region is told before the run") {
  const Scenario one =
      read("{name: health, within: {country: DE}}", "{from: BER, to: GVA, rate: 1M}");
  REQUIRE(one.warnings.size() == 1);
  CHECK(one.warnings[0].message ==
        "no route within DE leads from BER to GVA: its packets are dropped");
  CHECK_THROWS_AS(read("{name: health, within: {country: CZ}}",
                       "{matrix: uniform, total: 1M, among: {country: DE}}"),
                  InputError);
}

TEST_CASE("mistakes in within are told with their place") {
  const auto mistake = [](const std::string& classes) {
    try {
      (void)read(classes, "{class: h, " + pair + "}");
    } catch (const InputError& e) {
      return e.diagnostics().front();
    }
    return Diagnostic{};
  };
  const Diagnostic region = mistake("{name: h, within: {region: euu}}");
  CHECK(region.where.line == 18);
  CHECK(region.where.column == 38);
  CHECK(region.message == "there is no region \"euu\"; expected one of eu, alps");
  CHECK(region.hint == "did you mean \"eu\"?");
  CHECK(mistake("{name: h, within: {country: FR}}").message ==
        "there is no country \"FR\"; expected one of CH, CZ, DE");
  CHECK(mistake("{name: h, within: {}}").message == "`within` needs `region` or `country`");
}
