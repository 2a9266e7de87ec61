// A day of a backbone as a fluid: what each change of a demand's rate at a port costs.
//
//   bench_fluid [--nodes N] [--minutes M] [--load L] [--own] [--events]
//
// Every node sends to every other. Rates follow the sun in steps of some minutes: with --own each
// demand has a curve of its own, so that each step is another matrix; else all demands of a node
// share theirs. --load is what the worst link would carry with all demands at their peaks at once.
// --events forbids the engine its shortcuts, as it was before it had them.
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

#include "sim/base/random.hpp"
#include "sim/engine/memory.hpp"
#include "sim/fluid/engine.hpp"
#include "sim/fluid/simulation.hpp"
#include "tests/bench/networks.hpp"

using namespace longhaul;

namespace {

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec) * 1e-6;
}

/// The day at a place by the clock of the simulation. A profile has steps of a minute of its clock,
/// so its clock runs slow, and its table of hours has a point each `minutes` hours of the day.
std::shared_ptr<const Profile> day_at(double longitude, int minutes, std::uint64_t own) {
  DiurnalProfile day;
  day.hours.assign(24, 1.0);
  for (int k = 0; k < 24; ++k) {
    const double hour = k * minutes + longitude / 15 - 20;
    const double sun = 0.3 + 0.7 * 0.5 * (1 + std::cos(2 * std::numbers::pi * hour / 24));
    const double noise =
        own == 0
            ? 1.0
            : 0.8 + 0.4 *
                        static_cast<double>(mix(own * 24 + static_cast<std::uint64_t>(k)) % 1000) /
                        1000;
    day.hours[static_cast<std::size_t>(k)] = sun * noise;
  }
  Profile out;
  out.speed = 1.0 / minutes;
  out.diurnal = day;
  return std::make_shared<const Profile>(out);
}

engine::Input day_of(std::size_t nodes, int minutes, double load, bool own) {
  const packet::Input plain = bench::random_backbone(nodes, Rate::gbps(400));
  DemandSet set = *plain.demands;
  for (std::size_t i = 0; i < set.demands.size(); ++i) {
    Demand& d = set.demands[i];
    d.rate = Rate::bps(static_cast<std::int64_t>(d.rate.as_double() * load / bench::worst_link));
    const double longitude =
        360 * static_cast<double>(d.from.index()) / static_cast<double>(nodes) - 180;
    if (own || set.profiles.size() <= d.from.index())
      set.profiles.push_back(day_at(longitude, minutes, own ? i + 1 : 0));
    d.profile = ProfileId(own ? i : d.from.index());
  }
  engine::Input out;
  out.network = plain.network;
  out.routes = plain.routes;
  out.demands = std::make_shared<const DemandSet>(std::move(set));
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"A day of a backbone as a fluid"};
  std::size_t nodes = 200;
  int minutes = 5;
  double load = 0.9;
  bool own = false;
  bool events = false;
  app.add_option("--nodes", nodes);
  app.add_option("--minutes", minutes);
  app.add_option("--load", load);
  app.add_flag("--own", own);
  app.add_flag("--events", events);
  CLI11_PARSE(app, argc, argv);

  const engine::Input input = day_of(nodes, minutes, load, own);
  engine::Config config;
  config.warmup = Duration::zero();
  config.duration = Duration::s(86'400);
  config.interval = Duration::s(300);
  const double before = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  Measurements m;
  if (events) {
    fluid::Simulation simulation(input, config, fluid::no_shortcuts(input));
    m = simulation.collect(simulation.run());
  } else {
    m = fluid::run(input, config);
  }
  const double cpu = cpu_seconds() - before;
  const double wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  double most = 0;
  int full = 0;
  double hops = 0;
  for (const PortMeasurement& p : m.ports) {
    const float peak =
        p.utilization.empty() ? 0 : *std::max_element(p.utilization.begin(), p.utilization.end());
    most = std::max(most, static_cast<double>(peak));
    full += p.dropped_packets > 0 ? 1 : 0;
  }
  for (const DemandMeasurement& d : m.demands) hops += d.hops_mean;
  fmt::print(
      "{} nodes, {} demands, {:.1f} hops, steps of {} min{}{}: busiest link at its peak {:.1f} %, "
      "{} full, lost {:.2g} %\n"
      "{:.1f} M changes: {:.2f} s of CPU, {:.2f} s of wall clock, {:.1f} ns each; {} MB\n",
      nodes, m.demands.size(), hops / static_cast<double>(m.demands.size()), minutes,
      own ? ", each demand its own" : "", events ? ", all by events" : "", 100 * most, full,
      100 * static_cast<double>(m.packets.dropped()) / static_cast<double>(m.packets.sent),
      static_cast<double>(m.cost.rate_changes) * 1e-6, cpu, wall,
      1e9 * cpu / static_cast<double>(m.cost.rate_changes), engine::peak_memory() >> 20);
}
