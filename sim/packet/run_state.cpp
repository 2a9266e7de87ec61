#include "sim/packet/run_state.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <new>
#include <queue>
#include <thread>
#include <tuple>

#include "sim/packet/tcp/wire.hpp"

namespace longhaul::packet {

namespace {

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

constexpr std::size_t ahead_limit =
    50'000;  // demands for which random numbers are drawn in batches

}  // namespace

void wait_until(const std::atomic<std::uint64_t>& value, std::uint64_t target) {
  for (unsigned spins = 0; spins < 4000; ++spins) {
    if (value.load(std::memory_order_acquire) >= target) return;
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
  for (std::uint64_t now = value.load(std::memory_order_acquire); now < target;
       now = value.load(std::memory_order_acquire))
    value.wait(now, std::memory_order_acquire);
}

RunState::RunState(const Input& input, const Config& config, Islands islands,
                   engine::Checkpoints* checkpoints)
    : input_(input),
      config_(config),
      model_(build_model(input, config)),
      measure_from_(config.warmup.ps()),
      end_((config.warmup + config.duration).ps()),
      interval_(config.interval_ps()),
      schedule_(build_schedule(
          model_, {std::max(1U, config.threads), config.window ? config.window->ps() : 0, islands,
                   config.least_packets_per_thread})),
      threads_(thread_count(schedule_)),
      failures_(failure_times(input)),
      sent_(input.demands->demands.size()),
      wait_buckets_(wait_histogram_bits),
      waits_per_queue_(config.queueing.plain() ? 1 : input.demands->classes.size()),
      wait_counts_(model_.queues.size() * waits_per_queue_ * wait_buckets_.count),
      profiles_(config.queueing.plain() ? 0 : input.demands->demands.size(), model_.flow_bits),
      demands_(input.demands->demands.size(), model_.flow_bits, model_.base_ps),
      lanes_(model_.first_source_lane),
      source_lanes_(model_.lanes - model_.first_source_lane),
      done_(schedule_.units.size()),
      barrier_(threads_),
      checkpoints_(checkpoints) {
  for (unsigned t = 0; t < threads_; ++t)
    workers_.push_back(
        std::make_unique<Worker>(reserve_, input.demands->demands.size(), failures_));
  for (std::uint32_t u = 0; u < schedule_.units.size(); ++u)
    workers_[schedule_.units[u].thread]->units.push_back(u);
  build_machines();
  build_lanes();
}

void RunState::build_machines() {
  active_.resize(model_.machines());
  build_queues();
  build_sources();
  watch_services();
  build_hosts();
}

void RunState::build_queues() {
  const bool per_packet = config_.ecmp == Ecmp::per_packet;
  const DemandSet& set = *input_.demands;
  const bool plain = config_.queueing.plain();
  if (plain)
    queues_.reserve(model_.queues.size());
  else
    for (std::size_t i = 0; i < set.demands.size(); ++i)
      profiles_.set(i, set.demands[i].cls, set.demands[i].ecn);
  for (std::uint32_t q = 0; q < model_.queues.size(); ++q) {
    const QueueModel& model = model_.queues[q];
    const NodeModel& next = model_.nodes[model.to.index()];
    Lane* const lanes = lanes_.data() + model_.first_lane[q];
    const CountSlice waits{&wait_counts_, q * waits_per_queue_ * wait_buckets_.count};
    if (plain) {
      queues_.emplace_back(model, q, next, lanes, model_.hop_limit, end_, per_packet, waits,
                           wait_buckets_);
      continue;
    }
    auto queue =
        make_port_queue({&model, q, &next.forwarding, lanes, next.sink_out(), model_.hop_limit,
                         end_, per_packet, &profiles_, set.classes.size(), waits, &wait_buckets_,
                         config_.seed, model_.queue_stream[q]},
                        port_spec(config_.queueing, set.classes, model));
    port_queues_.push_back(queue.get());
    active_[q] = std::move(queue);
  }
}

void RunState::build_sources() {
  const DemandSet& set = *input_.demands;
  for (const SizeMix& mix : set.sizes) size_tables_.emplace_back(mix);
  sources_.resize(model_.nodes.size());
  for (const NodeModel& node : model_.nodes) source_tables_.emplace_back(node.forwarding);
  // With whole picoseconds per byte everywhere, a packet that has one way and one size waits
  // exactly what its latency exceeds the least by.
  const bool whole =
      input_.changes.empty() && input_.forwarding == nullptr &&
      std::all_of(model_.queues.begin(), model_.queues.end(),
                  [](const QueueModel& q) { return q.ps_den == 1 && q.paces.empty(); });
  for (std::size_t i = 0; i < set.demands.size(); ++i)
    demands_.stats[i].excess_is_wait = whole && set.sizes_as_mixed(set.demands[i]) &&
                                       set.demands[i].bucket < 0 &&
                                       !model_.several_ways[set.demands[i].to.index()] &&
                                       set.sizes[set.demands[i].sizes.index()].entries.size() == 1;
  const bool ahead = set.demands.size() <= ahead_limit;
  for (std::size_t i = 0; i < set.demands.size(); ++i) {
    const Demand& d = set.demands[i];
    if (d.transport.valid()) continue;
    const SizeTable& sizes = size_tables_[d.sizes.index()];
    const double gap = sizes.mean_bytes() * 8e12 / d.rate.as_double();
    const auto& at = input_.network->node(d.from).at;
    sources_[d.from.index()].add(ArrivalStream(
        {d.arrivals, gap, &sizes, config_.seed, model_.stream[i],
         static_cast<std::uint32_t>(i << model_.flow_bits), config_.flows,
         static_cast<std::uint16_t>(input_.routes->destination(d).value()), set.arrival_model(d),
         set.profile(d), d.rate.as_double(), at ? at->longitude : 0.0, end_},
        ahead));
    if (d.bucket >= 0)
      sources_[d.from.index()].condition(
          Conditioner(set.buckets[static_cast<std::size_t>(d.bucket)], d.rate));
  }
}

void RunState::watch_services() {
  std::size_t rows = 0;
  for (std::size_t i = 0; i < demands_.stats.size(); ++i)
    if (input_.demands->demands[i].service.valid())
      demands_.stats[i].fates = static_cast<std::int32_t>(rows++);
  if (rows > 0) demands_.fates = FateTable(rows, measure_from_, interval_, end_);
}

void RunState::build_hosts() {
  const DemandSet& set = *input_.demands;
  if (set.transports.empty()) return;
  endpoints_.resize(set.demands.size());
  std::vector<tcp::Host*> host_of(model_.nodes.size(), nullptr);
  const auto host_at = [&](NodeId node) -> tcp::Host& {
    tcp::Host*& host = host_of[node.index()];
    if (host != nullptr) return *host;
    const std::uint32_t machine = model_.sink(node.index());
    auto made = std::make_unique<tcp::Host>(tcp::HostSetup{
        machine, &model_.nodes[node.index()].forwarding, lanes_.data() + model_.first_lane[machine],
        measure_from_, config_.ecmp == Ecmp::per_packet, model_.flow_bits, config_.seed,
        &endpoints_, &demands_, sent_.data()});
    host = made.get();
    hosts_.push_back(host);
    active_[machine] = std::move(made);
    return *host;
  };
  const auto destination = [&](NodeId node, ConstraintId constraint) {
    return static_cast<std::uint16_t>(input_.routes->destination(node, constraint).value());
  };
  for (std::size_t i = 0; i < set.demands.size(); ++i) {
    const Demand& d = set.demands[i];
    const Transport* spec = set.transport(d);
    if (spec == nullptr) continue;
    const tcp::Route route{static_cast<std::uint32_t>(i),
                           spec,
                           static_cast<std::uint16_t>(input_.routes->destination(d).value()),
                           destination(d.from, d.constraint),
                           d.rate.as_double(),
                           model_.stream[i]};
    host_at(d.from).add_sender(route);
    host_at(d.to).add_receiver(route);
  }
}

bool RunState::is_ack(const Packet& p) const {
  if (endpoints_.empty()) return false;
  const std::size_t i = p.flow >> model_.flow_bits;
  return endpoints_[i].sending >= 0 &&
         input_.routes->node(DestinationId(p.destination)) == input_.demands->demands[i].from;
}

bool RunState::measured(const Packet& p, std::int64_t time) const {
  if (endpoints_.empty() || endpoints_[p.flow >> model_.flow_bits].sending < 0)
    return p.birth >= measure_from_;
  return is_ack(p) ? tcp::Ack::decode(p.birth).measured
                   : tcp::Data::decode(p.birth, time).sent >= measure_from_;
}

void RunState::build_lanes() {
  std::vector<std::uint32_t> unit_of(model_.machines());
  for (std::uint32_t u = 0; u < schedule_.units.size(); ++u)
    for (const std::uint32_t m : schedule_.units[u].machines) unit_of[m] = u;
  in_lanes_.resize(model_.machines());
  sealed_lanes_.resize(schedule_.units.size());
  lane_reader_.assign(model_.lanes, 0);
  island_heads_.assign(model_.lanes, 0);
  for (const Edge& e : model_.edges) {
    lane_reader_[e.lane] = e.to;
    if (e.lane >= model_.first_source_lane) {
      in_lanes_[e.to].push_back(
          {nullptr, &source_lanes_[e.lane - model_.first_source_lane], Visibility::live, e.lane});
      continue;
    }
    const Unit& writer = schedule_.units[unit_of[e.from]];
    const Unit& reader = schedule_.units[unit_of[e.to]];
    Visibility visibility = Visibility::live;
    if (writer.thread != reader.thread) {
      visibility = model_.delay(e.from) < schedule_.window.ps() ? Visibility::this_window
                                                                : Visibility::last_window;
      sealed_lanes_[unit_of[e.from]].push_back(e.lane);
    }
    in_lanes_[e.to].push_back({&lanes_[e.lane], nullptr, visibility, e.lane});
  }
}

std::int64_t RunState::run() {
  last_progress_ns_ = now_ns();
  if (!plan_window()) return from_;
  std::vector<std::thread> others;
  others.reserve(threads_ - 1);
  for (unsigned t = 1; t < threads_; ++t) others.emplace_back([this, t] { work(t); });
  work(0);
  for (std::thread& t : others) t.join();
  if (out_of_memory_) throw std::bad_alloc();
  finish();
  return from_;
}

/// What waits in machines of their own goes to lanes, where all that is in flight at the end lies.
void RunState::finish() {
  for (const auto& machine : active_)
    if (machine != nullptr) machine->finish(workers_[0]->context);
  settle_drops(*workers_[0]);
}

/// Sets the next window; false when there is none. Windows end where measuring starts.
bool RunState::plan_window() {
  from_ = until_;
  if (from_ >= end_ || out_of_memory_.load(std::memory_order_relaxed)) return false;
  const bool due = checkpoints_ != nullptr && checkpoints_->due();
  const bool stop = config_.stop != nullptr && config_.stop->load(std::memory_order_relaxed);
  if (checkpoints_ != nullptr && checkpoints_->writes() && (due || stop))
    checkpoints_->write(Time::ps(from_), Time::ps(end_), [this](std::ostream& out) { save(out); });
  if (stop) return false;
  until_ = std::min(from_ + schedule_.window.ps(), end_);
  if (from_ < measure_from_) until_ = std::min(until_, measure_from_);
  ++window_;
  if (config_.progress && now_ns() - last_progress_ns_ > 50'000'000) {
    last_progress_ns_ = now_ns();
    std::uint64_t hops = 0;
    for (const auto& w : workers_) hops += w->context.hops;
    config_.progress({Time::ps(from_), Time::ps(end_), hops});
  }
  return true;
}

void RunState::work(unsigned thread) {
  Worker& worker = *workers_[thread];
  while (from_ < until_) {
    const std::int64_t from = from_;
    const std::int64_t until = until_;
    const bool measuring_starts = from == measure_from_;
    for (std::size_t i = 0; i < worker.units.size(); ++i) {
      const std::uint32_t u = worker.units[i];
      const Unit& unit = schedule_.units[u];
      if (i + 1 < worker.units.size()) fetch_inputs(schedule_.units[worker.units[i + 1]]);
      for (const std::uint32_t other : unit.wait_for) wait_until(done_[other].windows, window_);
      if (measuring_starts)
        for (const std::uint32_t m : unit.machines) {
          if (active_[m] != nullptr)
            active_[m]->start_measuring(from, interval_);
          else if (m < model_.queues.size())
            queues_[m].start_measuring(from, interval_);
        }
      try {
        run_unit(worker, unit, from, until);
      } catch (const std::bad_alloc&) {
        out_of_memory_.store(true, std::memory_order_relaxed);  // all meet at the barrier, then end
      }
      for (const std::uint32_t lane : sealed_lanes_[u]) lanes_[lane].seal(window_ & 1);
      done_[u].windows.store(window_, std::memory_order_release);
      if (unit.awaited) done_[u].windows.notify_all();
    }
    barrier_.wait([this] {
      if (!plan_window()) until_ = from_;
    });
  }
}

/// Asks for what other threads have written for a unit, so that it comes while another unit is run.
void RunState::fetch_inputs(const Unit& unit) {
  for (const std::uint32_t m : unit.machines)
    for (const InLane& in : in_lanes_[m])
      if (in.visibility == Visibility::last_window) in.lane->fetch(visible(in));
}

void RunState::run_unit(Worker& worker, const Unit& unit, std::int64_t from, std::int64_t until) {
  if (unit.inner) {
    const std::int64_t step = unit.inner->window.ps();
    for (std::int64_t t = from; t < until; t += step)
      for (const Unit& inner : unit.inner->units)
        run_unit(worker, inner, t, std::min(t + step, until));
  } else if (unit.events) {
    run_events(worker, unit, until);
  } else {
    run_machine(worker, unit.machines.front(), from, until);
  }
}

std::uint64_t RunState::visible(const InLane& in) const {
  switch (in.visibility) {
    case Visibility::live:
      return in.lane->written();
    case Visibility::this_window:
      return in.lane->sealed(window_ & 1);
    case Visibility::last_window:
      return in.lane->sealed((window_ - 1) & 1);
  }
  return 0;
}

void RunState::run_machine(Worker& worker, std::uint32_t machine, std::int64_t from,
                           std::int64_t until) {
  const std::size_t sources_begin = model_.queues.size();
  if (machine >= sources_begin && machine < sources_begin + sources_.size()) {
    run_source(worker, machine - sources_begin, from, until);
    return;
  }
  const auto& inputs = in_lanes_[machine];
  Machine* const active = active_[machine].get();
  const Key* keys = nullptr;
  const std::size_t n = merge_inputs(worker, inputs, until, keys);
  if (n == 0 && (active == nullptr || active->next_action() >= until)) return;
  if (active != nullptr) {
    active->run(keys, n, until, worker.context);
    if (machine < sources_begin) deliver_directly(worker, machine);
    settle_drops(worker);
  } else if (machine < sources_begin) {
    queues_[machine].serve(keys, n, worker.context);
    deliver_directly(worker, machine);
    settle_drops(worker);
  } else {
    worker.fingerprint += deliver(keys, n, measure_from_, demands_);
  }
  for (const InLane& in : inputs)
    if (in.lane != nullptr) in.lane->release(worker.context.pool);
}

/// Where each demand reaches a sink by one lane only, the queue before it delivers at once, while
/// the packets are in cache. What would arrive after the end stays in the lane, in flight.
void RunState::deliver_directly(Worker& worker, std::uint32_t queue) {
  const std::size_t node = model_.queues[queue].to.index();
  if (model_.several_ways[node]) return;
  Lane& lane = lanes_[model_.first_lane[queue] + model_.nodes[node].sink_out()];
  lane.read(lane.written(), end_, [&](const Packet* packets, std::size_t n) {
    worker.fingerprint += deliver(packets, n, measure_from_, demands_);
  });
  lane.release(worker.context.pool);
}

/// Sets `keys` to all packets of `inputs` earlier than `until`, in order, and returns how many.
std::size_t RunState::merge_inputs(Worker& worker, const std::vector<InLane>& inputs,
                                   std::int64_t until, const Key*& keys) {
  std::size_t room = 0;
  for (const InLane& in : inputs)
    room += in.source != nullptr ? in.source->unread() : visible(in) - in.lane->consumed();
  if (room == 0) return 0;
  Key* const begin = worker.merge.reserve(room);
  Key* end = begin;
  for (const InLane& in : inputs) {
    Key* const run_end = in.source != nullptr ? in.source->collect(until, end)
                                              : in.lane->collect(visible(in), until, end);
    if (run_end != end) worker.merge.ends.push_back(run_end);
    end = run_end;
  }
  keys = worker.merge.merge();
  return static_cast<std::size_t>(end - begin);
}

void RunState::run_source(Worker& worker, std::size_t node, std::int64_t from, std::int64_t until) {
  Source& source = sources_[node];
  if (source.empty()) return;
  const NodeModel& here = model_.nodes[node];
  SourceLane* const lanes =
      source_lanes_.data() + model_.first_lane[model_.source(node)] - model_.first_source_lane;
  for (std::size_t out = 0; out <= here.sink_out(); ++out) lanes[out].start();
  ForwardingTable& table = source_tables_[node];
  const bool per_packet = config_.ecmp == Ecmp::per_packet;
  for (const Key& key : source.produce(from, until, from >= measure_from_ ? sent_.data() : nullptr,
                                       model_.flow_bits)) {
    const std::uint32_t out = table.send(source.packet(key), key.time, per_packet);
    if (out == Forwarding::none) [[unlikely]] {
      const Packet& p = *key.packet;
      worker.context.drops.push_back({p, p.time, Drop::no_route, model_.source(node)});
      continue;
    }
    lanes[out].append(key);
  }
  for (const Packet& p : source.policed())
    worker.context.drops.push_back({p, p.time, Drop::policed, model_.source(node)});
  settle_drops(worker);
}

/// An island packet by packet: a heap holds the first unread packet of each lane into it, and the
/// next action of each machine that acts by itself. Causality needs no more than time order across
/// the island; at one machine, actions come first and arrivals by lane, as everywhere.
void RunState::run_events(Worker& worker, const Unit& unit, std::int64_t until) {
  struct Head {
    std::int64_t time;
    std::uint32_t machine;
    std::uint32_t in;  // 0: an action; else 1 + the position of the lane in in_lanes_
    bool operator>(const Head& o) const {
      return std::tie(time, machine, in) > std::tie(o.time, o.machine, o.in);
    }
  };
  constexpr std::int64_t none = Machine::never;
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heap;
  const auto push = [&](std::uint32_t machine, std::uint32_t in) {
    const InLane& lane = in_lanes_[machine][in];
    const std::int64_t time = lane.source != nullptr ? lane.source->head_time(none)
                                                     : lane.lane->head_time(visible(lane), none);
    const bool waits = time < until;
    island_heads_[lane.index] = waits ? 1 : 0;
    if (waits) heap.push({time, machine, in + 1});
  };
  // An action that an arrival has put off or brought forward leaves its head behind: void by then.
  const auto push_action = [&](std::uint32_t machine) {
    const std::int64_t time = active_[machine]->next_action();
    if (time < until) heap.push({time, machine, 0});
  };
  // The lane's head, if it lies in the island and is not in the heap yet.
  const auto push_written = [&](std::uint32_t lane) {
    const std::uint32_t reader = lane_reader_[lane];
    if (island_heads_[lane] != 0 ||
        !std::binary_search(unit.machines.begin(), unit.machines.end(), reader))
      return;
    const auto& inputs = in_lanes_[reader];
    for (std::uint32_t i = 0; i < inputs.size(); ++i)
      if (inputs[i].index == lane) return push(reader, i);
  };
  const auto run_active = [&](std::uint32_t machine, const Key* keys, std::size_t n,
                              std::int64_t to) {
    active_[machine]->run(keys, n, to, worker.context);
    push_action(machine);
    const std::uint32_t first = model_.first_lane[machine];
    for (std::uint32_t out = 0; out < model_.outs(machine); ++out) push_written(first + out);
  };
  for (const std::uint32_t m : unit.machines) {
    for (std::uint32_t i = 0; i < in_lanes_[m].size(); ++i) push(m, i);
    if (active_[m] != nullptr) push_action(m);
  }
  while (!heap.empty()) {
    const Head head = heap.top();
    heap.pop();
    if (head.in == 0) {
      if (active_[head.machine]->next_action() != head.time) continue;
      run_active(head.machine, nullptr, 0, head.time + 1);
      if (head.machine < model_.queues.size()) deliver_directly(worker, head.machine);
      continue;
    }
    const InLane& in = in_lanes_[head.machine][head.in - 1];
    const Packet packet =
        in.source != nullptr ? in.source->pop() : in.lane->pop(worker.context.pool);
    const Key key{packet.time, &packet};
    if (active_[head.machine] != nullptr) {
      run_active(head.machine, &key, 1, packet.time + 1);
      push(head.machine, head.in - 1);
      if (head.machine < model_.queues.size()) deliver_directly(worker, head.machine);
      continue;
    }
    worker.context.last_lane = nullptr;
    queues_[head.machine].serve(&key, 1, worker.context);
    push(head.machine, head.in - 1);
    deliver_directly(worker, head.machine);
    if (worker.context.last_lane != nullptr)
      push_written(static_cast<std::uint32_t>(worker.context.last_lane - lanes_.data()));
  }
  settle_drops(worker);
}

/// Whether it is policy that leaves a packet without a route: cables lead where it is bound for,
/// and still routers that know of all changes have none.
bool RunState::refused(const DropRecord& drop) const {
  const auto after =
      std::upper_bound(input_.changes.begin(), input_.changes.end(), drop.time,
                       [](std::int64_t t, const engine::RouteChange& c) { return t < c.at.ps(); });
  const bool initial = after == input_.changes.begin();
  const Reachability* cables = (initial ? input_.cables : (after - 1)->cables).get();
  if (cables == nullptr) return false;
  const Routes* routes = input_.routes.get();
  if (!initial) routes = ((after - 1)->ahead ? (after - 1)->ahead : (after - 1)->routes).get();
  const NodeId at = model_.node(drop.machine);
  const DestinationId to(drop.packet.destination);
  return cables->connected(at, input_.routes->node(to)) && routes->next(at, to).empty();
}

void RunState::settle_drops(Worker& worker) {
  if (worker.context.drops.empty()) return;
  for (DropRecord& drop : worker.context.drops) {
    if (drop.cause == Drop::no_route && refused(drop)) drop.cause = Drop::policy;
    worker.fingerprint += fate_hash(
        drop.packet, drop.time, 1 + static_cast<std::uint64_t>(drop.cause) + 8ULL * drop.machine);
    if (!measured(drop.packet, drop.time)) continue;
    ++worker.dropped[static_cast<int>(drop.cause)];
    if (is_ack(drop.packet)) {
      ++worker.acks_dropped;
      continue;
    }
    const std::size_t demand = drop.packet.flow >> model_.flow_bits;
    ++worker.drops_of_demand[demand];
    worker.losses.count(demand, drop.time, drop.cause);
    if (demands_.stats[demand].fates >= 0)
      demands_.fates.dropped(demands_.stats[demand].fates, drop.time);
  }
  worker.context.drops.clear();
}

PacketTotals RunState::totals() const {
  PacketTotals t;
  for (const SentStats& s : sent_) t.sent += s.packets;
  for (const DemandStats& d : demands_.stats) t.delivered += d.delivered;
  for (const auto& w : workers_) {
    t.dropped_buffer += w->dropped[static_cast<int>(Drop::buffer)];
    t.dropped_no_route += w->dropped[static_cast<int>(Drop::no_route)];
    t.dropped_link_down += w->dropped[static_cast<int>(Drop::link_down)];
    t.dropped_policy += w->dropped[static_cast<int>(Drop::policy)];
    t.dropped_policed += w->dropped[static_cast<int>(Drop::policed)];
    t.dropped_aqm += w->dropped[static_cast<int>(Drop::aqm)];
    t.dropped_loop += w->dropped[static_cast<int>(Drop::loop)];
  }
  // Counted, not inferred: what is still in lanes.
  for (const Lane& lane : lanes_)
    lane.for_each_unread([&](const Packet& p) { t.in_flight += measured(p, p.time) ? 1 : 0; });
  for (const Source& source : sources_)
    source.for_each_waiting([&](const Packet& p) { t.in_flight += measured(p, p.time) ? 1 : 0; });
  for (const tcp::Host* host : hosts_) {
    t.acks_sent += host->acks_sent();
    t.acks_delivered += host->acks_delivered();
  }
  for (const auto& w : workers_) t.acks_dropped += w->acks_dropped;
  t.sent += t.acks_sent;
  t.delivered += t.acks_delivered;
  return t;
}

}  // namespace longhaul::packet
