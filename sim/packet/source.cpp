#include "sim/packet/source.hpp"

#include <algorithm>
#include <bit>

#include "sim/base/units.hpp"
#include "sim/traffic/rate_path.hpp"

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
      ahead_(ahead && spec.model == nullptr && spec.profile == nullptr ? std::make_unique<Ahead>()
                                                                       : nullptr),
      gap_fixed_(static_cast<UInt128>(spec.mean_gap_ps * 65536.0)) {
  if (spec_.model != nullptr || spec_.profile != nullptr) {
    maker_ = make_packet_maker(spec_, ahead);
    next_.time = maker_->next_time();
    return;
  }
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

std::int64_t ArrivalStream::time_after(std::int64_t previous, std::uint64_t number,
                                       double exponential) const {
  // Sums are unsigned: two times up to never_ps fit.
  constexpr auto never = static_cast<std::uint64_t>(never_ps);
  if (spec_.kind == Arrivals::cbr) {
    const UInt128 since = gap_fixed_ * number >> 16;
    if (since >= never) return never_ps;
    return static_cast<std::int64_t>(
        std::min(static_cast<std::uint64_t>(phase_) + static_cast<std::uint64_t>(since), never));
  }
  const double gap = exponential * spec_.mean_gap_ps + 0.5;
  if (!(gap < static_cast<double>(never_ps))) return never_ps;
  return static_cast<std::int64_t>(
      std::min(static_cast<std::uint64_t>(previous) +
                   static_cast<std::uint64_t>(static_cast<std::int64_t>(gap)),
               never));
}

void ArrivalStream::draw_batch() {
  RandomBatch random;
  fill_random(spec_.seed, spec_.stream, number_, random);
  Ahead& ahead = *ahead_;
  for (int i = 0; i < random_batch; ++i)
    ahead.time[i] = last_time_ =
        time_after(last_time_, number_ + static_cast<std::uint64_t>(i), random.exponential[i]);
  for (int i = 0; i < random_batch; ++i) ahead.flow[i] = flow(random.flow_word[i]);
  if (spec_.sizes->one_size())
    std::fill_n(ahead.size, random_batch, spec_.sizes->pick(0));
  else
    for (int i = 0; i < random_batch; ++i) ahead.size[i] = spec_.sizes->pick(random.size_word[i]);
  number_ += random_batch;
  ahead.position = 0;
}

void ArrivalStream::draw_one() {
  const Words words = philox(spec_.seed, spec_.stream, number_);
  last_time_ =
      time_after(last_time_, number_,
                 exponential_from_bits(static_cast<std::uint64_t>(words.w[0]) << 32 | words.w[1]));
  next_ = {last_time_,       last_time_, 0, flow(words.w[3]), spec_.sizes->pick(words.w[2]),
           spec_.destination};
  ++number_;
}

void ArrivalStream::take_until(std::int64_t until, std::vector<Packet>& out) {
  if (maker_) {
    maker_->take_until(until, out);
    next_.time = maker_->next_time();
    return;
  }
  if (!ahead_) {
    for (; next_.time < until; draw_one()) out.push_back(next_);
    return;
  }
  while (true) {
    const Ahead& ahead = *ahead_;
    int end = ahead.position;
    while (end < random_batch && ahead.time[end] < until) ++end;
    std::size_t to = out.size();
    out.resize(to + static_cast<std::size_t>(end - ahead.position));
    for (int i = ahead.position; i < end; ++i)
      out[to++] = {ahead.time[i], ahead.time[i], 0,
                   ahead.flow[i], ahead.size[i], spec_.destination};
    ahead_->position = end;
    if (end < random_batch) return;
    draw_batch();
  }
}

/// What the stream just drew, from `first` on, passes its shaper or policer.
void Source::pass_conditioner(std::size_t stream, std::size_t first, std::int64_t until) {
  Conditioner& conditioner = *conditioners_[stream];
  conditioner.pass(drawn_, first, until, policed_);
  next_[stream] = std::min(next_[stream], conditioner.next_time());
}

const std::vector<Key>& Source::produce(std::int64_t from, std::int64_t until, SentStats* sent,
                                        int flow_bits) {
  drawn_.clear();
  policed_.clear();
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    if (next_[i] >= until) continue;
    const std::size_t before = drawn_.size();
    streams_[i].take_until(until, drawn_);
    next_[i] = streams_[i].next_time();
    if (sent != nullptr) {
      SentStats& stats = sent[streams_[i].flow_base() >> flow_bits];
      stats.packets += drawn_.size() - before;
      for (std::size_t p = before; p < drawn_.size(); ++p) stats.bytes += drawn_[p].size;
    }
    if (i < conditioners_.size() && conditioners_[i] != nullptr) pass_conditioner(i, before, until);
  }
  const std::size_t n = drawn_.size();
  sorted_.resize(n);
  if (n == 0) return sorted_;

  // Counting sort by time into about n buckets, then insertion sort within: Poisson arrivals spread
  // evenly over a window, so both are linear; where packets crowd, buckets are sorted. All are
  // stable, so ties keep the order of drawing: by demand, then by number.
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
  for (std::size_t i = 0; i < n; ++i)
    sorted_[bucket_[bucket_of_[i] - 1]++] = {drawn_[i].time, &drawn_[i]};
  if (!even_) sort_crowds();
  for (std::size_t i = 1; i < n; ++i) {
    const Key key = sorted_[i];
    std::size_t j = i;
    for (; j > 0 && sorted_[j - 1].time > key.time; --j) sorted_[j] = sorted_[j - 1];
    sorted_[j] = key;
  }
  return sorted_;
}

/// Buckets that hold so many packets that insertion would be slow: stably, by their times.
void Source::sort_crowds() {
  constexpr std::uint32_t crowd = 32;
  std::uint32_t begin = 0;
  for (const std::uint32_t end : bucket_) {
    if (end > begin + crowd)
      std::stable_sort(sorted_.begin() + begin, sorted_.begin() + end,
                       [](const Key& a, const Key& b) { return a.time < b.time; });
    begin = end;
  }
}

}  // namespace longhaul::packet
