// The sender's record of every outstanding segment: what was acknowledged, what is lost (RFC 6675,
// and RFC 8985 for retransmissions that are lost again).
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/archive_fwd.hpp"

namespace longhaul::packet::tcp {

/// A segment under way.
struct Segment {
  std::int64_t sent = 0;             ///< ps, the last time
  std::int64_t delivered_time = 0;   ///< of the connection, when it was sent
  std::int64_t first_sent_time = 0;  ///< of the flight of which it was sent
  std::uint64_t delivered = 0;       ///< segments of the connection, when it was sent
  std::uint64_t order = 0;           ///< the how-manieth transmission
  std::uint64_t run_first = 0;       ///< if sacked: all from there to it are sacked
  bool sacked = false;
  bool lost = false;  ///< and not sent again yet
  bool resent = false;
  bool limited = false;  ///< sent while there was nothing more to send
};

class Scoreboard {
 public:
  std::uint64_t first() const { return first_; }  ///< not acknowledged
  std::uint64_t next() const { return next_; }    ///< to be sent for the first time
  bool empty() const { return first_ == next_; }
  std::uint64_t lost() const { return lost_; }
  std::uint64_t sacked() const { return sacked_; }
  /// Segments believed to be in the network (RFC 6675's pipe).
  std::uint64_t in_flight() const { return next_ - first_ - sacked_ - lost_; }
  std::uint64_t memory_bytes() const {
    return ring_.capacity() * sizeof(Segment) + resent_.capacity() * sizeof(Resent);
  }
  Segment& at(std::uint64_t number) { return ring_[number & (ring_.size() - 1)]; }

  /// A new segment at the end.
  Segment& push();
  /// Sent, or sent again.
  void sending(std::uint64_t number) {
    Segment& s = at(number);
    if (s.lost) {
      s.lost = false;
      s.resent = true;
      --lost_;
      resent_.push_back({number, order_ + 1});
    }
    s.order = ++order_;
  }
  /// The lowest lost segment. Requires lost() > 0.
  std::uint64_t next_lost() {
    if (lost_from_ < first_) lost_from_ = first_;
    while (!at(lost_from_).lost) ++lost_from_;
    return lost_from_;
  }

  /// Everything below `number` has arrived: calls f(segment) for each not known before.
  template <class F>
  void acknowledge(std::uint64_t number, F&& f) {
    for (; first_ < number; ++first_) {
      Segment& s = at(first_);
      if (s.sacked)
        --sacked_;
      else
        deliver(s, f);
    }
  }
  /// [from, end) has arrived as well. Runs of segments known to have are jumped over.
  template <class F>
  void sack(std::uint64_t from, std::uint64_t end, F&& f) {
    if (from < first_) from = first_;
    if (end > next_) end = next_;
    if (from >= end) return;
    for (std::uint64_t n = end; n > from;) {
      Segment& s = at(n - 1);
      if (s.sacked) {
        n = s.run_first;
        continue;
      }
      deliver(s, f);
      s.sacked = true;
      s.run_first = --n;
      ++sacked_;
    }
    Segment& last = at(end - 1);
    last.run_first = last.run_first < from ? last.run_first : from;
    if (end > high_) high_ = end;
  }
  /// Marks as lost what RFC 6675 takes for lost: three segments above it have arrived; and
  /// retransmissions sent three transmissions before one that has. True if there are new ones.
  bool detect_losses();
  /// A timeout: all that is not known to have arrived is lost.
  void all_lost();

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(raw(ring_), first_, next_, lost_, sacked_, high_, judged_, lost_from_, order_, latest_,
            raw(resent_), resent_head_);
  }

  static constexpr std::uint64_t duplicates = 3;

  template <class F>
  void deliver(Segment& s, F&& f) {
    if (s.lost) {
      s.lost = false;
      --lost_;
    }
    if (s.order > latest_) latest_ = s.order;
    f(s);
  }
  bool mark_lost(std::uint64_t number) {
    Segment& s = at(number);
    if (s.sacked || s.lost) return false;
    s.lost = true;
    ++lost_;
    if (number < lost_from_) lost_from_ = number;
    return true;
  }

  struct Resent {
    std::uint64_t number;
    std::uint64_t order;
  };
  std::vector<Segment> ring_;
  std::uint64_t first_ = 0;
  std::uint64_t next_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t sacked_ = 0;
  std::uint64_t high_ = 0;       ///< end of the highest sacked
  std::uint64_t judged_ = 0;     ///< below it, losses have been marked
  std::uint64_t lost_from_ = 0;  ///< none lost below it
  std::uint64_t order_ = 0;      ///< transmissions so far
  std::uint64_t latest_ = 0;     ///< the last transmission known to have arrived
  std::vector<Resent> resent_;   ///< in the order sent; from resent_head_ on
  std::size_t resent_head_ = 0;
};

}  // namespace longhaul::packet::tcp
