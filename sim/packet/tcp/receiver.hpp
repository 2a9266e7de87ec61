// The receiving end of a connection: what has arrived, and when to say so (RFC 5681, RFC 2018).
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "sim/base/archive_fwd.hpp"

namespace longhaul::packet::tcp {

class Receiver {
 public:
  struct Reply {
    std::uint64_t next;
    std::uint64_t block_first = 0;  ///< the block of what arrived last, if out of order
    std::uint64_t block_end = 0;
    bool congested = false;
  };

  /// Segment `number` arrives at `now`; true if reply() is to be sent at once. `marked`: congestion
  /// was experienced.
  bool arrive(std::uint64_t number, bool marked, std::int64_t now, std::uint32_t ack_every,
              std::int64_t ack_delay) {
    congested_ = congested_ || marked;
    if (number < next_) return true;  // again: the ACK may have been lost
    if (number > next_) {
      add_block(number);
      return true;
    }
    ++next_;
    last_first_ = last_end_ = 0;
    const bool fills = !blocks_.empty();
    if (fills && blocks_.front().first == next_) {
      next_ = blocks_.front().second;
      blocks_.erase(blocks_.begin());
    }
    // RFC 5681, 4.2: at once while there are gaps, and when one is filled.
    if (fills || ++unacknowledged_ >= ack_every) return true;
    if (deadline_ == never) deadline_ = now + ack_delay;
    return false;
  }
  /// What is to be said now; afterwards nothing is due.
  Reply reply() {
    const Reply out{next_, last_first_, last_end_, congested_};
    unacknowledged_ = 0;
    congested_ = false;
    deadline_ = never;
    return out;
  }
  /// When a delayed ACK is due.
  std::int64_t deadline() const { return deadline_; }
  std::uint64_t next() const { return next_; }
  std::uint64_t memory_bytes() const { return blocks_.capacity() * sizeof(blocks_[0]); }

  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(next_, blocks_, last_first_, last_end_, deadline_, unacknowledged_, congested_);
  }

  void add_block(std::uint64_t number) {
    // Blocks are in order; arrivals are mostly at the end of the last.
    auto at = blocks_.end();
    while (at != blocks_.begin() && std::prev(at)->first > number) --at;
    if (at != blocks_.begin() && std::prev(at)->second >= number) {
      --at;
      if (at->second == number) ++at->second;
    } else {
      at = blocks_.insert(at, {number, number + 1});
    }
    const auto after = std::next(at);
    if (after != blocks_.end() && after->first == at->second) {
      at->second = after->second;
      blocks_.erase(after);
    }
    last_first_ = at->first;
    last_end_ = at->second;
  }

  std::uint64_t next_ = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> blocks_;  ///< [first, end), out of order
  std::uint64_t last_first_ = 0;                                 ///< the block that grew last
  std::uint64_t last_end_ = 0;
  std::int64_t deadline_ = never;
  std::uint32_t unacknowledged_ = 0;
  bool congested_ = false;
};

}  // namespace longhaul::packet::tcp
