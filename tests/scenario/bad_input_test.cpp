// Every mistake a scenario can hold, each with the place and the words it must be reported with.
#include <algorithm>
#include <string>
#include <vector>

#include "sim/scenario/read.hpp"
#include "tests/catch.hpp"

using namespace longhaul;

namespace {

/// Six lines: A - B - C, and D alone, so that what follows starts in line 7.
const std::string network = R"(topology:
  providers: [{id: acme, tier: 1}, {id: beta, tier: 3}]
  nodes: {A: {provider: acme, region: eu}, B: {provider: acme}, C: {provider: acme}, D: {provider: acme}}
  links:
    - {id: ab, endpoints: [A, B], capacity: 10G, length: 100 km, risk: [duct]}
    - {id: bc, endpoints: [B, C], capacity: 1G, length: 100 km, risk: [duct]}
)";
const std::string traffic = "traffic: [{from: A, to: C, rate: 100M}]\n";  // line 7
const std::string start = network + traffic;                              // more from line 8

struct Row {
  std::string text;
  std::vector<std::string> expected;  ///< "line:column: part of the message", all of them, in order
};

std::string place(const Diagnostic& d) {
  return std::to_string(d.where.line) + ":" + std::to_string(d.where.column) + ": ";
}

std::vector<Diagnostic> mistakes(const std::string& text,
                                 const std::vector<std::string>& overrides = {}) {
  try {
    (void)read_scenario(SourceText("bad.yaml", text), overrides);
  } catch (const InputError& e) {
    std::vector<Diagnostic> errors = e.diagnostics();
    std::erase_if(errors, [](const Diagnostic& d) { return d.warning; });
    return errors;
  }
  return {};
}

void check(const Row& row) {
  INFO(row.text);
  const std::vector<Diagnostic> errors = mistakes(row.text);
  for (const Diagnostic& d : errors) UNSCOPED_INFO(place(d) << d.message << " (" << d.hint << ")");
  REQUIRE(errors.size() == row.expected.size());
  for (std::size_t i = 0; i < errors.size(); ++i) {
    const std::string& want = row.expected[i];
    const std::size_t colon = want.find(": ") + 2;
    CHECK(place(errors[i]) == want.substr(0, colon));
    CHECK(errors[i].message.find(want.substr(colon)) != std::string::npos);
    CHECK(errors[i].where.file == "bad.yaml");
    if (errors[i].where.line > 0) CHECK_FALSE(errors[i].source_line.empty());
  }
}

}  // namespace

TEST_CASE("keys and values") {
  for (const Row& row : std::vector<Row>{
           {start + "trafic: []\n", {"8:1: unknown key \"trafic\" of a scenario"}},
           {network, {"1:1: missing key \"traffic\""}},
           {traffic, {"1:1: missing key \"topology\""}},
           {network + "traffic: []\n", {"7:10: expected at least 1 in this list, got 0"}},
           {start + "engine: {duration: 1}\n", {"8:20: the unit is missing"}},
           {start + "engine: {duration: 0 s}\n", {"8:20: must be above 0"}},
           {start + "engine: {duration: -1 s}\n", {"8:20: must be above 0"}},
           {start + "engine: {warmup: -1 s}\n", {"8:18: must be 0 or more"}},
           {start + "engine: {duration: 107 d}\n", {"8:20: more than the 106 days"}},
           {start + "engine: {duration: 1000 d}\n", {"8:20: more than the 106 days"}},
           {start + "engine: {duration: 100 d, warmup: 10 d}\n", {"8:20: more than the 106 days"}},
           {start + "engine: {duration: 1 s, interval: 2 s}\n", {"8:35: longer than the duration"}},
           {start + "engine: {seed: -1}\n", {"8:16: expected a whole number of at least 0"}},
           {start + "engine: {fidelity: paket}\n",
            {"8:20: expected packet, fluid, hybrid or auto"}},
           {start + "engine: 3\n", {"8:9: expected a map: an engine"}},
           {start + "routing: {metric: dely}\n",
            {"8:19: expected hops, inverse-capacity, delay or given"}},
           {start + "routing: {protocol: rip}\n", {"8:21: expected isis or ospf"}},
           {start + "routing: {flows: 65}\n", {"8:18: expected a power of two"}},
           {start + "routing: {flows: 0}\n", {"8:18: expected a power of two"}},
           {start + "routing: {ecmp: on}\n", {"8:17: expected per-flow, per-packet or off"}},
           {start + "queues: {discipline: red}\n", {"8:22: expected fifo, strict-priority, drr"}},
           {start + "queues: {buffer: 50}\n", {"8:18: the unit is missing"}},
           {start + "queues: {buffer: 0 ms}\n", {"8:18: expected a buffer such as 50 ms"}},
           {start + "queues: {buffer: 0 packets}\n", {"8:18: expected 1 to 10000000 packets"}},
           {start + "queues: {buffer: 1.5 packets}\n", {"8:18: expected 1 to 10000000 packets"}},
           {start + "queues: {buffer: 1541 B}\n",
            {"8:18: holds no packet of the largest size, 1.542 kB"}},
           {start + "queues: {buffer: 12 us}\n", {"8:18: 1.542 kB take 12.3 us on link \"bc\""}},
           {start + "sizes: {small: [{size: 0 B}]}\n", {"8:24: from 1 B to 65000 B"}},
           {start + "sizes: {small: [{size: 65001 B}]}\n", {"8:24: from 1 B to 65000 B"}},
           {start + "sizes: {small: []}\n", {"8:16: expected at least 1"}},
           {start + "sizes: {small: [{size: 64 B, weight: 0}]}\n", {"8:38: above 0"}},
           {start + "sizes: {imix: [{size: 64 B}]}\n", {"8:9: \"imix\" is a built-in mix"}},
           {start + "classes: [{name: a}, {name: a}]\n", {"8:29: class \"a\" is given twice"}},
           {start + "classes: [{name: a}, {name: b}]\n",
            {"7:11: missing key \"class\": expected one of a, b"}},
           {start + "classes: [{name: a, priority: highest}]\n",
            {"8:31: expected high, medium, low"}},
           {"topology: 3\n" + traffic, {"1:11: there is no file \"3\""}},
           {"topology: [a]\n" + traffic, {"1:11: expected the path of a topology file"}},
           {"topology: nowhere.yaml\n" + traffic, {"1:11: there is no file \"nowhere.yaml\""}},
           {"", {"0:0: is empty"}},
           {"- a\n", {"1:1: expected a map: a scenario, got a list"}},
           {start + "engine: {seed: 1}\nengine: {seed: 2}\n", {"9:1: \"engine\" is given twice"}},
           {start + "include: missing.yaml\n", {"8:10: cannot include \"missing.yaml\""}},
       }) {
    check(row);
  }
}

TEST_CASE("traffic") {
  // Column 11 is the first key of the entry, column 10 its brace.
  const auto entry = [](const std::string& text) {
    return network + "traffic: [{" + text + "}]\n";
  };
  for (const Row& row : std::vector<Row>{
           {entry("from: A, to: Z, rate: 1G"),
            {"7:25: there is no node \"Z\"; expected one of A, B, C, D"}},
           {entry("from: A, to: A, rate: 1G"), {"7:25: from and to are both \"A\""}},
           {entry("from: A, to: D, rate: 1G"), {"7:25: no path of links leads from A to D"}},
           {entry("from: A, to: B"), {"7:11: missing key \"rate\" of a pair"}},
           {entry("from: A, rate: 1G"), {"7:11: missing key \"to\" of a pair"}},
           {entry("from: A, to: B, rate: 0"), {"7:34: must be above 0"}},
           {entry("from: A, to: B, rate: -1G"), {"7:34: must be above 0"}},
           {entry("from: A, to: B, rate: 1"), {"7:34: the unit is missing"}},
           {entry("class: vpn, from: A, to: B, rate: 1G"),
            {"7:19: there is no class \"vpn\"; expected default"}},
           {entry("arrivals: poisson"), {"7:11: needs `matrix`, `demands`, or `from`"}},
           {entry("matrix: uniform, from: A, to: B, rate: 1G"), {"7:11: takes one of `matrix`"}},
           {entry("matrix: gravitation, total: 1G"),
            {"7:20: expected gravity, uniform or hub, or {file: PATH}"}},
           {entry("matrix: uniform"), {"7:20: needs `total` (a rate) or `max_utilization`"}},
           {entry("matrix: uniform, total: 1G, max_utilization: 70 %"), {"7:57: not both"}},
           {entry("matrix: uniform, max_utilization: 70"), {"7:46: expected a share above 0 %"}},
           {entry("matrix: uniform, max_utilization: 0 %"), {"7:46: expected a share above 0 %"}},
           {entry("matrix: uniform, max_utilization: 201 %"), {"7:46: expected a share above 0 %"}},
           {entry("matrix: hub, total: 1G"), {"7:20: matrix hub needs `hubs`"}},
           {entry("matrix: hub, total: 1G, hubs: [A, E]"), {"7:46: there is no node \"E\""}},
           {entry("matrix: hub, total: 1G, hubs: [A, A]"), {"7:46: \"A\" is given twice"}},
           {entry("matrix: uniform, total: 1G, hubs: A"), {"7:46: only goes with matrix hub"}},
           {entry("from: A, to: B, rate: 1G, among: {tier: 1}"), {"7:45: only goes with matrix"}},
           {entry("matrix: uniform, total: 1G, among: {tier: 4}"), {"7:54: from 1 to 3"}},
           {entry("matrix: uniform, total: 1G, among: {tier: 3}"),
            {"7:47: no node of the network is of these"}},
           {entry("matrix: uniform, total: 1G, among: {region: us}"),
            {"7:56: there is no region \"us\"; expected eu"}},
           {entry("matrix: uniform, total: 1G, among: {nodes: [A]}"), {"7:20: this sends nothing"}},
           {entry("matrix: uniform, total: 1G, among: {nodes: [A, D]}"),
            {"7:20: none of its 2 pairs has a route, e.g. A to D"}},
           {entry("matrix: uniform, total: 1G, among: {role: cor}"), {"7:54: expected core, edge"}},
           {entry("from: A, to: B, rate: 1G, size: imxi"), {"7:44: or one of the mixes imix"}},
           {entry("from: A, to: B, rate: 1G, size: 400"), {"7:44: the unit is missing"}},
           {entry("from: A, to: B, rate: 1G, size: 70 kB"),
            {"7:44: a packet size from 1 B to 65000 B"}},
           {entry("from: A, to: B, rate: 1G, arrivals: mmpp"), {"7:48: expected poisson or cbr"}},
           {entry("from: A, to: B, rate: 2000000T"), {"7:11: more than 1 Eb/s"}},
           {entry("from: A, to: B, rate: 1G, scale: 0"), {"7:45: expected a number above 0"}},
           {entry("matrix: {}"), {"7:20: missing key \"file\""}},
           {entry("matrix: {file: missing.csv}"), {"7:27: "}},
           {network +
                "traffic:\n- demands:\n  - {from: A, to: B, rate: 1G}\n  - {from: A, to: C}\n",
            {"10:5: missing key \"rate\" of a demand"}},
           {network + "traffic:\n- demands:\n  - {from: A, to: Q, rate: 1G}\n  - {from: D, to: C, "
                      "rate: 1G}\n",
            {"9:19: there is no node \"Q\"", "10:19: no path of links leads from D to C"}},
           {network + "traffic:\n- demands:\n  - {from: A, to: B, rate: 1G}\n  - {from: D, to: C, "
                      "rate: 1G}\n",
            {"10:19: no path of links leads from D to C"}},
       }) {
    check(row);
  }
}

TEST_CASE("events") {
  for (const Row& row : std::vector<Row>{
           {start + "events: [{at: 400 ms, fail: ad}]\n",
            {"8:29: there is no link, node, risk group, region or provider \"ad\""}},
           {start + "events: [{at: 400, fail: ab}]\n", {"8:15: the unit is missing"}},
           {start + "events: [{fail: ab}]\n", {"8:10: missing key \"at\" of an event"}},
           {start + "events: [{at: 1 ms}]\n", {"8:10: an event needs one of fail, restore, degrade"}},
           {start + "events: [{at: 1 ms, fail: ab, restore: ab}]\n",
            {"8:10: an event is one thing, not fail and restore"}},
           {start + "events: [{at: 1 ms, restore: ab}]\n", {"8:30: \"ab\" has not failed by 1 ms"}},
           {start + "events: [{at: 1 ms, fail: ab}, {at: 2 ms, fail: A-B}]\n",
            {"8:49: \"ab\" has already failed by 2 ms"}},
           {start + "events: [{at: 1 ms, fail: duct}, {at: 2 ms, fail: bc}]\n",
            {"8:51: \"bc\" has already failed"}},
           // What is restored must have failed under that name.
           {start + "events: [{at: 1 ms, fail: duct}, {at: 2 ms, restore: bc}]\n",
            {"8:54: \"bc\" has not failed by 2 ms"}},
           // In order of time, not of the text.
           {start + "events: [{at: 2 ms, restore: ab}, {at: 1 ms, fail: ab}, {at: 3 ms, restore: "
                    "ab}]\n",
            {"8:77: \"ab\" has not failed by 3 ms"}},
           {start + "events: [{at: 1 ms, fail: D}]\n", {"8:27: \"D\" has no links"}},
           {start + "events: [{at: 1 ms, fail: \"region:us\"}]\n",
            {"8:27: there is no link, node, risk group, region or provider \"region:us\""}},
           {start + "events: [{at: 1 ms, drain: A}, {at: 2 ms, drain: A}]\n",
            {"8:49: \"A\" has already been drained by 2 ms"}},
           {start + "events: [{at: 1 ms, undrain: A}]\n",
            {"8:30: \"A\" has not been drained by 1 ms"}},
       }) {
    check(row);
  }
}

TEST_CASE("events: degradation, metrics, added traffic, providers that part") {
  const std::string two = std::string(network).replace(
      network.find("C: {provider: acme}"), 19, "C: {provider: beta}");
  for (const Row& row : std::vector<Row>{
           {start + "events: [{at: 1 ms, degrade: {what: ab, to: 40G}}]\n",
            {"8:45: this is no less than the capacity of ab, which is 10G"}},
           {start + "events: [{at: 1 ms, degrade: {what: duct, to: 1G}}]\n",
            {"8:47: this is no less than the capacity of bc, which is 1G"}},
           {start + "events: [{at: 1 ms, degrade: {what: ab, to: 100 %}}]\n",
            {"8:45: this is no less than the capacity of ab"}},
           {start + "events: [{at: 1 ms, degrade: {what: ab, to: 0 %}}]\n",
            {"8:45: expected a rate such as 40G or a share"}},
           {start + "events: [{at: 1 ms, degrade: {what: ab, to: 5}}]\n",
            {"8:45: the unit is missing"}},
           {start + "events: [{at: 1 ms, degrade: {what: ax, to: 5G}}]\n",
            {"8:37: there is no link, node"}},
           {start + "events: [{at: 1 ms, metric: {link: ab, to: 0}}]\n",
            {"8:44: expected a whole number from 1"}},
           {start + "events: [{at: 1 ms, metric: {link: ab, to: [1, 99999999999]}}]\n",
            {"8:48: expected a whole number from 1"}},
           {start + "events: [{at: 1 ms, metric: {link: B, to: 1}}]\n",
            {"8:36: there is no link \"B\""}},
           {start + "routing: {metric: delay}\nevents: [{at: 1 ms, metric: {link: ab, to: 1}}]\n",
            {"9:29: with metric delay a link's metric follows"}},
           {start + "events: [{at: 1 ms, add: {from: A, to: Q, rate: 1G}}]\n",
            {"8:40: there is no node \"Q\""}},
           {start + "events: [{at: 1 ms, add: {from: A, to: C}}]\n", {"8:26: missing key \"rate\""}},
           {start + "events: [{at: 1 ms, add: {from: A, to: C, rate: 1M}, until: 1 ms}]\n",
            {"8:61: 1 ms is not after 1 ms, when it comes"}},
           {start + "events: [{at: 1 ms, add: {from: A, to: C, rate: 1M}, until: 2 ms, for: 1 ms}]\n",
            {"8:72: `until` or `for`, not both"}},
           {start + "events: [{at: 1 ms, fail: ab, for: 1 ms}]\n",
            {"8:36: `for` only goes with `add`"}},
           {start + "events: [{at: 1 ms, add: {from: A, to: C, transport: {protocol: cubic, "
                    "connections: 1}}}]\n",
            {"endless connections cannot be added"}},
           {start + "events: [{at: 1 ms, depeer: [acme, beta]}]\n",
            {"8:29: no link joins acme and beta"}},
           {start + "events: [{at: 1 ms, depeer: [acme, acme]}]\n",
            {"8:36: these are the same provider"}},
           {start + "events: [{at: 1 ms, depeer: [acme, gamma]}]\n",
            {"8:36: there is no provider \"gamma\""}},
           {start + "events: [{at: 1 ms, depeer: [acme]}]\n", {"8:29: expected a list of 2"}},
           {two + traffic + "events: [{at: 1 ms, peer: [acme, beta]}]\n",
            {"8:27: \"acme and beta\" have not parted by 1 ms"}},
           {two + traffic +
                "events: [{at: 1 ms, depeer: [acme, beta]}, {at: 2 ms, depeer: [beta, acme]}]\n",
            {"8:63: \"acme and beta\" have already parted by 2 ms"}},
       }) {
    check(row);
  }
}

TEST_CASE("a name that is several things") {
  const std::string ambiguous =
      "topology:\n"
      "  nodes: {eu: {region: eu}, B: {region: eu}, C: {}}\n"
      "  links:\n"
      "    - {id: ab, endpoints: [eu, B], capacity: 10G, length: 100 km}\n"
      "    - {id: bc, endpoints: [B, C], capacity: 1G, length: 100 km}\n"
      "traffic: [{from: eu, to: C, rate: 100M}]\n";
  check({ambiguous + "events: [{at: 1 ms, fail: eu}]\n",
         {"7:27: \"eu\" is a node and a region: it is not clear what is meant"}});
  CHECK(mistakes(ambiguous + "events: [{at: 1 ms, fail: eu}]\n")[0].hint ==
        "write node:eu or region:eu");
  const auto events = read_scenario(SourceText("s.yaml", ambiguous + "events: [{at: 1 ms, fail: "
                                                                     "\"region:eu\"}, {at: 2 ms, "
                                                                     "drain: \"node:eu\"}]\n"))
                          .events;
  REQUIRE(events.size() == 2);
  CHECK(events[0].ports.size() == 4);
  CHECK(events[1].ports == std::vector<PortId>{PortId(0)});  // what leaves the node
}

TEST_CASE("what comes after the end of the run is said, and does not stop it") {
  const Scenario s =
      read_scenario(SourceText("s.yaml", start + "events: [{at: 1100 ms, fail: ab}]\n"));
  REQUIRE(s.warnings.size() == 1);
  CHECK(s.warnings[0].message == "1.1 s is after the end of the run, which is at 1.1 s");
}

TEST_CASE("random failures") {
  for (const Row& row : std::vector<Row>{
           {start + "failures: {cable: {mtbf: 3000}}\n", {"8:26: the unit is missing"}},
           {start + "failures: {cable: {mttr: never}}\n", {"8:26: expected a time such as 12 h"}},
           {start + "failures: {cables: {}}\n", {"8:12: unknown key \"cables\""}},
       }) {
    check(row);
  }
  const Scenario s = read_scenario(
      SourceText("s.yaml", start + "failures: {cable: {mtbf: 2 years}, node: {mtbf: never}}\n"));
  REQUIRE(s.failures);
  CHECK(s.failures->cable_mtbf_h_per_1000_km == 2 * 8760);
  CHECK(s.failures->cable_mttr_h == 12);
  CHECK(s.failures->node_mtbf_h == 0);
  REQUIRE(s.warnings.size() == 1);
  CHECK(s.warnings[0].message.find("failures are to be expected in a run this short") !=
        std::string::npos);
  CHECK_FALSE(read_scenario(SourceText("s.yaml", start)).failures);
}

TEST_CASE("expectations") {
  for (const Row& row : std::vector<Row>{
           {start + "expect:\n  - los < 1 %\n", {"9:5: unknown metric \"los\""}},
           {start + "expect:\n  - loss of vpn < 1 %\n", {"9:13: there is no class \"vpn\""}},
           {start + "expect:\n  - \"loss of vpn < 1 %\"\n", {"9:14: there is no class \"vpn\""}},
           {start + "expect:\n  - loss from C to A < 1 %\n", {"9:5: this speaks of no demand"}},
           {start + "expect:\n  - loss of provider beta < 1 %\n",
            {"9:5: this speaks of no demand"}},
           {start + "expect:\n  - max queue from A on bc < 1 MB\n",
            {"9:5: this speaks of no link"}},
           {start + "expect:\n  - p99 latency < 40\n", {"9:19: the unit is missing"}},
           {start + "expect:\n  - loss: 3\n", {"9:5: expected a line such as"}},
           {start + "expect: loss < 1 %\n", {"8:9: expected a list"}},
       }) {
    check(row);
  }
}

TEST_CASE("all mistakes of a file are reported, in the order of the text") {
  check({network + "engine: {duration: 5, seed: x}\n"
                   "classes: [{name: vpn, priority: high}]\n"
                   "traffic:\n"
                   "  - {class: vpm, from: A, to: Z, rate: 1}\n"
                   "  - {class: vpn, matrix: gravity}\n"
                   "events: [{at: 1 ms, fail: xy}]\n"
                   "expect:\n"
                   "  - loss of vpm < 1\n"
                   "  - p99 latency from A to Q < 5\n"
                   "nonsense: 1\n",
         {"7:20: the unit is missing", "7:29: expected a whole number",
          "10:13: there is no class \"vpm\"", "10:31: there is no node \"Z\"",
          "10:40: the unit is missing", "11:26: needs `total`",
          "12:27: there is no link, node, risk group, region or provider \"xy\"", "14:13: there is no class \"vpm\"",
          "15:27: there is no node \"Q\"", "15:31: the unit is missing",
          "16:1: unknown key \"nonsense\""}});
}

TEST_CASE("a broken topology does not hide the scenario's own mistakes, nor add to them") {
  const std::string text =
      "topology: {nodes: {A: {}, B: {}}, links: [{endpoints: [A, X], capacity: 1G, length: 1 "
      "km}]}\n"
      "traffic: [{from: A, to: B, rate: 1}]\n"
      "expect: [los < 1 %]\n"
      "events: [{at: 3 s, fail: whatever}]\n";
  check({text,
         {"1:59: there is no node \"X\"", "2:34: the unit is missing", "3:10: unknown metric"}});
}

TEST_CASE("hints name the nearest") {
  const auto errors = mistakes(start + "engin: {}\nexpect: [loss of defalt < 1 %]\n");
  REQUIRE(errors.size() == 2);
  CHECK(errors[0].hint == "did you mean \"engine\"?");
  CHECK(errors[1].hint == "did you mean \"default\"?");
}

TEST_CASE("mistakes in --set are placed at the flag") {
  const auto one = [](const std::string& assignment) {
    const auto errors = mistakes(start, {assignment});
    REQUIRE(errors.size() == 1);
    return errors[0];
  };
  const Diagnostic unit = one("engine.duration=3");
  CHECK(unit.where.file == "--set engine.duration");
  CHECK(unit.where.line == 0);
  CHECK(unit.message.find("the unit is missing") != std::string::npos);
  CHECK(one("engine.durations=3 s").message.find("unknown key \"durations\"") != std::string::npos);
  CHECK(one("traffic.7.rate=1G").message.find("has no entry") != std::string::npos);
  CHECK(one("nonsense").message.find("key.path=value") != std::string::npos);
  CHECK(one("traffic.0.to=Z").message.find("there is no node \"Z\"") != std::string::npos);
  CHECK(one("expect=[loss of vpn < 1 %]").where.file == "--set expect");
}
