// What every engine returns: one schema for packet, fluid and hybrid. Ids only; names come back in
// the report. All figures cover the measured period: packets sent at or after the end of the
// warm-up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/units.hpp"
#include "sim/stats/histogram.hpp"

namespace longhaul {

/// Packets by fate; sent == delivered + dropped + in_flight holds exactly.
struct PacketTotals {
  std::uint64_t sent = 0;
  std::uint64_t delivered = 0;
  std::uint64_t dropped_buffer = 0;
  std::uint64_t dropped_no_route = 0;
  std::uint64_t dropped_link_down = 0;
  std::uint64_t dropped_policy = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t dropped_policed = 0;  ///< beyond a policer's rate
  std::uint64_t dropped_aqm = 0;      ///< early, by RED or CoDel
  std::uint64_t dropped_loop = 0;     ///< hops reached the TTL: routers disagreed
  std::uint64_t acks_sent = 0;        ///< of `sent`: acknowledgements, which no demand counts
  std::uint64_t acks_delivered = 0;   ///< of `delivered`
  std::uint64_t acks_dropped = 0;     ///< of dropped(), whatever the cause
  std::uint64_t dropped() const {
    return dropped_buffer + dropped_no_route + dropped_link_down + dropped_policy +
           dropped_policed + dropped_aqm + dropped_loop;
  }
};

/// Exact minimum, maximum and sum of values beside their histogram.
struct DurationStats {
  Histogram histogram;
  std::uint64_t count = 0;
  std::int64_t min_ps = 0;
  std::int64_t max_ps = 0;
  Int128 sum_ps = 0;  ///< exact
  double mean_ps() const {
    return count == 0 ? 0.0 : static_cast<double>(sum_ps) / static_cast<double>(count);
  }
  /// One more value of at least 0 ps.
  void add(std::int64_t ps);
  /// The histogram's quantile, kept within the exact minimum and maximum. Zero if empty.
  double quantile_ps(double q) const;
  void merge(const DurationStats& other);
  /// Merges values that are all `shift_ps` larger; count, minimum, maximum and sum stay exact.
  void merge_shifted(const DurationStats& other, std::int64_t shift_ps);

  template <class Archive>
  void serialize(Archive& archive) {
    archive(histogram, count, min_ps, max_ps, raw(sum_ps));
  }
};

/// What a port did at one level of its rate, such as a modulation.
struct LevelMeasurement {
  std::uint32_t level = 0;
  Rate rate = Rate::zero();  ///< of all members
  Duration time = Duration::zero();
  DurationStats wait;  ///< of the packets whose transmission started at this level
};

/// One class at one direction of a link, over the packets that arrive there in the measured period.
struct ClassMeasurement {
  std::uint64_t arrived_packets = 0;
  std::uint64_t sent_packets = 0;
  std::uint64_t sent_bytes = 0;  ///< with framing
  std::uint64_t dropped_packets = 0;
  std::uint64_t marked_packets = 0;  ///< congestion experienced (RFC 3168)
  DurationStats wait;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(arrived_packets, sent_packets, sent_bytes, dropped_packets, marked_packets, wait);
  }
};

/// One direction of a link (all members of a LAG together), over the measured period.
struct PortMeasurement {
  double utilization_mean = 0;     ///< share of time the link was sending, 0 to 1
  std::vector<float> utilization;  ///< per sampling interval (Measurements::interval)
  std::uint64_t sent_packets = 0;  ///< whole packets put on the wire
  std::uint64_t sent_bytes = 0;    ///< with framing
  std::uint64_t dropped_packets = 0;
  std::uint64_t arrived_packets = 0;
  double queue_bytes_mean = 0;  ///< time average of bytes waiting or in transmission
  std::uint64_t queue_bytes_max = 0;
  DurationStats wait;                     ///< from arrival at the port to the start of transmission
  std::vector<ClassMeasurement> classes;  ///< by ClassId; empty with plain FIFO
  /// Only of ports whose rate changes in time: the levels that it had, in the order of their
  /// numbers, how often one followed another, and how long it was down besides.
  std::vector<LevelMeasurement> levels;
  std::uint64_t level_changes = 0;
  Duration down = Duration::zero();
};

/// What the senders of one TCP demand saw, over the measured period.
struct TransportMeasurement {
  std::uint64_t connections = 0;
  std::uint64_t acknowledged_segments = 0;
  std::uint64_t acknowledged_bytes = 0;  ///< data, without headers: goodput
  std::uint64_t resent_segments = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t reductions = 0;  ///< of windows, for loss or marks; timeouts apart
  double rtt_mean_s = 0;
  Duration rtt_max = Duration::zero();
  double fairness = 0;  ///< Jain's index over the connections' acknowledged segments, 0 to 1
  std::uint64_t completed_flows = 0;
  std::uint64_t most_waiting_flows = 0;  ///< for a free connection, at one time
  DurationStats completion;              ///< of flows that came and were done in the period
};

/// Packets by fate within a sampling interval, by the time at which they met it.
struct IntervalFates {
  std::uint32_t delivered = 0;
  std::uint32_t dropped = 0;
};

/// What failures cost a demand until its packets arrived again. The time to repair is that from a
/// failure to the last packet lost to it, before the next failure.
struct RepairMeasurement {
  std::uint32_t failures = 0;           ///< to which it lost packets
  Duration longest = Duration::zero();  ///< time to repair
  Duration sum = Duration::zero();      ///< over those failures
  std::uint64_t link_down = 0;          ///< packets sent into a dead link: a black hole
  std::uint64_t no_route = 0;
  std::uint64_t loop = 0;  ///< in micro-loops
  bool open = false;       ///< no repair: in the end it has no route
};

/// One demand over the measured period.
struct DemandMeasurement {
  std::uint64_t sent_packets = 0;
  std::uint64_t sent_bytes = 0;  ///< without framing
  std::uint64_t delivered_packets = 0;
  std::uint64_t delivered_bytes = 0;
  std::uint64_t dropped_packets = 0;
  /// Latency above `base`: the histogram's values are latency - base, so that microseconds of
  /// queueing stay visible beside milliseconds of propagation. min/max/sum in `latency` are of the
  /// excess as well.
  Duration base = Duration::zero();
  DurationStats latency;
  DurationStats queueing;  ///< sum of waits over all hops
  double jitter_ps =
      0;  ///< mean |difference| of latency between consecutive packets (RFC 3393, one-way IPDV)
  double hops_mean = 0;                           ///< links crossed, mean over delivered packets
  std::optional<TransportMeasurement> transport;  ///< of TCP demands
  std::vector<IntervalFates> fates = {};  ///< of services' demands: by Measurements::interval
  std::optional<RepairMeasurement> repair = {};  ///< of demands that lost packets to failures
};

/// How far the queueing of all demands together may be from that of all their packets, as shares of
/// the figures. Of engines that do not follow every packet.
struct ErrorBar {
  double mean = 0;
  double p99 = 0;
  double p999 = 0;
  double loss = 0;  ///< where that is above 1e-4
  /// Of these, what stems from the number of packets sampled: half a 95 % interval. 0: no sample.
  double sampling_mean = 0;
  double sampling_p99 = 0;
  double sampling_p999 = 0;
  /// Why this run lies outside of what the bar was measured on (docs/accuracy.md); none: it is
  /// within.
  std::vector<std::string> beyond = {};
};

struct RunCost {
  unsigned threads = 1;
  double wall_s = 0;
  std::uint64_t packet_hops =
      0;  ///< packets transmitted by ports over the whole run, warm-up included
  std::uint64_t peak_memory_bytes = 0;
  std::uint64_t peak_packets_in_flight = 0;
  std::uint64_t rate_changes = 0;  ///< fluid: of a demand at a port
  std::uint64_t tcp_connections = 0;
  std::uint64_t tcp_memory_bytes = 0;  ///< of all connections, at the end
  std::uint64_t windows = 0;           ///< hybrid: short spans simulated packet by packet
  Duration window = Duration::zero();  ///< each of them, its own warm-up left out
};

struct Measurements {
  std::string fidelity = "packet";
  bool complete = true;  ///< false if interrupted: figures cover what was simulated
  Duration warmup = Duration::zero();
  Duration measured =
      Duration::zero();  ///< length of the measured period, as far as it was simulated
  Duration interval = Duration::zero();  ///< of utilization samples
  std::uint64_t fingerprint = 0;
  PacketTotals packets;
  std::vector<PortMeasurement> ports;      ///< by PortId
  std::vector<DemandMeasurement> demands;  ///< by DemandId
  RunCost cost;
  std::optional<ErrorBar> error = {};  ///< none: every packet was followed
};

}  // namespace longhaul
