#include "sim/packet/pace.hpp"

#include <algorithm>

namespace longhaul::packet {

UInt128 PacedState::unsent(std::int64_t now) {
  while (!inside_.empty() && inside_.front().departure <= now) {
    bytes_ -= inside_.front().bytes;
    inside_.pop_front();
  }
  if (inside_.empty()) return 0;
  const Inside& sending = inside_.front();
  return picobits(bytes_ - sending.bytes) +
         static_cast<UInt128>(static_cast<std::uint64_t>(sending.departure - now)) * sending.bps;
}

void PacedState::push(std::int64_t departure, std::int64_t bytes) {
  inside_.push_back({departure, bytes, model_->paces[position.pace].bps});
  bytes_ += bytes;
}

void PacedState::restart() {
  inside_.clear();
  bytes_ = 0;
  position.remainder = 0;
}

void LevelWaits::add(std::uint32_t level, std::int64_t wait) {
  if (level >= by_level_.size()) by_level_.resize(level + 1);
  LevelWait& w = by_level_[level];
  if (w.buckets.empty()) w.buckets.assign(Buckets(wait_histogram_bits).count, 0);
  ++w.count;
  w.sum += wait;
  w.max = std::max(w.max, wait);
  ++w.buckets[bucket_index(wait, wait_histogram_bits)];
}

}  // namespace longhaul::packet
