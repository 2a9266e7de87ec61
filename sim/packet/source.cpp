#include "sim/packet/source.hpp"

#include <algorithm>
#include <bit>

#include "sim/base/units.hpp"

namespace longhaul::packet {

SizeTable::SizeTable(const SizeMix& mix) : mean_bytes_(mix.mean_bytes()) {
  double total = 0;
  for (const auto& entry : mix.entries) total += entry.weight;
  const std::size_t n = mix.entries.size();
  constexpr double one = 4294967296.0;
  std::vector<double> share(n);
  std::vector<std::size_t> small;
  std::vector<std::size_t> large;
  smallest_ = largest_ = mix.entries[0].bytes;
  for (std::size_t i = 0; i < n; ++i) {
    share[i] = mix.entries[i].weight / total * static_cast<double>(n);
    (share[i] < 1.0 ? small : large).push_back(i);
    smallest_ = std::min(smallest_, mix.entries[i].bytes);
    largest_ = std::max(largest_, mix.entries[i].bytes);
    const auto bytes = static_cast<std::uint16_t>(mix.entries[i].bytes);
    cells_.push_back({std::uint64_t{1} << 32, bytes, bytes});
  }
  while (!small.empty() && !large.empty()) {
    const std::size_t s = small.back();
    const std::size_t l = large.back();
    small.pop_back();
    cells_[s].threshold = static_cast<std::uint64_t>(share[s] * one);
    cells_[s].alias = cells_[l].own;
    share[l] -= 1.0 - share[s];
    if (share[l] < 1.0) {
      large.pop_back();
      small.push_back(l);
    }
  }
}

ArrivalStream::ArrivalStream(const StreamSpec& spec, bool ahead)
    : spec_(spec),
      next_{},
      ahead_(ahead ? std::make_unique<Ahead>() : nullptr),
      gap_fixed_(static_cast<UInt128>(spec.mean_gap_ps * 65536.0)) {
  if (spec_.kind == Arrivals::cbr) {
    // A phase of its own in [0, gap), so that demands of one rate do not send in step.
    const Words words = philox(spec_.seed, spec_.stream, ~std::uint64_t{0});
    phase_ = static_cast<std::int64_t>(gap_fixed_ * words.w[0] >> 48);
  }
  if (ahead_)
    draw_batch();
  else
    draw_one();
}

Packet ArrivalStream::make(std::int64_t previous, std::uint64_t number, double exponential,
                           std::uint32_t size_word, std::uint32_t flow_word) const {
  // Beyond any run, and so far below the end of int64 that adding to it cannot overflow.
  constexpr std::int64_t never = std::int64_t{1} << 62;
  std::int64_t time = never;
  if (spec_.kind == Arrivals::cbr) {
    const UInt128 since = gap_fixed_ * number >> 16;
    if (since < static_cast<UInt128>(never)) time = phase_ + static_cast<std::int64_t>(since);
  } else {
    const double gap = exponential * spec_.mean_gap_ps + 0.5;
    if (gap < 4e18) time = std::min(previous + static_cast<std::int64_t>(gap), never);
  }
  return {time,
          time,
          0,
          spec_.flow_base + (flow_word & (spec_.flows - 1)),
          spec_.sizes->pick(size_word),
          spec_.destination};
}

void ArrivalStream::draw_batch() {
  RandomBatch random;
  fill(spec_.seed, spec_.stream, number_, random);
  std::int64_t time = last_time_;
  for (int i = 0; i < random_batch; ++i) {
    ahead_->packets[i] = make(time, number_ + static_cast<std::uint64_t>(i), random.exponential[i],
                              random.size_word[i], random.flow_word[i]);
    time = ahead_->packets[i].time;
  }
  last_time_ = time;
  number_ += random_batch;
  ahead_->position = 0;
}

void ArrivalStream::draw_one() {
  const Words words = philox(spec_.seed, spec_.stream, number_);
  next_ = make(last_time_, number_,
               exponential_from_bits(static_cast<std::uint64_t>(words.w[0]) << 32 | words.w[1]),
               words.w[2], words.w[3]);
  last_time_ = next_.time;
  ++number_;
}

void ArrivalStream::take_until(std::int64_t until, std::vector<Packet>& out) {
  if (!ahead_) {
    for (; next_.time < until; draw_one()) out.push_back(next_);
    return;
  }
  while (true) {
    const Packet* const begin = ahead_->packets + ahead_->position;
    const Packet* const end = ahead_->packets + random_batch;
    const Packet* p = begin;
    while (p != end && p->time < until) ++p;
    out.insert(out.end(), begin, p);
    ahead_->position = static_cast<int>(p - ahead_->packets);
    if (p != end) return;
    draw_batch();
  }
}

const std::vector<const Packet*>& Source::produce(std::int64_t from, std::int64_t until) {
  drawn_.clear();
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    if (next_[i] >= until) continue;
    streams_[i].take_until(until, drawn_);
    next_[i] = streams_[i].next_time();
  }
  const std::size_t n = drawn_.size();
  sorted_.resize(n);
  if (n == 0) return sorted_;

  // Counting sort by time into about n buckets, then insertion sort within: Poisson arrivals spread
  // evenly over a window, so both are linear. Both are stable, so ties keep the order of drawing:
  // by demand, then by number.
  const auto span = static_cast<std::uint64_t>(until - from);
  const int shift =
      std::max(0, static_cast<int>(std::bit_width(span)) - static_cast<int>(std::bit_width(n)) - 1);
  const std::size_t buckets = (span >> shift) + 2;
  bucket_.assign(buckets, 0);
  bucket_of_.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    bucket_of_[i] =
        static_cast<std::uint32_t>(static_cast<std::uint64_t>(drawn_[i].time - from) >> shift) + 1;
    ++bucket_[bucket_of_[i]];
  }
  for (std::size_t b = 1; b < buckets; ++b) bucket_[b] += bucket_[b - 1];
  for (std::size_t i = 0; i < n; ++i) sorted_[bucket_[bucket_of_[i] - 1]++] = &drawn_[i];
  for (std::size_t i = 1; i < n; ++i) {
    const Packet* p = sorted_[i];
    std::size_t j = i;
    for (; j > 0 && sorted_[j - 1]->time > p->time; --j) sorted_[j] = sorted_[j - 1];
    sorted_[j] = p;
  }
  return sorted_;
}

}  // namespace longhaul::packet
