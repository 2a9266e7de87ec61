#include "sim/report/text.hpp"

#include <sstream>

#include "sim/report/csv.hpp"
#include "tests/catch.hpp"
#include "tests/report/sample.hpp"

using namespace longhaul;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

report::Report sample() { return report::make_report(tests::sample_result()); }

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

}  // namespace

TEST_CASE("the verdict names the state, the worst link and the loss") {
  auto r = sample();
  CHECK(report::verdict(r).word == "CONGESTED");
  CHECK(contains(report::verdict(r).sentence, "B to C is 100.0 % full"));
  CHECK(contains(report::verdict(r).sentence, "4.76 %"));
  r.packets.dropped_buffer = 0;
  CHECK(report::verdict(r).word == "TIGHT");
  r.congestion.links_over_threshold = 0;
  CHECK(report::verdict(r).word == "HEALTHY");
  r.packets.dropped_no_route = 5;
  CHECK(report::verdict(r).word == "CUT OFF");
  r.packets = {};
  CHECK(report::verdict(r).word == "IDLE");
}

TEST_CASE("plain text has no escapes, coloured text has") {
  CHECK(report::to_text(sample(), {}).find('\033') == std::string::npos);
  CHECK(report::to_text(sample(), {100, true, true}).find("\033[1;31mCONGESTED") !=
        std::string::npos);
}

TEST_CASE("without UTF-8 the text is ASCII") {
  for (const char c : report::to_text(sample(), {100, false, false}))
    if (static_cast<unsigned char>(c) > 127) FAIL("byte " << static_cast<int>(c));
}

TEST_CASE("tables keep to the width of the terminal") {
  for (const int width : {50, 80, 120}) {
    for (const auto& line : lines(report::to_text(sample(), {width, false, true}))) {
      if (line.rfind("  ", 0) != 0) continue;  // prose wraps by itself
      CAPTURE(width, line);
      CHECK(report::columns(line) <= static_cast<std::size_t>(width));
    }
  }
}

TEST_CASE("the worst link comes first, and every kind of group is shown") {
  const std::string text = report::to_text(sample(), {});
  const auto at = text.find("Worst links");
  CHECK(text.find("B → C", at) < text.find("A → B", at));
  for (const char* name : {"all traffic", "tier 2", "provider beta", "class gold", "region west"})
    CHECK(contains(text, name));
}

TEST_CASE("an interrupted run and failed expectations are said at the top") {
  auto r = sample();
  r.complete = false;
  r.expectations = {{"loss < 1 %", 0.05, 0.01, false, report::Quantity::fraction}};
  const std::string text = report::to_text(r, {});
  CHECK(text.find("INTERRUPTED") < text.find("Worst links"));
  CHECK(text.find("FAILED  1 of 1") < text.find("Worst links"));
  CHECK(contains(text, "FAIL  loss < 1 %"));
}

TEST_CASE("figures for people") {
  CHECK(report::percent(0) == "0 %");
  CHECK(report::percent(0.9731) == "97.3 %");
  CHECK(report::percent(0.0123) == "1.23 %");
  CHECK(report::percent(0.000012) == "0.0012 %");
  CHECK(report::amount(431) == "431");
  CHECK(report::amount(12'345'678) == "12.3 M");
  CHECK(report::amount(999'999) == "1.00 M");
  CHECK(report::cut({}, "Zürich-Genève", 6) == "Züric…");
  CHECK(report::columns(report::bar({}, 0.5, 16)) == 16);
  CHECK(report::bar({100, false, false}, 0.5, 4) == "##..");
}

TEST_CASE("CSV tables have one field per header, quoted where needed") {
  auto r = sample();
  r.links[0].from = "A, \"west\"";
  const auto links = lines(report::links_csv(r));
  REQUIRE(links.size() == 5);
  const auto fields = std::count(links[0].begin(), links[0].end(), ',');
  CHECK(contains(links[1], "\"A, \"\"west\"\"\""));
  CHECK(std::count(links[2].begin(), links[2].end(), ',') == fields);
  for (const auto& table : {report::demands_csv(r), report::groups_csv(r)}) {
    const auto rows = lines(table);
    const auto commas = std::count(rows[0].begin(), rows[0].end(), ',');
    for (const auto& row : rows) CHECK(std::count(row.begin(), row.end(), ',') == commas);
  }
}

TEST_CASE("microwave links that faded are shown with each of their modulations") {
  const auto r = report::make_report(tests::faded_sample());
  const std::string text = report::to_text(r, {100, false, true});
  const auto at = text.find("Modulations (of 2 microwave directions)");
  REQUIRE(at != std::string::npos);
  const std::string section = text.substr(at, text.find("Traffic", at) - at);
  CHECK(contains(section, "4096qam"));
  CHECK(contains(section, "60.0 %"));
  CHECK(contains(section, "64qam"));
  CHECK(contains(section, "30.0 %"));
  CHECK(contains(section, "down"));
  CHECK(contains(section, "10.0 %"));
  CHECK_FALSE(contains(section, "C → B"));  // never left its highest
  CHECK_FALSE(contains(report::to_text(sample(), {}), "Modulations"));
}

TEST_CASE("the table of modulations has a row for each and for the time down") {
  CHECK(report::modulations_csv(sample()).empty());
  const auto rows = lines(report::modulations_csv(report::make_report(tests::faded_sample())));
  REQUIRE(rows.size() == 6);  // header; B>C: two and down; C>B: one and down
  CHECK(rows[1].rfind("B-C,B,C,4096qam,1000000000,0.6,2,", 0) == 0);
  CHECK(rows[2].rfind("B-C,B,C,64qam,500000000,0.3,1,", 0) == 0);
  CHECK(rows[3].rfind("B-C,B,C,down,0,0.1,0,", 0) == 0);
  CHECK(rows[4].rfind("B-C,C,B,4096qam,1000000000,1,", 0) == 0);
  const auto commas = std::count(rows[0].begin(), rows[0].end(), ',');
  for (const auto& row : rows) CHECK(std::count(row.begin(), row.end(), ',') == commas);
}
