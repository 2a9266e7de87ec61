// `transport:`: what is read, and every mistake with its place.
#include <string>
#include <vector>

#include "sim/scenario/read.hpp"
#include "tests/catch.hpp"
#include "tests/scenario/mistakes.hpp"

using namespace longhaul;
using tests::check_mistakes;

namespace {

/// Five lines, so that traffic starts in line 6.
const std::string network = R"(topology:
  nodes: {A: {}, B: {}, C: {}}
  links:
    - {id: ab, endpoints: [A, B], capacity: 10G, length: 100 km}
    - {id: bc, endpoints: [B, C], capacity: 10G, length: 100 km}
)";

std::string entry(const std::string& text) { return network + "traffic: [{" + text + "}]\n"; }
std::string pair(const std::string& text) { return entry("from: A, to: B, rate: 1G, " + text); }

Scenario read(const std::string& text) { return read_scenario(SourceText("t.yaml", text)); }

const Transport& transport_of(const Scenario& s) {
  REQUIRE(s.traffic.at(0).transport != nullptr);
  return *s.traffic[0].transport;
}

}  // namespace

TEST_CASE("a protocol alone: flows of web search at the demand's rate") {
  const Scenario s = read(pair("transport: newreno"));
  const Transport& t = transport_of(s);
  CHECK(t.protocol == CongestionControl::newreno);
  REQUIRE_FALSE(t.endless());
  CHECK(t.sizes->name() == "web-search");
  CHECK(t.connections == 1000);
  CHECK(t.initial_window == 10);
  CHECK(t.least_timeout == Duration::ms(200));
  CHECK(t.delayed_ack == Duration::ms(40));
  CHECK(t.delayed_ack_segments == 2);
  CHECK_FALSE(s.traffic[0].ecn);
  CHECK(s.sizes[s.traffic[0].sizes.index()].mean_bytes() == 1500);
}

TEST_CASE("a number of connections alone: they never end") {
  const Scenario s = read(entry("from: A, to: B, transport: {protocol: bbr, connections: 7}"));
  const Transport& t = transport_of(s);
  CHECK(t.protocol == CongestionControl::bbr);
  CHECK(t.endless());
  CHECK(t.connections == 7);
  CHECK(t.start == Duration::ms(100));
}

TEST_CASE("all of a transport's keys") {
  const Scenario s = read(
      pair("transport: {protocol: cubic, connections: 50, flow: 10 MB, ecn: true, mss: 8948 B, "
           "initial_window: 3, delayed_ack: none, min_rto: 1 s}"));
  const Transport& t = transport_of(s);
  CHECK(t.protocol == CongestionControl::cubic);
  REQUIRE_FALSE(t.endless());
  CHECK(t.sizes->mean_bytes() == 10e6);
  CHECK(t.connections == 50);
  CHECK(s.traffic[0].ecn);
  CHECK(t.segment_bytes == 8948);
  CHECK(t.packet_bytes() == 9000);
  CHECK(s.sizes[s.traffic[0].sizes.index()].mean_bytes() == 9000);
  CHECK(t.initial_window == 3);
  CHECK(t.delayed_ack_segments == 1);
  CHECK(t.least_timeout == Duration::s(1));

  const Scenario own = read(network +
                            "flow_sizes: {mine: [{size: 1 kB, share: 100 %}]}\n"
                            "traffic: [{from: A, to: B, rate: 1G, transport: {protocol: cubic, "
                            "flow: mine}}]\n");
  CHECK(transport_of(own).sizes->name() == "mine");
  const Scenario endless =
      read(entry("from: A, to: B, transport: {protocol: cubic, flow: endless, delayed_ack: 25 ms, "
                 "start: 0 ms}"));
  CHECK(transport_of(endless).endless());
  CHECK(transport_of(endless).connections == 1);
  CHECK(transport_of(endless).delayed_ack == Duration::ms(25));
  CHECK(transport_of(endless).start == Duration::zero());
}

TEST_CASE("a transport is shared by its entry's demands") {
  const Scenario s =
      read(entry("matrix: uniform, total: 1G, transport: cubic") + "classes: [{name: a}]\n");
  const DemandSet set = build_demands(*s.network, s.classes, s.sizes, s.traffic,
                                      [](const DemandSet&) { return 1.0; });
  REQUIRE(set.demands.size() == 6);
  REQUIRE(set.transports.size() == 1);
  for (const Demand& d : set.demands) CHECK(set.transport(d) == s.traffic[0].transport.get());
  const Scenario open = read(pair("size: 400 B"));
  CHECK(open.traffic[0].transport == nullptr);
}

TEST_CASE("mistakes in transports") {
  check_mistakes(pair("transport: cubik"), {"6:49: did you mean \"cubic\""});
  check_mistakes(pair("transport: {protocol: reno}"), {"6:60: newreno"});
  check_mistakes(pair("transport: {connections: 5}"), {"6:49: missing key \"protocol\""});
  check_mistakes(
      pair("transport: {protocol: bbr, connections: 0, mss: 65 kB, initial_window: 0}"),
      {"6:78: from 1 to 1000000", "6:86: a size from 1 B to 64948 B", "6:109: from 1 to 1000"});
  check_mistakes(pair("transport: {protocol: bbr, min_rto: 0 ms, delayed_ack: 40}"),
                 {"6:74: ", "6:93: the unit is missing"});
  check_mistakes(pair("transport: {protocol: bbr, flow: web-serch}"),
                 {"6:71: did you mean \"web-search\""});
  check_mistakes(pair("transport: {protocol: bbr, flow: 1 MB, start: 1 s}"),
                 {"6:84: `start` only goes with endless connections"});
  check_mistakes(entry("from: A, to: B, transport: bbr"), {"6:11: missing key \"rate\""});
  check_mistakes(pair("transport: bbr, arrivals: cbr, size: 400 B"),
                 {"6:64: `arrivals` does not go with transport bbr",
                  "6:75: `size` does not go with transport bbr"});
  check_mistakes(pair("profile: {diurnal: {peak: \"19:00\"}}, transport: {protocol: cubic, "
                      "connections: 3}"),
                 {"6:47: `profile` does not go with transport cubic"});
}
