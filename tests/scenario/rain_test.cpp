// Storms and series of rain: what is read, and every mistake at its place.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "sim/scenario/read.hpp"
#include "tests/catch.hpp"

using namespace longhaul;

namespace {

/// Lines 1 to 9: two microwave hops that adapt, one that does not, and a fibre.
const std::string head = R"(topology:
  nodes: {A: {at: [46, 8], region: west}, B: {at: [46.1, 8], region: west}, C: {at: [46.1, 8.2], region: east}, D: {at: [47, 9], region: dry}}
  links:
    - {endpoints: [A, B], capacity: 1G, medium: microwave, modulation: access-18}
    - {endpoints: [B, C], capacity: 1G, medium: microwave, modulation: access-18}
    - {endpoints: [A, C], capacity: 1G, medium: microwave}
    - {endpoints: [A, D], capacity: 1G}
traffic: [{from: A, to: C, rate: 100M}]
engine: {warmup: 0 s, duration: 1 s}
)";

std::string storm(const std::string& fields) {
  return head + "events: [{at: 100 ms, storm: {" + fields + "}}]\n";
}

std::vector<std::string> mistakes(const std::string& text) {
  std::vector<std::string> out;
  try {
    (void)read_scenario(SourceText("s.yaml", text));
  } catch (const InputError& e) {
    for (const auto& d : e.diagnostics())
      out.push_back(std::filesystem::path(d.where.file).filename().string() + ":" +
                    std::to_string(d.where.line) + ":" + std::to_string(d.where.column) + ": " +
                    d.message);
  }
  return out;
}

/// The only mistake begins so.
void check_mistake(const std::string& text, const std::string& expected) {
  const auto all = mistakes(text);
  for (const std::string& m : all) UNSCOPED_INFO(m);
  REQUIRE(all.size() == 1);
  CHECK(all[0].substr(0, expected.size()) == expected);
}

class TempFile {
 public:
  explicit TempFile(const std::string& text)
      : path_((std::filesystem::temp_directory_path() /
               ("longhaul-rain-test-" + std::to_string(::getpid()) + ".csv"))
                  .string()) {
    std::ofstream(path_) << text;
  }
  ~TempFile() { std::filesystem::remove(path_); }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The file's name and the mistake.
void check_csv_mistake(const std::string& text, const std::string& expected) {
  INFO(text);
  const TempFile file(text);
  const std::string name = std::filesystem::path(file.path()).filename().string();
  check_mistake(head + "rain: {file: " + file.path() + "}\n", name + expected);
}

}  // namespace

TEST_CASE("a storm is four points of rain on the hops it names") {
  const auto s = read_scenario(SourceText(
      "s.yaml", storm("links: A-B, rain: 62.5 mm/h, rise: 100 ms, hold: 300 ms, fall: 200 ms")));
  REQUIRE(s.rain.size() == 1);
  CHECK(s.rain[0].links == std::vector<LinkId>{LinkId(0)});
  REQUIRE(s.rain[0].points.size() == 4);
  const std::int64_t at_ms[] = {100, 200, 500, 700};
  const std::int64_t rain[] = {0, 62'500, 62'500, 0};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(s.rain[0].points[i].at == Time::zero() + Duration::ms(at_ms[i]));
    CHECK(s.rain[0].points[i].um_per_h == rain[i]);
  }
}

TEST_CASE("a storm is where its links, its region or its circle is, on hops that adapt") {
  const auto links = [](const std::string& where) {
    return read_scenario(SourceText("s.yaml", storm(where + ", rain: 40 mm/h, hold: 1 ms")))
        .rain[0]
        .links;
  };
  const std::vector<LinkId> both{LinkId(0), LinkId(1)};
  CHECK(links("links: [B-C, A-B]") == both);
  CHECK(links("links: B") == both);
  CHECK(links("links: C") == std::vector<LinkId>{LinkId(1)});
  CHECK(links("region: west") == both);
  CHECK(links("region: east") == std::vector<LinkId>{LinkId(1)});
  CHECK(links("center: [46, 8], radius: 5 km") == std::vector<LinkId>{LinkId(0)});
  CHECK(links("center: [46, 8], radius: 12 km") == both);  // B is 11 km from A
}

TEST_CASE("mistakes of storms") {
  const std::string rest = ", rain: 40 mm/h, hold: 1 ms";
  check_mistake(storm("links: A-C" + rest), "s.yaml:10:38: \"A-C\" has no modulation that could");
  check_mistake(storm("links: A-D" + rest), "s.yaml:10:38: \"A-D\" has no modulation that could");
  check_mistake(storm("links: A-X" + rest), "s.yaml:10:38: there is no link, node or risk group");
  check_mistake(storm("region: north" + rest), "s.yaml:10:39: there is no region \"north\"");
  check_mistake(storm("region: dry" + rest), "s.yaml:10:39: no link of region \"dry\" has a");
  check_mistake(storm("center: [40, 8], radius: 5 km" + rest),
                "s.yaml:10:39: no link with a modulation has an end within 5 km");
  check_mistake(storm("center: [46, 8]" + rest), "s.yaml:10:30: `center` and `radius` go together");
  check_mistake(storm("rain: 40 mm/h, hold: 1 ms"), "s.yaml:10:30: where? a storm needs");
  check_mistake(storm("links: A-B, region: west" + rest), "s.yaml:10:30: a storm takes one of");
  check_mistake(storm("links: A-B, rain: -4 mm/h, hold: 1 ms"),
                "s.yaml:10:49: expected a rate of rain from 0 to 1000 mm/h, such as 40 mm/h, got");
  check_mistake(storm("links: A-B, rain: 4, hold: 1 ms"), "s.yaml:10:49: expected a rate of rain");
  check_mistake(storm("links: A-B, hold: 1 ms"), "s.yaml:10:30: missing key \"rain\" of a storm");
  check_mistake(storm("links: A-B, rain: 40 mm/h, hold: 2500 h, fall: 2500 h"),
                "s.yaml:10:30: the storm ends after the 106 days");
  check_mistake(head + "events: [{at: 100 ms, fail: A-B, storm: {links: A-B" + rest + "}}]\n",
                "s.yaml:10:10: an event is one thing, not fail and storm");
  check_mistake(head + "events: [{at: 2 s, storm: {links: A-B" + rest + "}}]\n",
                "s.yaml:10:15: 2 s is after the end of the run");
}

TEST_CASE("rain from a file: seconds and millimetres an hour, by link or by region") {
  const TempFile file(
      "# gauge\n"
      "time_s,link,mm_per_h\n"
      "0,A-B,0\n60,A-B,12.5\n60,B-C,3\n120,A-B,0\n90,B-C,1\n");
  const auto s = read_scenario(
      SourceText("s.yaml", head + "rain: {file: " + file.path() + ", speedup: 600}\n"));
  REQUIRE(s.rain.size() == 2);
  CHECK(s.rain[0].links == std::vector<LinkId>{LinkId(0)});
  REQUIRE(s.rain[0].points.size() == 3);
  CHECK(s.rain[0].points[1].at == Time::zero() + Duration::ms(100));
  CHECK(s.rain[0].points[1].um_per_h == 12'500);
  CHECK(s.rain[1].links == std::vector<LinkId>{LinkId(1)});
  CHECK(s.rain[1].points[1].at == Time::zero() + Duration::ms(150));
  const TempFile regions("mm_per_h;time_s;region\n5;0;west\n5;1;west\n");
  const auto r =
      read_scenario(SourceText("s.yaml", head + "rain: [{file: " + regions.path() + "}]\n"));
  REQUIRE(r.rain.size() == 1);
  CHECK(r.rain[0].links.size() == 2);
}

TEST_CASE("mistakes in files of rain") {
  check_csv_mistake("", ":0:0: is empty");
  check_csv_mistake("time,link,mm_per_h\n", ":1:1: expected a first line that names the columns");
  check_csv_mistake("time_s,link,mm_per_h\n0,A-B\n", ":2:1: expected 3 fields");
  check_csv_mistake("time_s,link,mm_per_h\n0,A-B,-1\n", ":2:7: expected rain from 0");
  check_csv_mistake("time_s,link,mm_per_h\nnoon,A-B,1\n", ":2:1: expected a time from 0 s");
  check_csv_mistake("time_s,link,mm_per_h\n0,A-D,1\n1,A-D,1\n", ":2:3: \"A-D\" has no modulation");
  check_csv_mistake("time_s,region,mm_per_h\n0,wets,1\n", ":2:3: there is no region \"wets\"");
  check_csv_mistake("time_s,link,mm_per_h\n2,A-B,1\n1,A-B,1\n", ":3:1: 1 s comes before");
  check_mistake(head + "rain: {file: nothing.csv}\n", "s.yaml:10:14: cannot read \"nothing.csv\"");
  check_mistake(head + "rain: {speedup: 2}\n", "s.yaml:10:7: missing key \"file\" of a rain");
  const TempFile file("time_s,link,mm_per_h\n0,A-B,0\n");
  check_mistake(head + "rain: {file: " + file.path() + ", speedup: 0}\n", "s.yaml:10:");
}
