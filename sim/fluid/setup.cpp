// What a fluid run begins with: ports, demands and how each is followed, changes to come.
#include <algorithm>

#include "sim/fluid/simulation.hpp"
#include "sim/traffic/streams.hpp"

namespace longhaul::fluid {

namespace {

/// So often in a run lines catch up.
constexpr std::int64_t line_steps = 32;

}  // namespace

Shortcuts no_shortcuts(const engine::Input& input) {
  return {std::vector<bool>(input.network->ports().size(), true),
          std::vector<bool>(input.demands->demands.size(), false)};
}

Shortcuts plain_shortcuts(const engine::Input& input) {
  const auto& demands = input.demands->demands;
  // What open-loop demands leave of a port at each instant is offered to elastic flows.
  if (std::any_of(demands.begin(), demands.end(),
                  [](const Demand& d) { return d.transport.valid(); }))
    return no_shortcuts(input);
  Shortcuts out{std::vector<bool>(input.network->ports().size(), false), steady_demands(input)};
  for (std::size_t p = 0; p < out.queues.size(); ++p) {
    out.queues[p] = !input.network->ports()[p].exists ||
                    (p < input.rate_steps.size() && !input.rate_steps[p].empty());
    for (const engine::RouteChange& change : input.changes)
      if (p < change.down.size() && change.down[p]) out.queues[p] = true;
  }
  return out;
}

Simulation::Simulation(const engine::Input& input, const engine::Config& config,
                       const Shortcuts& shortcuts, const Observer* observer,
                       engine::Checkpoints* checkpoints)
    : input_(input),
      config_(config),
      observer_(observer),
      network_(*input.network),
      measure_from_(config.warmup.ps()),
      end_((config.warmup + config.duration).ps()),
      interval_(config.interval_ps()),
      elastic_(input, config),
      lines_(input, config, observer == nullptr ? std::vector<std::int64_t>{} : observer->times),
      tails_(input, lines_),
      queues_(shortcuts.queues),
      checkpoints_(checkpoints) {
  const std::size_t demands = input.demands->demands.size();
  ways_.at_port.resize(network_.ports().size());
  ways_.start.assign(demands, no_stop);
  fates_.resize(demands);
  build_ports();
  build_sources(shortcuts);
  schedule_changes();
}

void Simulation::build_ports() {
  double bits = 0;
  double packets = 0;
  for (const Demand& d : input_.demands->demands) {
    bits += d.rate.as_double();
    packets += d.rate.as_double() / (8 * input_.demands->sizes[d.sizes.index()].mean_bytes());
  }
  const double mean_bits = packets > 0 ? bits / packets : 0;
  for (const Port& port : network_.ports()) {
    const double rate = port.exists ? port.rate().as_double() : 0;
    const double buffer = port.exists ? config_.queueing.buffer.seconds(
                                            port.member_rate, mean_bits + 8 * port.overhead) *
                                            rate
                                      : 0;
    ports_.push_back({FluidQueue(rate, buffer, measure_from_, interval_, end_)});
    ports_.back().capacity_bps = rate;
  }
}

void Simulation::build_sources(const Shortcuts& shortcuts) {
  const DemandSet& set = *input_.demands;
  const auto streams = demand_streams(network_, set);
  for (std::size_t i = 0; i < set.demands.size(); ++i) {
    const Demand& d = set.demands[i];
    change_way(network_, *input_.routes, set, DemandId(i), 0, ways_);
    const Followed how = followed(DemandId(i), shortcuts);
    const auto& at = network_.node(d.from).at;
    sources_.push_back({how == Followed::sums
                            ? RatePath(nullptr, nullptr, 0, 0, 0)
                            : RatePath(set.arrival_model(d), set.profile(d),
                                       at ? at->longitude : 0.0, config_.seed, streams[i]),
                        d.transport.valid() ? 0 : d.rate.as_double(), 0,
                        8 * set.sizes[d.sizes.index()].mean_bytes(), streams[i]});
    watched_ = watched_ || d.service.valid();
    sources_[i].first_way = ways_.start[i];
    sources_[i].followed = how;
    if (how != Followed::hops) lines_.add(DemandId(i), ways_, queues_, streams[i]);
    if (how == Followed::sums) continue;
    if (how == Followed::hops) enter_way(DemandId(i), ways_);
    if (how == Followed::queues) sources_[i].forwards = tails_.add(DemandId(i), ways_, queues_);
    due_.emplace(0, static_cast<std::uint32_t>(i));
  }
  lines_.seal();
  if (!watched_) return;
  by_interval_.resize(set.demands.size());
  at_boundary_.resize(set.demands.size());
}

/// Services are watched by interval, which sums cannot be. Bursts would make the bounds of what
/// comes to ports behind queues useless.
Simulation::Followed Simulation::followed(DemandId demand, const Shortcuts& shortcuts) const {
  const DemandSet& set = *input_.demands;
  const Demand& d = set.demands[demand.index()];
  if (!shortcuts.steady[demand.index()] || d.transport.valid() || d.service.valid())
    return Followed::hops;
  const StopIndex first = ways_.start[demand.index()];
  bool queue = false;
  for (StopIndex s = first; s < first + stops_of_way(ways_, first); ++s)
    for (HopIndex h = ways_.stops[s].first; h < ways_.stops[s].first + ways_.stops[s].hops; ++h)
      queue = queue || shortcuts.queues[ways_.hops[h].port.index()];
  if (!queue) return Followed::sums;
  return by_chance(set.arrival_model(d)) ? Followed::hops : Followed::queues;
}

void Simulation::schedule_changes() {
  for (std::size_t c = 0; c < input_.changes.size(); ++c)
    events_.push({input_.changes[c].at.ps(), Kind::routes, 0, c, 0});
  for (std::size_t p = 0; p < input_.rate_steps.size(); ++p)
    for (std::size_t s = 0; s < input_.rate_steps[p].size(); ++s)
      events_.push(
          {input_.rate_steps[p][s].at.ps(), Kind::capacity, static_cast<std::uint32_t>(p), s, 0});
  if (observer_ != nullptr)
    for (std::size_t i = 0; i < observer_->times.size(); ++i)
      events_.push({observer_->times[i], Kind::look, 0, i, 0});
  events_.push({measure_from_, Kind::boundary, 0, 0, 0});
  if (lines_.any())
    for (std::int64_t i = 1; i < line_steps; ++i)
      events_.push({end_ / line_steps * i, Kind::lines, 0, static_cast<std::uint64_t>(i), 0});
  if (!watched_) return;
  std::uint64_t number = 1;
  for (std::int64_t at = measure_from_ + interval_; at < end_; at += interval_)
    events_.push({at, Kind::boundary, 0, number++, 0});
}

}  // namespace longhaul::fluid
