// The table of docs/accuracy.md: how far fluid and hybrid are from packets, on the networks of a
// data folder.
//
//   accuracy_table [--data DIR] [--networks N] [--every K] [--packet-hops X] [--hybrid-hops Y]
//                  [--only TEXT] [--from-load X] [--csv FILE]
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
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

/// Of one row of the table: relative errors, a value a network.
struct Cell {
  std::vector<double> mean, p50, p99, p999, loss, goodput;
  std::vector<double> noise_mean, noise_p99, noise_p999, noise_loss, noise_goodput;
  std::vector<double> fluid_mean, fluid_p99, fluid_goodput;
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

/// Adds a network's errors.
void add(Cell& cell, const accuracy::Outcome& o, const accuracy::Kind& kind) {
  using Figure = double accuracy::Figures::*;
  // The mean of both packet runs is the reference; half their difference is its own error.
  const auto off = [&](std::vector<double>& v, const accuracy::Figures& of, Figure f) {
    const double a = o.packet.*f;
    const double reference = kind.long_bursts ? a : (a + o.other_packet.*f) / 2;
    v.push_back(std::abs(accuracy::off_by(of.*f, reference)));
  };
  const auto own = [&](std::vector<double>& v, Figure f) {
    const double a = o.packet.*f;
    const double b = o.other_packet.*f;
    v.push_back(a + b > 0 ? std::abs(a - b) / (a + b) : 0);
  };
  off(cell.mean, o.hybrid, &accuracy::Figures::mean_s);
  off(cell.p50, o.hybrid, &accuracy::Figures::p50_s);
  off(cell.p99, o.hybrid, &accuracy::Figures::p99_s);
  off(cell.p999, o.hybrid, &accuracy::Figures::p999_s);
  own(cell.noise_mean, &accuracy::Figures::mean_s);
  own(cell.noise_p99, &accuracy::Figures::p99_s);
  own(cell.noise_p999, &accuracy::Figures::p999_s);
  if (o.packet.loss + (kind.long_bursts ? o.packet.loss : o.other_packet.loss) > 2e-4) {
    off(cell.loss, o.hybrid, &accuracy::Figures::loss);
    own(cell.noise_loss, &accuracy::Figures::loss);
  }
  off(cell.fluid_mean, o.fluid, &accuracy::Figures::mean_s);
  off(cell.fluid_p99, o.fluid, &accuracy::Figures::p99_s);
  if (kind.transport == nullptr) return;
  off(cell.goodput, o.hybrid, &accuracy::Figures::goodput_bps);
  own(cell.noise_goodput, &accuracy::Figures::goodput_bps);
  off(cell.fluid_goodput, o.fluid, &accuracy::Figures::goodput_bps);
}

void print_head(bool tcp) {
  fmt::print(
      "\n| traffic |{} mean | p50 | p99 | p99.9 | loss |{} packets' own: mean | p99 | p99.9 | "
      "loss |{} within goal |{}\n|{}\n",
      tcp ? "" : " load |", tcp ? " goodput |" : "", tcp ? " goodput |" : "",
      tcp ? " fluid: goodput |" : " fluid: mean | p99 |",
      tcp ? " --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
          : " --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
}

void print_row(const Cell& c, const std::string& name, bool tcp) {
  std::size_t within = 0;
  for (std::size_t i = 0; i < c.mean.size(); ++i)
    within += c.mean[i] <= 0.05 && c.p99[i] <= 0.05 && c.p999[i] <= 0.1 ? 1 : 0;
  std::string row = "| " + name;
  const auto put = [&](const std::vector<double>& v) { row += " | " + pair_of(v); };
  for (const auto* v : {&c.mean, &c.p50, &c.p99, &c.p999, &c.loss}) put(*v);
  if (tcp) put(c.goodput);
  for (const auto* v : {&c.noise_mean, &c.noise_p99, &c.noise_p999, &c.noise_loss}) put(*v);
  if (tcp) put(c.noise_goodput);
  row += fmt::format(" | {} of {}", within, c.mean.size());
  if (tcp)
    put(c.fluid_goodput);
  else
    for (const auto* v : {&c.fluid_mean, &c.fluid_p99}) put(*v);
  fmt::print("{} |\n", row);
  std::fflush(stdout);
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
  std::size_t every = 1;
  double least_load = 0;
  app.add_option("--data", data);
  app.add_option("--networks", count);
  app.add_option("--packet-hops", packet_hops);
  app.add_option("--hybrid-hops", hybrid_hops);
  app.add_option("--csv", csv);
  app.add_option("--only", only, "Rows whose name contains this");
  app.add_option("--every", every, "Only every so many of the networks")
      ->check(CLI::PositiveNumber);
  app.add_option("--from-load", least_load, "Only rows of at least this load, 0 to 1");
  CLI11_PARSE(app, argc, argv);
  const auto all = networks(data, count);
  std::ofstream rows;
  if (!csv.empty()) {
    rows.open(csv);
    rows << "network,kind,load";
    for (const char* of : {"packet", "other", "hybrid", "fluid"})
      for (const char* figure : {"mean", "p50", "p99", "p999", "loss", "goodput"})
        rows << ',' << of << '_' << figure;
    rows << ",bar_mean,bar_p99,bar_p999,packet_s,hybrid_s\n";
  }
  fmt::print("{} networks; |hybrid - packets| / packets, median / worst, in percent\n", all.size());
  for (const auto* kinds : {&accuracy::kinds(), &accuracy::tcp_kinds()}) {
    print_head(kinds->front().transport != nullptr);
    for (const accuracy::Kind& kind : *kinds)
      for (const double load : loads) {
        if (std::string(kind.name).find(only) == std::string::npos) continue;
        const bool endless = kind.transport != nullptr && kind.transport->endless();
        // What never ends fills links whatever the load.
        if (endless && load != loads[0]) continue;
        if (least_load > load && !endless) continue;
        Cell cell;
        for (std::size_t i = 0; i < all.size(); i += every) {
          const Pair& pair = all[i];
          // Full queues vary more.
          const double longer = load >= 0.9 && kind.transport == nullptr ? 3 : 1;
          const auto o = accuracy::run_case({pair.topology, pair.matrix, load, &kind,
                                             longer * packet_hops, longer * hybrid_hops});
          add(cell, o, kind);
          if (!rows.is_open()) continue;
          rows << fmt::format("{},\"{}\",{}", fs::path(pair.topology).stem().string(), kind.name,
                              load);
          for (const auto* f : {&o.packet, &o.other_packet, &o.hybrid, &o.fluid})
            for (const double x :
                 {f->mean_s, f->p50_s, f->p99_s, f->p999_s, f->loss, f->goodput_bps})
              rows << fmt::format(",{:.6g}", x);
          for (const double x :
               {o.bar.mean, o.bar.p99, o.bar.p999, o.packet_wall_s, o.hybrid_wall_s})
            rows << fmt::format(",{:.6g}", x);
          rows << std::endl;
        }
        std::string name = kind.name;
        if (kind.transport == nullptr || !endless) {
          if (kind.transport == nullptr)
            name += fmt::format(" | {:.0f} %", 100 * load);
          else
            name += fmt::format(", {:.0f} %", 100 * load);
        }
        print_row(cell, name, kind.transport != nullptr);
      }
  }
  return 0;
} catch (const std::exception& e) {
  fmt::print(stderr, "{}\n", e.what());
  return 2;
}
