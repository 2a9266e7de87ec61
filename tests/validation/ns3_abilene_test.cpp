// The engine against ns-3 on the Abilene backbone at 1 Gb/s: what ns-3 measured in 5 s, per demand.
#include <filesystem>
#include <vector>

#include "tests/catch.hpp"
#include "tests/validation/agreement.hpp"
#include "tests/validation/ns3_files.hpp"

namespace longhaul {
namespace {

namespace fs = std::filesystem;

/// One figure of every compared demand, in ns-3's run and in each of ours.
struct Figure {
  const char* name;
  double resolution;  ///< in us, or packets
  std::vector<double> ns3;
  std::vector<std::vector<double>> ours;
};

}  // namespace

TEST_CASE("Abilene at 1 Gb/s agrees with ns-3, demand by demand", "[ns3]") {
  const fs::path folder = fs::path(LONGHAUL_DATA_DIR) / "ns3";
  if (!fs::exists(folder)) {
    WARN("skipped: " << folder << " is not here");
    return;
  }
  const packet::Input input = ns3_files::read(folder / "abilene_1G");
  const auto ns3 = ns3_files::read_measured(folder / "abilene_1G.ns3-per-demand.txt");
  REQUIRE(ns3.size() > 100);

  std::vector<Measurements> runs;
  packet::Config config;
  config.warmup = Duration::zero();  // ns-3's run starts empty too
  config.duration = Duration::s(5);
  config.queueing.buffer.kind = packet::Buffer::Kind::unlimited;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    config.seed = seed;
    runs.push_back(packet::run(input, config));
    REQUIRE(runs.back().packets.dropped() == 0);
  }

  // ns-3's file gives nanoseconds; our histogram's buckets are 1.6 % of some 8 us wide.
  Figure packets{"packets", 0, {}, {}};
  Figure mean{"mean", 0.001, {}, {}};
  Figure p50{"p50", 0.1, {}, {}};
  Figure p99{"p99", 0.1, {}, {}};
  std::size_t found = 0;
  for (std::size_t d = 0; d < input.demands->demands.size(); ++d) {
    const Demand& demand = input.demands->demands[d];
    const auto it = ns3.find({demand.from.index(), demand.to.index()});
    if (it == ns3.end()) continue;
    ++found;
    const auto add = [&](Figure& figure, double theirs, auto&& ours) {
      figure.ns3.push_back(theirs);
      figure.ours.emplace_back();
      for (const Measurements& m : runs) figure.ours.back().push_back(ours(m.demands[d]));
    };
    const auto us = [](const DemandMeasurement& m, double excess_ps) {
      return (static_cast<double>(m.base.ps()) + excess_ps) * 1e-6;
    };
    using M = DemandMeasurement;
    add(packets, it->second.packets,
        [](const M& m) { return static_cast<double>(m.delivered_packets); });
    add(mean, it->second.mean_ms * 1e3, [&](const M& m) { return us(m, m.latency.mean_ps()); });
    add(p50, it->second.p50_ms * 1e3,
        [&](const M& m) { return us(m, m.latency.quantile_ps(0.5)); });
    // The p99 of 300 packets is their third largest, which is far from normal.
    if (it->second.packets >= 1000)
      add(p99, it->second.p99_ms * 1e3,
          [&](const M& m) { return us(m, m.latency.quantile_ps(0.99)); });
  }
  REQUIRE(found == ns3.size());
  REQUIRE(p99.ns3.size() > 90);

  for (const Figure* figure : {&packets, &mean, &p50, &p99}) {
    const auto a = agreement::compare(figure->ns3, figure->ours, figure->resolution);
    INFO(figure->name << ": mean t^2 " << a.mean_square << " (our runs among themselves "
                      << a.own_mean_square.mean << " +- " << a.own_mean_square.sd
                      << "), largest |t| " << a.worst << " (" << a.own_worst.mean << " +- "
                      << a.own_worst.sd << ")");
    CHECK(a.holds());
  }
}

}  // namespace longhaul
