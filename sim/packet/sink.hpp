// A sink: where packets of one node are delivered and their latency is recorded.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/packet/packet.hpp"
#include "sim/packet/recorder.hpp"

namespace longhaul::packet {

/// Per-demand counts of a whole run; each demand's are written by its destination's sink alone.
struct DemandTable {
  DemandTable(std::size_t demands, int flow_bits, const std::vector<std::int64_t>& bases);
  /// Where a demand's histogram of waits starts in `counts`, and that of latency above its base.
  /// The latter lie together at the end, where they cost no memory if none is used.
  std::size_t wait_at(std::size_t demand) const { return demand * buckets.count; }
  std::size_t excess_at(std::size_t demand) const {
    return (stats.size() + demand) * buckets.count;
  }

  int flow_bits;
  Buckets buckets;
  std::vector<DemandStats> stats;
  CountArray counts;
  FateTable fates;  ///< of demands whose stats name a row in it
};

/// Records `n` packets, delivered in the order given. Those sent before `measure_from` enter the
/// fingerprint only. Returns their fingerprint.
std::uint64_t deliver(const Key* keys, std::size_t n, std::int64_t measure_from,
                      DemandTable& table);
/// The same for packets that lie together.
std::uint64_t deliver(const Packet* packets, std::size_t n, std::int64_t measure_from,
                      DemandTable& table);

}  // namespace longhaul::packet
