// `services:`: what they become, and every mistake with its place.
#include <algorithm>
#include <string>
#include <vector>

#include "sim/scenario/read.hpp"
#include "sim/stats/e_model.hpp"
#include "tests/catch.hpp"
#include "tests/scenario/mistakes.hpp"

using namespace longhaul;
using tests::check_messages;
using tests::check_mistakes;

namespace {

/// Seven lines, so that services start in line 8. Another provider's D stands between A and C.
const std::string network = R"(topology:
  providers: [{id: own, tier: 2}, {id: other, tier: 2}]
  nodes: {A: {provider: own, weight: 3}, B: {provider: own}, C: {provider: own}, D: {provider: other}}
  links:
    - {id: ab, endpoints: [A, B], capacity: 1G, length: 100 km}
    - {id: bc, endpoints: [B, C], capacity: 1G, length: 100 km}
    - {id: ad, endpoints: [A, D], capacity: 1G, length: 100 km, relation: peer}
)";

std::string services(const std::string& text, const std::string& more = "") {
  return network + "services: [" + text + "]\n" + more;
}

Scenario read(const std::string& text) { return read_scenario(SourceText("t.yaml", text)); }

DemandSet demands_of(const Scenario& s) {
  return build_demands(*s.network, s.classes, s.sizes, s.traffic,
                       [](const DemandSet&) { return 1.0; });
}

}  // namespace

TEST_CASE("a VPN sends among its sites alone, evenly") {
  const Scenario s = read(services("{name: x, type: vpn, sites: [A, B, C], total: 600M}"));
  REQUIRE(s.services.size() == 1);
  CHECK_FALSE(s.services[0].hub_and_spoke);
  const DemandSet set = demands_of(s);
  REQUIRE(set.demands.size() == 6);
  for (const Demand& d : set.demands) {
    CHECK(d.rate == Rate::mbps(100));
    CHECK(d.service == ServiceId(0));
    CHECK_FALSE(d.voice);
  }
}

TEST_CASE("spokes send to and from the hub alone, by their weights") {
  const Scenario s = read(services("{name: x, type: vpn, sites: [A, B], hub: C, total: 800M}"));
  CHECK(s.services[0].hub_and_spoke);
  const DemandSet set = demands_of(s);
  REQUIRE(set.demands.size() == 4);
  for (const Demand& d : set.demands) {
    CHECK((d.from == NodeId(2) || d.to == NodeId(2)));
    const bool heavy = d.from == NodeId(0) || d.to == NodeId(0);
    CHECK(d.rate == Rate::mbps(heavy ? 300 : 100));
  }
}

TEST_CASE("calls are packets of the codec's size at its rate, for each pair") {
  const Scenario s = read(services(
      "{name: x, type: vpn, sites: [A, B, C], total: 6M, voice: {codec: g729a, calls: 10}}"));
  REQUIRE(s.services[0].voice);
  CHECK(s.services[0].voice->calls == 10);
  const DemandSet set = demands_of(s);
  REQUIRE(set.demands.size() == 12);
  const auto calls = std::count_if(set.demands.begin(), set.demands.end(), [&](const Demand& d) {
    if (!d.voice) return false;
    CHECK(d.rate == Rate::bps(240'000));  // 10 x 60 B x 50 a second
    CHECK(set.sizes[d.sizes.index()].mean_bytes() == 60);
    return true;
  });
  CHECK(calls == 6);
}

TEST_CASE("an intranet stays with its provider; the internet goes everywhere by weights") {
  const Scenario s =
      read(services("{name: i, type: intranet, provider: own, total: 6M}, "
                    "{name: w, type: internet, total: 15M}"));
  const DemandSet set = demands_of(s);
  std::size_t own = 0;
  for (const Demand& d : set.demands) {
    if (d.service != ServiceId(0)) continue;
    ++own;
    CHECK(d.from != NodeId(3));
    CHECK(d.to != NodeId(3));
    const PathConstraint& path = s.constraints[d.constraint.index()];
    CHECK(path.what == "within provider own");
    CHECK(path.avoid[Network::forward(LinkId(2)).index()]);
    CHECK_FALSE(path.avoid[Network::forward(LinkId(0)).index()]);
  }
  CHECK(own == 6);
  CHECK(set.demands.size() == 6 + 12);
}

TEST_CASE("a path that avoids a link, with what the class asks besides") {
  const Scenario s =
      read(services("{name: x, type: vpn, sites: [A, B], total: 6M, "
                    "path: {avoid: [ad]}}"));
  const Demand d = demands_of(s).demands.at(0);
  REQUIRE(d.constraint != ConstraintId(0));
  const PathConstraint& path = s.constraints[d.constraint.index()];
  for (std::size_t p = 0; p < path.avoid.size(); ++p) {
    const Port& port = s.network->port(PortId(p));
    CHECK(path.avoid[p] == (port.exists && port.link == LinkId(2)));
  }
}

TEST_CASE("the class of a service is the one called like it, or its own key, or the only one") {
  const std::string classes = "classes: [{name: rest}, {name: x}]\n";
  CHECK(read(services("{name: x, type: vpn, sites: [A, B], total: 6M}", classes)).services[0].cls ==
        ClassId(1));
  CHECK(read(services("{name: x, type: vpn, class: rest, sites: [A, B], total: 6M}", classes))
            .services[0]
            .cls == ClassId(0));
  check_mistakes(services("{name: y, type: vpn, sites: [A, B], total: 6M}", classes),
                 {"8:12: missing key \"class\""});
}

TEST_CASE("a traffic entry belongs to the service it names, its class and its path") {
  const Scenario s = read(services("{name: x, type: vpn, sites: [A, B], path: {avoid: ad}}",
                                   "traffic: [{service: x, from: A, to: B, rate: 5M}]\n"));
  const DemandSet set = demands_of(s);
  REQUIRE(set.demands.size() == 1);
  CHECK(set.demands[0].service == ServiceId(0));
  CHECK(set.demands[0].constraint != ConstraintId(0));
}

TEST_CASE("promises are expectations of their own") {
  const Scenario s = read(
      services("{name: x, type: vpn, sites: [A, B], total: 6M, voice: {}, sla: {p99_latency: 5 ms, "
               "jitter: 1 ms, loss: 0.1 %, availability: 99.95 %, mos: 4}}",
               "expect:\n  - loss of x < 1 %\n  - mos of service x >= 3.5\n"));
  std::vector<std::string> texts;
  for (const Expectation& e : s.expectations) {
    texts.push_back(e.text);
    CHECK(e.service == ServiceId(0));
    CHECK(e.promise == (texts.size() > 2));
  }
  CHECK(texts ==
        std::vector<std::string>{"loss of x < 1 %", "mos of service x >= 3.5",
                                 "p99 latency of service x <= 5 ms", "jitter of service x <= 1 ms",
                                 "loss of service x <= 0.1 %",
                                 "availability of service x >= 99.95 %", "mos of service x >= 4"});
  CHECK(s.expectations.back().bound == 4);
  CHECK(s.expectations[5].op == Expectation::Op::greater_equal);
  CHECK(s.expectations[5].bound == Approx(0.9995));
}

TEST_CASE("mistakes in services") {
  const std::string sites = "sites: [A, B], total: 6M";
  struct Case {
    std::string text;
    std::vector<std::string> expected;
  };
  const std::vector<Case> cases{
      {services("{name: x, type: vnp, " + sites + "}"),
       {"8:28: expected internet, intranet or vpn"}},
      {services("{name: x, type: vpn, total: 6M}"), {"8:12: a vpn needs `sites`"}},
      {services("{name: x, type: vpn, sites: [A], total: 6M}"),
       {"8:40: a service needs at least two sites"}},
      {services("{name: x, type: vpn, sites: [A, Bb], total: 6M}"),
       {"8:44: there is no node \"Bb\""}},
      {services("{name: x, type: vpn, sites: [A, B]}"), {"8:12: service \"x\" sends nothing"}},
      {services("{name: x, type: intranet, " + sites + "}"),
       {"8:12: an intranet needs `provider`"}},
      {services("{name: x, type: vpn, provider: own, " + sites + "}"),
       {"8:43: `provider` goes with type intranet"}},
      {services("{name: x, type: vpn, shape: hub-and-spoke, " + sites + "}"),
       {"8:40: shape hub-and-spoke needs `hub`"}},
      {services("{name: x, type: vpn, shape: any-to-any, hub: C, " + sites + "}"),
       {"8:57: `hub` goes with shape hub-and-spoke"}},
      {services("{name: x, type: vpn, sites: [A, B], voice: {codec: g71}}"),
       {"8:63: there is no codec \"g71\""}},
      {services("{name: x, type: vpn, sites: [A, B], voice: {calls: 0}}"),
       {"8:63: expected a whole number from 1"}},
      {services("{name: x, type: vpn, " + sites + ", sla: {mos: 4}}"),
       {"8:70: a mean opinion score is of calls"}},
      {services("{name: x, type: vpn, " + sites + ", sla: {mos: 6}}"), {"8:70: expected"}},
      {services("{name: x, type: vpn, " + sites + ", sla: {availability: 101 %}}"),
       {"8:79: expected"}},
      {services("{name: x, type: vpn, " + sites + ", sla: {}}"), {"8:64: `sla` promises nothing"}},
      {services("{name: x, type: vpn, " + sites + ", path: {avoid: zz}}"), {"8:73: there is no"}},
      {services("{name: x, type: vpn, sites: [A, B], voice: {}, size: 400 B}"),
       {"8:65: `size` needs `total`"}},
      {services("{name: x, type: vpn, " + sites + "}, {name: x, type: vpn, " + sites + "}"),
       {"8:67: service \"x\" is given twice"}},
      {services("{name: x, type: vpn, " + sites + "}",
                "traffic: [{service: z, from: A, to: B, rate: 1M}]\n"),
       {"9:21: there is no service \"z\""}},
      {services("{name: x, type: vpn, " + sites + "}", "expect:\n  - mos of x > 4\n"),
       {"10:5: this speaks of no demand"}},
      {services("{name: x, type: vpn, " + sites + "}", "expect:\n  - loss of service y < 1 %\n"),
       {"10:21: there is no service \"y\""}},
      {network + "engine: {seed: 1}\n",
       {"1:1: missing key \"traffic\" or \"services\" of a scenario"}},
  };
  for (const Case& c : cases) check_mistakes(c.text, c.expected);
}

TEST_CASE("guarantees that no queue keeps are told before the run") {
  const auto warnings = [](const std::string& text) { return read(text).warnings; };
  const std::string two =
      "{name: x, type: vpn, class: gold, sites: [A, B], total: 6M, guaranteed: 400M}, "
      "{name: y, type: vpn, class: gold, sites: [A, C], total: 6M, guaranteed: 300M}";
  const std::string classes = "classes: [{name: gold, priority: high}, {name: rest}]\n";
  const auto with = [&](const std::string& queues) {
    return services(two, classes + "traffic: [{class: rest, from: A, to: B, rate: 1M}]\n" + queues);
  };
  check_messages(warnings(with("")),
                 {"8:84: no queue keeps what service \"x\" is guaranteed: with discipline fifo",
                  "8:163: no queue keeps what service \"y\" is guaranteed"});
  // Nobody comes before gold.
  CHECK(warnings(with("queues: {discipline: strict-priority}\n")).empty());
  // Half of 1G is less than both want on ab.
  check_messages(warnings(with("queues: {discipline: wfq}\n")),
                 {"8:84: services of class \"gold\" are guaranteed 700 Mb/s on link \"ab\", where "
                  "its queue keeps 500 Mb/s",
                  "8:163: services of class \"gold\" are guaranteed 700 Mb/s on link \"ab\""});
  CHECK(warnings(with("queues: {discipline: wfq, classes: {gold: {weight: 3}}}\n")).empty());
  // Without a rate a class is given what its services are guaranteed.
  const Scenario given = read(with("queues: {discipline: hierarchical}\n"));
  CHECK(given.warnings.empty());
  CHECK(given.queues.classes.at(0).guaranteed.rate == Rate::mbps(700));
  check_messages(
      warnings(with("queues: {discipline: hierarchical, classes: {gold: {rate: 600M}}}\n")),
      {"8:84: services of class \"gold\" are guaranteed 700 Mb/s on link \"ab\", where its queue "
       "keeps 600 Mb/s",
       "8:163: services of class \"gold\""});
  check_mistakes(services("{name: x, type: vpn, sites: [A, B], total: 6M, guaranteed: 2G}"),
                 {"8:71: services are guaranteed 2 Gb/s on link \"ab\", which has 1 Gb/s"});
}
