// Services through the engine and into the report: fates by interval, availability, who hurt whom.
#include "sim/report/services.hpp"

#include <nlohmann/json.hpp>
#include <numeric>
#include <string>

#include "sim/report/csv.hpp"
#include "sim/report/json.hpp"
#include "sim/report/report.hpp"
#include "sim/report/text.hpp"
#include "sim/scenario/read.hpp"
#include "tests/catch.hpp"

using namespace longhaul;

namespace {

/// A - B - C, and A - D - C as a way around at half the speed.
const std::string network = R"(topology:
  nodes: {A: {}, B: {}, C: {}, D: {}}
  links:
    - {id: ab, endpoints: [A, B], capacity: 100M, length: 10 km}
    - {id: bc, endpoints: [B, C], capacity: 100M, length: 10 km}
    - {id: bd, endpoints: [B, D], capacity: 100M, length: 10 km}
engine: {warmup: 10 ms, duration: 1 s, interval: 100 ms}
)";

run::Result run_it(const std::string& text, unsigned threads = 1) {
  run::Options options;
  options.threads = threads;
  return run::run(
      std::make_shared<const Scenario>(read_scenario(SourceText("s.yaml", network + text))),
      options);
}

}  // namespace

TEST_CASE("fates by interval add up to what was delivered and dropped, on any number of threads") {
  const std::string text =
      "services: [{name: x, type: vpn, sites: [A, C, D], total: 400M, size: 1000 B}]\n"
      "queues: {buffer: 10 ms}\n";
  const run::Result one = run_it(text, 1);
  const run::Result two = run_it(text, 2);
  std::uint64_t drops = 0;
  for (std::size_t i = 0; i < one.measurements.demands.size(); ++i) {
    const DemandMeasurement& m = one.measurements.demands[i];
    REQUIRE(m.fates.size() == 10);
    std::uint64_t delivered = 0;
    std::uint64_t dropped = 0;
    for (std::size_t k = 0; k < m.fates.size(); ++k) {
      delivered += m.fates[k].delivered;
      dropped += m.fates[k].dropped;
      CHECK(m.fates[k].delivered == two.measurements.demands[i].fates[k].delivered);
      CHECK(m.fates[k].dropped == two.measurements.demands[i].fates[k].dropped);
    }
    CHECK(delivered == m.delivered_packets);
    CHECK(dropped == m.dropped_packets);
    drops += dropped;
  }
  CHECK(drops > 0);
}

TEST_CASE("demands of no service keep no fates") {
  const run::Result r = run_it("traffic: [{from: A, to: C, rate: 10M}]\n");
  CHECK(r.measurements.demands.at(0).fates.empty());
  CHECK(report::make_report(r).services.empty());
}

TEST_CASE("a cut of 300 ms of a second leaves a pair without detour 70 % available") {
  const report::Report r = report::make_report(
      run_it("services:\n"
             "  - {name: x, type: vpn, sites: [A, B], total: 10M, size: 500 B, sla: "
             "{availability: 99 %}}\n"
             "  - {name: y, type: vpn, sites: [B, C], total: 10M, size: 500 B, sla: "
             "{availability: 99 %}}\n"
             "routing: {convergence: instant}\n"
             "events:\n  - {at: 210 ms, fail: ab}\n  - {at: 510 ms, restore: ab}\n"));
  REQUIRE(r.services.size() == 2);
  REQUIRE(r.services[0].availability);
  CHECK(r.services[0].availability->value == Approx(0.7));
  CHECK(r.services[1].availability->value == 1);
  REQUIRE(r.expectations.size() == 2);
  CHECK_FALSE(r.expectations[0].pass);
  CHECK(r.expectations[0].promise);
  CHECK(*r.expectations[0].value == Approx(0.7));
  CHECK(r.expectations[1].pass);
  CHECK_FALSE(r.passed());
  CHECK(report::to_text(r, {}).find("MISSED 1 of 1") != std::string::npos);
}

TEST_CASE("who hurt a service: the traffic that fills the link where it loses") {
  const report::Report r = report::make_report(
      run_it("classes: [{name: vpn}, {name: internet}]\n"
             "services: [{name: x, type: vpn, class: vpn, sites: [A], hub: C, total: 4M, "
             "voice: {calls: 10}}]\n"
             "traffic: [{class: internet, from: D, to: C, rate: 110M, size: 1000 B}]\n"
             "queues: {buffer: 20 ms}\n"));
  REQUIRE(r.services.size() == 1);
  const report::ServiceRow& x = r.services[0];
  REQUIRE(x.hurt);
  CHECK(x.hurt->link == "B>C");
  CHECK(x.hurt->by_loss);
  CHECK(x.hurt->share == Approx(1));
  REQUIRE(x.hurt->senders.size() == 2);
  CHECK(x.hurt->senders[0].name == "internet");
  CHECK(x.hurt->senders[0].from == "D");
  CHECK(x.hurt->senders[0].share == Approx(110 / 112.8).margin(0.005));
  CHECK(x.hurt->senders[1].itself);
  // A full queue loses some of the small packets and delays the others by 20 ms: calls suffer.
  REQUIRE(x.mos);
  CHECK(x.mos->from == "A");
  CHECK(x.mos->value < 4);

  const auto json = nlohmann::json::parse(report::to_json(r));
  CHECK(json["services"][0]["name"] == "x");
  CHECK(json["services"][0]["hurt"]["senders"][0]["name"] == "internet");
  CHECK(json["services"][0]["mos"]["value"] == x.mos->value);
  CHECK(json["demands"].back()["service"] == "x");
  CHECK(json["demands"][0]["service"].is_null());
  const std::string csv = report::services_csv(r);
  CHECK(csv.find("x,vpn,hub-and-spoke,vpn,2,4,") != std::string::npos);
  CHECK(csv.find(",B>C,loss,1,internet,") != std::string::npos);
  const auto columns = [](const std::string& line) {
    return std::count(line.begin(), line.end(), ',');
  };
  const auto end = csv.find('\n');
  CHECK(columns(csv.substr(0, end)) == columns(csv.substr(end + 1)));
}

TEST_CASE("with strict priority, who is served later hurts nobody before") {
  const report::Report r = report::make_report(
      run_it("classes: [{name: vpn, priority: high}, {name: internet, priority: low}]\n"
             "services: [{name: x, type: vpn, class: vpn, sites: [A], hub: C, total: 40M, "
             "size: 1000 B, voice: {calls: 10}, sla: {mos: 4.3, loss: 0 %}}]\n"
             "traffic: [{class: internet, from: D, to: C, rate: 110M, size: 1000 B}]\n"
             "queues: {discipline: strict-priority, buffer: 20 ms}\n"));
  const report::ServiceRow& x = r.services.at(0);
  CHECK(x.loss == 0);
  REQUIRE(x.hurt);
  CHECK_FALSE(x.hurt->by_loss);
  for (const auto& sender : x.hurt->senders) CHECK(sender.name == "x");
  REQUIRE(x.mos);
  CHECK(x.mos->value > 4.3);
  CHECK(r.passed());
}

TEST_CASE("availability: what is judged, and what is too little to judge") {
  DemandMeasurement m;
  CHECK_FALSE(report::availability_of(m));
  m.fates = {{100, 0}, {79, 21}, {81, 19}, {0, 0}, {0, 100}};
  CHECK(*report::availability_of(m) == Approx(2.0 / 4));
  // 80 of 100 is not less than a loss of 20 %.
  m.fates = {{80, 20}, {100, 0}};
  CHECK(*report::availability_of(m) == Approx(0.5));
  // One of three lost says little: ten such intervals together have less than a tenth of loss.
  m.fates.assign(10, {3, 0});
  m.fates[4] = {2, 1};
  CHECK(*report::availability_of(m) == 1);
  m.fates = {{2, 1}};
  CHECK(*report::availability_of(m) == 0);
}
