// Elastic flows at scale: how many arrivals and departures a second with many flows at once.
//
//   bench_elastic [--nodes N] [--flows F] [--events E] [--tolerance T]
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cmath>
#include <vector>

#include "sim/base/random.hpp"
#include "sim/fluid/elastic_flows.hpp"
#include "tests/bench/networks.hpp"

using namespace longhaul;
using Clock = std::chrono::steady_clock;

namespace {

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double exponential(std::uint64_t i) {
  const Words w = philox(1, 2, i);
  return exponential_from_bits(static_cast<std::uint64_t>(w.w[0]) << 32 | w.w[1]);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Elastic flows at scale"};
  std::size_t nodes = 200;
  std::uint64_t flows = 1'000'000;
  std::uint64_t events = 300'000;
  double tolerance = 1e-3;
  app.add_option("--nodes", nodes);
  app.add_option("--flows", flows);
  app.add_option("--events", events);
  app.add_option("--tolerance", tolerance);
  CLI11_PARSE(app, argc, argv);

  // A class for each pair of nodes.
  const packet::Input input = bench::random_backbone(nodes, Rate::gbps(100));
  const Network& net = *input.network;
  fluid::ElasticFlows all(tolerance);
  for (const Port& port : net.ports()) all.add_link(port.rate().as_double());
  for (const Demand& d : input.demands->demands) {
    std::vector<fluid::Crossing> path;
    double delay_s = 0;
    for (NodeId at = d.from; at != d.to;) {
      const PortId p = input.routes->next(at, d.to)[0];
      path.push_back({static_cast<fluid::ConstraintIndex>(p.index()), 1});
      delay_s += net.port(p).delay.seconds();
      at = net.port(p).to;
    }
    all.add_class(1e-3 / (2 * delay_s), std::numeric_limits<double>::infinity(), path);
  }
  const std::uint64_t classes = input.demands->demands.size();
  const auto mean_bits = 8e6;
  auto start = Clock::now();
  for (std::uint64_t i = 0; i < flows; ++i)
    all.arrive(static_cast<fluid::FlowClass>(i % classes), mean_bits * exponential(i), 0, 0);
  const double filled = seconds_since(start);
  start = Clock::now();
  all.settle(0);
  fmt::print("{} nodes, {} classes, {} flows: put in {:.2f} s, first allocation {:.1f} ms\n", nodes,
             classes, flows, filled, 1e3 * seconds_since(start));

  // One comes for each that leaves.
  start = Clock::now();
  std::uint64_t done_flows = 0;
  fluid::DoneFlow done{};
  std::int64_t now = 0;
  while (done_flows * 2 < events) {
    now = all.next();
    while (all.complete(now, done)) {
      ++done_flows;
      all.arrive(static_cast<fluid::FlowClass>(mix(done_flows) % classes),
                 mean_bits * exponential(flows + done_flows), now, now);
    }
    all.settle(now);
  }
  const double wall = seconds_since(start);
  fmt::print(
      "{} arrivals and departures in {:.2f} s: {:.0f} a second, {:.1f} us each; {:.3f} s "
      "simulated\n",
      2 * done_flows, wall, static_cast<double>(2 * done_flows) / wall,
      1e6 * wall / static_cast<double>(2 * done_flows), static_cast<double>(now) * 1e-12);
}
