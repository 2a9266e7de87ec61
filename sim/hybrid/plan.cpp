#include "sim/hybrid/plan.hpp"

#include <algorithm>
#include <cmath>

#include "sim/base/random.hpp"
#include "sim/engine/paths.hpp"
#include "sim/routing/loads.hpp"

namespace longhaul::hybrid {

namespace {

/// So many windows for a steady state, as batches whose spread gives the error; and at most.
constexpr std::size_t least_windows = 8;
constexpr std::size_t most_windows = 400;
/// Of a state that changes there are at least so many, were they ever so short.
constexpr std::size_t least_windows_of_change = 24;
/// Times at which the rates of profiles are looked at to make the plan.
constexpr std::size_t rate_samples = 24;
/// What starting a window costs, in packet-hops (of some 30 ns): memory, then each demand and each
/// LAG member. Measured: 2 to 7 ms with 30 demands, 300 ms with 40,000.
constexpr double start_cost = 1e5;
constexpr double start_cost_of_demand = 250;
constexpr double start_cost_of_queue = 300;
/// A window lasts so many relaxation times of the slowest queue, if that can be paid for.
constexpr double relaxations = 20;
constexpr double warmup_relaxations = 5;
/// Above this load a queue's relaxation is not waited for.
constexpr double most_load = 0.95;
/// Bursts are simulated packet by packet if the windows hold so many of them.
constexpr double bursts_wanted = 50;
/// No need of more windows than a run of packets would have packets, but for very short runs.
constexpr double least_packet_hops = 2e6;
/// A window lasts so many times as long as a packet is under way in it without waiting.
constexpr double path_share = 10;
/// Bursts with heavy tails count as so much longer than their mean.
constexpr double heavy_tail = 10;
/// Of a steady state windows are fewer and longer where warming up would take more of them than
/// this.
constexpr double most_warmup = 0.3;
constexpr std::size_t fewest_windows = 4;
/// A buffer is shallow if it holds at most this share of a window.
constexpr double shallow_share = 0.05;

struct Queues {
  double hops_per_s = 0;
  double relaxation_s = 0;
  double most_hops = 1;
};

/// The demands' rates at some times of the run, by their profiles.
std::vector<DemandSet> sampled_rates(const engine::Input& input, const Config& config) {
  const DemandSet& set = *input.demands;
  if (std::none_of(set.demands.begin(), set.demands.end(),
                   [](const Demand& d) { return d.profile.valid(); }))
    return {set};
  std::vector<DemandSet> out(rate_samples, set);
  for (std::size_t i = 0; i < set.demands.size(); ++i) {
    const Demand& d = set.demands[i];
    const Profile* profile = set.profile(d);
    if (profile == nullptr) continue;
    const auto& at = input.network->node(d.from).at;
    const ProfileSteps steps(*profile, at ? at->longitude : 0.0);
    for (std::size_t k = 0; k < rate_samples; ++k) {
      const std::int64_t time =
          config.warmup.ps() + config.duration.ps() / static_cast<std::int64_t>(2 * rate_samples) *
                                   static_cast<std::int64_t>(2 * k + 1);
      out[k].demands[i].rate = Rate::bps(std::max<std::int64_t>(
          1, static_cast<std::int64_t>(d.rate.as_double() * steps.factor(time))));
    }
  }
  return out;
}

/// What the queues are like under the routes at the start.
Queues look_at_queues(const engine::Input& input, const Config& config) {
  Queues out;
  const Network& net = *input.network;
  const std::vector<DemandSet> sets = sampled_rates(input, config);
  for (const DemandSet& set : sets) {
    double bits = 0;
    double packets = 0;
    for (const Demand& d : set.demands) {
      bits += d.rate.as_double();
      packets += d.rate.as_double() / (8 * set.sizes[d.sizes.index()].mean_bytes());
    }
    if (!(packets > 0)) return out;
    const double mean_bits = bits / packets;
    const Loads loads = expected_loads(net, *input.routes, set, true);
    for (std::size_t p = 0; p < net.ports().size(); ++p) {
      const Port& port = net.ports()[p];
      if (!port.exists || !(loads.load_bps[p] > 0)) continue;
      const double capacity = port.rate().as_double();
      const double wire_bits = mean_bits + 8 * port.overhead;
      out.hops_per_s +=
          std::min(loads.load_bps[p], capacity) / wire_bits / static_cast<double>(sets.size());
      // Of an M/M/1: 1 / (mu (1 - sqrt(rho))^2) (Cohen, The Single Server Queue, II.2.1).
      const double root = std::sqrt(std::min(most_load, loads.load_bps[p] / capacity));
      out.relaxation_s = std::max(
          out.relaxation_s, wire_bits / port.member_rate.as_double() / ((1 - root) * (1 - root)));
    }
  }
  for (const PathStats& path : path_stats(net, *input.routes, *input.demands))
    out.most_hops = std::max(out.most_hops, path.mean_hops);
  return out;
}

/// The longest time that a queue takes to forget a crowd of bursts: of a diffusion with the same
/// drift and variance, 4 variance / drift^2 (Cox and Miller, The Theory of Stochastic
/// Processes, 5.7).
double burst_relaxation_s(const engine::Input& input, const std::vector<bool>& frozen) {
  const Network& net = *input.network;
  const DemandSet& set = *input.demands;
  const Loads loads = expected_loads(net, *input.routes, set, true);
  std::vector<double> variance(net.ports().size(), 0.0);  // bit^2/s
  for (std::size_t i = 0; i < set.demands.size(); ++i) {
    const Demand& d = set.demands[i];
    const Bursts bursts = bursts_of(set.arrival_model(d), d.rate);
    if (frozen[i] || !(bursts.cycle_s > 0)) continue;
    // Twice the variance times the time over which it is correlated, of a cycle of two states.
    const double rate = d.rate.as_double();
    const double own = bursts.variance * rate * rate * bursts.cycle_s / 2;
    for (const engine::Path& path : engine::paths_of(input, *input.routes, DemandId(i)))
      for (const PortId p : path.ports) variance[p.index()] += path.share * path.share * own;
  }
  double longest = 0;
  for (std::size_t p = 0; p < variance.size(); ++p) {
    if (!(variance[p] > 0)) continue;
    const double capacity = net.ports()[p].rate().as_double();
    const double drift = capacity * (1 - std::min(most_load, loads.load_bps[p] / capacity));
    longest = std::max(longest, 4 * variance[p] / (drift * drift));
  }
  return longest;
}

bool changes_slowly(const engine::Input& input) {
  const auto& demands = input.demands->demands;
  return !input.changes.empty() || std::any_of(demands.begin(), demands.end(), [](const Demand& d) {
    return d.profile.valid();
  }) || std::any_of(input.rate_steps.begin(), input.rate_steps.end(), [](const auto& steps) {
    return steps.size() > 1;
  });
}

}  // namespace

Bursts bursts_of(const ArrivalModel* model, Rate mean) {
  if (model == nullptr) return {};
  if (const auto* mmpp = std::get_if<Mmpp>(model)) {
    Bursts out;
    const std::vector<double> shares = time_shares(*mmpp);
    const std::vector<double> factors = rate_factors(*mmpp);
    for (std::size_t i = 0; i < shares.size(); ++i) {
      out.cycle_s += mmpp->states[i].mean.seconds();
      out.variance += shares[i] * (factors[i] - 1) * (factors[i] - 1);
    }
    return out;
  }
  if (const auto* on_off = std::get_if<OnOff>(model)) {
    const double on = on_off->on.seconds();
    const double off = on_off->off.seconds();
    return {(on + off) * (on_off->alpha > 0 ? heavy_tail : 1), off / on / on_off->sources};
  }
  if (const auto* flows = std::get_if<FlowArrivals>(model))  // under way: Poisson (M/G/infinity)
    return {heavy_tail * 8 * flows->sizes->mean_bytes() / flows->rate.as_double(),
            flows->rate.as_double() / mean.as_double()};
  return {};
}

Plan make_plan(const engine::Input& input, const Config& config) {
  const DemandSet& set = *input.demands;
  const Queues queues = look_at_queues(input, config);
  const double run_s = (config.warmup + config.duration).seconds();
  const double hops =
      std::min(config.packet_hops, std::max(least_packet_hops, queues.hops_per_s * run_s));
  const double all_s = queues.hops_per_s > 0 ? hops / queues.hops_per_s : run_s;

  Plan plan;
  plan.steady = !changes_slowly(input);
  double longest_burst_s = 0;
  for (const Demand& d : set.demands) {
    const double burst = bursts_of(set.arrival_model(d), d.rate).cycle_s;
    // Of bursts that are few in the run itself, those that the run has are what counts.
    plan.frozen.push_back(burst * bursts_wanted > std::min(all_s, run_s));
    if (plan.frozen.back())
      plan.steady = false;
    else
      longest_burst_s = std::max(longest_burst_s, burst);
  }

  plan.longest_relaxation_s = std::max(queues.relaxation_s, burst_relaxation_s(input, plan.frozen));
  const double warm_s =
      std::max(warmup_relaxations * plan.longest_relaxation_s, 3 * longest_burst_s);
  double start_hops = start_cost + start_cost_of_demand * static_cast<double>(set.demands.size());
  for (const Port& port : input.network->ports())
    if (port.exists) start_hops += start_cost_of_queue * port.members;
  std::size_t windows = least_windows;
  if (!plan.steady) {
    const double least_s = std::max(relaxations * plan.longest_relaxation_s, 5 * longest_burst_s);
    const double each = queues.hops_per_s * (warm_s + least_s) + start_hops;
    windows = static_cast<std::size_t>(std::clamp(hops / std::max(1.0, each),
                                                  static_cast<double>(least_windows_of_change),
                                                  static_cast<double>(most_windows)));
    // As many to every batch.
    windows -= windows % least_windows;
  } else if (warm_s > most_warmup * all_s / static_cast<double>(windows)) {
    windows = fewest_windows;
  }
  const double each_s = std::max(hops / static_cast<double>(windows) - start_hops,
                                 hops / 4 / static_cast<double>(windows)) /
                        std::max(1.0, queues.hops_per_s);
  const double length_s = std::max(each_s - std::min(warm_s, each_s / 2), 1e-9);
  const double hop_s = length_s / (path_share * queues.most_hops);
  plan.length = Duration::ps(static_cast<std::int64_t>(length_s * 1e12));
  plan.hop_delay = Duration::ps(std::max<std::int64_t>(1, static_cast<std::int64_t>(hop_s * 1e12)));
  plan.warmup = Duration::ps(static_cast<std::int64_t>(
      (std::min(warm_s, each_s / 2) + 2 * hop_s * queues.most_hops) * 1e12));

  // One state in each part of the measured period, at a random time in it.
  const double part = static_cast<double>(config.duration.ps()) / static_cast<double>(windows);
  for (std::size_t i = 0; i < windows; ++i) {
    const double at =
        static_cast<double>(philox(config.seed, 0x77696e646f77, i).w[0]) / 4294967296.0;
    plan.instants.push_back(config.warmup.ps() +
                            static_cast<std::int64_t>(part * (static_cast<double>(i) + at)));
  }

  double bytes = 0;
  for (const Demand& d : set.demands) bytes += set.sizes[d.sizes.index()].mean_bytes();
  const double mean_bits =
      8 * bytes / static_cast<double>(std::max<std::size_t>(1, set.demands.size()));
  for (const Port& port : input.network->ports())
    plan.shallow.push_back(config.queueing.buffer.seconds(port.member_rate, mean_bits) <=
                           shallow_share * length_s);
  return plan;
}

}  // namespace longhaul::hybrid
