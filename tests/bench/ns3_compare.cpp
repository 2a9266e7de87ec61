// ns-3 and longhaul on the same backbones, in one process: speed of both, and whether per-demand
// mean delays agree.
//
//   ns3_compare [NAME[@SCALE][:SECONDS]]...
//
// NAME is a file under ../shared/data/ns3 (or a path) without .topo/.dem; SCALE multiplies
// capacities and demands; SECONDS is the simulated time. Longhaul runs the same seconds with 40
// seeds, half of them before ns-3 and half after, one thread; its speed is the median, everything
// from building the model to the finished measurements included. Delays are compared as
// tests/validation/agreement.hpp says: is ns-3's run one of ours? Demands of fewer than 100 packets
// in ns-3's run are pooled by destination, by their delay above the least possible. Exit status 1
// if delays or drops disagree.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "tests/bench/ns3_backbone.hpp"
#include "tests/validation/agreement.hpp"
#include "tests/validation/ns3_files.hpp"

namespace longhaul::bench {
namespace {

constexpr int runs = 40;
constexpr std::uint64_t least_packets = 100;  ///< for a mean to be near normal

struct Case {
  std::string name;
  std::int64_t scale = 1;
  double seconds = 1;
};

Case parse(std::string text) {
  Case c;
  if (const auto colon = text.rfind(':'); colon != std::string::npos) {
    c.seconds = std::stod(text.substr(colon + 1));
    text.resize(colon);
  }
  if (const auto at = text.rfind('@'); at != std::string::npos) {
    c.scale = std::stol(text.substr(at + 1));
    text.resize(at);
  }
  c.name = text;
  return c;
}

/// Delays above the least possible, of one demand in one run.
struct Excess {
  double packets = 0;
  double sum_us = 0;
};

struct Ours {
  std::vector<double> ns_per_hop;
  std::vector<std::vector<Excess>> excess;  ///< [run][demand]
  std::vector<double> base_us;              ///< by demand: the least delay
  std::uint64_t dropped = 0;
};

void run_ours(const packet::Input& input, double seconds, int from, int to, Ours& ours) {
  packet::Config config;
  config.warmup = Duration::zero();  // ns-3 starts empty too
  config.duration = Duration::from_seconds(seconds);
  config.queueing.buffer.kind = packet::Buffer::Kind::unlimited;
  for (int seed = from; seed <= to; ++seed) {
    config.seed = static_cast<std::uint64_t>(seed);
    const Measurements m = packet::run(input, config);
    ours.ns_per_hop.push_back(m.cost.wall_s * 1e9 / static_cast<double>(m.cost.packet_hops));
    ours.dropped += m.packets.dropped();
    ours.excess.emplace_back();
    ours.base_us.clear();
    for (const DemandMeasurement& d : m.demands) {
      ours.excess.back().push_back(
          {static_cast<double>(d.delivered_packets), static_cast<double>(d.latency.sum_ps) * 1e-6});
      ours.base_us.push_back(static_cast<double>(d.base.ps()) * 1e-6);
    }
  }
}

constexpr double too_few = -1e9;

/// Means to compare: of each demand with enough packets, and of the rest by destination.
struct Figures {
  std::size_t demands = 0;
  std::vector<double> peer;
  std::vector<std::vector<double>> draws;
};

Figures figures_of(const packet::Input& input, const Ns3Result& theirs, const Ours& ours) {
  Figures f;
  std::vector<std::vector<std::size_t>> groups;
  std::vector<std::vector<std::size_t>> small(input.network->nodes().size());
  std::vector<Excess> peer;
  for (std::size_t d = 0; d < theirs.packets.size(); ++d) {
    const auto packets = static_cast<double>(theirs.packets[d]);
    peer.push_back({packets, packets * (theirs.mean_us[d] - ours.base_us[d])});
    if (theirs.packets[d] >= least_packets)
      groups.push_back({d});
    else
      small[input.demands->demands[d].to.index()].push_back(d);
  }
  const std::size_t single = groups.size();
  groups.insert(groups.end(), small.begin(), small.end());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto& group = groups[g];
    const auto mean = [&](const std::vector<Excess>& all) {
      Excess sum;
      for (const std::size_t d : group) {
        sum.packets += all[d].packets;
        sum.sum_us += all[d].sum_us;
      }
      return sum.packets < 0.5 * static_cast<double>(least_packets) ? too_few
                                                                    : sum.sum_us / sum.packets;
    };
    std::vector<double> draws;
    for (const auto& run : ours.excess) draws.push_back(mean(run));
    if (mean(peer) == too_few || std::count(draws.begin(), draws.end(), too_few) > 0) continue;
    if (g < single) ++f.demands;
    f.peer.push_back(mean(peer));
    f.draws.push_back(draws);
  }
  return f;
}

Ns3Backbone to_ns3(const packet::Input& input) {
  const Network& net = *input.network;
  Ns3Backbone b;
  b.nodes = static_cast<std::uint32_t>(net.nodes().size());
  for (const Link& link : net.links())
    b.links.push_back({link.a.value(), link.b.value(),
                       static_cast<std::uint64_t>(link.capacity.total().bps()), link.delay.ps()});
  for (const Demand& d : input.demands->demands)
    b.demands.push_back({d.from.value(), d.to.value(), d.rate.as_double()});
  for (std::size_t at = 0; at < b.nodes; ++at)
    for (std::size_t to = 0; to < b.nodes; ++to) {
      const auto next = input.routes->next(NodeId(at), NodeId(to));
      b.next_port.push_back(next.empty() ? -1 : static_cast<std::int64_t>(next.front().index()));
    }
  return b;
}

bool compare(const Case& c) {
  const std::string stem =
      c.name.find('/') == std::string::npos ? LONGHAUL_DATA_DIR "/ns3/" + c.name : c.name;
  const packet::Input input = ns3_files::read(stem, c.scale);
  if (input.demands->demands.empty()) {
    fmt::print("{}: skipped, {}.topo and .dem are not here\n", c.name, stem);
    return true;
  }
  Ours ours;
  run_ours(input, c.seconds, 1, runs / 2, ours);
  const Ns3Result theirs = run_ns3(to_ns3(input), c.seconds, 1);
  run_ours(input, c.seconds, runs / 2 + 1, runs, ours);

  std::sort(ours.ns_per_hop.begin(), ours.ns_per_hop.end());
  const double our_ns = ours.ns_per_hop[ours.ns_per_hop.size() / 2];
  const double their_ns = theirs.run_s * 1e9 / static_cast<double>(theirs.packet_hops);

  const Figures figures = figures_of(input, theirs, ours);
  if (figures.peer.empty()) {
    fmt::print("{}: too short to compare anything\n", c.name);
    return false;
  }
  const std::uint64_t their_drops = theirs.sent - theirs.received;
  const bool drops_agree = their_drops == 0 && ours.dropped == 0;
  const auto a = agreement::compare(figures.peer, figures.draws, 0.001);
  const bool agrees = a.holds() && drops_agree;
  fmt::print(
      "| {} x{} | {:.2f} | {:.2f} M | {:.0f} | {:.3f} M | {:.1f} | {:.1f} M | {:.0f} | {} + {} | "
      "{:.2f} ({:.2f} +- {:.2f}) | {:.1f} ({:.1f} +- {:.1f}) | {} / {} | {} |\n",
      c.name, c.scale, c.seconds, static_cast<double>(theirs.packet_hops) * 1e-6, their_ns,
      1e3 / their_ns, our_ns, 1e3 / our_ns, their_ns / our_ns, figures.demands,
      figures.peer.size() - figures.demands, a.mean_square, a.own_mean_square.mean,
      a.own_mean_square.sd, a.worst, a.own_worst.mean, a.own_worst.sd, their_drops, ours.dropped,
      agrees ? "yes" : "NO");
  std::fflush(stdout);
  return agrees;
}

}  // namespace
}  // namespace longhaul::bench

int main(int argc, char** argv) {
  std::vector<std::string> names(argv + 1, argv + argc);
  if (names.empty()) names = {"abilene_1G:5", "abilene_1G@10:0.5", "geant_1G:3", "cogent_1G:0.5"};
  fmt::print(
      "| backbone | simulated s | packet-hops | ns-3: ns/hop | hops/s | longhaul: ns/hop | hops/s "
      "| "
      "ratio | demands + pools | mean t^2 (own runs) | largest \\|t\\| (own runs) | drops | agree "
      "|\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
  bool agree = true;
  try {
    for (const auto& name : names)
      agree = longhaul::bench::compare(longhaul::bench::parse(name)) && agree;
  } catch (const std::exception& e) {
    fmt::print(stderr, "ns3_compare: {}\n", e.what());
    return 2;
  }
  return agree ? 0 : 1;
}
