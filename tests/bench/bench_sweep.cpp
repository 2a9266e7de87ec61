// All pairs of link failures of a network: what a failure changes against every route computed
// afresh, in one run, so that the ratio holds on a busy machine.
//
//   bench_sweep [GRAPH MATRIX] [--threads N] [--full-cases N]
//
// Without files, 200 nodes and 400 links with all pairs of demands.
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <ctime>
#include <string>

#include "sim/base/random.hpp"
#include "sim/plan/failures.hpp"
#include "sim/scenario/read.hpp"

using namespace longhaul;
using Clock = std::chrono::steady_clock;

namespace {

double cpu_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// A ring with random chords, unit metrics of 1 to 5.
Scenario random_scenario(std::size_t nodes, std::size_t links) {
  NetworkSpec spec;
  for (std::size_t n = 0; n < nodes; ++n) {
    Node node;
    node.id = fmt::format("n{}", n);
    spec.nodes.push_back(node);
  }
  for (std::size_t l = 0; l < links; ++l) {
    const Words random = philox(7, 1, l);
    Link link;
    link.id = fmt::format("l{}", l);
    link.a = NodeId(l % nodes);
    link.b =
        NodeId(l < nodes ? (l + 1) % nodes : (l % nodes + 1 + random.w[0] % (nodes - 1)) % nodes);
    link.length = Distance::km(300);
    link.metric_ab = link.metric_ba = 1 + random.w[1] % 5;
    spec.links.push_back(link);
  }
  Scenario scenario;
  scenario.network = std::make_shared<const Network>(spec);
  scenario.classes.push_back({"default", 0});
  scenario.sizes.push_back({"1000", {{1000, 1.0}}});
  TrafficSpec traffic;
  traffic.matrix = TrafficSpec::Matrix::uniform;
  traffic.total = Rate::gbps(100);
  scenario.traffic.push_back(traffic);
  return scenario;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"All pairs of link failures"};
  std::string graph;
  std::string matrix;
  unsigned threads = 0;
  std::uint64_t full_cases = 300;
  app.add_option("graph", graph);
  app.add_option("matrix", matrix)->needs("graph");
  app.add_option("--threads", threads);
  app.add_option("--full-cases", full_cases);
  CLI11_PARSE(app, argc, argv);
  const Scenario scenario =
      graph.empty() ? random_scenario(200, 400) : bare_scenario(graph, matrix, 1.0, {});

  plan::FailureOptions options;
  options.sweep.nodes = options.sweep.risk_groups = false;
  options.sweep.pairs = true;
  options.sweep.threads = threads;
  const auto start = Clock::now();
  const double cpu_before = cpu_s();
  const plan::FailurePlan plan = plan::plan_failures(scenario, options);
  const double cpu = cpu_s() - cpu_before;
  const double wall = std::chrono::duration<double>(Clock::now() - start).count();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double fast_us = 1e6 * cpu / static_cast<double>(plan.cases_swept);
  fmt::print("{} nodes, {} links, {} pairs of demands; {} cases\n",
             scenario.network->nodes().size(), scenario.network->links().size(), plan.groups.size(),
             plan.cases_swept);
  fmt::print(
      "what changes:  {:.2f} s CPU, {:.2f} s wall, {:.0f} us CPU a case, {:.0f} MB at most\n", cpu,
      wall, fast_us, static_cast<double>(usage.ru_maxrss) / 1024);

  // The beginning of the same sweep with every route computed afresh.
  std::atomic<bool> stop = false;
  options.sweep.full = true;
  options.sweep.threads = 1;
  options.sweep.stop = &stop;
  options.sweep.progress = [&](std::uint64_t done, std::uint64_t) { stop = done >= full_cases; };
  const double full_before = cpu_s();
  const plan::FailurePlan full = plan::plan_failures(scenario, options);
  const double full_us = 1e6 * (cpu_s() - full_before) / static_cast<double>(full.cases_swept);
  fmt::print("routes afresh: {:.0f} us CPU a case over {} cases: {:.0f} times as much\n", full_us,
             full.cases_swept, full_us / fast_us);
}
