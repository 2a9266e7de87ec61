// `arrivals:`, `profile:`, `flow_sizes:` and traces: what is read, and every mistake with its
// place.
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

#include "sim/scenario/read.hpp"
#include "tests/catch.hpp"

using namespace longhaul;

namespace {

namespace fs = std::filesystem;

/// Five lines, so that traffic starts in line 6.
const std::string network = R"(topology:
  nodes: {A: {}, B: {}, C: {}}
  links:
    - {id: ab, endpoints: [A, B], capacity: 10G, length: 100 km}
    - {id: bc, endpoints: [B, C], capacity: 10G, length: 100 km}
)";

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("longhaul-traces-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  std::string write(const std::string& name, const std::string& content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return (path_ / name).string();
  }

 private:
  fs::path path_;
};

std::string entry(const std::string& text) { return network + "traffic: [{" + text + "}]\n"; }
std::string pair(const std::string& text) { return entry("from: A, to: B, rate: 1G, " + text); }

Scenario read(const std::string& text) { return read_scenario(SourceText("t.yaml", text)); }

std::vector<Diagnostic> mistakes(const std::string& text) {
  try {
    (void)read(text);
  } catch (const InputError& e) {
    return e.diagnostics();
  }
  return {};
}

void check_mistakes(const std::string& text, const std::vector<std::string>& expected) {
  INFO(text);
  const auto errors = mistakes(text);
  for (const Diagnostic& d : errors) UNSCOPED_INFO(format(d));
  REQUIRE(errors.size() == expected.size());
  for (std::size_t i = 0; i < errors.size(); ++i) {
    const std::size_t colon = expected[i].find(": ") + 2;
    const std::string place =
        std::to_string(errors[i].where.line) + ":" + std::to_string(errors[i].where.column) + ": ";
    CHECK(place == expected[i].substr(0, colon));
    // Mistakes in a trace are placed in the trace.
    const bool in_trace = errors[i].where.line < 6;
    CHECK(fs::path(errors[i].where.file).filename() == (in_trace ? "bad.csv" : "t.yaml"));
    CHECK(errors[i].message.find(expected[i].substr(colon)) != std::string::npos);
  }
}

template <class T>
const T& model_of(const Scenario& s, std::size_t i = 0) {
  REQUIRE(s.traffic.at(i).model != nullptr);
  return std::get<T>(*s.traffic[i].model);
}

std::string little_endian(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
  return out;
}

/// An Ethernet frame with UDP from `port`, of which 60 bytes are captured.
std::string frame(std::uint32_t seconds, std::uint32_t us, std::uint32_t length, char port) {
  std::string data(60, '\0');
  data[12] = 0x08;  // IPv4
  data[14] = 0x45;
  data[23] = 17;
  data[26] = data[30] = 10;
  data[35] = port;
  return little_endian(seconds, 4) + little_endian(us, 4) + little_endian(60, 4) +
         little_endian(length, 4) + data;
}

const std::string pcap_header = little_endian(0xa1b2c3d4U, 4) + little_endian(2, 2) +
                                little_endian(4, 2) + std::string(8, '\0') +
                                little_endian(65535, 4) + little_endian(1, 4);

}  // namespace

TEST_CASE("models of arrivals as they are read") {
  const Scenario mmpp = read(
      pair("arrivals: {model: mmpp, packets: cbr, states: [{rate: 0.5, mean: 20 ms}, {rate: 3, "
           "mean: 5 ms, to: [1, 0]}]}"));
  CHECK(mmpp.traffic[0].arrivals == Arrivals::cbr);
  CHECK(model_of<Mmpp>(mmpp).states[1].mean == Duration::ms(5));
  CHECK(model_of<Mmpp>(mmpp).states[1].to == std::vector<double>{1, 0});

  const Scenario hurst =
      read(pair("arrivals: {model: on-off, on: 10 ms, off: 30 ms, periods: pareto, hurst: 0.8, "
                "sources: 32}"));
  CHECK(model_of<OnOff>(hurst).alpha == Approx(1.4));
  CHECK(model_of<OnOff>(hurst).sources == 32);
  const Scenario plain = read(pair("arrivals: {model: on-off, on: 10 ms, off: 30 ms}"));
  CHECK(model_of<OnOff>(plain).alpha == 0);

  const Scenario flows = read(
      "flow_sizes: {mine: [{size: 1 kB, share: 50 %}, {size: 3 kB, share: 100 %}]}\n" + network +
      "traffic:\n"
      "- {from: A, to: B, rate: 1G, arrivals: {model: flows, sizes: mine, flow_rate: 10M}}\n"
      "- {from: A, to: B, rate: 1G, arrivals: {model: flows, sizes: 2 MB, flow_rate: 10M}}\n"
      "- {from: A, to: B, rate: 1G, arrivals: {model: flows, sizes: web-search, flow_rate: "
      "10M}, size: 400 B}\n");
  CHECK(model_of<FlowArrivals>(flows, 0).sizes->mean_bytes() == Approx(1500));
  CHECK(model_of<FlowArrivals>(flows, 0).rate == Rate::mbps(10));
  CHECK(model_of<FlowArrivals>(flows, 1).sizes->mean_bytes() == 2e6);
  CHECK(flows.sizes[flows.traffic[0].sizes.index()].mean_bytes() == 1500);
  CHECK(flows.sizes[flows.traffic[2].sizes.index()].mean_bytes() == 400);

  const Scenario day = read(
      pair("profile: {diurnal: {peak: 21:30, trough_share: 40 %}, weekend: 70 %, growth: 30 %, "
           "start: Tue 18:00, speed: 3600, flash_crowd: {at: 300 ms, rise: 50 ms, hold: 200 ms, "
           "factor: 5}}"));
  REQUIRE(day.traffic[0].profile != nullptr);
  const Profile& p = *day.traffic[0].profile;
  CHECK(p.diurnal->peak_hour == 21.5);
  CHECK(p.diurnal->trough == 0.4);
  CHECK(p.weekend == 0.7);
  CHECK(p.growth == 0.3);
  CHECK(p.start_s == 86'400 + 18 * 3600);
  CHECK(p.speed == 3600);
  REQUIRE(p.crowds.size() == 1);
  CHECK(p.crowds[0].fall == Duration::zero());
  CHECK(p.crowds[0].factor == 5);
}

TEST_CASE("mistakes in arrivals") {
  // Behind `from: A, to: B, rate: 1G, arrivals: ` is column 48.
  const auto on_off = [](const std::string& text) {
    return pair("arrivals: {model: on-off, on: 1 ms, off: 1 ms, " + text + "}");
  };
  check_mistakes(pair("arrivals: mmpp"), {"6:48: expected poisson or cbr, or {model:"});
  check_mistakes(pair("arrivals: {model: mmp}"), {"6:56: expected mmpp, on-off, flows or trace"});
  check_mistakes(pair("arrivals: {states: []}"), {"6:48: missing key \"model\""});
  check_mistakes(pair("arrivals: {model: mmpp, states: [{rate: 1, mean: 1 ms}]}"),
                 {"6:70: expected at least 2"});
  check_mistakes(
      pair("arrivals: {model: mmpp, states: [{rate: -1, mean: 1 ms}, {rate: 1, mean: 5}]}"),
      {"6:78: expected a number from 0", "6:111: the unit is missing"});
  check_mistakes(
      pair("arrivals: {model: mmpp, states: [{rate: 0, mean: 1 ms}, {rate: 0, mean: 5 ms}]}"),
      {"6:70: expected a rate above 0"});
  check_mistakes(pair("arrivals: {model: mmpp, states: [{rate: 0, mean: 1 ms, to: [1, 1]}, {rate: "
                      "1, mean: 5 ms}]}"),
                 {"6:97: expected 2 weights"});
  check_mistakes(
      pair("arrivals: {model: mmpp, states: [{rate: 0, mean: 1 ms, to: [0, 1, 0]}, {rate: "
           "1, mean: 5 ms, to: [1, 0, 0]}, {rate: 1, mean: 1 s}]}"),
      {"6:70: each state must be reachable"});
  check_mistakes(on_off("periods: pareto"), {"6:48: missing key \"alpha\""});
  check_mistakes(on_off("periods: pareto, hurst: 1.2"),
                 {"6:109: expected a Hurst parameter above 0.5 and below 1, got 1.2"});
  check_mistakes(on_off("periods: pareto, hurst: 0.5"), {"6:109: above 0.5 and below 1, got 0.5"});
  check_mistakes(on_off("periods: pareto, alpha: 1"), {"6:109: above 1 and below 2, got 1"});
  check_mistakes(on_off("periods: pareto, alpha: 2"), {"6:109: above 1 and below 2, got 2"});
  check_mistakes(on_off("periods: pareto, alpha: 1.5, hurst: 0.7"), {"6:121: not both"});
  check_mistakes(on_off("alpha: 1.5"), {"6:92: only go with periods: pareto"});
  check_mistakes(on_off("sources: 0"), {"6:94: expected a whole number from 1"});
  check_mistakes(pair("arrivals: {model: on-off, on: -1 ms, off: 1 ms}"),
                 {"6:68: must be above 0"});
  check_mistakes(pair("arrivals: {model: flows, sizes: web-serch, flow_rate: 1M}"),
                 {"6:70: expected a flow size such as 1 MB, or one of the tables web-search"});
  check_mistakes(pair("arrivals: {model: flows, sizes: web-search}"),
                 {"6:48: missing key \"flow_rate\""});
  const std::string good = pair("size: 400 B");
  check_mistakes(good + "flow_sizes: {web-search: [{size: 1 kB, share: 100 %}]}\n",
                 {"7:14: \"web-search\" is a built-in table"});
  check_mistakes(good + "flow_sizes: {a: [{size: 1 kB, share: 90 %}]}\n", {"7:38: expected 100 %"});
  check_mistakes(
      good + "flow_sizes: {a: [{size: 1 kB, share: 90 %}, {size: 1 kB, share: 100 %}]}\n",
      {"7:45: expected sizes that rise"});
  check_mistakes(good + "flow_sizes: {a: [{size: 1 kB, share: 90 %}, {size: 2 kB, share: 80 %}]}\n",
                 {"7:65: expected shares that rise"});
}

TEST_CASE("mistakes in profiles") {
  // Behind `profile: ` is column 47.
  check_mistakes(pair("profile: {diurnal: {peak: 25:00}}"), {"6:64: expected a time of day"});
  check_mistakes(pair("profile: {diurnal: {trough_share: 130 %}}"), {"6:72: expected a share"});
  check_mistakes(pair("profile: {diurnal: {hours: [1, 2]}}"),
                 {"6:65: expected 24 in this list, got 2"});
  check_mistakes(pair("profile: {start: Monday}"), {"6:55: expected a day and a time such as"});
  check_mistakes(pair("profile: {flash_crowd: {at: 1 s, factor: 3}}"),
                 {"6:61: missing key \"hold\""});
  check_mistakes(pair("profile: {flash_crowd: {at: 100 d, rise: 10 d, hold: 1 s, factor: 3}}"),
                 {"6:61: ends after the 106 days"});
  check_mistakes(pair("profile: {speed: 0}"), {"6:55: expected a number from"});
  check_mistakes(pair("profile: {dirnal: {}}"), {"6:48: unknown key \"dirnal\" of a profile"});
}

TEST_CASE("traces from CSV") {
  const Folder folder;
  // Epoch times, out of order, and two pairs.
  const std::string file = folder.write("packets.csv",
                                        "time,size,from,to,flow\n"
                                        "1700000000.000002,1500,A,B,x\n"
                                        "# a comment\n"
                                        "1700000000.0000015,700,B,A,y\n"
                                        "1700000000.000001000003,64,A,B,z\n");
  const Scenario s =
      read(entry("arrivals: {model: trace, file: " + file + ", time_unit: s, repeat: true}"));
  REQUIRE(s.traffic.size() == 2);
  const auto& there = model_of<PacketTrace>(s, 0);
  REQUIRE(there.packets.size() == 2);
  CHECK(there.packets[0].time_ps == 0);
  CHECK(there.packets[0].bytes == 64);
  CHECK(there.packets[1].time_ps == 999'997);
  CHECK(there.packets[0].flow != there.packets[1].flow);
  CHECK(there.period_ps == 999'997 + 999'997 / 2);
  const auto& back = model_of<PacketTrace>(s, 1);
  REQUIRE(back.packets.size() == 1);
  CHECK(back.packets[0].time_ps == 499'997);
  CHECK(back.period_ps == there.period_ps);
  CHECK(s.traffic[0].entries[0].rate.as_double() ==
        Approx(8 * 1564 / (1.5 * 999'997e-12)).epsilon(1e-5));
  CHECK(s.sizes[s.traffic[0].sizes.index()].mean_bytes() == 782);

  const std::string flows = folder.write("flows.csv", "time;bytes\n0 ms;1000000\n1.5 ms;20\n");
  const Scenario f = read(entry("from: A, to: C, arrivals: {model: trace, file: " + flows +
                                ", flow_rate: 1G, speed: 2}"));
  REQUIRE(f.traffic.size() == 1);
  const auto& trace = model_of<FlowTrace>(f);
  REQUIRE(trace.flows.size() == 2);
  CHECK(trace.flows[0].bytes == 1'000'000);
  CHECK(trace.flows[1].time_ps == 750'000'000);
  CHECK(trace.rate == Rate::gbps(1));
  CHECK(trace.period_ps == 0);
}

TEST_CASE("mistakes in traces") {
  const Folder folder;
  const auto trace = [&](const std::string& content, const std::string& more = "") {
    return entry("from: A, to: B, arrivals: {model: trace, file: " +
                 folder.write("bad.csv", content) + more + "}");
  };
  check_mistakes(entry("from: A, to: B, arrivals: {model: trace, file: missing.csv}"),
                 {"6:59: cannot read"});
  check_mistakes(entry("from: A, to: B, arrivals: {model: trace, file: missing.pcap}"),
                 {"6:59: cannot read"});
  check_mistakes(trace("when,size\n1,2\n"), {"1:1: expected a first line that names"});
  check_mistakes(trace("time,size\n"), {"6:59: this trace is empty"});
  check_mistakes(trace("time,size\n1 s,1500\n2 s\n"), {"3:1: expected 2 fields"});
  check_mistakes(trace("time,size\n1,1500\n"), {"2:1: the unit is missing"});
  check_mistakes(trace("time,size\n1 s,1500\n-2 s,0\nx,70000\n"),
                 {"3:1: expected a time of 0 or more", "3:6: expected a number of bytes from 1",
                  "4:1: expected a time", "4:3: expected a number of bytes from 1 to 65000"});
  check_mistakes(trace("time,size,from,to\n1 s,1500,A,Z\n2 s,1500,B,B\n"),
                 {"2:12: there is no node \"Z\"", "3:12: from and to are both \"B\""});
  check_mistakes(trace("time,size,from,to\n1 s,1500,A,B\n"),
                 {"6:11: this trace has the columns from and to"});
  check_mistakes(entry("arrivals: {model: trace, file: " +
                       folder.write("good.csv", "time,size\n1 s,1500\n") + "}"),
                 {"6:11: missing keys \"from\" and \"to\""});
  check_mistakes(trace("time,size\n1 s,1500\n", ", repeat: true"), {"6:59: cannot repeat"});
  check_mistakes(trace("time,bytes\n1 s,1500\n"), {"6:59: needs `flow_rate`"});
  check_mistakes(pair("arrivals: {model: trace, file: x.csv}"),
                 {"6:34: `rate` does not go with a trace"});
}

TEST_CASE("traces from pcap") {
  const Folder folder;
  const std::string whole = pcap_header + frame(1'700'000'000, 999'999, 1500, 1) +
                            frame(1'700'000'001, 1, 60, 2) + frame(1'700'000'001, 3, 700, 1);
  const auto text = [](const std::string& file) {
    return entry("from: A, to: B, arrivals: {model: trace, file: " + file + "}");
  };
  const Scenario s = read(text(folder.write("t.pcap", whole)));
  const auto& trace = model_of<PacketTrace>(s);
  REQUIRE(trace.packets.size() == 3);
  CHECK(trace.packets[0].bytes == 1500);
  CHECK(trace.packets[1].time_ps == 2'000'000);
  CHECK(trace.packets[2].time_ps == 4'000'000);
  CHECK(trace.packets[0].flow == trace.packets[2].flow);
  CHECK(trace.packets[0].flow != trace.packets[1].flow);
  check_mistakes(text(folder.write("cut.pcap", whole.substr(0, whole.size() - 10))),
                 {"6:59: after 2 packets"});
  check_mistakes(text(folder.write("none.pcap", "time,size\n1 s,5\n")), {"6:59: cannot read"});
  check_mistakes(text(folder.write("big.pcap", pcap_header + frame(1, 1, 70'000, 1))),
                 {"6:59: packet 1 of"});
}
