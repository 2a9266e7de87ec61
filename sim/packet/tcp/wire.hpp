// What a TCP packet carries in the 32 bytes of Packet (docs/models/tcp.md).
//
// `flow` names the demand and the connection; where it ends tells data (the demand's `to`) from
// acknowledgements (its `from`). `birth` is, from the top bit down,
//   data:  22 bits of the segment's number, 42 bits of the time it was sent in ns
//   ACK:   22 bits of the next segment expected, 20 bits from there to the first SACK block, 20
//   bits
//          of its length, one bit "congestion experienced", one bit "of the measured period"
// Hosts send at whole ns, so no time is lost. Numbers and times go on modulo their bits; windows
// stay below half of 2^20 segments and latencies below 73 minutes, so they are never ambiguous.
#pragma once

#include <cstdint>

namespace longhaul::packet::tcp {

inline constexpr int number_bits = 22;
inline constexpr int time_bits = 42;
inline constexpr int block_bits = 20;
inline constexpr std::int64_t ps_per_ns = 1000;

/// The number nearest to `near` that agrees with `bits` in its low number_bits.
constexpr std::uint64_t expand(std::uint64_t bits, std::uint64_t near) {
  constexpr std::uint64_t mask = (std::uint64_t{1} << number_bits) - 1;
  constexpr std::uint64_t half = std::uint64_t{1} << (number_bits - 1);
  const std::uint64_t forward = (bits - near) & mask;
  return forward < half ? near + forward : near + forward - mask - 1;
}

struct Data {
  std::uint64_t number;  ///< low bits of the segment's
  std::int64_t sent;     ///< ps

  /// `sent` a whole number of ns.
  static std::int64_t encode(std::uint64_t number, std::int64_t sent) {
    const auto ns = static_cast<std::uint64_t>(sent / ps_per_ns);
    return static_cast<std::int64_t>(number << time_bits |
                                     (ns & ((std::uint64_t{1} << time_bits) - 1)));
  }
  /// Of a packet seen at `now`, after it was sent.
  static Data decode(std::int64_t birth, std::int64_t now) {
    const auto bits = static_cast<std::uint64_t>(birth);
    constexpr std::uint64_t mask = (std::uint64_t{1} << time_bits) - 1;
    const auto now_ns = static_cast<std::uint64_t>(now / ps_per_ns);
    const std::uint64_t age = (now_ns - bits) & mask;
    return {bits >> time_bits, static_cast<std::int64_t>(now_ns - age) * ps_per_ns};
  }
};

struct Ack {
  std::uint64_t next;    ///< low bits of the next segment expected
  std::uint64_t offset;  ///< from there to the first block
  std::uint64_t length;  ///< 0: no block
  bool congested;
  bool measured;

  std::int64_t encode() const {
    constexpr std::uint64_t mask = (std::uint64_t{1} << number_bits) - 1;
    return static_cast<std::int64_t>((next & mask) << 42 | offset << 22 | length << 2 |
                                     (congested ? 2U : 0U) | (measured ? 1U : 0U));
  }
  static Ack decode(std::int64_t birth) {
    const auto bits = static_cast<std::uint64_t>(birth);
    constexpr std::uint64_t mask = (std::uint64_t{1} << block_bits) - 1;
    return {bits >> 42, bits >> 22 & mask, bits >> 2 & mask, (bits & 2U) != 0, (bits & 1U) != 0};
  }
};

}  // namespace longhaul::packet::tcp
