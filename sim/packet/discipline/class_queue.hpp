// Packets that wait, in the order of their arrival.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/packet/packet.hpp"

namespace longhaul::packet {

/// A ring that grows by doubling and never shrinks: no allocation once it is as long as it gets.
class WaitingPackets {
 public:
  bool empty() const { return count_ == 0; }
  std::size_t size() const { return count_; }
  /// On the wire, framing included.
  std::int64_t bytes() const { return bytes_; }
  /// Requires !empty(). Its `time` is its arrival.
  const Packet& front() const { return ring_[head_]; }
  void push(const Packet& p, std::int64_t wire_bytes) {
    if (count_ == ring_.size()) grow();
    ring_[(head_ + count_) & (ring_.size() - 1)] = p;
    ++count_;
    bytes_ += wire_bytes;
  }
  Packet pop(std::int64_t overhead) {
    const Packet p = ring_[head_];
    head_ = (head_ + 1) & (ring_.size() - 1);
    --count_;
    bytes_ -= p.size + overhead;
    return p;
  }

  /// f(packet) for all, oldest first.
  template <class F>
  void for_each(F&& f) const {
    for (std::size_t i = 0; i < count_; ++i) f(ring_[(head_ + i) & (ring_.size() - 1)]);
  }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(raw(ring_), head_, count_, bytes_);
  }

  void grow() {
    std::vector<Packet> larger(ring_.empty() ? 16 : 2 * ring_.size());
    for (std::size_t i = 0; i < count_; ++i) larger[i] = ring_[(head_ + i) & (ring_.size() - 1)];
    ring_ = std::move(larger);
    head_ = 0;
  }

  std::vector<Packet> ring_;
  std::size_t head_ = 0;
  std::size_t count_ = 0;
  std::int64_t bytes_ = 0;
};

}  // namespace longhaul::packet
