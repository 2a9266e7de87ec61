#include "sim/fluid/queue.hpp"

#include <algorithm>
#include <cmath>

namespace longhaul::fluid {

namespace {

constexpr double ps_per_s = 1e12;
/// Rates that differ by no more than this share are equal: sums of many doubles.
constexpr double tolerance = 1e-12;
constexpr int resolution_bits = 6;
/// A changing wait is spread over this many values.
constexpr int pieces = 16;

double seconds(std::int64_t ps) { return static_cast<double>(ps) / ps_per_s; }

}  // namespace

void WeightedDurations::add(double low_ps, double high_ps, double packets) {
  if (!(packets > 0)) return;
  if (low_ps > high_ps) std::swap(low_ps, high_ps);
  sum_ += packets * (low_ps + high_ps) / 2;
  packets_ += packets;
  least_ = std::min(least_, low_ps);
  most_ = std::max(most_, high_ps);
  const Histogram edges(resolution_bits);
  const int n = high_ps - low_ps < 1 ? 1 : pieces;
  for (int i = 0; i < n; ++i) {
    const double value = low_ps + (high_ps - low_ps) * (i + 0.5) / n;
    const std::size_t bucket = edges.bucket_of(static_cast<std::int64_t>(value));
    if (bucket >= bins_.size()) bins_.resize(bucket + 1, 0.0);
    bins_[bucket] += packets / n;
  }
}

DurationStats WeightedDurations::stats(std::uint64_t total) const {
  DurationStats out;
  out.histogram = Histogram(resolution_bits);
  if (!(packets_ > 0) || total == 0) return out;
  // Each bucket gets the whole packets between its bounds in the cumulated, scaled count.
  const double scale = static_cast<double>(total) / packets_;
  double before = 0;
  std::uint64_t given = 0;
  for (std::size_t b = 0; b < bins_.size(); ++b) {
    before += bins_[b];
    const auto upto =
        std::min<std::uint64_t>(total, static_cast<std::uint64_t>(before * scale + 0.5));
    if (upto > given) out.histogram.add(out.histogram.lower_edge(b), upto - given);
    given = std::max(given, upto);
  }
  out.count = out.histogram.count();
  out.min_ps = static_cast<std::int64_t>(least_);
  out.max_ps = static_cast<std::int64_t>(most_ + 0.5);
  out.sum_ps = static_cast<Int128>(sum_ / packets_ * static_cast<double>(out.count) + 0.5);
  return out;
}

FluidQueue::FluidQueue(double capacity_bps, double buffer_bits, std::int64_t measure_from,
                       std::int64_t interval, std::int64_t end)
    : capacity_(capacity_bps),
      buffer_(buffer_bits),
      measure_from_(measure_from),
      interval_(interval),
      busy_s_(static_cast<std::size_t>((end - measure_from + interval - 1) / interval), 0.0) {}

void FluidQueue::busy(std::int64_t from, std::int64_t until, double share) {
  while (from < until) {
    const auto i = static_cast<std::size_t>((from - measure_from_) / interval_);
    if (i >= busy_s_.size()) return;
    const std::int64_t edge =
        std::min(until, measure_from_ + static_cast<std::int64_t>(i + 1) * interval_);
    busy_s_[i] += share * seconds(edge - from);
    from = edge;
  }
}

double FluidQueue::backlog_at(std::int64_t time) const {
  return std::clamp(backlog_ + slope_ * seconds(time - now_), 0.0, std::max(buffer_, backlog_));
}

void FluidQueue::advance(std::int64_t time) {
  if (time <= now_) return;
  const double whole = seconds(time - now_);
  const double after = backlog_at(time);
  lost_s_ += lost_ * whole;
  if (time > measure_from_) {
    const std::int64_t from = std::max(now_, measure_from_);
    const double dt = seconds(time - from);
    const double start = backlog_ + slope_ * seconds(from - now_);
    const double packets = packets_per_s_ * dt;
    arrived_packets_ += packets;
    dropped_packets_ += packets * lost_;
    accepted_bits_ += arriving_ * (1 - lost_) * dt;
    backlog_s_ += (start + after) / 2 * dt;
    most_backlog_ = std::max({most_backlog_, start, after});
    if (capacity_ > 0) {
      waits_.add(start / capacity_ * ps_per_s, after / capacity_ * ps_per_s, packets * (1 - lost_));
      const bool full = start > 0 || after > 0 || arriving_ > capacity_;
      busy(from, time, full ? 1.0 : arriving_ / capacity_);
    }
  }
  backlog_ = after;
  now_ = time;
}

void FluidQueue::settle() {
  const bool excess = arriving_ > capacity_ * (1 + tolerance);
  if (capacity_ <= 0) {
    backlog_ = 0;
    slope_ = 0;
    passing_ = 0;
    lost_ = arriving_ > 0 ? 1 : 0;
  } else if (excess && backlog_ >= buffer_) {
    slope_ = 0;
    passing_ = capacity_ / arriving_;
    lost_ = 1 - passing_;
  } else if (excess || backlog_ > 0) {
    slope_ = arriving_ - capacity_;
    if (std::abs(slope_) <= tolerance * capacity_) slope_ = 0;
    passing_ = arriving_ > 0 ? capacity_ / arriving_ : 1;
    lost_ = 0;
  } else {
    slope_ = 0;
    passing_ = 1;
    lost_ = 0;
  }
  if (history_.empty() && backlog_ <= 0 && slope_ == 0 && lost_ == 0) return;
  const Piece piece{now_, arriving_, backlog_, slope_, capacity_, lost_};
  if (!history_.empty() && history_.back().from == now_)
    history_.back() = piece;
  else
    history_.push_back(piece);
}

void FluidQueue::set_arriving(double bps, double packets_per_s) {
  arriving_ = bps;
  packets_per_s_ = packets_per_s;
  settle();
}

void FluidQueue::set_capacity(double bps) {
  capacity_ = bps;
  settle();
}

std::int64_t FluidQueue::next_change() const {
  if (slope_ == 0) return never;
  const double left = slope_ > 0 ? (buffer_ - backlog_) / slope_ : backlog_ / -slope_;
  const double ps = left * ps_per_s;
  // Beyond a hundred days nothing is looked at.
  return ps < 9e18 - static_cast<double>(now_) ? now_ + static_cast<std::int64_t>(ps) + 1 : never;
}

void FluidQueue::change() {
  backlog_ = slope_ > 0 ? buffer_ : 0;
  settle();
}

std::int64_t FluidQueue::wait_ps() const {
  return capacity_ > 0 ? static_cast<std::int64_t>(backlog_ / capacity_ * ps_per_s) : 0;
}

void FluidQueue::add_passed(const std::vector<double>& bits, double packets) {
  for (std::size_t i = 0; i < bits.size(); ++i) {
    busy_s_[i] += bits[i] / capacity_;
    accepted_bits_ += bits[i];
  }
  arrived_packets_ += packets;
  waits_.add(0, 0, packets);
}

PortMeasurement FluidQueue::measurement(std::int64_t reached) const {
  PortMeasurement out;
  const double measured = seconds(std::max<std::int64_t>(0, reached - measure_from_));
  if (!(measured > 0)) return out;
  const auto whole = [](double x) { return static_cast<std::uint64_t>(x + 0.5); };
  double sum = 0;
  for (std::size_t i = 0; i < busy_s_.size(); ++i) {
    const double start = seconds(static_cast<std::int64_t>(i) * interval_);
    if (start >= measured) break;
    sum += busy_s_[i];
    out.utilization.push_back(
        static_cast<float>(busy_s_[i] / std::min(seconds(interval_), measured - start)));
  }
  out.utilization_mean = sum / measured;
  out.arrived_packets = whole(arrived_packets_);
  out.dropped_packets = std::min(out.arrived_packets, whole(dropped_packets_));
  out.sent_packets = out.arrived_packets - out.dropped_packets;
  out.sent_bytes = whole(accepted_bits_ / 8);
  out.queue_bytes_mean = backlog_s_ / measured / 8;
  out.queue_bytes_max = whole(most_backlog_ / 8);
  out.wait = waits_.stats(out.sent_packets);
  return out;
}

}  // namespace longhaul::fluid
