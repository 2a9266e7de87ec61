// Elastic flows in longhaul and in SimGrid (its CM02 model: max-min, no latency), the same network,
// flows and order in one run. Time is counted from when the first flows are in.
//
//   simgrid_compare [FLOWS] [COMPLETIONS] [TOLERANCE of longhaul's rates] [PAIRS]
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <simgrid/s4u.hpp>
#include <string>
#include <vector>

#include "sim/base/random.hpp"
#include "sim/fluid/elastic_flows.hpp"
#include "tests/bench/networks.hpp"

using namespace longhaul;
namespace sg4 = simgrid::s4u;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t nodes = 200;

struct Pair {
  std::size_t from;
  std::size_t to;
  std::vector<std::size_t> ports;
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::vector<Pair> pairs_of(const packet::Input& input) {
  std::vector<Pair> out;
  for (const Demand& d : input.demands->demands) {
    Pair pair{d.from.index(), d.to.index(), {}};
    for (NodeId at = d.from; at != d.to;) {
      const PortId p = input.routes->next(at, d.to)[0];
      pair.ports.push_back(p.index());
      at = input.network->port(p).to;
    }
    out.push_back(std::move(pair));
  }
  return out;
}

std::size_t pair_of_flow(std::uint64_t flow, std::size_t pairs) { return mix(flow + 1) % pairs; }
/// Whole bytes, since SimGrid counts them.
std::uint64_t bytes_of_flow(std::uint64_t flow) { return 500'000 + mix(flow * 3 + 7) % 1'000'000; }

struct Outcome {
  double wall_s = 0;
  std::vector<double> times;  ///< of completions, in order
};

Outcome run_longhaul(const packet::Input& input, const std::vector<Pair>& pairs,
                     std::uint64_t flows, std::uint64_t completions, double tolerance) {
  fluid::ElasticFlows all(tolerance);
  for (const Port& port : input.network->ports()) all.add_link(port.rate().as_double());
  for (const Pair& pair : pairs) {
    std::vector<fluid::Crossing> path;
    for (const std::size_t p : pair.ports) path.push_back({static_cast<std::uint32_t>(p), 1});
    all.add_class(1, std::numeric_limits<double>::infinity(), path);
  }
  std::uint64_t next = 0;
  const auto begin = [&](std::int64_t now) {
    const auto c = static_cast<fluid::FlowClass>(pair_of_flow(next, pairs.size()));
    all.arrive(c, 8.0 * static_cast<double>(bytes_of_flow(next)), now, now);
    ++next;
  };
  for (std::uint64_t i = 0; i < flows; ++i) begin(0);
  Outcome out;
  const auto start = Clock::now();
  all.settle(0);
  fluid::DoneFlow done{};
  while (out.times.size() < completions) {
    const std::int64_t now = all.next();
    while (all.complete(now, done)) {
      out.times.push_back(static_cast<double>(now) * 1e-12);
      begin(now);
    }
    all.settle(now);
  }
  out.wall_s = seconds_since(start);
  return out;
}

Outcome run_simgrid(const packet::Input& input, const std::vector<Pair>& pairs, std::uint64_t flows,
                    std::uint64_t completions) {
  int argc = 1;
  char name[] = "simgrid_compare";
  char* argv[] = {name, nullptr};
  sg4::Engine engine(&argc, argv);
  for (const char* setting :
       {"network/model:CM02", "network/TCP-gamma:0", "network/crosstraffic:0",
        "network/bandwidth-factor:1", "network/latency-factor:1", "network/weight-S:0",
        "contexts/stack-size:64", "surf/precision:1e-12"})
    sg4::Engine::set_config(setting);
  auto* zone = sg4::create_full_zone("backbone");
  std::vector<sg4::Host*> hosts;
  for (std::size_t n = 0; n < nodes; ++n)
    hosts.push_back(zone->create_host("h" + std::to_string(n), 1e9));
  std::vector<sg4::Link*> links;
  for (const Port& port : input.network->ports())
    links.push_back(
        zone->create_link("l" + std::to_string(links.size()), port.rate().as_double() / 8)
            ->set_latency(0.0));
  for (const Pair& pair : pairs) {
    std::vector<sg4::LinkInRoute> route;
    for (const std::size_t p : pair.ports) route.emplace_back(links[p]);
    zone->add_route(hosts[pair.from]->get_netpoint(), hosts[pair.to]->get_netpoint(), nullptr,
                    nullptr, route, false);
  }
  zone->seal();
  Outcome out;
  std::uint64_t next = 0;
  std::uint64_t begun = 0;
  Clock::time_point start;
  for (std::uint64_t i = 0; i < flows; ++i)
    sg4::Actor::create("a", hosts[0], [&] {
      if (++begun == flows) start = Clock::now();
      while (out.times.size() < completions) {
        const std::uint64_t flow = next++;
        const Pair& pair = pairs[pair_of_flow(flow, pairs.size())];
        sg4::Comm::sendto(hosts[pair.from], hosts[pair.to], bytes_of_flow(flow));
        if (out.times.size() >= completions) break;
        out.times.push_back(sg4::Engine::get_clock());
        if (out.times.size() == completions) {
          out.wall_s = seconds_since(start);
          sg4::Actor::kill_all();
        }
      }
    });
  engine.run();
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t flows = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000;
  const std::uint64_t completions = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 300;
  const double tolerance = argc > 3 ? std::strtod(argv[3], nullptr) : 1e-9;
  const packet::Input input = bench::random_backbone(nodes, Rate::gbps(10));
  auto pairs = pairs_of(input);
  const std::size_t wanted = argc > 4 ? std::strtoull(argv[4], nullptr, 10) : pairs.size();
  for (std::size_t i = 0; i < wanted; ++i) pairs[i] = pairs[i * pairs.size() / wanted];
  pairs.resize(wanted);
  const Outcome ours = run_longhaul(input, pairs, flows, completions, tolerance);
  const Outcome theirs = run_simgrid(input, pairs, flows, completions);
  double worst = 0;
  for (std::size_t i = 0; i < std::min(ours.times.size(), theirs.times.size()); ++i)
    worst = std::max(worst, std::abs(ours.times[i] - theirs.times[i]) / theirs.times[i]);
  const auto each = [&](const Outcome& o) {
    return 1e3 * o.wall_s / static_cast<double>(completions);
  };
  std::printf("%zu nodes, %zu pairs, %llu flows at once, %llu completions\n", nodes, pairs.size(),
              static_cast<unsigned long long>(flows), static_cast<unsigned long long>(completions));
  std::printf("longhaul %.4f ms, SimGrid %.3f ms a completed flow: %.0f x\n", each(ours),
              each(theirs), each(theirs) / each(ours));
  std::printf("times of completion differ by %.2g at most (relative)\n", worst);
  return theirs.times.size() == ours.times.size() && worst < 1e-3 + 10 * tolerance ? 0 : 1;
}
