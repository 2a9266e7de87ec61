#include "sim/report/aggregate.hpp"

namespace longhaul::report {

namespace {

/// Whole latencies are some milliseconds of propagation plus microseconds of queueing: 2^11 buckets
/// an octave tell 10 us apart at 20 ms.
constexpr int latency_bits = 11;

/// Divided, not multiplied by 1e-12: 1e11 ps become exactly 0.1 s.
constexpr double ps_per_s = 1e12;

}  // namespace

double in_seconds(Duration d) { return static_cast<double>(d.ps()) / ps_per_s; }

double bits_per_second(std::uint64_t bytes, Duration measured) {
  return measured.ps() == 0 ? 0.0 : static_cast<double>(bytes) * 8.0 / in_seconds(measured);
}

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

DurationSummary summarize(const DurationStats& stats) {
  DurationSummary s;
  s.count = stats.count;
  s.min = static_cast<double>(stats.min_ps) / ps_per_s;
  s.mean = stats.mean_ps() / ps_per_s;
  s.p50 = stats.quantile_ps(0.50) / ps_per_s;
  s.p90 = stats.quantile_ps(0.90) / ps_per_s;
  s.p99 = stats.quantile_ps(0.99) / ps_per_s;
  s.p999 = stats.quantile_ps(0.999) / ps_per_s;
  s.max = static_cast<double>(stats.max_ps) / ps_per_s;
  return s;
}

DemandAggregate::DemandAggregate() : latency_{Histogram(latency_bits)} {}

void DemandAggregate::add(const DemandMeasurement& d) {
  ++demands_;
  sent_packets_ += d.sent_packets;
  sent_bytes_ += d.sent_bytes;
  delivered_packets_ += d.delivered_packets;
  delivered_bytes_ += d.delivered_bytes;
  dropped_packets_ += d.dropped_packets;
  const auto weight = static_cast<double>(d.delivered_packets);
  hops_sum_ += d.hops_mean * weight;
  jitter_sum_ps_ += d.jitter_ps * weight;
  latency_.merge_shifted(d.latency, d.base.ps());
  queueing_.merge(d.queueing);
}

double DemandAggregate::offered_bps(Duration measured) const {
  return bits_per_second(sent_bytes_, measured);
}
double DemandAggregate::delivered_bps(Duration measured) const {
  return bits_per_second(delivered_bytes_, measured);
}
double DemandAggregate::loss() const { return ratio(dropped_packets_, sent_packets_); }
double DemandAggregate::hops() const {
  return delivered_packets_ == 0 ? 0.0 : hops_sum_ / static_cast<double>(delivered_packets_);
}
double DemandAggregate::jitter_s() const {
  return delivered_packets_ == 0
             ? 0.0
             : jitter_sum_ps_ / ps_per_s / static_cast<double>(delivered_packets_);
}

}  // namespace longhaul::report
