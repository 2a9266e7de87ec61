// A histogram of durations with bounded relative error, mergeable, exact in its counts: the bucket
// of a value depends on the value alone, so any order of additions and merges gives the same
// histogram.
//
// Log-linear (as in HdrHistogram): values below 2^(bits+1) ps are exact, above that each octave has
// 2^bits buckets, so a bucket is at most 2^-bits wide relative to its lower edge.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/base/units.hpp"

namespace longhaul {

class Histogram {
 public:
  /// `bits` (1 to 12): 2^bits buckets an octave; 6 keeps quantiles within 1.6 %,
  /// and mostly within 0.8 %.
  explicit Histogram(int bits) : bits_(bits) {}
  Histogram() : Histogram(6) {}

  /// Adds one value; negative values count as zero.
  void add(std::int64_t ps, std::uint64_t count = 1) {
    add_to(cells_.begin(), static_cast<std::uint32_t>(bucket_of(ps < 0 ? 0 : ps)), count);
  }
  /// Adds another histogram, of any resolution (the finer one's buckets go by their midpoints).
  void merge(const Histogram& other);
  /// Adds another histogram with `shift_ps` added to each value (by the buckets' midpoints).
  void merge_shifted(const Histogram& other, std::int64_t shift_ps);

  std::uint64_t count() const { return total_; }
  int bits() const { return bits_; }
  /// Smallest value v such that a share q of all values is <= v; interpolated linearly within its
  /// bucket. 0 <= q <= 1. Zero if empty.
  double quantile_ps(double q) const;
  /// Share of values above `ps` (whole buckets).
  double share_above(std::int64_t ps) const;

  /// Calls f(low_ps, high_ps, count) for each non-empty bucket, ascending; values lie in [low,
  /// high).
  template <class F>
  void for_each(F&& f) const {
    for (const Cell& cell : cells_)
      f(lower_edge(cell.bucket), lower_edge(cell.bucket + 1), cell.count);
  }

  std::size_t bucket_of(std::int64_t ps) const {
    const auto v = static_cast<std::uint64_t>(ps);
    const int shift = std::bit_width(v | std::uint64_t{1} << bits_) - bits_ - 1;
    return (static_cast<std::size_t>(shift) << bits_) + (v >> shift);
  }
  std::int64_t lower_edge(std::size_t bucket) const;

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(bits_, total_, raw(cells_));
  }

  struct Cell {
    std::uint32_t bucket;
    std::uint64_t count;
  };
  using Cells = std::vector<Cell>;
  /// Adds to a bucket whose cell, if there is one, is not before `from`; returns its cell.
  Cells::iterator add_to(Cells::iterator from, std::uint32_t bucket, std::uint64_t count);

  int bits_;
  std::uint64_t total_ = 0;
  Cells cells_;  ///< of non-empty buckets, ascending: reports hold very many histograms
};

}  // namespace longhaul
