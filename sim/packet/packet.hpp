// One packet on its way: what a lane carries. 32 bytes, two to a cache line (docs/decisions/0005).
#pragma once

#include <cstdint>

#include "sim/base/random.hpp"

namespace longhaul::packet {

struct Packet {
  std::int64_t time;        ///< ps; arrival at the next port or at the destination
  std::int64_t birth;       ///< ps; when its source sent it
  std::uint64_t wait_hops;  ///< low 54 bits: ps waited in queues so far; 9 bits: links crossed; top
                            ///< bit: congestion experienced (RFC 3168)
  std::uint32_t flow;       ///< demand << flow_bits | flow of the demand
  std::uint16_t size;       ///< bytes without framing
  std::uint16_t destination;  ///< DestinationId: a node, under a constraint, or segments to one

  static constexpr int wait_bits = 54;
  static constexpr std::uint64_t one_hop = std::uint64_t{1} << wait_bits;
  std::int64_t wait() const { return static_cast<std::int64_t>(wait_hops & (one_hop - 1)); }
  static constexpr std::uint64_t congestion_experienced = std::uint64_t{1} << 63;
  std::uint32_t hops() const {
    return static_cast<std::uint32_t>((wait_hops & ~congestion_experienced) >> wait_bits);
  }
  /// What expired() takes for a limit of `hops`, at least 1 and less than 2^9.
  static constexpr std::uint64_t hop_limit(std::uint32_t hops) {
    return std::uint64_t{hops} << (wait_bits + 1);
  }
  /// hops() has reached the limit.
  bool expired(std::uint64_t limit) const { return wait_hops << 1 >= limit; }
  bool marked() const { return (wait_hops & congestion_experienced) != 0; }
};
static_assert(sizeof(Packet) == 32);

/// A packet's place in the order of one port, kept apart from the packet so that merging moves 16
/// bytes.
struct Key {
  std::int64_t time;
  const Packet* packet;
};

/// What the fingerprint sums for one packet's fate: who it was, when it ended, and how. A sum of
/// mixes does not depend on the order in which threads end packets, yet changes with any packet's
/// fate by a picosecond. `fate` is 0 for delivered, else 1 + the cause of the drop + 8 x the
/// machine.
constexpr std::uint64_t fate_hash(const Packet& p, std::int64_t time, std::uint64_t fate) {
  return mix(static_cast<std::uint64_t>(p.birth) * 0x9e3779b97f4a7c15ULL +
             static_cast<std::uint64_t>(time) * 0xd1b54a32d192ed03ULL +
             (p.flow | fate << 32) * 0x8cb92ba72f3d8dd7ULL);
}

}  // namespace longhaul::packet
