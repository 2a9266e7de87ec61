// Classes at ports with a discipline: in the text, in JSON and as CSV; and what is said of drops by
// queue management and policers.
#include <nlohmann/json.hpp>

#include "sim/report/csv.hpp"
#include "sim/report/json.hpp"
#include "sim/report/report.hpp"
#include "sim/report/text.hpp"
#include "tests/catch.hpp"
#include "tests/report/sample.hpp"

using namespace longhaul;

namespace {

/// B to C sent 300 packets of gold and 600 of bulk, which lost 100 and had 60 marked.
run::Result sample_with_classes() {
  run::Result result = tests::sample_result();
  PortMeasurement& bc = result.measurements.ports[2];
  bc.classes.resize(2);
  ClassMeasurement& gold = bc.classes[0];
  gold.arrived_packets = gold.sent_packets = 300;
  gold.sent_bytes = 100'000;
  gold.wait = tests::durations({2'000'000});
  ClassMeasurement& bulk = bc.classes[1];
  bulk.arrived_packets = 700;
  bulk.sent_packets = 600;
  bulk.sent_bytes = 300'000;
  bulk.dropped_packets = 100;
  bulk.marked_packets = 70;
  bulk.wait = tests::durations({8'000'000'000});
  // A class that nothing arrived of is not shown.
  result.measurements.ports[0].classes.resize(2);
  result.measurements.ports[0].classes[0] = gold;
  return result;
}

}  // namespace

TEST_CASE("classes at the worst links are shown where ports have a discipline") {
  CHECK(report::to_text(report::make_report(tests::sample_result()), {}).find("Classes at") ==
        std::string::npos);
  const report::Report r = report::make_report(sample_with_classes());
  const std::string text = report::to_text(r, {});
  const auto at = text.find("Classes at the worst links");
  REQUIRE(at != std::string::npos);
  const std::string section = text.substr(at, text.find("\n\n", at) - at);
  INFO(section);
  for (const char* part :
       {"B → C", "gold", "25.0 %", "2 us", "bulk", "75.0 %", "8 ms", "14.3 %", "10.0 %", "A → B"})
    CHECK(section.find(part) != std::string::npos);
}

TEST_CASE("classes at links in JSON and CSV") {
  const report::Report r = report::make_report(sample_with_classes());
  const auto json = nlohmann::json::parse(report::to_json(r));
  CHECK(json["links"][1]["classes"].empty());
  CHECK(json["links"][0]["classes"].size() == 1);
  const auto& bulk = json["links"][2]["classes"][1];
  CHECK(bulk["class"] == "bulk");
  CHECK(bulk["share"] == 0.75);
  CHECK(bulk["arrived_packets"] == 700);
  CHECK(bulk["sent_packets"] == 600);
  CHECK(bulk["sent_bytes"] == 300'000);
  CHECK(bulk["dropped_packets"] == 100);
  CHECK(bulk["marked_packets"] == 70);
  CHECK(bulk["loss"].get<double>() == Approx(1.0 / 7));
  CHECK(bulk["wait_s"]["p50"].get<double>() == Approx(8e-3));

  const std::string csv = report::link_classes_csv(r);
  CHECK(csv.rfind("id,from,to,class,share,", 0) == 0);
  CHECK(csv.find("\nB-C,B,C,bulk,0.75,700,600,300000,100,70,") != std::string::npos);
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 4);
  CHECK(report::link_classes_csv(report::make_report(tests::sample_result())).empty());
}

TEST_CASE("drops by queue management and by policers have their own words") {
  run::Result result = tests::sample_result();
  PacketTotals& p = result.measurements.packets;
  p.dropped_buffer = 0;
  p.dropped_aqm = 21;
  auto verdict = report::verdict(report::make_report(result));
  CHECK(std::string(verdict.word) == "CONGESTED");
  CHECK(verdict.sentence.find("% of packets dropped early") != std::string::npos);
  p.dropped_buffer = 42;
  verdict = report::verdict(report::make_report(result));
  CHECK(verdict.sentence.find("lost in full queues, ") != std::string::npos);
  p.dropped_buffer = p.dropped_aqm = 0;
  p.dropped_policed = 21;
  verdict = report::verdict(report::make_report(result));
  CHECK(std::string(verdict.word) == "POLICED");
  const auto json = nlohmann::json::parse(report::to_json(report::make_report(result)));
  CHECK(json["packets"]["dropped"]["policed"] == 21);
  CHECK(json["packets"]["dropped"]["aqm"] == 0);
}
