// The table of docs/accuracy.md: how far fluid and hybrid are from packets, on the networks of a
// data folder.
//
//   accuracy_table [--data DIR] [--networks N] [--packet-hops X] [--hybrid-hops Y] [--csv FILE]
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <tuple>
#include <vector>

#include "sim/base/error.hpp"
#include "sim/topology/topology.hpp"
#include "tests/validation/accuracy.hpp"

using namespace longhaul;
namespace fs = std::filesystem;

namespace {

constexpr double loads[] = {0.3, 0.5, 0.7, 0.9, 0.95};
constexpr std::size_t most_nodes = 60;

struct Pair {
  std::string topology;
  std::string matrix;
};

bool small_enough(const std::string& topology) {
  Diagnostics diagnostics;
  const NetworkSpec spec = load_topology_spec(topology, diagnostics);
  return !diagnostics.has_errors() && spec.nodes.size() <= most_nodes && spec.nodes.size() >= 5;
}

/// SNDlib's networks, then others of the Topology Zoo, evenly over the alphabet.
std::vector<Pair> networks(const fs::path& data, std::size_t wanted) {
  std::vector<Pair> out;
  std::vector<std::string> sndlib;
  for (const auto& e : fs::directory_iterator(data / "sndlib"))
    if (e.path().extension() == ".json") sndlib.push_back(e.path().string());
  std::sort(sndlib.begin(), sndlib.end());
  for (const std::string& s : sndlib)
    if (out.size() < wanted && small_enough(s)) out.push_back({s, s});
  std::vector<std::string> zoo;
  for (const auto& e : fs::directory_iterator(data / "repetita" / "unary"))
    if (e.path().extension() == ".graph") zoo.push_back(e.path().string());
  std::sort(zoo.begin(), zoo.end());
  const std::size_t step = std::max<std::size_t>(1, zoo.size() / (wanted - out.size() + 4));
  for (std::size_t i = 0; i < zoo.size() && out.size() < wanted; i += step)
    if (small_enough(zoo[i]))
      out.push_back({zoo[i], zoo[i].substr(0, zoo[i].size() - 6) + ".0000.demands"});
  return out;
}

struct Cell {
  std::vector<double> mean, p50, p99, p999, loss;
  std::vector<double> noise_mean, noise_p99, noise_p999, noise_loss;
  std::vector<double> fluid_mean, fluid_p99;
  double packet_s = 0, hybrid_s = 0;
};

double median(std::vector<double> v) {
  if (v.empty()) return std::nan("");
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}
double worst(const std::vector<double>& v) {
  return v.empty() ? std::nan("") : *std::max_element(v.begin(), v.end());
}
std::string pair_of(const std::vector<double>& v) {
  if (v.empty()) return "-";
  return fmt::format("{:.1f} / {:.1f}", 100 * median(v), 100 * worst(v));
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app{"How far fluid and hybrid are from packets"};
  std::string data = LONGHAUL_DATA_DIR;
  std::size_t count = 32;
  double packet_hops = 1e7;
  double hybrid_hops = 1e7;
  std::string csv;
  std::string only;
  app.add_option("--data", data);
  app.add_option("--networks", count);
  app.add_option("--packet-hops", packet_hops);
  app.add_option("--hybrid-hops", hybrid_hops);
  app.add_option("--csv", csv);
  app.add_option("--only", only);
  CLI11_PARSE(app, argc, argv);
  const auto all = networks(data, count);
  std::ofstream rows;
  if (!csv.empty()) {
    rows.open(csv);
    rows << "network,kind,load,packet_mean,packet_p50,packet_p99,packet_p999,packet_loss,"
            "other_mean,other_p99,other_p999,other_loss,hybrid_mean,hybrid_p50,hybrid_p99,"
            "hybrid_p999,hybrid_loss,fluid_mean,fluid_p99,bar_mean,bar_p99,bar_p999\n";
  }
  fmt::print("{} networks; |hybrid - packets| / packets, median / worst, in percent\n\n",
             all.size());
  fmt::print(
      "| traffic | load | mean | p50 | p99 | p99.9 | loss | packets' own: mean | p99 | p99.9 | "
      "loss "
      "| within goal |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- "
      "|\n");
  for (const accuracy::Kind& kind : accuracy::kinds())
    for (const double load : loads) {
      if (std::string(kind.name).find(only) == std::string::npos) continue;
      Cell cell;
      for (const Pair& pair : all) {
        // Full queues vary more.
        const double longer = load >= 0.9 ? 3 : 1;
        const auto o = accuracy::run_case(
            {pair.topology, pair.matrix, load, &kind, longer * packet_hops, longer * hybrid_hops});
        // The mean of both packet runs is the reference; half their difference is its own error.
        const auto both = [&](double a, double b) { return kind.long_bursts ? a : (a + b) / 2; };
        const auto add = [&](std::vector<double>& v, double x, double a, double b) {
          v.push_back(std::abs(accuracy::off_by(x, both(a, b))));
        };
        const auto own = [&](std::vector<double>& v, double a, double b) {
          v.push_back(a + b > 0 ? std::abs(a - b) / (a + b) : 0);
        };
        const auto& [p, q, h, f] = std::tie(o.packet, o.other_packet, o.hybrid, o.fluid);
        add(cell.mean, h.mean_s, p.mean_s, q.mean_s);
        add(cell.p50, h.p50_s, p.p50_s, q.p50_s);
        add(cell.p99, h.p99_s, p.p99_s, q.p99_s);
        add(cell.p999, h.p999_s, p.p999_s, q.p999_s);
        own(cell.noise_mean, p.mean_s, q.mean_s);
        own(cell.noise_p99, p.p99_s, q.p99_s);
        own(cell.noise_p999, p.p999_s, q.p999_s);
        if (both(p.loss, q.loss) > 1e-4) {
          add(cell.loss, h.loss, p.loss, q.loss);
          own(cell.noise_loss, p.loss, q.loss);
        }
        add(cell.fluid_mean, f.mean_s, p.mean_s, q.mean_s);
        add(cell.fluid_p99, f.p99_s, p.p99_s, q.p99_s);
        cell.packet_s += o.packet_wall_s;
        cell.hybrid_s += o.hybrid_wall_s;
        if (rows.is_open()) {
          rows << fmt::format("{},{},{}", fs::path(pair.topology).stem().string(), kind.name, load);
          for (const double x : {p.mean_s, p.p50_s, p.p99_s, p.p999_s, p.loss, q.mean_s, q.p99_s,
                                 q.p999_s, q.loss, h.mean_s, h.p50_s, h.p99_s, h.p999_s, h.loss,
                                 f.mean_s, f.p99_s, o.bar.mean, o.bar.p99, o.bar.p999})
            rows << fmt::format(",{:.6g}", x);
          rows << std::endl;
        }
      }
      std::size_t within = 0;
      for (std::size_t i = 0; i < cell.mean.size(); ++i)
        within += cell.mean[i] <= 0.05 && cell.p99[i] <= 0.05 && cell.p999[i] <= 0.1 ? 1 : 0;
      fmt::print("| {} | {:.0f} % | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} of {} |\n",
                 kind.name, 100 * load, pair_of(cell.mean), pair_of(cell.p50), pair_of(cell.p99),
                 pair_of(cell.p999), pair_of(cell.loss), pair_of(cell.noise_mean),
                 pair_of(cell.noise_p99), pair_of(cell.noise_p999), pair_of(cell.noise_loss),
                 within, cell.mean.size());
      std::fflush(stdout);
    }
  return 0;
} catch (const std::exception& e) {
  fmt::print(stderr, "{}\n", e.what());
  return 2;
}
