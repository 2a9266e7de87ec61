#include "sim/fluid/simulation.hpp"

#include <algorithm>
#include <cmath>

#include "sim/base/random.hpp"
#include "sim/traffic/streams.hpp"

namespace longhaul::fluid {

namespace {

constexpr double ps_per_s = 1e12;
/// After so many changes of a sum of doubles it is made anew.
constexpr std::uint32_t most_updates = 4096;
constexpr std::uint64_t events_between_looks = 4096;

double seconds(std::int64_t ps) { return static_cast<double>(ps) / ps_per_s; }

}  // namespace

Simulation::Simulation(const engine::Input& input, const engine::Config& config,
                       const Observer* observer, engine::Checkpoints* checkpoints)
    : input_(input),
      config_(config),
      observer_(observer),
      network_(*input.network),
      measure_from_(config.warmup.ps()),
      end_((config.warmup + config.duration).ps()),
      interval_(config.interval_ps()),
      elastic_(input, config),
      checkpoints_(checkpoints) {
  const std::size_t demands = input.demands->demands.size();
  ways_.at_port.resize(network_.ports().size());
  ways_.start.assign(demands, no_stop);
  fates_.resize(demands);
  build_ports();
  build_sources();
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

void Simulation::build_sources() {
  const DemandSet& set = *input_.demands;
  const auto streams = demand_streams(network_, set);
  for (std::size_t i = 0; i < set.demands.size(); ++i) {
    const Demand& d = set.demands[i];
    const auto& at = network_.node(d.from).at;
    sources_.push_back({RatePath(set.arrival_model(d), set.profile(d), at ? at->longitude : 0.0,
                                 config_.seed, streams[i]),
                        d.transport.valid() ? 0 : d.rate.as_double(), 0,
                        8 * set.sizes[d.sizes.index()].mean_bytes(), streams[i]});
    watched_ = watched_ || d.service.valid();
    change_way(network_, *input_.routes, set, DemandId(i), 0, ways_);
    sources_[i].first_way = ways_.start[i];
    due_.emplace(0, static_cast<std::uint32_t>(i));
  }
  if (!watched_) return;
  by_interval_.resize(set.demands.size());
  at_boundary_.resize(set.demands.size());
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
  if (!watched_) return;
  std::uint64_t number = 1;
  for (std::int64_t at = measure_from_ + interval_; at < end_; at += interval_)
    events_.push({at, Kind::boundary, 0, number++, 0});
}

std::int64_t Simulation::run() {
  std::uint64_t looked = 0;
  while (true) {
    const std::int64_t next = std::min({events_.empty() ? never : events_.top().time,
                                        due_.empty() ? never : due_.top().first, elastic_.next()});
    if (next >= end_) break;
    now_ = next;
    while (!events_.empty() && events_.top().time == now_) {
      const Event event = events_.top();
      events_.pop();
      apply(event);
      ++looked;
    }
    run_sources();
    finish_ports();
    if (elastic_.any()) {
      elastic_.step(now_);
      ++looked;
    }
    if (looked >= events_between_looks) {
      looked = 0;
      if (config_.progress) config_.progress({Time::ps(now_), Time::ps(end_), 0});
      const bool due = checkpoints_ != nullptr && checkpoints_->due();
      const bool stop = config_.stop != nullptr && *config_.stop;
      if (checkpoints_ != nullptr && checkpoints_->writes() && (due || stop))
        checkpoints_->write(Time::ps(now_), Time::ps(end_),
                            [this](std::ostream& out) { save(out); });
      if (stop) return now_;
    }
  }
  now_ = end_;
  return now_;
}

void Simulation::apply(const Event& event) {
  switch (event.kind) {
    case Kind::capacity: {
      const engine::RateStep& step = input_.rate_steps[event.port][event.number];
      ports_[event.port].capacity_bps =
          step.member_rate.as_double() * network_.ports()[event.port].members;
      set_capacity(event.port);
      return;
    }
    case Kind::routes:
      change_routes(input_.changes[event.number]);
      return;
    case Kind::boundary:
      boundary();
      return;
    case Kind::arrival: {
      for (const Update& u : payloads_[event.payload]) {
        Hop& hop = ways_.hops[u.hop];
        hop.arrived = u.flow;
        gather(hop.to);
      }
      payloads_[event.payload].clear();
      free_payloads_.push_back(event.payload);
      return;
    }
    case Kind::queue: {
      PortState& port = ports_[event.port];
      if (event.number != port.version) return;
      touch(event.port);
      port.queue.change();
      return;
    }
    case Kind::look:
      look(event.number);
      return;
  }
}

void Simulation::look(std::size_t number) {
  std::vector<PortLook> ports;
  ports.reserve(ports_.size());
  for (const PortState& p : ports_)
    ports.push_back(
        {p.queue.arriving_bps(), p.queue.capacity_bps(), p.queue.backlog_at(now_), p.queue.lost()});
  observer_->look(number, ports);
}

void Simulation::run_sources() {
  while (!due_.empty() && due_.top().first <= now_) {
    const std::uint32_t demand = due_.top().second;
    due_.pop();
    SourceState& source = sources_[demand];
    while (source.path.end() <= now_) source.path.next();
    if (source.path.end() < end_) due_.emplace(source.path.end(), demand);
    const double rate = source.bps * source.path.factor();
    if (rate == source.rate_bps) continue;
    send(DemandId(demand));
    source.rate_bps = rate;
    send(DemandId(demand));
  }
}

/// Counts what was sent so far, and sends at the source's present rate.
void Simulation::send(DemandId demand) {
  SourceState& source = sources_[demand.index()];
  const bool measured = now_ >= measure_from_;
  if (source.since >= measure_from_)
    fates_[demand.index()].sent += source.rate_bps * seconds(now_ - source.since);
  source.since = now_;
  const StopIndex start = ways_.start[demand.index()];
  ways_.stops[start].own = {source.rate_bps, measured ? source.rate_bps : 0};
  gather(start);
}

/// A stop has what its source sends and its feeds bring.
void Simulation::gather(StopIndex index) {
  const Stop& stop = ways_.stops[index];
  Flow in = stop.own;
  for (std::uint32_t f = 0; f < stop.feeds; ++f) {
    const Flow& part = ways_.hops[ways_.feeds[stop.first_feed + f]].arrived;
    in.bps += part.bps;
    in.measured_bps += part.measured_bps;
  }
  set_stop(index, in);
}

/// Whether what the stop lost up to now was lost by policy: by the cables before a change at this
/// instant.
bool Simulation::policy(const Stop& stop) const {
  const Reachability* cables = input_.cables.get();
  for (const engine::RouteChange& change : input_.changes)
    if (change.at.ps() < now_) cables = change.cables.get();
  if (cables == nullptr) return false;
  const Demand& d = input_.demands->demands[stop.demand.index()];
  return cables->connected(stop.node, d.to);
}

void Simulation::count_stop(Stop& stop) {
  const double bits = stop.in.measured_bps * seconds(now_ - stop.since);
  stop.since = now_;
  if (!(bits > 0)) return;
  Fates& fates = fates_[stop.demand.index()];
  if (stop.end) {
    fates.delivered += bits;
  } else if (stop.hops == 0) {
    fates.lost_way += bits;
    if (policy(stop)) lost_policy_ += bits / sources_[stop.demand.index()].mean_bits;
  }
}

void Simulation::set_stop(StopIndex index, const Flow& flow) {
  Stop& stop = ways_.stops[index];
  if (flow == stop.in) return;
  count_stop(stop);
  stop.in = flow;
  if (stop.hops == 0) return;
  const Flow part{flow.bps / stop.hops, flow.measured_bps / stop.hops};
  for (HopIndex h = stop.first; h < stop.first + stop.hops; ++h) set_hop(h, part);
}

/// The port's queue must have advanced to now.
void Simulation::count_hop(Hop& hop) {
  const PortState& port = ports_[hop.port.index()];
  const double lost_s = port.queue.lost_s() - hop.lost_mark;
  hop.lost_mark = port.queue.lost_s();
  if (!(lost_s > 0) || !(hop.in.measured_bps > 0)) return;
  Fates& fates = fates_[ways_.stops[hop.to].demand.index()];
  (port.queue.down()   ? fates.lost_down
   : ignored(hop.port) ? fates.ignored
                       : fates.lost_buffer) += hop.in.measured_bps * lost_s;
}

void Simulation::set_hop(HopIndex index, const Flow& flow) {
  Hop& hop = ways_.hops[index];
  ++rate_changes_;
  touch(static_cast<std::uint32_t>(hop.port.index()));
  PortState& port = ports_[hop.port.index()];
  count_hop(hop);
  const double change = flow.bps - hop.in.bps;
  hop.in = flow;
  port.changed.push_back(index);
  port.arriving_bps += change * hop.framing;
  port.packets_per_s += change / sources_[ways_.stops[hop.to].demand.index()].mean_bits;
  ++port.updates;
}

void Simulation::touch(std::uint32_t index) {
  PortState& port = ports_[index];
  if (port.dirty) return;
  port.dirty = true;
  port.queue.advance(now_);
  dirty_.push_back(index);
}

void Simulation::set_capacity(std::uint32_t index) {
  touch(index);
  PortState& port = ports_[index];
  // What was lost so far was lost in the state that ends now.
  for (const HopIndex h : ways_.at_port[index]) count_hop(ways_.hops[h]);
  port.queue.set_capacity(port.down ? 0 : port.capacity_bps);
  port.all = true;
}

void Simulation::change_routes(const engine::RouteChange& change) {
  for (std::uint32_t p = 0; p < ports_.size(); ++p) {
    const bool down = !change.down.empty() && change.down[p];
    if (down == ports_[p].down) continue;
    ports_[p].down = down;
    set_capacity(p);
  }
  const DemandSet& set = *input_.demands;
  for (std::size_t i = 0; i < set.demands.size(); ++i) {
    const StopIndex old = ways_.start[i];
    if (!change_way(network_, *change.routes, set, DemandId(i), now_, ways_)) continue;
    const StopIndex first = ways_.start[i];
    for (StopIndex stop = old; stop < old + stops_of_way(ways_, old); ++stop) {
      ways_.stops[stop].own = {};
      set_stop(stop, {});
    }
    for (StopIndex stop = first; stop < ways_.stops.size(); ++stop) {
      const Stop& added = ways_.stops[stop];
      for (HopIndex h = added.first; h < added.first + added.hops; ++h) {
        touch(static_cast<std::uint32_t>(ways_.hops[h].port.index()));
        ways_.hops[h].lost_mark = ports_[ways_.hops[h].port.index()].queue.lost_s();
      }
      if (stop != first) gather(stop);
    }
    send(DemandId(i));
  }
  elastic_.reroute(*change.routes, now_);
}

void Simulation::sum_anew(std::uint32_t index) {
  PortState& port = ports_[index];
  port.arriving_bps = 0;
  port.packets_per_s = 0;
  port.updates = 0;
  for (const HopIndex h : ways_.at_port[index]) {
    const Hop& hop = ways_.hops[h];
    port.arriving_bps += hop.in.bps * hop.framing;
    port.packets_per_s += hop.in.bps / sources_[ways_.stops[hop.to].demand.index()].mean_bits;
  }
}

void Simulation::finish_ports() {
  std::sort(dirty_.begin(), dirty_.end());
  for (const std::uint32_t index : dirty_) {
    PortState& port = ports_[index];
    // Near zero, what is left of a sum is rounding.
    if (port.updates >= most_updates || port.arriving_bps < 1e-6 * port.capacity_bps)
      sum_anew(index);
    port.queue.set_arriving(port.arriving_bps, port.packets_per_s);
    elastic_.offer(index, std::max(0.0, (port.down ? 0 : port.capacity_bps) - port.arriving_bps));
    emit(index);
    ++port.version;
    const std::int64_t next = port.queue.next_change();
    if (next < end_) events_.push({next, Kind::queue, index, port.version, 0});
    port.dirty = false;
    port.all = false;
    port.changed.clear();
  }
  dirty_.clear();
}

/// What now leaves the port differently, once it has waited, arrives at the far end.
void Simulation::emit(std::uint32_t index) {
  PortState& port = ports_[index];
  const double passing = port.queue.passing();
  const bool all = port.all || passing != port.passing;
  port.passing = passing;
  std::uint32_t payload = 0;
  if (free_payloads_.empty()) {
    payload = static_cast<std::uint32_t>(payloads_.size());
    payloads_.emplace_back();
  } else {
    payload = free_payloads_.back();
    free_payloads_.pop_back();
  }
  std::vector<Update>& updates = payloads_[payload];
  for (const HopIndex h : all ? ways_.at_port[index] : port.changed) {
    Hop& hop = ways_.hops[h];
    const Flow out{hop.in.bps * passing, hop.in.measured_bps * passing};
    if (out == hop.sent) continue;
    hop.sent = out;
    updates.push_back({h, out});
  }
  if (updates.empty()) {
    free_payloads_.push_back(payload);
    return;
  }
  port.last_leaving = std::max(port.last_leaving, now_ + port.queue.wait_ps());
  const std::int64_t delay = std::max<std::int64_t>(1, network_.ports()[index].delay.ps());
  events_.push({port.last_leaving + delay, Kind::arrival, index, emissions_++, payload});
}

void Simulation::count_all() {
  for (std::uint32_t p = 0; p < ports_.size(); ++p) {
    ports_[p].queue.advance(now_);
    for (const HopIndex h : ways_.at_port[p]) count_hop(ways_.hops[h]);
  }
  for (Stop& stop : ways_.stops) count_stop(stop);
}

/// The measured period begins, or an interval of it.
void Simulation::boundary() {
  if (now_ == measure_from_) {
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      sources_[i].since = now_;
      send(DemandId(i));
    }
    return;
  }
  count_all();
  for (std::size_t i = 0; i < fates_.size(); ++i) {
    if (!input_.demands->demands[i].service.valid()) continue;
    const auto packets = [&](double bits) {
      return static_cast<std::uint32_t>(std::max(0.0, bits / sources_[i].mean_bits) + 0.5);
    };
    by_interval_[i].push_back({packets(fates_[i].delivered - at_boundary_[i].delivered),
                               packets(fates_[i].dropped() - at_boundary_[i].dropped())});
    at_boundary_[i] = fates_[i];
  }
}

}  // namespace longhaul::fluid
