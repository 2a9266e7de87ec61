#include "sim/hybrid/replicas.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/base/archive.hpp"
#include "sim/base/random.hpp"
#include "sim/engine/base_latency.hpp"
#include "sim/engine/paths.hpp"
#include "sim/hybrid/error_bar.hpp"
#include "sim/hybrid/merge.hpp"
#include "sim/hybrid/shrink.hpp"

namespace longhaul::hybrid {

namespace {

std::uint64_t scaled(std::uint64_t n, double factor) {
  return static_cast<std::uint64_t>(static_cast<double>(n) * factor + 0.5);
}

/// The counts of a run's fates.
constexpr std::uint64_t PacketTotals::*const fates[] = {
    &PacketTotals::delivered,        &PacketTotals::dropped_buffer,
    &PacketTotals::dropped_no_route, &PacketTotals::dropped_link_down,
    &PacketTotals::dropped_policy,   &PacketTotals::dropped_policed,
    &PacketTotals::dropped_aqm,      &PacketTotals::in_flight,
    &PacketTotals::acks_sent,        &PacketTotals::acks_delivered,
    &PacketTotals::acks_dropped};

/// How much longer the mean packet of each demand takes in `small` than in `input`, waits apart and
/// beyond what the demand's base does.
std::vector<std::int64_t> longer(const engine::Input& input, const engine::Input& small) {
  const auto own = engine::base_latencies(input);
  const auto others = engine::base_latencies(small);
  std::vector<std::int64_t> out;
  for (std::size_t i = 0; i < own.size(); ++i) {
    const auto mean = [i](const engine::Input& of) {
      double sum = 0;
      for (const engine::Path& path : engine::paths_of(of, *of.routes, DemandId(i)))
        sum += path.share * path.mean_ps;
      return sum;
    };
    out.push_back(static_cast<std::int64_t>(std::round(mean(small) - mean(input))) -
                  (others[i] - own[i]));
  }
  return out;
}

/// Values that are all `shift_ps` larger, those that would be negative zero.
DurationStats shifted(const DurationStats& from, std::int64_t shift_ps) {
  DurationStats out;
  out.histogram = Histogram(from.histogram.bits());
  out.merge_shifted(from, shift_ps);
  out.min_ps = std::max<std::int64_t>(0, out.min_ps);
  out.max_ps = std::max<std::int64_t>(0, out.max_ps);
  if (out.sum_ps < 0) out.sum_ps = 0;
  return out;
}

template <class T>
void add_each(std::vector<T>& to, const std::vector<T>& from) {
  if (to.size() < from.size()) to.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) to[i] += from[i];
}

void add(LevelMeasurement& to, const LevelMeasurement& from) {
  to.rate = from.rate;
  to.time += from.time;
  to.wait.merge(from.wait);
}

void add(ClassMeasurement& to, const ClassMeasurement& from) {
  to.arrived_packets += from.arrived_packets;
  to.sent_packets += from.sent_packets;
  to.sent_bytes += from.sent_bytes;
  to.dropped_packets += from.dropped_packets;
  to.marked_packets += from.marked_packets;
  to.wait.merge(from.wait);
}

void add(TransportMeasurement& to, const TransportMeasurement& from) {
  to.acknowledged_segments += from.acknowledged_segments;
  to.acknowledged_bytes += from.acknowledged_bytes;
  to.resent_segments += from.resent_segments;
  to.timeouts += from.timeouts;
  to.reductions += from.reductions;
  to.completed_flows += from.completed_flows;
  to.most_waiting_flows = std::max(to.most_waiting_flows, from.most_waiting_flows);
  to.rtt_mean_s += from.rtt_mean_s;  // of replicas; their mean in the end
  to.rtt_max = std::max(to.rtt_max, from.rtt_max);
  to.fairness += from.fairness;
  to.completion.merge(from.completion);
}

}  // namespace

Replicas::Replicas(const engine::Input& input, const Config& config, const ReplicaPlan& plan)
    : input_(input),
      config_(config),
      plan_(plan),
      small_(shrunk(input, plan.scale)),
      queueing_(shrunk(config.queueing, plan.scale)),
      base_ps_(engine::base_latencies(input)),
      longer_ps_(plan.scale < 1 ? longer(input, small_)
                                : std::vector<std::int64_t>(base_ps_.size(), 0)) {
  sum_.complete = false;
  sum_.warmup = config.warmup;
  sum_.ports.resize(input.network->ports().size());
  sum_.demands.resize(input.demands->demands.size());
}

Measurements Replicas::simulate(std::size_t replica) const {
  packet::Config config = config_;
  // The first one is the run itself, if that is not too large.
  if (replica > 0) config.seed = mix(config_.seed + replica * 0x9e3779b97f4a7c15ULL);
  config.warmup = plan_.warmup;
  config.duration = plan_.length;
  config.queueing = queueing_;
  // As many intervals as asked for.
  const double shorter = plan_.length.seconds() / config_.duration.seconds();
  config.interval = Duration::ps(std::max<std::int64_t>(
      1,
      static_cast<std::int64_t>(std::ceil(static_cast<double>(config_.interval_ps()) * shorter))));
  // A run in one piece tells its progress and writes its checkpoints itself.
  if (plan_.count == 1) return packet::run(small_, config);
  config.threads = 1;
  config.progress = nullptr;
  config.checkpoint = {};
  return packet::run(small_, config);
}

void Replicas::add(std::size_t replica, const Measurements& m) {
  for (std::size_t i = 0; i < sum_.demands.size(); ++i) add_demand(i, m.demands[i]);
  for (std::size_t p = 0; p < sum_.ports.size(); ++p) add_port(p, m.ports[p]);
  sum_.measured = m.measured;  // of each
  sum_.complete = m.complete;
  for (const auto fate : fates) sum_.packets.*fate += m.packets.*fate;
  sum_.fingerprint = replica == 0 ? m.fingerprint : mix(sum_.fingerprint * 3 + m.fingerprint);
  sum_.cost.packet_hops += m.cost.packet_hops;
  sum_.cost.tcp_connections += m.cost.tcp_connections;
  sum_.cost.tcp_memory_bytes += m.cost.tcp_memory_bytes;
  batches_.emplace_back();
  for (const DemandMeasurement& d : m.demands) batches_.back().merge(d.queueing);
}

void Replicas::add_demand(std::size_t demand, const DemandMeasurement& from) {
  DemandMeasurement& to = sum_.demands[demand];
  to.sent_packets += from.sent_packets;
  to.sent_bytes += from.sent_bytes;
  to.delivered_packets += from.delivered_packets;
  to.delivered_bytes += from.delivered_bytes;
  to.dropped_packets += from.dropped_packets;
  to.latency.merge(from.latency);
  to.queueing.merge(from.queueing);
  // Of packets; their mean in the end.
  const auto n = static_cast<double>(from.delivered_packets);
  to.jitter_ps += from.jitter_ps * n;
  to.hops_mean += from.hops_mean * n;
  if (from.transport) {
    if (!to.transport) to.transport.emplace();
    hybrid::add(*to.transport, *from.transport);
  }
  if (to.fates.size() < from.fates.size()) to.fates.resize(from.fates.size());
  for (std::size_t i = 0; i < from.fates.size(); ++i) {
    to.fates[i].delivered += from.fates[i].delivered;
    to.fates[i].dropped += from.fates[i].dropped;
  }
}

void Replicas::add_port(std::size_t port, const PortMeasurement& from) {
  PortMeasurement& to = sum_.ports[port];
  to.utilization_mean += from.utilization_mean;  // of replicas; their mean in the end
  add_each(to.utilization, from.utilization);
  to.sent_packets += from.sent_packets;
  to.sent_bytes += from.sent_bytes;
  to.dropped_packets += from.dropped_packets;
  to.arrived_packets += from.arrived_packets;
  to.queue_bytes_mean += from.queue_bytes_mean;
  to.queue_bytes_max = std::max(to.queue_bytes_max, from.queue_bytes_max);
  to.wait.merge(from.wait);
  if (to.classes.size() < from.classes.size()) to.classes.resize(from.classes.size());
  for (std::size_t c = 0; c < from.classes.size(); ++c) hybrid::add(to.classes[c], from.classes[c]);
  for (const LevelMeasurement& level : from.levels) {
    const auto same = std::find_if(to.levels.begin(), to.levels.end(),
                                   [&](const auto& l) { return l.level == level.level; });
    if (same != to.levels.end())
      hybrid::add(*same, level);
    else
      to.levels.push_back(level);
  }
  to.level_changes += from.level_changes;
  to.down += from.down;
}

Measurements Replicas::finish() {
  const auto n = static_cast<double>(std::max<std::size_t>(1, batches_.size()));
  const Duration each = sum_.measured;
  if (!plan_.whole) sum_.measured = config_.duration;
  const double longer_run = each > Duration::zero() ? sum_.measured.seconds() / each.seconds() : 1;
  // Of what adds up over time and over replicas, and of what there is at one time.
  const double of_one = 1 / (plan_.scale * n);
  const double factor = longer_run * of_one;
  sum_.complete = sum_.complete && batches_.size() == plan_.count;
  sum_.interval = Duration::ps(config_.interval_ps());
  if (factor != 1)
    for (std::size_t i = 0; i < sum_.demands.size(); ++i) finish_demand(i, factor, of_one);
  for (std::size_t i = 0; i < sum_.demands.size(); ++i) {
    DemandMeasurement& d = sum_.demands[i];
    const auto delivered = static_cast<double>(std::max<std::uint64_t>(1, d.queueing.count));
    d.base = Duration::ps(base_ps_[i]);
    d.jitter_ps /= delivered;
    d.hops_mean /= delivered;
  }
  for (PortMeasurement& port : sum_.ports) finish_port(port, factor);
  finish_totals(factor, of_one);
  sum_.cost.windows = plan_.count;
  sum_.cost.window = plan_.length;
  sum_.cost.scale = plan_.scale;
  if (!plan_.exact()) sum_.error = replica_error_bar(input_, config_, plan_, batches_);
  return std::move(sum_);
}

void Replicas::finish_demand(std::size_t demand, double factor, double of_one) {
  DemandMeasurement& d = sum_.demands[demand];
  // Means over packets are weighted by counts as they were.
  const double more = static_cast<double>(scaled(d.delivered_packets, factor)) /
                      static_cast<double>(std::max<std::uint64_t>(1, d.delivered_packets));
  d.jitter_ps *= more;
  d.hops_mean *= more;
  const std::uint64_t under_way =
      d.sent_packets - std::min(d.sent_packets, d.delivered_packets + d.dropped_packets);
  d.delivered_packets = scaled(d.delivered_packets, factor);
  d.dropped_packets = scaled(d.dropped_packets, factor);
  d.sent_packets = d.delivered_packets + d.dropped_packets + scaled(under_way, of_one);
  d.sent_bytes = scaled(d.sent_bytes, factor);
  d.delivered_bytes = scaled(d.delivered_bytes, factor);
  d.latency = scaled_to(shifted(d.latency, -longer_ps_[demand]), d.delivered_packets);
  d.queueing = scaled_to(d.queueing, d.delivered_packets);
  for (IntervalFates& f : d.fates)
    f = {
        static_cast<std::uint32_t>(
            std::min<std::uint64_t>(UINT32_MAX, scaled(f.delivered, of_one))),
        static_cast<std::uint32_t>(std::min<std::uint64_t>(UINT32_MAX, scaled(f.dropped, of_one)))};
  if (!d.transport) return;
  TransportMeasurement& t = *d.transport;
  for (std::uint64_t* count : {&t.acknowledged_segments, &t.acknowledged_bytes, &t.resent_segments,
                               &t.timeouts, &t.reductions, &t.completed_flows})
    *count = scaled(*count, factor);
  t.most_waiting_flows = scaled(t.most_waiting_flows, 1 / plan_.scale);
  t.completion = scaled_to(t.completion, scaled(t.completion.count, factor));
}

void Replicas::finish_port(PortMeasurement& port, double factor) const {
  const auto n = static_cast<double>(std::max<std::size_t>(1, batches_.size()));
  port.utilization_mean /= n;
  for (float& u : port.utilization) u = static_cast<float>(u / n);
  port.queue_bytes_mean /= n * plan_.scale;
  port.queue_bytes_max = scaled(port.queue_bytes_max, 1 / plan_.scale);
  port.level_changes = scaled(port.level_changes, 1 / n);
  port.down = port.down / static_cast<std::int64_t>(n);
  for (LevelMeasurement& level : port.levels) {
    level.time = level.time / static_cast<std::int64_t>(n);
    level.rate =
        Rate::bps(static_cast<std::int64_t>(std::round(level.rate.as_double() / plan_.scale)));
  }
  std::sort(port.levels.begin(), port.levels.end(),
            [](const auto& a, const auto& b) { return a.level < b.level; });
  if (factor == 1) return;
  const std::uint64_t late = port.arrived_packets - port.sent_packets - port.dropped_packets;
  port.sent_packets = scaled(port.sent_packets, factor);
  port.dropped_packets = scaled(port.dropped_packets, factor);
  port.arrived_packets = port.sent_packets + port.dropped_packets + late;
  port.sent_bytes = scaled(port.sent_bytes, factor);
  port.wait = scaled_to(port.wait, scaled(port.wait.count, factor));
  for (LevelMeasurement& level : port.levels)
    level.wait = scaled_to(level.wait, scaled(level.wait.count, factor));
  for (ClassMeasurement& c : port.classes) {
    for (std::uint64_t* count : {&c.arrived_packets, &c.sent_packets, &c.sent_bytes,
                                 &c.dropped_packets, &c.marked_packets})
      *count = scaled(*count, factor);
    c.wait = scaled_to(c.wait, scaled(c.wait.count, factor));
  }
}

void Replicas::finish_totals(double factor, double of_one) {
  PacketTotals& p = sum_.packets;
  for (const auto fate : fates)
    p.*fate = scaled(p.*fate, fate == &PacketTotals::in_flight ? of_one : factor);
  p.sent = p.delivered + p.dropped() + p.in_flight;
  for (std::size_t i = 0; i < sum_.demands.size(); ++i) {
    auto& transport = sum_.demands[i].transport;
    if (!transport) continue;
    const auto n = static_cast<double>(std::max<std::size_t>(1, batches_.size()));
    transport->connections = input_.demands->transport(input_.demands->demands[i])->connections;
    transport->rtt_mean_s /= n;
    transport->fairness /= n;
  }
}

template <class Archive>
void Replicas::serialize(Archive& archive) {
  for (DemandMeasurement& d : sum_.demands) {
    archive(d.sent_packets, d.sent_bytes, d.delivered_packets, d.delivered_bytes, d.dropped_packets,
            d.latency, d.queueing, d.jitter_ps, d.hops_mean, raw(d.fates));
    bool tcp = d.transport.has_value();
    archive(tcp);
    if (!tcp) continue;
    if (!d.transport) d.transport.emplace();
    TransportMeasurement& t = *d.transport;
    archive(t.acknowledged_segments, t.acknowledged_bytes, t.resent_segments, t.timeouts,
            t.reductions, t.completed_flows, t.most_waiting_flows, t.rtt_mean_s, raw(t.rtt_max),
            t.fairness, t.completion);
  }
  for (PortMeasurement& p : sum_.ports) {
    archive(p.utilization_mean, raw(p.utilization), p.sent_packets, p.sent_bytes, p.dropped_packets,
            p.arrived_packets, p.queue_bytes_mean, p.queue_bytes_max, p.wait, p.classes,
            p.level_changes, raw(p.down));
    std::uint64_t levels = p.levels.size();
    archive(levels);
    p.levels.resize(levels);
    for (LevelMeasurement& l : p.levels) archive(l.level, raw(l.rate), raw(l.time), l.wait);
  }
  archive(raw(sum_.measured), sum_.complete, raw(sum_.packets), sum_.fingerprint,
          sum_.cost.packet_hops, sum_.cost.tcp_connections, sum_.cost.tcp_memory_bytes, batches_);
}

void Replicas::save(SaveArchive& archive) { serialize(archive); }
void Replicas::load(LoadArchive& archive) { serialize(archive); }

}  // namespace longhaul::hybrid
