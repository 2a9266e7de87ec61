// A textbook event-queue simulator of the same model: one global heap, an event per arrival and per
// departure, plain queues. Slow and obvious; the packet engine must agree with it on every packet
// to the picosecond.
//
// It shares with the engine its input types, the draw of one packet's random words and sizes, and
// the definition of the hashes (ECMP's choice, the fingerprint): not a line of queueing, ordering,
// forwarding tables, windows or lanes.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/packet/engine.hpp"

namespace longhaul::packet::oracle {

/// Exact counts of one class at one port.
struct ClassCount {
  std::uint64_t arrived = 0;
  std::uint64_t sent = 0;
  std::uint64_t dropped = 0;
  std::uint64_t marked = 0;  ///< sent or lost after that
  Int128 wait_sum = 0;
  bool operator==(const ClassCount&) const = default;
};

/// Exact counts of one port's LAG members together, over packets that arrive in the measured
/// period.
struct PortCount {
  std::uint64_t arrived = 0;
  std::uint64_t dropped = 0;
  Int128 wait_sum = 0;  ///< ps
  Int128 number_integral =
      0;  ///< integral over time of the number of accepted packets in the system, ps
  Int128 byte_integral = 0;         ///< the same of their bytes, framing included
  std::vector<ClassCount> classes;  ///< with a discipline
  bool operator==(const PortCount&) const = default;
};

/// Exact counts of one demand, over packets sent in the measured period.
struct DemandCount {
  std::uint64_t sent = 0;
  std::uint64_t delivered = 0;
  std::uint64_t dropped = 0;
  Int128 latency_sum = 0;
  Int128 wait_sum = 0;
  std::uint64_t hops = 0;
  UInt128 variation_sum = 0;  ///< of |latency difference| between packets in the order of delivery
  bool operator==(const DemandCount&) const = default;
};

struct Result {
  std::uint64_t fingerprint = 0;  ///< of all packets' fates, as the engine defines it
  PacketTotals packets;
  std::vector<PortCount> ports;
  std::vector<DemandCount> demands;
};

Result run(const Input& input, const Config& config);

}  // namespace longhaul::packet::oracle
