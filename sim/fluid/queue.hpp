// A port's queue as a fluid: what comes in at a constant rate for a while, what waits, what is lost
// (docs/models/fluid.md).
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/stats/measurements.hpp"

namespace longhaul::fluid {

inline constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

/// Durations weighted by fractions of packets.
class WeightedDurations {
 public:
  /// `packets` of values spread evenly from `low_ps` to `high_ps`.
  void add(double low_ps, double high_ps, double packets);
  /// Counts rounded to whole packets, `total` of them altogether if there are any.
  DurationStats stats(std::uint64_t total) const;

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(bins_, sum_, packets_, least_, most_);
  }

  std::vector<double> bins_;  ///< by bucket of a histogram
  double sum_ = 0;            ///< ps x packets
  double packets_ = 0;
  double least_ = std::numeric_limits<double>::infinity();
  double most_ = 0;
};

/// One piece of a queue's history: constant rates, from `from` to the next piece.
struct Piece {
  std::int64_t from;    ///< ps
  double arriving_bps;  ///< on the wire
  double backlog_bits;  ///< at `from`
  double slope_bps;     ///< of the backlog
  double capacity_bps;
  double lost;  ///< share of what arrives
};

class FluidQueue {
 public:
  /// `buffer_bits` may be infinite. Waits, loads and loss count from `measure_from` on; utilization
  /// in intervals of `interval` ps up to `end`.
  FluidQueue(double capacity_bps, double buffer_bits, std::int64_t measure_from,
             std::int64_t interval, std::int64_t end);

  /// Lets time pass up to `time` ps.
  void advance(std::int64_t time);
  /// From now on: what arrives, in bits on the wire and in packets a second.
  void set_arriving(double bps, double packets_per_s);
  /// From now on; 0 while the link is down, when all that arrives is lost.
  void set_capacity(double bps);
  /// When it will have emptied or filled if nothing changes; `never` if it will not.
  std::int64_t next_change() const;
  /// It is that time: it is exactly empty or full.
  void change();

  /// How much leaves of what arrives now, per unit, once that has waited.
  double passing() const { return passing_; }
  /// Share of what arrives now that is lost.
  double lost() const { return lost_; }
  /// Integral of lost() over time, in seconds.
  double lost_s() const { return lost_s_; }
  /// How long what arrives now waits, in ps.
  std::int64_t wait_ps() const;
  bool down() const { return capacity_ <= 0; }
  /// What waits at `time`, at or after the last advance and before the next change, in bits.
  double backlog_at(std::int64_t time) const;
  double arriving_bps() const { return arriving_; }
  double capacity_bps() const { return capacity_; }
  /// Pieces from the first backlog or loss on; empty if there was none.
  const std::vector<Piece>& history() const { return history_; }

  /// More that passed without a wait in the measured period: bits by interval, and packets in all.
  void add_passed(const std::vector<double>& bits, double packets);

  /// Utilization, volumes, waits; all members of a bundle are one fluid.
  PortMeasurement measurement(std::int64_t reached) const;

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(capacity_, now_, arriving_, packets_per_s_, backlog_, slope_, passing_, lost_, lost_s_,
            raw(history_), arrived_packets_, dropped_packets_, accepted_bits_, backlog_s_,
            most_backlog_, waits_, busy_s_);
  }

  void settle();
  void busy(std::int64_t from, std::int64_t until, double share);

  double capacity_;
  double buffer_;
  std::int64_t measure_from_;
  std::int64_t interval_;
  std::int64_t now_ = 0;
  double arriving_ = 0;
  double packets_per_s_ = 0;
  double backlog_ = 0;
  double slope_ = 0;
  double passing_ = 1;
  double lost_ = 0;
  double lost_s_ = 0;
  std::vector<Piece> history_;

  double arrived_packets_ = 0;
  double dropped_packets_ = 0;
  double accepted_bits_ = 0;
  double backlog_s_ = 0;  ///< integral of the backlog, bits x s
  double most_backlog_ = 0;
  WeightedDurations waits_;
  std::vector<double> busy_s_;
};

}  // namespace longhaul::fluid
