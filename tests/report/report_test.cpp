#include "sim/report/report.hpp"

#include "tests/catch.hpp"
#include "tests/report/sample.hpp"

using namespace longhaul;
using report::make_report;
using tests::sample_result;

TEST_CASE("links carry names, SI units and the statistics of their intervals") {
  const auto r = make_report(sample_result());
  REQUIRE(r.links.size() == 4);
  const auto& ab = r.links[0];
  CHECK(ab.id == "A-B");
  CHECK(ab.from == "A");
  CHECK(ab.to == "B");
  CHECK(ab.capacity_bps == 10e9);
  CHECK(ab.length_km == 200.0);
  CHECK_FALSE(r.links[2].length_km.has_value());
  CHECK(ab.provider == "alpha");
  CHECK(ab.utilization_p95 == Approx(0.95));
  CHECK(ab.utilization_max == Approx(1.0));
  CHECK(ab.wait.mean == Approx(2e-6));
  CHECK(ab.wait.max == Approx(3e-6));
  CHECK(r.links[1].from == "B");
  CHECK(r.links[2].loss == Approx(0.1));
  CHECK(r.links[2].queue_bytes_max == 1e6);
  CHECK(r.links[3].provider == "beta");
}

TEST_CASE("demands: latency is base plus excess, queueing stands apart") {
  const auto r = make_report(sample_result());
  REQUIRE(r.demands.size() == 3);
  const auto& gold = r.demands[0];
  CHECK(gold.cls == "gold");
  CHECK(gold.tier == 1);
  CHECK(gold.offered_bps == Approx(8e6));
  CHECK(gold.latency.min == Approx(1e-3));
  CHECK(gold.latency.mean == Approx(1.001e-3));
  CHECK(gold.latency.max == Approx(1.002e-3));
  CHECK(gold.queueing.mean == Approx(1e-6));
  CHECK(r.demands[1].loss == Approx(0.1));
  CHECK(r.demands[1].delivered_bps == Approx(7.2e6));
  CHECK(r.demands[2].provider == "beta");
  CHECK(r.demands[2].tier == 2);
  CHECK(r.demands[2].latency.count == 0);
}

TEST_CASE("groups go by the source node, and by the node that sends on a link") {
  const auto g = make_report(sample_result()).groups;
  REQUIRE(g.tier.size() == 2);
  CHECK(g.tier[0].name == "1");
  CHECK(g.tier[0].demands == 2);
  CHECK(g.tier[0].links == 3);
  CHECK(g.tier[0].offered_bps == Approx(16e6));
  CHECK(g.tier[0].loss == Approx(0.05));
  CHECK(g.tier[0].max_utilization == Approx(1.0));
  CHECK(g.tier[0].worst_link == "B>C");
  // Two of three values lie near 1 ms; the third is 2 + 8 ms.
  CHECK(g.tier[0].latency.p50 == Approx(1.002e-3).epsilon(1e-3));
  CHECK(g.tier[0].latency.max == Approx(10e-3));
  CHECK(g.tier[0].latency.mean == Approx((1e-3 + 1.002e-3 + 10e-3) / 3));
  CHECK(g.tier[0].hops == Approx((1000 * 1 + 900 * 2) / 1900.0));
  REQUIRE(g.provider.size() == 2);
  CHECK(g.provider[1].name == "beta");
  CHECK(g.provider[1].demands == 1);
  REQUIRE(g.region.size() == 2);  // C is in none
  CHECK(g.region[0].name == "west");
  CHECK(g.region[1].demands == 0);
  REQUIRE(g.cls.size() == 2);
  CHECK(g.cls[1].name == "bulk");
  CHECK(g.cls[1].demands == 2);
  CHECK_FALSE(g.cls[1].max_utilization.has_value());
  CHECK(g.all.demands == 3);
  CHECK(g.all.links == 4);
}

TEST_CASE("congestion: links above 80 % and links that drop, worst first") {
  const auto r = make_report(sample_result());
  CHECK(r.congestion.links_over_threshold == 2);
  CHECK(r.links[*r.congestion.worst_link].from == "B");
  CHECK(r.congestion.max_utilization == 1.0);
  REQUIRE(r.congestion.bottlenecks.size() == 2);
  CHECK(r.links[r.congestion.bottlenecks[0].link].id == "B-C");
}

namespace {

report::ExpectationRow judge(Expectation e) {
  const auto scenario = tests::sample_scenario();
  scenario->expectations = {std::move(e)};
  return make_report(sample_result(scenario)).expectations.at(0);
}

Expectation expect(Expectation::Metric metric, Expectation::Op op, double bound) {
  Expectation e;
  e.metric = metric;
  e.op = op;
  e.bound = bound;
  return e;
}

}  // namespace

TEST_CASE("expectations compare the selected figure with the bound") {
  using Metric = Expectation::Metric;
  using Op = Expectation::Op;
  const auto worst = judge(expect(Metric::max_link_utilization, Op::less, 0.95));
  CHECK(worst.value == 1.0);
  CHECK_FALSE(worst.pass);

  auto one_link = expect(Metric::max_link_utilization, Op::less, 0.95);
  one_link.link = LinkId(0);
  CHECK(judge(one_link).pass);

  auto gold = expect(Metric::p99_latency, Op::less, 2e-3);
  gold.cls = ClassId(0);
  CHECK(judge(gold).pass);
  gold.op = Op::greater;
  CHECK_FALSE(judge(gold).pass);

  auto from_a = expect(Metric::loss, Op::less_equal, 0.05);
  from_a.from = NodeId(0);
  CHECK(judge(from_a).pass);  // exactly at the bound
  from_a.op = Op::less;
  CHECK_FALSE(judge(from_a).pass);

  auto on_link = expect(Metric::loss, Op::less, 0.2);
  on_link.link = LinkId(1);
  CHECK(judge(on_link).value.value() == Approx(0.1));

  auto tier = expect(Metric::throughput, Op::greater_equal, 1e6);
  tier.tier = 1;
  CHECK(judge(tier).value.value() == Approx(15.2e6));
  CHECK(judge(expect(Metric::max_queue, Op::less, 1e6)).value == 1e6);
}

TEST_CASE("an expectation on a figure nobody measured fails") {
  auto e = expect(Expectation::Metric::p99_latency, Expectation::Op::less, 1.0);
  e.from = NodeId(2);
  const auto row = judge(e);
  CHECK_FALSE(row.value.has_value());
  CHECK_FALSE(row.pass);
}
