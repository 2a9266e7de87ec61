#include "sim/packet/recorder.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <new>

#include "sim/base/archive.hpp"

namespace longhaul::packet {

namespace {

std::uint32_t* map_zeroes(std::size_t bytes) {
  void* const p = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) throw std::bad_alloc();
  madvise(p, bytes, MADV_HUGEPAGE);  // a wish; small pages do too
  return static_cast<std::uint32_t*>(p);
}

}  // namespace

void CountArray::Unmap::operator()(std::uint32_t* p) const { munmap(p, bytes); }

CountArray::CountArray(std::size_t n)
    : data_(map_zeroes(std::max<std::size_t>(n, 1) * sizeof(std::uint32_t)),
            Unmap{std::max<std::size_t>(n, 1) * sizeof(std::uint32_t)}) {}

void CountArray::wrapped(std::size_t i) {
  const std::lock_guard lock(mutex_);
  ++wraps_[i];
}

std::uint64_t CountArray::count(std::size_t i) const {
  const auto wraps = wraps_.find(i);
  return data_.get()[i] + (wraps == wraps_.end() ? 0 : wraps->second << 32);
}

void CountArray::clear(std::size_t first, std::size_t n) {
  std::fill_n(data_.get() + first, n, 0U);
  const std::lock_guard lock(mutex_);
  wraps_.erase(wraps_.lower_bound(first), wraps_.lower_bound(first + n));
}

void CountArray::save(SaveArchive& archive) const {
  constexpr std::size_t step = 16;  // counters looked at together
  const std::uint32_t* const all = data_.get();
  const std::size_t n = size();
  const auto used = [&](std::size_t from) {
    return std::any_of(all + from, all + std::min(n, from + step),
                       [](std::uint32_t count) { return count != 0; });
  };
  for (std::size_t first = 0; first < n;) {
    if (!used(first)) {
      first += step;
      continue;
    }
    std::size_t last = first;
    while (last < n && used(last)) last += step;
    last = std::min(last, n);
    archive(std::uint64_t{first}, std::uint64_t{last});
    archive.saveBinary(all + first, static_cast<std::streamsize>((last - first) * sizeof *all));
    first = last;
  }
  archive(std::uint64_t{n}, std::uint64_t{n}, wraps_);
}

void CountArray::load(LoadArchive& archive) {
  while (true) {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    archive(first, last);
    if (first > last || last > size()) throw cereal::Exception("counters do not fit");
    if (first == last) break;
    archive.loadBinary(data_.get() + first,
                       static_cast<std::streamsize>((last - first) * sizeof(std::uint32_t)));
  }
  archive(wraps_);
}

BusySeries::BusySeries(std::int64_t start, std::int64_t interval, std::int64_t end)
    : interval_(interval),
      end_(end),
      interval_end_(std::min(start + interval, end)),
      busy_(static_cast<std::size_t>((end - start + interval - 1) / interval) + 1, 0) {}

void BusySeries::spill(std::int64_t from, std::int64_t until) {
  while (until > interval_end_ && interval_end_ < end_) {
    busy_[current_] += std::max<std::int64_t>(0, interval_end_ - from);
    from = std::max(from, interval_end_);
    interval_end_ = std::min(interval_end_ + interval_, end_);
    ++current_;
  }
  // Past the end of the run nothing counts.
  busy_[current_] += std::max<std::int64_t>(0, std::min(until, end_) - std::min(from, end_));
}

std::int64_t BusySeries::total() const {
  std::int64_t sum = 0;
  for (const std::int64_t b : busy_) sum += b;
  return sum;
}

FateTable::FateTable(std::size_t rows, std::int64_t start, std::int64_t interval, std::int64_t end)
    : start_(start),
      interval_(interval),
      intervals_(static_cast<std::size_t>((end - start + interval - 1) / interval)),
      fates_(rows * intervals_) {}

std::vector<IntervalFates> FateTable::row(std::int32_t row, std::size_t intervals) const {
  const auto first =
      fates_.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(row) * intervals_);
  return {first, first + static_cast<std::ptrdiff_t>(std::min(intervals, intervals_))};
}

int demand_histogram_bits(std::size_t demands) {
  if (demands <= 10'000) return 5;
  if (demands <= 100'000) return 4;
  return 3;
}

}  // namespace longhaul::packet
