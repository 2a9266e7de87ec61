#include "sim/packet/merge.hpp"

#include <algorithm>
#include <cstring>

namespace longhaul::packet {

namespace {

Key* copy(const Key* from, const Key* end, Key* out) {
  const auto n = static_cast<std::size_t>(end - from);
  if (n > 0) std::memcpy(out, from, n * sizeof(Key));
  return out + n;
}

/// Merges [a, a_end) and [b, b_end); at equal times a's keys come first. No branch depends on the
/// times, and the two ends are merged at once, so that the processor has two chains of comparisons
/// to work on.
Key* merge_two(const Key* a, const Key* a_end, const Key* b, const Key* b_end, Key* out) {
  Key* const out_end = out + (a_end - a) + (b_end - b);
  Key* back = out_end;
  while (true) {
    // So many steps from each end cannot exhaust either run.
    const std::ptrdiff_t steps = std::min(a_end - a, b_end - b) / 2;
    if (steps == 0) break;
    for (std::ptrdiff_t i = 0; i < steps; ++i) {
      const bool from_b = b->time < a->time;
      *out++ = *(from_b ? b : a);
      b += from_b;
      a += !from_b;
      const bool back_from_a = b_end[-1].time < a_end[-1].time;
      *--back = *((back_from_a ? a_end : b_end) - 1);
      a_end -= back_from_a;
      b_end -= !back_from_a;
    }
  }
  while (a != a_end && b != b_end) {
    const bool from_b = b->time < a->time;
    *out++ = *(from_b ? b : a);
    b += from_b;
    a += !from_b;
  }
  copy(b, b_end, copy(a, a_end, out));
  return out_end;
}

}  // namespace

Key* MergeBuffer::reserve(std::size_t n) {
  if (n > capacity_) {
    capacity_ = std::max(n, 2 * capacity_);
    room_.reset(new Key[capacity_]);
    spare_.reset(new Key[capacity_]);
  }
  ends.clear();
  return room_.get();
}

const Key* MergeBuffer::merge() {
  Key* from = room_.get();
  Key* to = spare_.get();
  while (ends.size() > 1) {
    const Key* begin = from;
    Key* out = to;
    std::size_t made = 0;
    for (std::size_t i = 0; i < ends.size(); i += 2) {
      const Key* middle = ends[i];
      const Key* end = i + 1 < ends.size() ? ends[i + 1] : middle;
      out = merge_two(begin, middle, middle, end, out);
      ends[made++] = out;
      begin = end;
    }
    ends.resize(made);
    std::swap(from, to);
  }
  return from;
}

}  // namespace longhaul::packet
