// How many replicas, how large and how long.
#include <algorithm>
#include <cmath>

#include "sim/engine/paths.hpp"
#include "sim/fluid/allocation.hpp"
#include "sim/hybrid/replicas.hpp"
#include "sim/hybrid/shrink.hpp"

namespace longhaul::hybrid {

namespace {

/// As many replicas as tell how far they are from each other, the least for Student's t to be of
/// use (3.2 at 95 %).
constexpr std::size_t wanted_replicas = 4;
/// All replicas together last so many of the longest round trips, and each warms up for so many.
constexpr double round_trips = 200;
constexpr double warmup_round_trips = 20;
/// And so many of the longest times between two losses of an endless connection.
constexpr double sawteeth = 6;
constexpr double warmup_sawteeth = 3;
/// A buffer of fewer segments than this is no longer like a large one: bursts of a window start
/// (RFC 6928: 10 segments) alone would fill it.
constexpr double least_buffer_segments = 20;
/// Round trips of BBR's cycle of probing for the least round trip, s
/// (draft-cardwell-iccrg-bbr-congestion-control-00, 4.3.1).
constexpr double bbr_cycle_s = 10;

struct Look {
  double hops_per_s = 0;
  double round_trip_s = 0;  ///< the longest, with half of what its fullest buffer holds
  double sawtooth_s = 0;    ///< the longest of an endless connection
  double start_s = 0;       ///< endless connections have all begun
  double least_scale = 0;   ///< below it buffers hold too little
  double fewest_endless =
      0;  ///< connections of the demand of endless ones that has fewest; 0: none
};

/// The rate that each demand can have, as a share of those it meets: open loop and flows what they
/// are offered, connections that never end fair shares of what is left.
std::vector<double> fair_rates(const engine::Input& input, const engine::Paths& paths) {
  const Network& net = *input.network;
  const DemandSet& set = *input.demands;
  std::vector<double> left;
  for (const Port& port : net.ports()) left.push_back(port.exists ? port.rate().as_double() : 0);
  std::vector<double> rates(set.demands.size(), 0.0);
  const auto endless = [&](std::size_t i) {
    const Transport* spec = set.transport(set.demands[i]);
    return spec != nullptr && spec->endless();
  };
  for (std::size_t i = 0; i < rates.size(); ++i) {
    if (endless(i)) continue;
    rates[i] = set.demands[i].rate.as_double();
    for (const engine::Path& path : paths[i])
      for (const PortId p : path.ports) left[p.index()] -= path.share * rates[i];
  }
  fluid::Allocation shares(1e-6);
  // What others overfill has room for a connection's least all the same.
  for (std::size_t p = 0; p < left.size(); ++p)
    shares.add_constraint(
        std::max(left[p], 0.01 * (net.ports()[p].exists ? net.ports()[p].rate().as_double() : 0)));
  std::vector<std::size_t> owner;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    if (!endless(i)) continue;
    const Transport& spec = *set.transport(set.demands[i]);
    for (const engine::Path& path : paths[i]) {
      std::vector<fluid::Crossing> crossings;
      for (const PortId p : path.ports)
        crossings.push_back({static_cast<fluid::ConstraintIndex>(p.index())});
      shares.add_variable(
          {1, 0, std::numeric_limits<double>::infinity(), path.share * spec.connections},
          crossings);
      owner.push_back(i);
    }
  }
  shares.solve();
  for (std::size_t v = 0; v < owner.size(); ++v) {
    const auto index = static_cast<fluid::VariableIndex>(v);
    rates[owner[v]] += shares.rate(index) * shares.variable(index).multiplicity;
  }
  return rates;
}

/// Seconds between two losses of a connection with `window` segments at most.
double sawtooth_s(const Transport& spec, double window, double round_trip_s) {
  switch (spec.protocol) {
    case CongestionControl::newreno:  // half a window, a segment a round trip
      return window / 2 * round_trip_s;
    case CongestionControl::cubic:  // twice K: back to the last maximum, and as far beyond
      return 2 * std::cbrt(window * 0.3 / 0.4);
    case CongestionControl::bbr:
      break;
  }
  return bbr_cycle_s;
}

Look look_at(const engine::Input& input, const Config& config) {
  Look out;
  const Network& net = *input.network;
  const DemandSet& set = *input.demands;
  const engine::Paths paths = engine::all_paths(input, *input.routes);
  const std::vector<double> rates = fair_rates(input, paths);
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const Demand& d = set.demands[i];
    const Transport* spec = set.transport(d);
    const double bits = 8 * set.sizes[d.sizes.index()].mean_bytes();
    const double acks = spec != nullptr ? 1.0 / spec->delayed_ack_segments : 0;
    double longest_s = 0;
    for (const engine::Path& path : paths[i]) {
      const auto hops = static_cast<double>(path.ports.size());
      out.hops_per_s += rates[i] * path.share / bits * hops * (1 + acks);
      if (spec == nullptr) continue;
      double buffer_s = 0;
      for (const PortId p : path.ports) {
        const Port& port = net.port(p);
        const double held = config.queueing.buffer.seconds(port.member_rate, bits);
        if (std::isfinite(held)) buffer_s = std::max(buffer_s, held);
        out.least_scale = std::max(
            out.least_scale, least_buffer_segments * bits / (held * port.member_rate.as_double()));
      }
      longest_s = std::max(longest_s, 2e-12 * static_cast<double>(path.delay_ps) + buffer_s / 2);
    }
    if (spec == nullptr) continue;
    out.round_trip_s = std::max(out.round_trip_s, longest_s);
    if (!spec->endless()) continue;
    const double window = rates[i] / spec->connections * longest_s / bits;
    out.sawtooth_s = std::max(out.sawtooth_s, sawtooth_s(*spec, window, longest_s));
    out.start_s = std::max(out.start_s, spec->start.seconds());
    if (out.fewest_endless == 0 || spec->connections < out.fewest_endless)
      out.fewest_endless = spec->connections;
  }
  return out;
}

/// Nothing happens in the run but what its random numbers do.
bool steady(const engine::Input& input) {
  const auto& demands = input.demands->demands;
  return input.changes.empty() &&
         std::none_of(demands.begin(), demands.end(),
                      [](const Demand& d) { return d.profile.valid() || d.service.valid(); }) &&
         std::none_of(input.rate_steps.begin(), input.rate_steps.end(),
                      [](const auto& steps) { return steps.size() > 1; });
}

/// The next lower scale at which the demand of fewest endless connections has a whole number of
/// them, and so have all like it.
double whole_connections(double scale, double fewest) {
  if (fewest == 0 || scale >= 1) return scale;
  return std::max(1.0, std::floor(scale * fewest + 1e-9)) / fewest;
}

Duration seconds(double s) { return Duration::ps(static_cast<std::int64_t>(s * 1e12)); }

}  // namespace

double tcp_hops_per_s(const engine::Input& input, const Config& config) {
  return look_at(input, config).hops_per_s;
}

ReplicaPlan plan_replicas(const engine::Input& input, const Config& config) {
  const Look look = look_at(input, config);
  ReplicaPlan plan;
  plan.warmup = config.warmup;
  plan.length = config.duration;
  const double asked_s = config.duration.seconds();
  double each_s = (config.warmup + config.duration).seconds();
  const double affordable_s = config.packet_hops / std::max(1.0, look.hops_per_s);
  if (affordable_s >= each_s && !config.scale) return plan;

  plan.count = wanted_replicas;
  const auto replicas = static_cast<double>(wanted_replicas);
  if (steady(input)) {
    const double warm_s = look.start_s + std::max(warmup_round_trips * look.round_trip_s,
                                                  warmup_sawteeth * look.sawtooth_s);
    const double least_s =
        std::max(round_trips * look.round_trip_s, sawteeth * look.sawtooth_s) / replicas;
    const double bought_s = affordable_s / replicas / config.scale.value_or(1.0) - warm_s;
    const double length_s = std::max(least_s, bought_s);
    if (warm_s + length_s < each_s) {
      plan.whole = false;
      plan.warmup = seconds(warm_s);
      plan.length = seconds(std::min(length_s, asked_s));
      each_s = (plan.warmup + plan.length).seconds();
    }
  }
  const double least = std::min(
      1.0, std::max(look.least_scale, look.fewest_endless > 0 ? 1 / look.fewest_endless : 0.0));
  const double wanted = config.scale.value_or(std::min(1.0, affordable_s / (replicas * each_s)));
  plan.scale = whole_connections(std::max(wanted, least), look.fewest_endless);
  // Fewer replicas where they cannot be small enough.
  if (wanted < least)
    plan.count = std::clamp<std::size_t>(
        static_cast<std::size_t>(affordable_s / (each_s * plan.scale)), 1, wanted_replicas);
  return plan;
}

}  // namespace longhaul::hybrid
