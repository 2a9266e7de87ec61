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
/// times.
Key* merge_two(const Key* a, const Key* a_end, const Key* b, const Key* b_end, Key* out) {
  while (a != a_end && b != b_end) {
    const bool from_b = b->time < a->time;
    const Key* const least = from_b ? b : a;
    *out++ = *least;
    b += from_b;
    a += !from_b;
  }
  return copy(b, b_end, copy(a, a_end, out));
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
