// What a run counts while it runs: plain arrays, each written by one thread at a time, turned into
// Measurements at the end.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/base/units.hpp"
#include "sim/packet/packet.hpp"
#include "sim/stats/measurements.hpp"

namespace longhaul::packet {

enum class Drop : std::uint8_t { buffer, no_route, link_down, policy, policed, aqm, loop };
inline constexpr int drop_causes = 7;

/// Counters of histogram buckets: 32 bits each, so that many stay in cache, with the rare wrap
/// noted apart. Zeroed memory whose pages cost nothing until touched; in huge pages where the
/// system has them, since faults of small ones cost more than a demand's few packets.
class CountArray {
 public:
  explicit CountArray(std::size_t n);
  /// For loops that count by themselves: after ++data()[i] came out as 0, call wrapped(i).
  std::uint32_t* data() { return data_.get(); }
  void wrapped(std::size_t i);
  std::uint64_t count(std::size_t i) const;
  /// Zeroes [first, first + n).
  void clear(std::size_t first, std::size_t n);
  std::size_t size() const { return data_.get_deleter().bytes / sizeof(std::uint32_t); }
  /// What is not zero: mostly it is.
  void save(SaveArchive& archive) const;
  /// Into an array of the same size that is all zeroes.
  void load(LoadArchive& archive);

 private:
  struct Unmap {
    std::size_t bytes;
    void operator()(std::uint32_t* p) const;
  };
  std::unique_ptr<std::uint32_t, Unmap> data_;
  std::mutex mutex_;
  std::map<std::size_t, std::uint64_t> wraps_;
};

/// One histogram's part of a CountArray.
struct CountSlice {
  CountArray* array;
  std::size_t first;
};

/// Histogram's bucket of `ps` >= 0 at 2^bits buckets an octave (sim/stats/histogram.hpp), inline
/// for hot loops.
inline std::size_t bucket_index(std::int64_t ps, int bits) {
  const auto v = static_cast<std::uint64_t>(ps);
  const int shift = std::bit_width(v | std::uint64_t{1} << bits) - bits - 1;
  return (static_cast<std::size_t>(shift) << bits) + (v >> shift);
}

/// Buckets for all of int64 at one resolution.
struct Buckets {
  int bits;
  std::size_t count;
  explicit Buckets(int resolution_bits)
      : bits(resolution_bits), count(bucket_index(INT64_MAX, resolution_bits) + 1) {}
};

/// Busy time of one queue per sampling interval.
class BusySeries {
 public:
  BusySeries() = default;
  BusySeries(std::int64_t start, std::int64_t interval, std::int64_t end);
  /// End of the current interval: a transmission that ends later must go through spill().
  std::int64_t interval_end() const { return interval_end_; }
  void add(std::int64_t ps) { busy_[current_] += ps; }
  void spill(std::int64_t from, std::int64_t until);
  std::int64_t total() const;
  const std::vector<std::int64_t>& busy() const { return busy_; }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(interval_, end_, interval_end_, current_, busy_);
  }

  std::int64_t interval_ = 0;
  std::int64_t end_ = 0;
  std::int64_t interval_end_ = 0;
  std::size_t current_ = 0;
  std::vector<std::int64_t> busy_;
};

/// Counts of one queue over the packets that arrive at it in the measured period.
struct QueueStats {
  std::uint64_t arrived = 0;
  std::uint64_t late = 0;  ///< accepted, but not wholly sent by the end of the run
  std::uint64_t late_bytes = 0;
  std::uint64_t sent_bytes = 0;  ///< accepted bytes, with framing
  std::uint64_t dropped = 0;
  Int128 wait_sum = 0;       ///< ps
  UInt128 byte_sojourn = 0;  ///< sum of bytes x ps in the system (waiting and in transmission)
  std::int64_t wait_max = 0;
  std::int64_t work_max = 0;  ///< most unfinished work, ps
  BusySeries series;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(arrived, late, late_bytes, sent_bytes, dropped, raw(wait_sum), raw(byte_sojourn),
            wait_max, work_max, series);
  }
};

/// Counts of one demand over its packets sent in the measured period. A cache line of its own:
/// neighbours are written by other threads.
struct alignas(64) DemandStats {
  std::uint64_t delivered = 0;
  std::uint64_t bytes = 0;
  Int128 excess_sum = 0;  ///< latency above the demand's base, ps
  Int128 wait_sum = 0;
  UInt128 variation_sum = 0;  ///< of |latency - latency of the packet delivered before|
  std::uint64_t hops = 0;
  std::int64_t excess_min = INT64_MAX;
  std::int64_t excess_max = 0;
  std::int64_t wait_min = INT64_MAX;
  std::int64_t wait_max = 0;
  std::int64_t last_latency = -1;
  std::int64_t base = 0;
  std::int32_t fates = -1;      ///< its row in FateTable; -1: none
  bool excess_is_wait = false;  ///< one path and one size: the two histograms would be the same
};

/// Packets of some demands by fate in each sampling interval of the measured period.
class FateTable {
 public:
  FateTable() = default;
  /// `rows` of intervals from `start` to `end`, ps.
  FateTable(std::size_t rows, std::int64_t start, std::int64_t interval, std::int64_t end);
  /// Each row by one thread at a time.
  void delivered(std::int32_t row, std::int64_t time) { ++at(row, time).delivered; }
  /// By any thread.
  void dropped(std::int32_t row, std::int64_t time) {
    std::atomic_ref(at(row, time).dropped).fetch_add(1, std::memory_order_relaxed);
  }
  /// The first `intervals` of a row.
  std::vector<IntervalFates> row(std::int32_t row, std::size_t intervals) const;

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(raw(fates_));
  }

  IntervalFates& at(std::int32_t row, std::int64_t time) {
    const auto i = static_cast<std::size_t>((time - start_) / interval_);
    return fates_[static_cast<std::size_t>(row) * intervals_ + std::min(i, intervals_ - 1)];
  }

  std::int64_t start_ = 0;
  std::int64_t interval_ = 1;
  std::size_t intervals_ = 0;
  std::vector<IntervalFates> fates_;
};

/// What is counted per demand at its source.
struct SentStats {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
};

/// Bits of resolution of queues' histograms of waits; fixed, for the loop that counts in them.
inline constexpr int wait_histogram_bits = 6;

/// Bits of resolution of per-demand histograms, so that all of them together stay within some
/// hundred megabytes.
int demand_histogram_bits(std::size_t demands);

}  // namespace longhaul::packet
