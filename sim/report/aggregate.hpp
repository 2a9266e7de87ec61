// Sums of demands and links: the histograms of many demands as one. Used by groups and by
// expectations.
#pragma once

#include <string>

#include "sim/report/report.hpp"

namespace longhaul::report {

/// Seconds from picoseconds of statistics.
DurationSummary summarize(const DurationStats& stats);

/// What a set of demands saw together.
class DemandAggregate {
 public:
  DemandAggregate();
  void add(const DemandMeasurement& demand);

  std::uint64_t demands() const { return demands_; }
  double offered_bps(Duration measured) const;
  double delivered_bps(Duration measured) const;
  std::uint64_t sent_packets() const { return sent_packets_; }
  std::uint64_t delivered_packets() const { return delivered_packets_; }
  /// Dropped / sent; 0 when nothing was sent.
  double loss() const;
  double hops() const;
  double jitter_s() const;
  DurationSummary latency() const { return summarize(latency_); }
  DurationSummary queueing() const { return summarize(queueing_); }

 private:
  std::uint64_t demands_ = 0;
  std::uint64_t sent_packets_ = 0;
  std::uint64_t sent_bytes_ = 0;
  std::uint64_t delivered_packets_ = 0;
  std::uint64_t delivered_bytes_ = 0;
  std::uint64_t dropped_packets_ = 0;
  double hops_sum_ = 0;
  double jitter_sum_ps_ = 0;
  DurationStats latency_;  ///< of whole latencies, not of their excess over the demand's base
  DurationStats queueing_;
};

/// A span of simulated time in seconds, the double nearest to it.
double in_seconds(Duration d);
/// `bytes` over `measured`, in bit/s; 0 for no time.
double bits_per_second(std::uint64_t bytes, Duration measured);
double ratio(std::uint64_t part, std::uint64_t whole);

}  // namespace longhaul::report
