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

void Histogram::grow(std::size_t bucket) {
  // Whole octaves, so that a slowly rising maximum does not reallocate at each step.
  const std::size_t octave = std::size_t{1} << bits_;
  counts_.resize((bucket / octave + 1) * octave, 0);
}

void Histogram::merge(const Histogram& other) {
  if (other.bits_ != bits_) {
    other.for_each(
        [&](std::int64_t low, std::int64_t high, std::uint64_t n) { add(midpoint(low, high), n); });
    return;
  }
  if (other.counts_.size() > counts_.size()) counts_.resize(other.counts_.size(), 0);
  for (std::size_t i = 0; i < other.counts_.size(); ++i) counts_[i] += other.counts_[i];
  total_ += other.total_;
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
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] == 0) continue;
    const auto n = static_cast<double>(counts_[i]);
    // The values of a bucket are the whole numbers low .. high-1; one of width 1 is exact.
    const auto low = static_cast<double>(lower_edge(i));
    const auto span = static_cast<double>(lower_edge(i + 1) - 1) - low;
    if (below + n >= target) return low + span * std::max(0.0, target - below) / n;
    below += n;
    last = low + span;
  }
  return last;
}

double Histogram::share_above(std::int64_t ps) const {
  if (total_ == 0) return 0.0;
  std::uint64_t above = 0;
  for (std::size_t i = ps < 0 ? 0 : bucket_of(ps) + 1; i < counts_.size(); ++i) above += counts_[i];
  return static_cast<double>(above) / static_cast<double>(total_);
}

void Histogram::add_counts(const std::uint32_t* counts, std::size_t n) {
  while (n > 0 && counts[n - 1] == 0) --n;
  if (n == 0) return;
  if (n > counts_.size()) grow(n - 1);
  for (std::size_t i = 0; i < n; ++i) {
    counts_[i] += counts[i];
    total_ += counts[i];
  }
}

}  // namespace longhaul
