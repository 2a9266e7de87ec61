// The optimum against hand-worked cases, published rows and itself: a bound must be what its prices
// prove, a flow must carry everything.
#include "sim/plan/optimum.hpp"

#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "sim/scenario/read.hpp"
#include "tests/catch.hpp"
#include "tests/routing/build.hpp"

namespace longhaul {
namespace {

namespace fs = std::filesystem;
using plan::FlowProblem;
using plan::Optimum;
using plan::OptimumLimits;
using plan::OptimumMethod;
using test::Build;

FlowProblem problem_of(const Network& network, const std::vector<test::Flow>& flows) {
  return plan::flow_problem(network, test::demands(flows), {});
}

OptimumLimits by(OptimumMethod method) {
  OptimumLimits limits;
  limits.method = method;
  return limits;
}

/// The bound that `price` proves, by Bellman and Ford over every pair: nothing of sim/plan but the
/// problem.
double proven_by(const FlowProblem& problem, const std::vector<double>& price) {
  double whole = 0;
  for (std::size_t a = 0; a < problem.arcs.size(); ++a)
    whole += price[a] * problem.arcs[a].capacity_bps;
  double cost = 0;
  for (const plan::Commodity& commodity : problem.commodities) {
    std::vector<double> distance(problem.nodes, std::numeric_limits<double>::infinity());
    distance[commodity.to] = 0;
    for (std::size_t round = 0; round < problem.nodes; ++round) {
      for (std::uint32_t a = 0; a < problem.arcs.size(); ++a) {
        const plan::Arc& arc = problem.arcs[a];
        if (!problem.usable(a, commodity.constraint)) continue;
        distance[arc.from] = std::min(distance[arc.from], price[a] + distance[arc.to]);
      }
    }
    for (std::size_t n = 0; n < problem.nodes; ++n)
      if (commodity.bps_from[n] > 0) cost += commodity.bps_from[n] * distance[n];
  }
  return cost / whole;
}

const Network two_ways = Build().nodes(4).link(0, 1).link(1, 3).link(0, 2).link(2, 3).network();

TEST_CASE("two ways share what one shortest path would carry") {
  // 12 Gb/s over two disjoint ways of 10 Gb/s each: 60 % on both.
  const FlowProblem problem = problem_of(two_ways, {{0, 3, 12'000'000'000}});
  for (const auto method : {OptimumMethod::lp, OptimumMethod::approximation}) {
    const Optimum best = plan::optimum(problem, by(method));
    CHECK(best.lower_bound <= 0.6 * (1 + 1e-9));
    CHECK(best.max_utilization >= 0.6 * (1 - 1e-9));
    CHECK(best.max_utilization == Approx(0.6).epsilon(0.02));
    CHECK(best.gap() <= 0.0101);
    CHECK(best.method == method);
  }
  CHECK(plan::optimum(problem).max_utilization == Approx(0.6).epsilon(1e-9));
}

TEST_CASE("a constraint forbids arcs to its own traffic only") {
  PathConstraint avoid;
  avoid.avoid.assign(two_ways.ports().size(), false);
  avoid.avoid[0] = true;  // node 0 to node 1
  DemandSet demands = test::demands({{0, 3, 8'000'000'000}, {0, 3, 8'000'000'000}});
  demands.demands[0].constraint = ConstraintId(1);
  const FlowProblem problem = plan::flow_problem(two_ways, demands, {{}, avoid});
  REQUIRE(problem.commodities.size() == 2);
  // Each has a way of its own: 80 %. Without the constraint it would be the same, so force more.
  CHECK(plan::optimum(problem).max_utilization == Approx(0.8));
  demands.demands[0].rate = Rate::gbps(16);
  demands.demands[1].rate = Rate::gbps(1);
  CHECK(plan::optimum(plan::flow_problem(two_ways, demands, {{}, avoid})).max_utilization ==
        Approx(1.6));
}

TEST_CASE("what no link carries is left out and said") {
  const Network apart = Build().nodes(4).link(0, 1).network();
  const FlowProblem problem =
      problem_of(apart, {{0, 1, 5'000'000'000}, {0, 3, 3'000'000'000}, {2, 3, 1'000'000'000}});
  CHECK(problem.unrouted_bps == 4e9);
  CHECK(problem.offered_bps == 9e9);
  CHECK(plan::optimum(problem).max_utilization == Approx(0.5));
  CHECK(plan::optimum(problem_of(apart, {{2, 3, 1}})).max_utilization == 0);
}

/// What leaves nodes less what enters them, over all commodities, is what they send less what they
/// receive.
void check_balance(const FlowProblem& problem, const std::vector<double>& load) {
  std::vector<double> net(problem.nodes, 0.0);
  for (std::size_t a = 0; a < load.size(); ++a) {
    net[problem.arcs[a].from] += load[a];
    net[problem.arcs[a].to] -= load[a];
  }
  for (const plan::Commodity& commodity : problem.commodities) {
    for (std::size_t n = 0; n < problem.nodes; ++n) {
      net[n] -= commodity.bps_from[n];
      net[commodity.to] += commodity.bps_from[n];
    }
  }
  for (const double left : net) CHECK(std::abs(left) <= 1e-6 * problem.offered_bps);
}

/// A REPETITA pair by way of the importers.
FlowProblem published(const fs::path& graph) {
  fs::path matrix = graph;
  matrix.replace_extension(".0000.demands");
  if (!fs::exists(matrix)) matrix = fs::path(graph).replace_extension(".demands");
  return plan::flow_problem(bare_scenario(graph.string(), matrix.string(), 1.0));
}

const fs::path repetita = fs::path(LONGHAUL_DATA_DIR) / "repetita";

/// True, with a word, where the published data are not at hand.
bool absent() {
  if (fs::exists(repetita)) return false;
  WARN("skipped: " << repetita << " is not here");
  return true;
}

TEST_CASE("REPETITA: the optimum of all 100 rows that have one, exact and enclosed by bounds") {
  if (absent()) return;
  std::ifstream in(repetita / "expected.json");
  std::size_t compared = 0;
  for (const auto& row : nlohmann::json::parse(in)) {
    if (!row.contains("optimal_mlu") || row["optimal_mlu"].is_null()) continue;
    ++compared;
    INFO(row["graph"]);
    const double expected = row["optimal_mlu"].get<double>();
    const FlowProblem problem = published(repetita / row["graph"].get<std::string>());
    const Optimum exact = plan::optimum(problem, by(OptimumMethod::lp));
    CHECK(exact.max_utilization == Approx(expected).epsilon(1e-4));
    CHECK(exact.lower_bound == Approx(exact.max_utilization).epsilon(1e-6));
    CHECK(proven_by(problem, exact.arc_price) == Approx(exact.lower_bound).epsilon(1e-9));
    check_balance(problem, exact.load_bps);

    OptimumLimits coarse = by(OptimumMethod::approximation);
    coarse.gap = 0.05;
    const Optimum near = plan::optimum(problem, coarse);
    CHECK(near.gap() <= 0.05);
    CHECK(near.lower_bound <= exact.max_utilization * (1 + 1e-9));
    CHECK(near.max_utilization >= exact.lower_bound * (1 - 1e-9));
    CHECK(proven_by(problem, near.arc_price) == Approx(near.lower_bound).epsilon(1e-9));
    CHECK(problem.max_utilization(near.load_bps) == Approx(near.max_utilization));
    check_balance(problem, near.load_bps);
  }
  CHECK(compared == 100);
}

TEST_CASE("REPETITA: 197 nodes and 38,000 demands to a proven percent") {
  if (absent()) return;
  const FlowProblem problem = published(repetita / "unary" / "Cogentco.graph");
  const Optimum near = plan::optimum(problem);
  CHECK(near.method == OptimumMethod::approximation);
  CHECK(near.gap() <= 0.01);
  // The authors scaled their matrices to an optimum of 0.9.
  CHECK(near.lower_bound <= 0.9 * (1 + 1e-4));
  CHECK(near.max_utilization >= 0.9 * (1 - 2e-3));
  CHECK(proven_by(problem, near.arc_price) == Approx(near.lower_bound).epsilon(1e-9));
}

}  // namespace
}  // namespace longhaul
