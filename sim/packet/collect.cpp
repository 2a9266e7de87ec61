// From what a run counted to Measurements.
#include <algorithm>
#include <optional>
#include <utility>

#include "sim/packet/run_state.hpp"

namespace longhaul::packet {

namespace {

/// `least` is the lower edge of the lowest bucket in use when it was not kept.
DurationStats to_stats(const Buckets& buckets, const CountArray& counts, std::size_t first,
                       std::uint64_t n, Int128 sum, std::optional<std::int64_t> least,
                       std::int64_t most) {
  DurationStats s;
  s.histogram = Histogram(buckets.bits);
  s.count = n;
  s.sum_ps = sum;
  if (n == 0) return s;
  s.max_ps = most;
  const std::size_t low = least ? bucket_index(*least, buckets.bits) : 0;
  const std::size_t high = bucket_index(most, buckets.bits);
  for (std::size_t i = low; i <= high; ++i) {
    const std::uint64_t count = counts.count(first + i);
    if (count == 0) continue;
    if (!least) least = s.histogram.lower_edge(i);
    s.histogram.add(s.histogram.lower_edge(i), count);
  }
  s.min_ps = *least;
  return s;
}

/// Adds one queue (a LAG member) to its port, but for its waits.
void add_queue(const QueueModel& model, const QueueStats& s, double measured_ps,
               std::uint32_t members, PortMeasurement& port, std::vector<double>& busy_ps) {
  port.arrived_packets += s.arrived;
  port.dropped_packets += s.dropped;
  const auto bytes_of = [&](double ps) {
    return ps * static_cast<double>(model.ps_den) / static_cast<double>(model.ps_num);
  };
  if (measured_ps > 0) {
    port.queue_bytes_mean += static_cast<double>(s.byte_sojourn) / measured_ps;
    port.utilization_mean += static_cast<double>(s.series.total()) / measured_ps / members;
  }
  port.queue_bytes_max = std::max(
      port.queue_bytes_max, static_cast<std::uint64_t>(bytes_of(static_cast<double>(s.work_max))));
  port.sent_packets += s.arrived - s.dropped - s.late;
  port.sent_bytes += s.sent_bytes - s.late_bytes;
  const auto& busy = s.series.busy();
  busy_ps.resize(std::max(busy_ps.size(), busy.size()), 0.0);
  for (std::size_t i = 0; i < busy.size(); ++i)
    busy_ps[i] += static_cast<double>(busy[i]) / members;
}

/// The same for waits that are counted apart.
DurationStats to_stats(const Buckets& buckets, const LevelWait& waits) {
  DurationStats s;
  s.histogram = Histogram(buckets.bits);
  s.count = waits.count;
  s.sum_ps = waits.sum;
  s.max_ps = waits.max;
  bool first = true;
  for (std::size_t i = 0; i < waits.buckets.size(); ++i) {
    if (waits.buckets[i] == 0) continue;
    if (std::exchange(first, false)) s.min_ps = s.histogram.lower_edge(i);
    s.histogram.add(s.histogram.lower_edge(i), waits.buckets[i]);
  }
  return s;
}

/// Picoseconds of [from, until) in which the queue is down.
std::int64_t down_within(const QueueModel& queue, std::int64_t from, std::int64_t until) {
  std::int64_t sum = 0;
  for (const Interval& down : queue.down)
    sum += std::max<std::int64_t>(0, std::min(until, down.until) - std::max(from, down.from));
  return sum;
}

LevelMeasurement& level_of(PortMeasurement& port, std::uint32_t level) {
  const auto at =
      std::lower_bound(port.levels.begin(), port.levels.end(), level,
                       [](const LevelMeasurement& l, std::uint32_t n) { return l.level < n; });
  if (at != port.levels.end() && at->level == level) return *at;
  return *port.levels.insert(at, LevelMeasurement{level, Rate::zero(), Duration::zero(), {}});
}

/// How long a port was at each of its levels within the measured period [from, until).
void add_level_times(const QueueModel& queue, std::uint32_t members, std::int64_t from,
                     std::int64_t until, PortMeasurement& port) {
  for (std::size_t i = 0; i < queue.paces.size(); ++i) {
    const Pace& pace = queue.paces[i];
    const std::int64_t begin = std::max(from, pace.from);
    const std::int64_t end =
        i + 1 < queue.paces.size() ? std::min(until, queue.paces[i + 1].from) : until;
    if (pace.from > from && pace.from < until) ++port.level_changes;
    if (end <= begin) continue;
    LevelMeasurement& level = level_of(port, pace.level);
    level.rate = Rate::bps(static_cast<std::int64_t>(pace.bps)) * members;
    level.time += Duration::ps(end - begin - down_within(queue, begin, end));
  }
  port.down = Duration::ps(down_within(queue, from, until));
}

/// Adds the waits of one queue at each level to its port.
void add_level_waits(const LevelWaits& waits, const Buckets& buckets, PortMeasurement& port) {
  const auto& by_level = waits.by_level();
  for (std::uint32_t level = 0; level < by_level.size(); ++level)
    if (by_level[level].count > 0)
      level_of(port, level).wait.merge(to_stats(buckets, by_level[level]));
}

/// Adds the classes of a queue with a discipline to its port.
void add_classes(const PortQueue& queue, const Buckets& buckets, PortMeasurement& port) {
  const auto& classes = queue.class_stats();
  port.classes.resize(classes.size());
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const ClassStats& s = classes[c];
    ClassMeasurement& out = port.classes[c];
    out.arrived_packets += s.arrived;
    out.sent_packets += s.sent;
    out.sent_bytes += s.sent_bytes;
    out.dropped_packets += s.dropped;
    out.marked_packets += s.marked;
    const CountSlice waits = queue.wait_counts(c);
    const DurationStats wait =
        to_stats(buckets, *waits.array, waits.first, s.sent, s.wait_sum, std::nullopt, s.wait_max);
    out.wait.merge(wait);
    port.wait.merge(wait);
  }
}

}  // namespace

Measurements RunState::collect(std::int64_t reached) const {
  Measurements m;
  m.fidelity = "packet";
  m.complete = reached >= end_;
  m.warmup = config_.warmup;
  m.measured = Duration::ps(std::max<std::int64_t>(0, reached - measure_from_));
  m.interval = Duration::ps(interval_);
  m.packets = totals();
  for (const auto& w : workers_) {
    m.fingerprint += w->fingerprint + w->context.fingerprint;
    m.cost.packet_hops += w->context.hops;
  }
  // What is in flight at the end has a fate too: it was there.
  for (const Lane& lane : lanes_)
    lane.for_each_unread([&](const Packet& p) { m.fingerprint += fate_hash(p, p.time, 7); });
  collect_ports(m, reached);
  collect_demands(m);
  collect_losses(m);
  for (const tcp::Host* host : hosts_) {
    host->collect(m.demands);
    m.cost.tcp_connections += host->connections();
    m.cost.tcp_memory_bytes += host->memory_bytes();
  }
  m.cost.threads = threads_;
  return m;
}

void RunState::collect_ports(Measurements& m, std::int64_t reached) const {
  const auto& ports = input_.network->ports();
  m.ports.resize(ports.size());
  const auto measured = static_cast<double>(std::max<std::int64_t>(0, reached - measure_from_));
  std::vector<std::vector<double>> busy(ports.size());
  const auto add = [&](const QueueModel& model, const QueueStats& stats) -> PortMeasurement& {
    const std::size_t p = model.port.index();
    add_queue(model, stats, measured, ports[p].members, m.ports[p], busy[p]);
    return m.ports[p];
  };
  const auto add_levels = [&](const QueueModel& model, const LevelWaits& waits,
                              PortMeasurement& port) {
    if (port.levels.empty())
      add_level_times(model, ports[model.port.index()].members, measure_from_, reached, port);
    add_level_waits(waits, wait_buckets_, port);
  };
  if (measured > 0) {
    for (const Queue& q : queues_) {
      PortMeasurement& port = add(q.model(), q.stats());
      port.wait.merge(to_stats(wait_buckets_, *q.wait_counts().array, q.wait_counts().first,
                               q.stats().arrived - q.stats().dropped, q.stats().wait_sum,
                               std::nullopt, q.stats().wait_max));
      if (q.paced() != nullptr) add_levels(q.model(), q.paced()->waits(), port);
    }
    for (const PortQueue* q : port_queues_) {
      PortMeasurement& port = add(q->model(), q->stats());
      add_classes(*q, wait_buckets_, port);
      if (!q->model().paces.empty()) add_levels(q->model(), q->level_waits(), port);
    }
  }
  const auto intervals =
      static_cast<std::size_t>((static_cast<std::int64_t>(measured) + interval_ - 1) / interval_);
  for (std::size_t p = 0; p < ports.size(); ++p) {
    busy[p].resize(intervals, 0.0);
    for (std::size_t i = 0; i < intervals; ++i) {
      const double length =
          std::min(static_cast<double>(interval_), measured - static_cast<double>(i) * interval_);
      m.ports[p].utilization.push_back(static_cast<float>(busy[p][i] / length));
    }
  }
}

void RunState::collect_demands(Measurements& m) const {
  m.demands.resize(demands_.stats.size());
  const auto intervals = static_cast<std::size_t>((m.measured.ps() + interval_ - 1) / interval_);
  for (std::size_t i = 0; i < m.demands.size(); ++i) {
    const DemandStats& d = demands_.stats[i];
    DemandMeasurement& out = m.demands[i];
    out.sent_packets = sent_[i].packets;
    out.sent_bytes = sent_[i].bytes;
    out.delivered_packets = d.delivered;
    out.delivered_bytes = d.bytes;
    for (const auto& w : workers_) out.dropped_packets += w->drops_of_demand[i];
    out.base = Duration::ps(d.base);
    out.queueing = to_stats(demands_.buckets, demands_.counts, demands_.wait_at(i), d.delivered,
                            d.wait_sum, d.wait_min, d.wait_max);
    out.latency = d.excess_is_wait
                      ? out.queueing
                      : to_stats(demands_.buckets, demands_.counts, demands_.excess_at(i),
                                 d.delivered, d.excess_sum, d.excess_min, d.excess_max);
    if (d.delivered > 1)
      out.jitter_ps = static_cast<double>(d.variation_sum) / static_cast<double>(d.delivered - 1);
    if (d.fates >= 0) out.fates = demands_.fates.row(d.fates, intervals);
    if (d.delivered > 0)
      out.hops_mean = static_cast<double>(d.hops) / static_cast<double>(d.delivered);
  }
}

/// Of demands that failures hit. One whose end the routes that all routers come to have do not
/// reach is not repaired.
void RunState::collect_losses(Measurements& m) const {
  FailureLosses losses(failures_);
  for (const auto& w : workers_) losses.add(w->losses);
  const Time reached = Time::zero() + m.warmup + m.measured;
  const Routes* routes = input_.routes.get();
  for (const engine::RouteChange& change : input_.changes)
    if (change.at <= reached) routes = change.routes.get();
  for (const auto& [key, loss] : losses.all()) {
    const Demand& demand = input_.demands->demands[key.first];
    auto& repair = m.demands[key.first].repair;
    if (!repair) {
      repair.emplace();
      repair->open = routes->next(demand.from, routes->destination(demand)).empty();
    }
    const Duration lasted = Duration::ps(loss.last - failures_[key.second]);
    ++repair->failures;
    repair->sum += lasted;
    repair->longest = std::max(repair->longest, lasted);
    repair->link_down += loss.link_down;
    repair->no_route += loss.no_route;
    repair->loop += loss.loop;
  }
}

}  // namespace longhaul::packet
