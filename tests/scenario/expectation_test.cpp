#include "sim/scenario/expectation.hpp"

#include <string>
#include <vector>

#include "sim/scenario/selection.hpp"
#include "tests/catch.hpp"

using namespace longhaul;

namespace {

/// A - B - C; A and B are one provider's in region eu, C another's. Two links join A and B.
Network small() {
  NetworkSpec spec;
  spec.providers = {{"acme", 1, 0, ""}, {"beta", 2, 0, ""}};
  spec.regions = {"eu", "north america"};
  for (const char* id : {"A", "B", "New York"}) {
    Node node;
    node.id = id;
    node.region = RegionId(0);
    spec.nodes.push_back(node);
  }
  spec.nodes[2].provider = ProviderId(1);
  spec.nodes[2].region = RegionId(1);
  const auto link = [&](const char* id, std::size_t a, std::size_t b) {
    Link l;
    l.id = id;
    l.a = NodeId(a);
    l.b = NodeId(b);
    spec.links.push_back(l);
  };
  link("A-B", 0, 1);
  link("A-B#2", 0, 1);
  link("cable", 1, 2);
  return Network(spec);
}

const std::vector<TrafficClass> classes{{"vpn", 0}, {"internet", 2}};

struct Mistake {
  std::size_t offset;
  std::string message;
  std::string hint;
};

struct Outcome {
  std::optional<Expectation> expectation;
  std::vector<Mistake> mistakes;
};

Outcome parse(std::string_view line, bool with_network = true) {
  static const Network network = small();
  Outcome out;
  out.expectation =
      parse_expectation(line, with_network ? &network : nullptr, classes,
                        [&](std::size_t offset, std::string message, std::string hint) {
                          out.mistakes.push_back({offset, message, hint});
                        });
  return out;
}

Expectation good(std::string_view line) {
  const Outcome out = parse(line);
  INFO(line);
  for (const Mistake& m : out.mistakes) UNSCOPED_INFO(m.message);
  REQUIRE(out.expectation.has_value());
  CHECK(out.expectation->text == line);
  return *out.expectation;
}

}  // namespace

TEST_CASE("every metric is read with its unit") {
  using Metric = Expectation::Metric;
  struct Row {
    const char* line;
    Metric metric;
    double bound;
  };
  for (const Row& row : std::vector<Row>{
           {"max link utilization < 90 %", Metric::max_link_utilization, 0.9},
           {"mean latency < 40 ms", Metric::mean_latency, 0.04},
           {"p50 latency < 40 ms", Metric::p50_latency, 0.04},
           {"p90 latency < 40 ms", Metric::p90_latency, 0.04},
           {"p99 latency < 40 ms", Metric::p99_latency, 0.04},
           {"p99.9 latency < 40 ms", Metric::p999_latency, 0.04},
           {"max latency < 1 s", Metric::max_latency, 1},
           {"mean queueing < 20 us", Metric::mean_queueing, 20e-6},
           {"p50 queueing < 20 us", Metric::p50_queueing, 20e-6},
           {"p99 queueing < 20 us", Metric::p99_queueing, 20e-6},
           {"p99.9 queueing < 20 us", Metric::p999_queueing, 20e-6},
           {"loss < 0.1 %", Metric::loss, 0.001},
           {"jitter < 1 us", Metric::jitter, 1e-6},
           {"throughput > 4 Gb/s", Metric::throughput, 4e9},
           {"max queue < 64 MB", Metric::max_queue, 64e6},
       }) {
    const Expectation e = good(row.line);
    CHECK(e.metric == row.metric);
    CHECK(e.bound == Approx(row.bound));
    CHECK(std::string(row.line).rfind(to_string(e.metric), 0) == 0);
  }
  CHECK(expectation_metrics().size() == 15);
}

TEST_CASE("operators, with and without spaces") {
  using Op = Expectation::Op;
  CHECK(good("loss < 1 %").op == Op::less);
  CHECK(good("loss <= 1 %").op == Op::less_equal);
  CHECK(good("throughput > 1G").op == Op::greater);
  CHECK(good("throughput >= 1G").op == Op::greater_equal);
  CHECK(good("loss <=1%").bound == Approx(0.01));
}

TEST_CASE("selectors in any order") {
  const Expectation e = good("p99 latency to New York of vpn from A < 40 ms");
  CHECK(e.cls == ClassId(0));
  CHECK(e.from == NodeId(0));
  CHECK(e.to == NodeId(2));
  CHECK_FALSE(e.provider.valid());
  CHECK_FALSE(e.region.valid());
  CHECK(e.tier == 0);

  CHECK(good("loss of provider beta < 1 %").provider == ProviderId(1));
  CHECK(good("loss provider beta < 1 %").provider == ProviderId(1));
  CHECK(good("loss of tier 2 < 1 %").tier == 2);
  CHECK(good("loss of region north america < 1 %").region == RegionId(1));
  CHECK(good("loss of region \"north america\" < 1 %").region == RegionId(1));
  const Expectation both = good("loss of internet of tier 1 < 1 %");
  CHECK(both.cls == ClassId(1));
  CHECK(both.tier == 1);

  CHECK(good("max link utilization on cable < 90 %").link == LinkId(2));
  CHECK(good("max link utilization on New York-B < 90 %").link == LinkId(2));
  CHECK(good("max link utilization on A-B < 90 %").link == LinkId(0));
  CHECK(good("p99 queueing on A-B#2 from B < 1 ms").from == NodeId(1));
}

TEST_CASE("mistakes stand where they are, with what was expected and the nearest name") {
  struct Row {
    std::string line;
    std::size_t offset;
    std::string message;
    std::string hint;
  };
  for (const Row& row : std::vector<Row>{
           {"p98 latency < 1 ms", 0, "unknown metric \"p98 latency\"", "p9"},
           {"los of vpn < 1 %", 0, "unknown metric \"los\"", "\"loss\""},
           {"< 1 %", 0, "expected a metric", ""},
           {"", 0, "expected a metric", ""},
           {"loss of vpm < 1 %", 8, "there is no class \"vpm\"; expected one of vpn, internet",
            "\"vpn\""},
           {"loss from Z < 1 %", 10, "there is no node \"Z\"", ""},
           {"loss from A to New Yrk < 1 %", 15, "there is no node \"New Yrk\"", "\"New York\""},
           {"loss of provider acne < 1 %", 17, "there is no provider \"acne\"", "\"acme\""},
           {"loss of region ue < 1 %", 15, "there is no region \"ue\"", ""},
           {"loss of tier 4 < 1 %", 13, "expected tier 1, 2 or 3, got \"4\"", ""},
           {"max queue on cabel < 1 MB", 13, "there is no link \"cabel\"", "\"cable\""},
           {"max queue on B-A < 1 MB", 13, "could be any of the links A-B, A-B#2", ""},
           {"loss of < 1 %", 8, "expected a class", ""},
           {"loss from A from B < 1 %", 12, "\"from\" is given twice", ""},
           {"loss from A to A < 1 %", 0, "from and to are both \"A\"", ""},
           {"loss", 4, "expected one of < <= > >= and a value", ""},
           {"loss == 1 %", 5, "expected of, from, to", "compare with <"},
           {"loss of vpn = 1 %", 12, "expected of, from, to", "compare with <"},
           {"loss <", 6, "expected a share such as 90 %", ""},
           {"loss < 101 %", 7, "expected a share from 0 % to 100 %", ""},
           {"loss < -1 %", 7, "expected 0 or more", ""},
           {"p99 latency < 40", 14, "the unit is missing", ""},
           {"p99 latency < 40 MB", 14, "unknown unit", ""},
           {"p99 latency on cable < 40 ms", 0, "a link has no p99 latency of its own", "queueing"},
           {"max queue of vpn < 1 MB", 13, "is of links, which no class or service owns", ""},
           {"loss on cable of vpn < 1 %", 17, "is of links, which no class or service owns", ""},
       }) {
    INFO(row.line);
    const Outcome out = parse(row.line);
    CHECK_FALSE(out.expectation.has_value());
    REQUIRE_FALSE(out.mistakes.empty());
    CHECK(out.mistakes[0].offset == row.offset);
    CHECK(out.mistakes[0].message.find(row.message) != std::string::npos);
    INFO(out.mistakes[0].message << " / " << out.mistakes[0].hint);
    CHECK(out.mistakes[0].hint.find(row.hint) != std::string::npos);
  }
}

TEST_CASE("all mistakes of a line are reported") {
  const Outcome out = parse("loss of vpm from Z to Q < 40 ms");
  REQUIRE(out.mistakes.size() == 4);
  CHECK(out.mistakes[3].offset == 26);
}

TEST_CASE("without a network the grammar is checked all the same") {
  CHECK(parse("loss from Anywhere to Elsewhere < 1 %", false).expectation.has_value());
  CHECK(parse("loss from Anywhere < 40", false).mistakes.size() == 1);
  CHECK(parse("loss of vpm from Anywhere < 4 %", false).mistakes.size() == 1);
}

TEST_CASE("what a line selects") {
  const Network network = small();
  DemandSet demands{classes, {{"400 B", {{400, 1}}}}, {}};
  demands.demands.push_back({NodeId(0), NodeId(2), ClassId(0), Rate::gbps(1)});
  demands.demands.push_back({NodeId(2), NodeId(0), ClassId(1), Rate::gbps(1)});
  const auto count = [&](std::string_view line) {
    return matching_demands(good(line), network, demands).size();
  };
  CHECK(count("loss < 1 %") == 2);
  CHECK(count("loss of vpn < 1 %") == 1);
  CHECK(count("loss of vpn from New York < 1 %") == 0);
  CHECK(count("loss of tier 2 < 1 %") == 1);
  CHECK(count("loss of tier 3 < 1 %") == 0);
  CHECK(count("loss of region eu < 1 %") == 1);
  CHECK_FALSE(matches_something(good("loss of vpn to A < 1 %"), network, demands));
  CHECK(matches_something(good("loss of internet to A < 1 %"), network, demands));

  const auto ports = [&](std::string_view line) {
    return matching_ports(good(line), network).size();
  };
  CHECK(ports("max link utilization < 90 %") == 6);
  CHECK(ports("max link utilization from A < 90 %") == 2);
  CHECK(ports("max link utilization on cable < 90 %") == 2);
  CHECK(ports("max link utilization on cable to B < 90 %") == 1);
  CHECK(ports("max link utilization of provider beta < 90 %") == 1);
  CHECK_FALSE(matches_something(good("max queue on cable from A < 1 MB"), network, demands));
}
