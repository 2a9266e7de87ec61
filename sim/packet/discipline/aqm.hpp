// Active queue management: when a packet is dropped, or marked, before its queue is full.
#pragma once

#include <cmath>
#include <cstdint>

#include "sim/base/archive_fwd.hpp"
#include "sim/packet/discipline/class_queue.hpp"

namespace longhaul::packet {

/// RED's thresholds at one port.
struct RedLimits {
  double least;  ///< bytes
  double most;
  double probability;
};

/// RED and WRED (Floyd and Jacobson, "Random Early Detection Gateways for Congestion Avoidance",
/// IEEE/ACM ToN 1(4), 1993, with the "gentle" extension of 2000): an exponential average of the
/// bytes that wait, looked at on each arrival. WRED: the same average with thresholds per class.
class Red {
 public:
  Red(double weight, double ps_per_byte) : weight_(weight), typical_ps_(ps_per_byte * 1000.0) {}

  /// Updates the average with `bytes` waiting as a packet arrives at `now`; `idle` if the link had
  /// nothing to send then. An idle link counts as having sent packets of 1000 bytes meanwhile.
  void sample(std::int64_t now, std::int64_t bytes, bool idle) {
    if (idle && bytes == 0) {
      const double m = static_cast<double>(now - idle_since_) / typical_ps_;
      average_ *= power(1.0 - weight_, m < 1e9 ? static_cast<std::uint64_t>(m) : 1'000'000'000U);
      idle_since_ = now;
    }
    average_ += weight_ * (static_cast<double>(bytes) - average_);
  }
  /// The queue and the link have run empty.
  void idle_from(std::int64_t now) { idle_since_ = now; }

  enum class Decision : std::uint8_t { accept, notify, drop };
  /// `word`: uniform over 32 bits.
  Decision decide(const RedLimits& limits, std::uint32_t word) {
    if (average_ < limits.least) {
      since_ = -1;
      return Decision::accept;
    }
    ++since_;
    double p = 0;
    if (average_ < limits.most) {
      p = limits.probability * (average_ - limits.least) / (limits.most - limits.least);
    } else if (average_ < 2.0 * limits.most) {
      p = limits.probability + (1.0 - limits.probability) * (average_ - limits.most) / limits.most;
    } else {
      since_ = 0;
      return Decision::drop;
    }
    // Spread evenly: the chance grows with the packets since the last drop.
    const double spread = 1.0 - static_cast<double>(since_) * p;
    const double chance = spread > p ? p / spread : 1.0;
    if (static_cast<double>(word) * 0x1p-32 >= chance) return Decision::accept;
    since_ = 0;
    return Decision::notify;
  }
  double average() const { return average_; }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(average_, since_, idle_since_);
  }

  static double power(double base, std::uint64_t n) {
    double out = 1.0;
    for (; n != 0; n >>= 1U, base *= base)
      if ((n & 1U) != 0) out *= base;
    return out;
  }

  double weight_;
  double typical_ps_;
  double average_ = 0;
  std::int64_t since_ = -1;
  std::int64_t idle_since_ = 0;
};

/// CoDel (RFC 8289, the pseudocode of its section 5; marking as Linux does it), in ps.
class Codel {
 public:
  Codel(std::int64_t target, std::int64_t interval) : target_(target), interval_(interval) {}

  /// One packet from `queue` to send at `now`, into `out`; false if all that waited was dropped.
  /// `drop(packet)` takes those that are dropped, `mark(packet)` returns whether it could mark the
  /// packet instead. `largest` is the largest packet seen, bytes on the wire.
  template <class DropFn, class MarkFn>
  bool dequeue(std::int64_t now, WaitingPackets& queue, std::int64_t overhead, std::int64_t largest,
               Packet& out, DropFn&& drop, MarkFn&& mark) {
    Head head = take(now, queue, overhead, largest, out);
    if (dropping_) {
      if (!head.may_drop) dropping_ = false;
      while (dropping_ && now >= next_) {
        ++count_;
        if (mark(out)) {
          next_ = after(next_);
          return true;
        }
        drop(out);
        head = take(now, queue, overhead, largest, out);
        if (!head.may_drop)
          dropping_ = false;
        else
          next_ = after(next_);
      }
    } else if (head.may_drop) {
      const bool marked = mark(out);
      if (!marked) {
        drop(out);
        head = take(now, queue, overhead, largest, out);
      }
      dropping_ = true;
      const std::uint64_t since = count_ - last_count_;
      count_ = since > 1 && now - next_ < 16 * interval_ ? since : 1;
      next_ = after(now);
      last_count_ = count_;
    }
    return head.there;
  }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(first_above_, next_, count_, last_count_, dropping_);
  }

  struct Head {
    bool there;
    bool may_drop;
  };
  Head take(std::int64_t now, WaitingPackets& queue, std::int64_t overhead, std::int64_t largest,
            Packet& out) {
    if (queue.empty()) {
      first_above_ = 0;
      return {false, false};
    }
    out = queue.pop(overhead);
    if (now - out.time < target_ || queue.bytes() <= largest) {
      first_above_ = 0;
      return {true, false};
    }
    if (first_above_ == 0) {
      first_above_ = now + interval_;
      return {true, false};
    }
    return {true, now >= first_above_};
  }
  /// interval / sqrt(count) after `t`; sqrt is correctly rounded (IEEE 754), so the same
  /// everywhere.
  std::int64_t after(std::int64_t t) const {
    return t + static_cast<std::int64_t>(static_cast<double>(interval_) /
                                         std::sqrt(static_cast<double>(count_)));
  }

  std::int64_t target_;
  std::int64_t interval_;
  std::int64_t first_above_ = 0;  ///< 0: not above
  std::int64_t next_ = 0;
  std::uint64_t count_ = 0;
  std::uint64_t last_count_ = 0;
  bool dropping_ = false;
};

}  // namespace longhaul::packet
