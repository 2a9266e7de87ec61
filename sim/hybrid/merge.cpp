#include "sim/hybrid/merge.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "sim/engine/base_latency.hpp"
#include "sim/hybrid/error_bar.hpp"

namespace longhaul::hybrid {

namespace {

constexpr std::size_t batches = 8;
constexpr std::size_t points_of_fast = 16;

std::uint64_t whole(double x) { return static_cast<std::uint64_t>(std::max(0.0, x) + 0.5); }

/// A packet that does not wait.
DurationStats zero_wait() {
  DurationStats out;
  out.add(0);
  return out;
}

/// merge_shifted(), with what would be negative at zero.
void merge_from_zero(DurationStats& to, const DurationStats& from, std::int64_t shift) {
  to.merge_shifted(from, shift);
  to.min_ps = std::max<std::int64_t>(0, to.min_ps);
  to.max_ps = std::max<std::int64_t>(0, to.max_ps);
  if (to.sum_ps < 0) to.sum_ps = 0;
}

double share_of(std::uint64_t part, std::uint64_t rest) {
  return part == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(part + rest);
}

}  // namespace

DurationStats part_of(const DurationStats& all, double before, double share) {
  DurationStats out;
  out.histogram = Histogram(all.histogram.bits());
  if (all.count == 0) return out;
  double seen = 0;
  all.histogram.for_each([&](std::int64_t low, std::int64_t, std::uint64_t count) {
    // Of the seen values in order, those numbered in [seen * before, seen * (before + share)).
    const auto n = static_cast<double>(count);
    const auto upto = [&](double cut, double total) { return whole(total * cut); };
    const std::uint64_t mine = upto(before + share, seen + n) - upto(before, seen + n) -
                               (upto(before + share, seen) - upto(before, seen));
    seen += n;
    if (mine > 0 && mine <= count) out.histogram.add(low, mine);
  });
  out.count = out.histogram.count();
  if (out.count == 0) return out;
  out.min_ps = all.min_ps;
  out.max_ps = all.max_ps;
  out.sum_ps = static_cast<Int128>(all.mean_ps() * static_cast<double>(out.count) + 0.5);
  return out;
}

DurationStats scaled_to(const DurationStats& all, std::uint64_t total) {
  DurationStats out;
  out.histogram = Histogram(all.histogram.bits());
  if (all.count == 0 || total == 0) return out;
  const double scale = static_cast<double>(total) / static_cast<double>(all.count);
  std::uint64_t seen = 0;
  std::uint64_t given = 0;
  all.histogram.for_each([&](std::int64_t low, std::int64_t, std::uint64_t count) {
    seen += count;
    const std::uint64_t upto =
        seen == all.count ? total : std::min(total, whole(static_cast<double>(seen) * scale));
    if (upto > given) out.histogram.add(low, upto - given);
    given = std::max(given, upto);
  });
  out.count = total;
  out.min_ps = all.min_ps;
  out.max_ps = all.max_ps;
  out.sum_ps = static_cast<Int128>(all.mean_ps() * static_cast<double>(total) + 0.5);
  return out;
}

DurationStats FastWaits::with(const DurationStats& slow) const {
  if (slow.count == 0) return {};
  if (slow.max_ps == 0) return scaled_to(calm.count > 0 ? calm : congested, slow.count);
  const DurationStats& fast = congested.count > 0 ? congested : calm;
  const DurationStats& still = calm.count > 0 ? calm : congested;
  if (fast.count == 0) return slow;
  // The fast part beside a backlog is small; some points of it do.
  std::array<std::int64_t, points_of_fast> points{};
  for (std::size_t k = 0; k < points.size(); ++k)
    points[k] = static_cast<std::int64_t>(
        fast.quantile_ps((static_cast<double>(k) + 0.5) / static_cast<double>(points.size())));
  DurationStats out;
  out.histogram = Histogram(slow.histogram.bits());
  std::uint64_t zeroes = 0;
  std::uint64_t shifted = 0;
  slow.histogram.for_each([&](std::int64_t low, std::int64_t high, std::uint64_t count) {
    if (low == 0) {
      zeroes += count;
      return;
    }
    shifted += count;
    const std::int64_t middle = low + (high - low) / 2;
    std::uint64_t given = 0;
    for (std::size_t k = 0; k < points.size(); ++k) {
      const std::uint64_t upto = count * (k + 1) / points.size();
      if (upto > given) out.histogram.add(middle + points[k], upto - given);
      given = upto;
    }
  });
  const DurationStats rest = scaled_to(still, zeroes);
  out.histogram.merge(rest.histogram);
  out.count = out.histogram.count();
  out.min_ps = zeroes > 0 ? rest.min_ps : slow.min_ps + fast.min_ps;
  out.max_ps = std::max(rest.max_ps, slow.max_ps + (shifted > 0 ? fast.max_ps : 0));
  out.sum_ps = slow.sum_ps + rest.sum_ps +
               static_cast<Int128>(fast.mean_ps() * static_cast<double>(shifted) + 0.5);
  return out;
}

Merge::Merge(const engine::Input& input, const Config& config, const Plan& plan,
             const std::vector<Epoch>& epochs)
    : input_(input),
      config_(config),
      plan_(plan),
      epochs_(epochs),
      base_ps_(engine::base_latencies(input)),
      demands_(input.demands->demands.size()),
      ports_(input.network->ports().size()),
      batches_(batches) {}

void Merge::add(const Window& window, const Measurements& measured) {
  for (std::size_t i = 0; i < demands_.size(); ++i) add_demand(i, window, measured);
  for (std::size_t p = 0; p < ports_.size(); ++p)
    add_port(p, window.congested[p], measured.ports[p]);
  congested_ = congested_ || std::find(window.congested.begin(), window.congested.end(), true) !=
                                 window.congested.end();
  ++windows_;
  hops_ += measured.cost.packet_hops;
  dropped_buffer_ += measured.packets.dropped_buffer;
  dropped_aqm_ += measured.packets.dropped_aqm;
}

void Merge::add_demand(std::size_t demand, const Window& window, const Measurements& measured) {
  const DemandMeasurement& in = measured.demands[demand];
  OfDemand& out = demands_[demand];
  out.sent += in.sent_packets;
  out.delivered += in.delivered_packets;
  out.dropped += in.dropped_packets;
  if (in.delivered_packets == 0) return;
  const auto n = static_cast<double>(in.delivered_packets);
  out.jitter_sum += in.jitter_ps * n;
  out.hops_sum += in.hops_mean * n;
  const Epoch& epoch = epochs_[window.epoch];
  const std::vector<engine::Path>& paths = epoch.paths[demand];
  bool congested = false;
  double instead = 0;
  for (const engine::Path& path : paths)
    for (const PortId p : path.ports) {
      if (!window.congested[p.index()]) continue;
      congested = true;
      instead += path.share * measured.ports[p.index()].wait.mean_ps();
    }
  // What waits at congested ports the fluid says; what packets waited there in the window goes.
  const auto less = -static_cast<std::int64_t>(instead + 0.5);
  merge_from_zero(out.queueing.at(congested), in.queueing, less);
  batches_[window.number % batches].merge(in.queueing);
  const std::int64_t later = epoch.least_ps[demand] - base_ps_[demand] + less;
  DurationStats& latency = out.latency.at(congested);
  if (paths.size() == 1) {
    merge_from_zero(latency, in.latency, later);
    return;
  }
  // Which path a packet took is not known: links in windows are all alike.
  double before = 0;
  for (const engine::Path& path : paths) {
    const auto sending =
        static_cast<std::int64_t>(path.mean_ps - static_cast<double>(epoch.least_ps[demand]) + 0.5);
    merge_from_zero(latency, part_of(in.queueing, before, path.share),
                    later + std::max<std::int64_t>(0, sending));
    before += path.share;
  }
}

void Merge::add_port(std::size_t port, bool congested, const PortMeasurement& in) {
  OfPort& out = ports_[port];
  // While it is congested the fluid's wait is all.
  if (congested)
    out.wait.congested.add(0);
  else
    out.wait.calm.merge(in.wait);
  out.arrived += in.arrived_packets;
  out.dropped += in.dropped_packets;
  if (!congested) {
    out.queue_bytes += in.queue_bytes_mean;
    out.queue_bytes_max = std::max(out.queue_bytes_max, in.queue_bytes_max);
  }
  if (out.classes.size() < in.classes.size()) out.classes.resize(in.classes.size());
  for (std::size_t c = 0; c < in.classes.size(); ++c) {
    ClassMeasurement& to = out.classes[c];
    to.arrived_packets += in.classes[c].arrived_packets;
    to.sent_packets += in.classes[c].sent_packets;
    to.sent_bytes += in.classes[c].sent_bytes;
    to.dropped_packets += in.classes[c].dropped_packets;
    to.marked_packets += in.classes[c].marked_packets;
    to.wait.merge(in.classes[c].wait);
  }
}

void Merge::finish(Measurements& m) const {
  const double windows_s = plan_.length.seconds() * static_cast<double>(windows_);
  const double scale = windows_s > 0 ? m.measured.seconds() / windows_s : 0;
  const double aqm = share_of(dropped_aqm_, dropped_buffer_);
  for (std::size_t p = 0; p < ports_.size(); ++p) finish_port(p, m.ports[p], scale);
  for (std::size_t i = 0; i < demands_.size(); ++i) finish_demand(i, m, aqm);
  m.cost.packet_hops = hops_;
  m.cost.windows = windows_;
  m.cost.window = plan_.length;
  double busiest = 0;
  for (const PortMeasurement& p : m.ports) busiest = std::max(busiest, p.utilization_mean);
  m.error = error_bar(input_, config_, plan_, batches_, busiest, congested_);
}

void Merge::finish_demand(std::size_t demand, Measurements& m, double aqm_share) const {
  const OfDemand& in = demands_[demand];
  DemandMeasurement& out = m.demands[demand];
  // Of what the fluid delivered, packets lost what windows lost of theirs.
  // Those still under way at a window's end have come half-way, on average.
  const double lost =
      share_of(in.dropped, in.delivered + (in.sent - in.delivered - in.dropped) / 2);
  const std::uint64_t dropped =
      std::min(out.delivered_packets, whole(static_cast<double>(out.delivered_packets) * lost));
  const std::uint64_t early = whole(static_cast<double>(dropped) * aqm_share);
  out.dropped_packets += dropped;
  out.delivered_packets -= dropped;
  out.delivered_bytes -= whole(static_cast<double>(out.delivered_bytes) * lost);
  m.packets.delivered -= dropped;
  m.packets.dropped_aqm += early;
  m.packets.dropped_buffer += dropped - early;
  out.base = Duration::ps(base_ps_[demand]);
  // Propagation, sending and routes are in the windows' latencies; what the fluid adds are waits.
  const DurationStats slow = std::exchange(out.queueing, {});
  out.latency = scaled_to(in.latency.with(slow), out.delivered_packets);
  out.queueing = scaled_to(in.queueing.with(slow), out.delivered_packets);
  if (in.delivered == 0) return;
  out.jitter_ps = in.jitter_sum / static_cast<double>(in.delivered);
  out.hops_mean = in.hops_sum / static_cast<double>(in.delivered);
}

void Merge::finish_port(std::size_t port, PortMeasurement& out, double scale) const {
  const OfPort& in = ports_[port];
  const bool shallow = plan_.shallow[port];
  const double queue = windows_ > 0 ? in.queue_bytes / static_cast<double>(windows_) : 0;
  out.queue_bytes_mean = queue + (shallow ? 0 : out.queue_bytes_mean);
  out.queue_bytes_max = std::max(in.queue_bytes_max, shallow ? 0 : out.queue_bytes_max);
  const double lost = share_of(in.dropped, in.arrived - in.dropped);
  const std::uint64_t fluid_lost = shallow ? 0 : out.dropped_packets;
  const std::uint64_t rest = out.arrived_packets - fluid_lost;
  out.dropped_packets = fluid_lost + std::min(rest, whole(static_cast<double>(rest) * lost));
  out.sent_packets = out.arrived_packets - out.dropped_packets;
  out.wait = in.wait.with(shallow ? scaled_to(zero_wait(), out.sent_packets) : out.wait);
  out.classes = in.classes;
  for (ClassMeasurement& c : out.classes) {
    for (std::uint64_t* n : {&c.arrived_packets, &c.sent_packets, &c.sent_bytes, &c.dropped_packets,
                             &c.marked_packets})
      *n = whole(static_cast<double>(*n) * scale);
  }
}

}  // namespace longhaul::hybrid
