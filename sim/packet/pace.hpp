// Queues whose rate changes in time (a radio that adapts its modulation): how long a transmission
// takes, what such a queue holds, and what is counted apart for each of its rates.
//
// A packet whose transmission starts at or after a step is sent at the new rate, one in
// transmission ends at its old one. Buffers are memory: one written as a time holds what the port's
// own rate sends in that time, whatever the rate of the moment.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/packet/model.hpp"
#include "sim/packet/recorder.hpp"

namespace longhaul::packet {

/// How far a queue has come in its model's paces. The remainder is of a picosecond, in 1/ps_den of
/// the pace, and starts anew with every pace.
struct PacePosition {
  std::size_t pace = 0;
  std::uint64_t remainder = 0;
};

/// When a transmission of `bytes` (framing included) that starts at `start` ends; moves `at` along.
/// `start` must not go back from call to call. Also right for queues without paces.
inline std::int64_t transmission_end(const QueueModel& queue, std::int64_t start,
                                     std::int64_t bytes, PacePosition& at) {
  std::uint64_t ps_num = queue.ps_num;
  std::uint64_t ps_den = queue.ps_den;
  if (!queue.paces.empty()) {
    const std::size_t before = at.pace;
    while (at.pace + 1 < queue.paces.size() && queue.paces[at.pace + 1].from <= start) ++at.pace;
    if (at.pace != before) at.remainder = 0;
    ps_num = queue.paces[at.pace].ps_num;
    ps_den = queue.paces[at.pace].ps_den;
  }
  const std::uint64_t scaled = static_cast<std::uint64_t>(bytes) * ps_num + at.remainder;
  at.remainder = scaled % ps_den;
  return start + static_cast<std::int64_t>(scaled / ps_den);
}

/// Waits of the packets that a queue sent at one level.
struct LevelWait {
  std::uint64_t count = 0;
  Int128 sum = 0;  ///< ps
  std::int64_t max = 0;
  std::vector<std::uint64_t> buckets;  ///< as Buckets of wait_histogram_bits; empty until used

  template <class Archive>
  void serialize(Archive& archive) {
    archive(count, raw(sum), max, buckets);
  }
};

/// The same by level.
class LevelWaits {
 public:
  void add(std::uint32_t level, std::int64_t wait);
  void clear() { by_level_.clear(); }
  const std::vector<LevelWait>& by_level() const { return by_level_; }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(by_level_);
  }

  std::vector<LevelWait> by_level_;
};

/// The state of a FIFO queue that has paces, beyond what every queue has.
class PacedState {
 public:
  explicit PacedState(const QueueModel& model) : model_(&model) {}

  PacePosition position;

  /// Unsent bits in the queue at `now`, in 10^-12 bit: those that wait, and what is left of the
  /// packet in transmission. `now` must not go back.
  UInt128 unsent(std::int64_t now);
  /// A packet was let in; `position` is that after its transmission.
  void push(std::int64_t departure, std::int64_t bytes);
  /// The link failed and came back: nothing is left.
  void restart();

  /// A packet sent at the pace of `position` waited so long.
  void count_wait(std::int64_t wait) { waits_.add(model_->paces[position.pace].level, wait); }
  void clear_waits() { waits_.clear(); }
  const LevelWaits& waits() const { return waits_; }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(raw(position), inside_, bytes_, waits_);
  }

  struct Inside {
    std::int64_t departure;
    std::int64_t bytes;
    std::uint64_t bps;  ///< at which it is sent

    template <class Archive>
    void serialize(Archive& archive) {
      archive(departure, bytes, bps);
    }
  };
  const QueueModel* model_;
  std::deque<Inside> inside_;  ///< the first is in transmission
  std::int64_t bytes_ = 0;     ///< of all that are inside
  LevelWaits waits_;
};

}  // namespace longhaul::packet
