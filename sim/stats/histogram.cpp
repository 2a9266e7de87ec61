#include "sim/stats/histogram.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

namespace longhaul {

namespace {

/// Where the values of a bucket are taken to lie when it is moved into another histogram.
std::int64_t midpoint(std::int64_t low, std::int64_t high) { return low + (high - 1 - low) / 2; }

}  // namespace

std::int64_t Histogram::lower_edge(std::size_t bucket) const {
  const std::size_t linear = std::size_t{2} << bits_;
  if (bucket < linear) return static_cast<std::int64_t>(bucket);
  const std::size_t octave = bucket >> bits_;
  const std::uint64_t mantissa =
      (bucket & ((std::uint64_t{1} << bits_) - 1)) + (std::uint64_t{1} << bits_);
  // The edge above the last bucket would be 2^63.
  if (static_cast<int>(octave) + bits_ > 63) return std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(mantissa << (octave - 1));
}

Histogram::Cells::iterator Histogram::add_to(Cells::iterator from, std::uint32_t bucket,
                                             std::uint64_t count) {
  if (count == 0) return from;
  total_ += count;
  // Most come in ascending order.
  auto cell =
      cells_.empty() || cells_.back().bucket < bucket
          ? cells_.end()
          : std::lower_bound(from, cells_.end(), bucket,
                             [](const Cell& c, std::uint32_t wanted) { return c.bucket < wanted; });
  if (cell == cells_.end() || cell->bucket != bucket) cell = cells_.insert(cell, {bucket, 0});
  cell->count += count;
  return cell;
}

void Histogram::merge(const Histogram& other) {
  if (other.bits_ != bits_) {
    other.for_each(
        [&](std::int64_t low, std::int64_t high, std::uint64_t n) { add(midpoint(low, high), n); });
    return;
  }
  auto at = cells_.begin();
  for (const Cell& cell : other.cells_) at = add_to(at, cell.bucket, cell.count);
}

void Histogram::merge_shifted(const Histogram& other, std::int64_t shift_ps) {
  other.for_each([&](std::int64_t low, std::int64_t high, std::uint64_t n) {
    add(midpoint(low, high) + shift_ps, n);
  });
}

double Histogram::quantile_ps(double q) const {
  assert(q >= 0 && q <= 1);
  if (total_ == 0) return 0.0;
  const double target = q * static_cast<double>(total_);
  double below = 0;
  double last = 0;
  for (const Cell& cell : cells_) {
    const auto n = static_cast<double>(cell.count);
    // The values of a bucket are the whole numbers low .. high-1; one of width 1 is exact.
    const auto low = static_cast<double>(lower_edge(cell.bucket));
    const auto span = static_cast<double>(lower_edge(cell.bucket + 1) - 1) - low;
    if (below + n >= target) return low + span * std::max(0.0, target - below) / n;
    below += n;
    last = low + span;
  }
  return last;
}

double Histogram::share_above(std::int64_t ps) const {
  if (total_ == 0) return 0.0;
  std::uint64_t above = 0;
  for (const Cell& cell : cells_)
    if (ps < 0 || cell.bucket > bucket_of(ps)) above += cell.count;
  return static_cast<double>(above) / static_cast<double>(total_);
}

}  // namespace longhaul
