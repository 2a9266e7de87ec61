#include "sim/hybrid/window.hpp"

#include <algorithm>
#include <cmath>

#include "sim/base/random.hpp"
#include "sim/engine/base_latency.hpp"
#include "sim/routing/loads.hpp"
#include "sim/traffic/streams.hpp"

namespace longhaul::hybrid {

namespace {

/// At a deep port that more comes to than goes, the fluid says what waits; the window's packets are
/// thinned to this load, so that they neither pile up nor leave what follows idle.
constexpr double overloaded = 0.98;
constexpr double thinned_to = 0.97;

/// The network with every link as long as a window can wait for: where nothing answers, delays only
/// shift what comes (docs/models/hybrid.md). They differ a little, so that nothing keeps step.
NetworkPtr with_short_links(const Network& network, Duration about) {
  NetworkSpec spec = network.spec();
  for (std::size_t l = 0; l < spec.links.size(); ++l)
    spec.links[l].delay =
        Duration::ps(about.ps() + static_cast<std::int64_t>(
                                      mix(l + 1) % static_cast<std::uint64_t>(1 + about.ps() / 8)));
  for (Node& node : spec.nodes) node.latency = Duration::zero();
  return std::make_shared<const Network>(std::move(spec));
}

DemandSet windows_demands(const DemandSet& set, const Plan& plan) {
  DemandSet out = set;
  for (std::size_t i = 0; i < out.demands.size(); ++i) {
    Demand& d = out.demands[i];
    d.profile = ProfileId::none();
    d.service = ServiceId::none();
    if (plan.frozen[i]) d.model = ArrivalModelId::none();
  }
  return out;
}

DemandSet fluids_demands(const DemandSet& set, const Plan& plan) {
  DemandSet out = set;
  for (std::size_t i = 0; i < out.demands.size(); ++i)
    if (!plan.frozen[i]) out.demands[i].model = ArrivalModelId::none();
  return out;
}

/// A Poisson variate, by its mean (Knuth for few; the normal approximation's rounding for many).
double poisson(double mean, std::uint64_t seed, std::uint64_t stream, std::uint64_t number) {
  if (mean > 500) {
    // The sum of twelve uniforms, less 6: nearly normal, without a logarithm.
    double sum = -6;
    for (std::uint64_t k = 0; k < 3; ++k)
      for (const std::uint32_t w : philox(seed, stream, number * 512 + k).w)
        sum += static_cast<double>(w) / 4294967296.0;
    return std::max(0.0, std::floor(mean + std::sqrt(mean) * sum + 0.5));
  }
  double time = 0;
  double n = -1;
  for (std::uint64_t k = 0; time <= mean; ++k, ++n) {
    const Words w = philox(seed, stream, number * 4096 + k);
    time += exponential_from_bits(static_cast<std::uint64_t>(w.w[0]) << 32 | w.w[1]);
  }
  return n;
}

}  // namespace

Windows::Windows(const engine::Input& input, const Config& config, const Plan& plan)
    : input_(input),
      config_(config),
      plan_(plan),
      network_(with_short_links(*input.network, plan.hop_delay)),
      base_(std::make_shared<const DemandSet>(windows_demands(*input.demands, plan))),
      slow_(std::make_shared<const DemandSet>(fluids_demands(*input.demands, plan))) {
  const auto add_epoch = [&](std::int64_t from, const std::shared_ptr<const Routes>& routes) {
    epochs_.push_back(
        {from, routes, engine::all_paths(input, *routes), engine::base_latencies(input, *routes)});
  };
  add_epoch(0, input.routes);
  for (const engine::RouteChange& change : input.changes) {
    if (change.routes == epochs_.back().routes) continue;
    const auto last = epochs_.back().from;
    const auto next = std::upper_bound(plan.instants.begin(), plan.instants.end(), last);
    // Routes that no window sees need no paths.
    if (epochs_.size() > 1 && (next == plan.instants.end() || *next >= change.at.ps()))
      epochs_.pop_back();
    add_epoch(change.at.ps(), change.routes);
  }

  const Loads loads = expected_loads(*input.network, *input.routes, *input.demands, true);
  const auto streams = demand_streams(*input.network, *input.demands);
  for (std::size_t i = 0; i < slow_->demands.size(); ++i) {
    const Demand& d = slow_->demands[i];
    const auto& at = input.network->node(d.from).at;
    rates_.emplace_back(slow_->arrival_model(d), slow_->profile(d), at ? at->longitude : 0.0,
                        config.seed, streams[i]);
    std::int64_t lag = 0;
    std::int64_t to_worst = 0;
    double worst = 0;
    if (!epochs_[0].paths[i].empty())
      for (const PortId p : epochs_[0].paths[i][0].ports) {
        const Port& port = input.network->port(p);
        const double load = loads.load_bps[p.index()] / port.rate().as_double();
        if (load > worst) worst = load, to_worst = lag;
        lag += port.delay.ps();
      }
    lag_ps_.push_back(to_worst);
  }
}

engine::Input Windows::fluid_input() const {
  engine::Input out = input_;
  out.demands = slow_;
  return out;
}

Window Windows::look(std::size_t number, std::span<const fluid::PortLook> ports) {
  const std::int64_t now = plan_.instants[number];
  Window w;
  w.number = number;
  w.epoch = epochs_.size() - 1;
  while (w.epoch > 0 && epochs_[w.epoch].from > now) --w.epoch;
  const DemandSet& set = *input_.demands;
  for (std::size_t i = 0; i < set.demands.size(); ++i) {
    const Demand& d = set.demands[i];
    const std::int64_t then = std::max<std::int64_t>(0, now - lag_ps_[i]);
    while (rates_[i].end() <= then) rates_[i].next();
    double factor = rates_[i].factor();
    if (plan_.frozen[i])
      if (const auto* flows = std::get_if<FlowArrivals>(set.arrival_model(d))) {
        // Flows under way at an instant are Poisson (M/G/infinity).
        const double mean = d.rate.as_double() * factor / flows->rate.as_double();
        factor *= poisson(mean, config_.seed, i, number) / mean;
      }
    w.rate_bps.push_back(d.rate.as_double() * factor);
  }
  for (std::size_t p = 0; p < ports.size(); ++p)
    w.congested.push_back(!plan_.shallow[p] && ports[p].backlog_bits > 0);
  thin(w, ports);
  return w;
}

void Windows::thin(Window& w, std::span<const fluid::PortLook> ports) const {
  DemandSet set = *base_;
  for (std::size_t i = 0; i < set.demands.size(); ++i)
    set.demands[i].rate = Rate::bps(static_cast<std::int64_t>(w.rate_bps[i]));
  const Epoch& epoch = epochs_[w.epoch];
  const Loads loads = expected_loads(*input_.network, *epoch.routes, set, true);
  std::vector<double> factor(ports.size(), 1.0);
  bool any = false;
  for (std::size_t p = 0; p < ports.size(); ++p) {
    if (plan_.shallow[p] || !(ports[p].capacity_bps > 0)) continue;
    const double load = loads.load_bps[p] / ports[p].capacity_bps;
    if (load <= overloaded) continue;
    factor[p] = thinned_to / load;
    w.congested[p] = true;
    any = true;
  }
  if (!any) return;
  for (std::size_t i = 0; i < w.rate_bps.size(); ++i) {
    double least = 1;
    for (const engine::Path& path : epoch.paths[i])
      for (const PortId p : path.ports) least = std::min(least, factor[p.index()]);
    w.rate_bps[i] *= least;
  }
}

Measurements Windows::simulate(const Window& window) const {
  DemandSet set = *base_;
  for (std::size_t i = 0; i < set.demands.size(); ++i)
    set.demands[i].rate =
        Rate::bps(std::max<std::int64_t>(1, static_cast<std::int64_t>(window.rate_bps[i])));
  engine::Input input;
  input.network = network_;
  input.demands = std::make_shared<const DemandSet>(std::move(set));
  input.routes = epochs_[window.epoch].routes;
  for (const auto& steps : input_.rate_steps) {
    input.rate_steps.emplace_back();
    if (steps.empty()) continue;
    auto at = steps.begin();
    while (at + 1 != steps.end() && (at + 1)->at.ps() <= plan_.instants[window.number]) ++at;
    input.rate_steps.back().push_back({Time::zero(), at->member_rate, at->level});
  }
  packet::Config config = config_;
  config.seed = mix(config_.seed + (window.number + 1) * 0x9e3779b97f4a7c15ULL);
  config.warmup = plan_.warmup;
  config.duration = plan_.length;
  config.interval = plan_.length;
  config.threads = 1;
  config.progress = nullptr;
  config.checkpoint = {};
  return packet::run(input, config);
}

}  // namespace longhaul::hybrid
