// Queueing as one port sees it: every rate and limit in its own bytes and picoseconds, every class
// with its queue.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "sim/packet/discipline/aqm.hpp"
#include "sim/packet/model.hpp"
#include "sim/traffic/demand.hpp"
#include "sim/traffic/queueing.hpp"

namespace longhaul::packet {

/// What a queue of a port is.
struct ClassQueueLimit {
  std::int64_t limit_bytes = std::numeric_limits<std::int64_t>::max();  ///< of what waits
  std::size_t limit_packets = std::numeric_limits<std::size_t>::max();
  DropRule rule = DropRule::tail;
  bool ecn = false;
  double red_weight = 0;
  std::vector<RedLimits> red;  ///< by ClassId
  std::int64_t codel_target = 0;
  std::int64_t codel_interval = 0;
  double ps_per_byte = 0;  ///< of the link
};

/// A leaf or a group of the hierarchy. GCRA token buckets: `spacing` ps a byte as a fraction, since
/// rates need not divide 8e12.
struct ShareSpec {
  std::int64_t guaranteed_bps = 0;  ///< 0: none
  std::int64_t ceiling_bps = 0;
  std::int64_t guaranteed_burst_ps = 0;
  std::int64_t ceiling_burst_ps = 0;
  std::int64_t parent = -1;  ///< position in `shares`; -1: the link itself
};

struct PortSpec {
  Discipline discipline = Discipline::fifo;
  std::uint64_t ps_num = 1;  ///< ps a byte as a fraction
  std::uint64_t ps_den = 1;
  std::vector<ClassQueueLimit> queues;  ///< fq_codel: one, for all flows
  std::vector<std::uint8_t> queue_of;   ///< by ClassId
  std::vector<std::uint8_t> strict;     ///< by queue: rank among the strict, 255: not strict
  std::vector<std::int64_t> quantum;    ///< drr, by queue: bytes
  std::vector<std::int64_t> inverse;    ///< wfq, hierarchical, by queue: virtual time a byte
  std::vector<std::uint8_t> priority;   ///< hierarchical, by queue
  std::vector<ShareSpec> shares;        ///< hierarchical: one per queue, then the groups
};

/// `queueing` at the port of `queue`, for `classes`.
PortSpec port_spec(const Queueing& queueing, const std::vector<TrafficClass>& classes,
                   const QueueModel& queue);

}  // namespace longhaul::packet
