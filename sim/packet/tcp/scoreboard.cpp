#include "sim/packet/tcp/scoreboard.hpp"

#include <algorithm>

namespace longhaul::packet::tcp {

Segment& Scoreboard::push() {
  if (next_ - first_ == ring_.size()) {
    std::vector<Segment> larger(ring_.empty() ? 16 : 2 * ring_.size());
    for (std::uint64_t n = first_; n < next_; ++n) larger[n & (larger.size() - 1)] = at(n);
    ring_ = std::move(larger);
  }
  Segment& s = at(next_++);
  s = Segment{};
  return s;
}

bool Scoreboard::detect_losses() {
  bool found = false;
  // The third highest that has arrived above the cumulative acknowledgement.
  std::uint64_t edge = 0;
  if (high_ > first_) {
    std::uint64_t missing = duplicates;
    for (std::uint64_t n = high_; n > first_ && n > judged_;) {
      const Segment& s = at(n - 1);
      if (!s.sacked) {
        --n;
        continue;
      }
      const std::uint64_t run = n - std::max(s.run_first, first_);
      if (run >= missing) {
        edge = n - missing;
        break;
      }
      missing -= run;
      n -= run;
    }
  }
  for (std::uint64_t n = std::max(judged_, first_); n < edge; ++n)
    if (!at(n).resent && mark_lost(n)) found = true;
  judged_ = std::max(judged_, edge);
  for (; resent_head_ < resent_.size(); ++resent_head_) {
    const Resent& r = resent_[resent_head_];
    if (r.order + duplicates > latest_) break;
    if (r.number >= first_ && at(r.number).order == r.order && mark_lost(r.number)) found = true;
  }
  if (resent_head_ > 4096 && 2 * resent_head_ > resent_.size()) {
    resent_.erase(resent_.begin(), resent_.begin() + static_cast<std::ptrdiff_t>(resent_head_));
    resent_head_ = 0;
  }
  if (resent_head_ == resent_.size()) {
    resent_.clear();
    resent_head_ = 0;
  }
  return found;
}

void Scoreboard::all_lost() {
  for (std::uint64_t n = first_; n < next_; ++n) mark_lost(n);
  judged_ = next_;
}

}  // namespace longhaul::packet::tcp
