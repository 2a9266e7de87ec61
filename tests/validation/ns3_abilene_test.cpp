// The engine against ns-3 on the Abilene backbone at 1 Gb/s: what ns-3 measured in 5 s, per demand.
//
// Method. Under the hypothesis that both simulate the same process, ns-3's run is one more draw of
// what our runs of other seeds are draws of. So 40 runs of 5 s give, per demand and figure, a mean
// and a standard deviation s, and t = (ns-3 - mean) / (s sqrt(1 + 1/40)) is Student's with 39
// degrees of freedom. Demands share links, so their t are not independent and their squares do not
// sum to a chi-square; how such a sum spreads is read off our own runs, each left out in turn and
// compared with the other 39.
#include <cmath>
#include <filesystem>
#include <vector>

#include "tests/catch.hpp"
#include "tests/validation/ns3_files.hpp"

namespace longhaul {
namespace {

namespace fs = std::filesystem;

constexpr int runs_count = 40;
constexpr double run_s = 5.0;

double mean_of(const std::vector<double>& x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return sum / static_cast<double>(x.size());
}

double sd_of(const std::vector<double>& x) {
  const double mean = mean_of(x);
  double squares = 0;
  for (const double v : x) squares += (v - mean) * (v - mean);
  return std::sqrt(squares / static_cast<double>(x.size() - 1));
}

/// Student's t of one more draw `value` beside `draws`; `resolution` is what rounding alone spreads
/// the figure by.
double t_of(double value, const std::vector<double>& draws, double resolution) {
  const double sd = sd_of(draws);
  const double spread = std::sqrt(sd * sd * (1.0 + 1.0 / static_cast<double>(draws.size())) +
                                  resolution * resolution);
  return std::abs(value - mean_of(draws)) / spread;
}

/// The runs without number `left_out`.
std::vector<double> without(std::vector<double> draws, std::size_t left_out) {
  draws.erase(draws.begin() + static_cast<std::ptrdiff_t>(left_out));
  return draws;
}

/// Largest t and mean of squares over all demands.
struct Agreement {
  double worst = 0;
  double mean_square = 0;
  std::size_t demand = 0;
  void add(double t, std::size_t at, std::size_t of) {
    if (t > worst) worst = t, demand = at;
    mean_square += t * t / static_cast<double>(of);
  }
};

/// [figure][demand][run]
using Draws = std::vector<std::vector<std::vector<double>>>;

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
  std::vector<DemandId> compared;
  for (std::size_t d = 0; d < input.demands->demands.size(); ++d) {
    const Demand& demand = input.demands->demands[d];
    if (ns3.count({demand.from.index(), demand.to.index()}) > 0) compared.push_back(DemandId(d));
  }
  REQUIRE(compared.size() == ns3.size());

  const std::size_t n = compared.size();
  Draws draws(4, std::vector<std::vector<double>>(n));  // packets, mean, p50, p99 in us
  packet::Config config;
  config.warmup = Duration::zero();  // ns-3's run starts empty too
  config.duration = Duration::from_seconds(run_s);
  config.buffer.kind = packet::Buffer::Kind::unlimited;
  for (int run = 1; run <= runs_count; ++run) {
    config.seed = static_cast<std::uint64_t>(run);
    const Measurements m = packet::run(input, config);
    REQUIRE(m.packets.dropped() == 0);
    for (std::size_t i = 0; i < n; ++i) {
      const DemandMeasurement& d = m.demands[compared[i].index()];
      const double base_us = static_cast<double>(d.base.ps()) * 1e-6;
      draws[0][i].push_back(static_cast<double>(d.delivered_packets));
      draws[1][i].push_back(base_us + d.latency.mean_ps() * 1e-6);
      draws[2][i].push_back(base_us + d.latency.quantile_ps(0.5) * 1e-6);
      draws[3][i].push_back(base_us + d.latency.quantile_ps(0.99) * 1e-6);
    }
  }

  const char* const names[] = {"packets", "mean", "p50", "p99"};
  // In us: ns-3's file gives nanoseconds, our histogram's buckets are 1.6 % of some 8 us wide.
  const double resolution[] = {0, 0.001, 0.1, 0.1};
  for (std::size_t figure = 0; figure < 4; ++figure) {
    Agreement agreement;
    std::vector<Agreement> own(runs_count);
    for (std::size_t i = 0; i < n; ++i) {
      const Demand& demand = input.demands->demands[compared[i].index()];
      const auto& theirs = ns3.at({demand.from.index(), demand.to.index()});
      const double value = figure == 0   ? theirs.packets
                           : figure == 1 ? theirs.mean_ms * 1e3
                           : figure == 2 ? theirs.p50_ms * 1e3
                                         : theirs.p99_ms * 1e3;
      // The p99 of 300 packets is their third largest, which is far from normal.
      if (figure == 3 && theirs.packets < 1000) continue;
      const auto& mine = draws[figure][i];
      agreement.add(t_of(value, mine, resolution[figure]), i, n);
      for (std::size_t r = 0; r < own.size(); ++r)
        own[r].add(t_of(mine[r], without(mine, r), resolution[figure]), i, n);
    }
    std::vector<double> squares;
    std::vector<double> worst;
    for (const Agreement& a : own) squares.push_back(a.mean_square), worst.push_back(a.worst);
    const Demand& demand = input.demands->demands[compared[agreement.demand].index()];
    INFO(names[figure] << ": mean t^2 " << agreement.mean_square << " (our runs among themselves "
                       << mean_of(squares) << " +- " << sd_of(squares) << "), largest |t| "
                       << agreement.worst << " at " << demand.from.index() << "-"
                       << demand.to.index() << " (among ourselves " << mean_of(worst) << " +- "
                       << sd_of(worst) << ")");
    CHECK(agreement.mean_square < mean_of(squares) + 4 * sd_of(squares));
    CHECK(agreement.worst < 5.0);  // t of 39 degrees exceeds 5 once in 80,000
  }
}

}  // namespace longhaul
