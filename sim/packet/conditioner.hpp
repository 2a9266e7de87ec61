// A token bucket behind a demand's stream of packets: the shaper or policer at its source.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/packet/discipline/class_queue.hpp"
#include "sim/packet/packet.hpp"
#include "sim/traffic/token_bucket.hpp"

namespace longhaul::packet {

/// GCRA (ITU-T I.371, annex A) for packets of any size, exact: times are in 1/den ps, den such that
/// a byte takes a whole number of them.
class TokenBucket {
 public:
  /// A packet larger than `burst_bytes` takes a full bucket.
  TokenBucket(std::int64_t bps, std::int64_t burst_bytes) : burst_bytes_(burst_bytes) {
    const std::int64_t ps = 8'000'000'000'000;
    const std::int64_t common = std::gcd(ps, bps);
    per_byte_ = ps / common;
    den_ = bps / common;
    burst_ = Int128{burst_bytes} * per_byte_;
  }
  /// The first instant from `time` on at which the bucket holds `bytes`.
  std::int64_t conforms_at(std::int64_t time, std::int64_t bytes) const {
    const Int128 least = full_ + need(bytes) - burst_;
    if (least <= Int128{time} * den_) return time;
    return static_cast<std::int64_t>((least + den_ - 1) / den_);
  }
  void take(std::int64_t time, std::int64_t bytes) {
    full_ = std::max(full_, Int128{time} * den_) + need(bytes);
  }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(raw(full_));
  }

  Int128 need(std::int64_t bytes) const { return std::min(bytes, burst_bytes_) * per_byte_; }

  std::int64_t burst_bytes_;
  Int128 per_byte_;
  Int128 den_;
  Int128 burst_;
  Int128 full_ = 0;  ///< when the bucket is full again
};

class Conditioner {
 public:
  Conditioner(const TokenBucketSpec& spec, Rate own)
      : shapes_(spec.action == TokenBucketSpec::Action::shape),
        max_delay_(spec.max_delay.ps()),
        bucket_(spec.bps(own), spec.burst_bytes) {}

  /// Replaces the packets from `first` on, in time order and earlier than `until`, by those that
  /// pass before `until`; what is dropped goes to `policed`. A shaped packet keeps its birth.
  void pass(std::vector<Packet>& packets, std::size_t first, std::int64_t until,
            std::vector<Packet>& policed) {
    std::size_t kept = first;
    for (std::size_t i = first; i < packets.size(); ++i) {
      Packet p = packets[i];
      const std::int64_t start = std::max(p.time, last_);
      const std::int64_t time = bucket_.conforms_at(start, p.size);
      if (time - p.time > (shapes_ ? max_delay_ : 0)) {
        policed.push_back(p);
        continue;
      }
      bucket_.take(time, p.size);
      if (!shapes_) {
        packets[kept++] = p;
        continue;
      }
      p.time = last_ = time;
      waiting_.push(p, p.size);
    }
    packets.resize(kept);
    while (!waiting_.empty() && waiting_.front().time < until) packets.push_back(waiting_.pop(0));
  }
  /// Of the first packet that waits.
  std::int64_t next_time() const {
    return waiting_.empty() ? std::numeric_limits<std::int64_t>::max() : waiting_.front().time;
  }
  template <class F>
  void for_each_waiting(F&& f) const {
    waiting_.for_each(f);
  }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(bucket_, waiting_, last_);
  }

  bool shapes_;
  std::int64_t max_delay_;
  TokenBucket bucket_;
  WaitingPackets waiting_;  ///< their time is when they go
  std::int64_t last_ = 0;   ///< when the last one goes: they stay in order
};

}  // namespace longhaul::packet
