// Two runs that must have measured the same, in every field but what they cost.
#pragma once

#include <vector>

#include "sim/stats/measurements.hpp"
#include "tests/catch.hpp"

namespace longhaul::tests {

inline void require_same(const DurationStats& a, const DurationStats& b) {
  REQUIRE(a.count == b.count);
  REQUIRE(a.min_ps == b.min_ps);
  REQUIRE(a.max_ps == b.max_ps);
  REQUIRE((a.sum_ps == b.sum_ps));
  REQUIRE(a.histogram.bits() == b.histogram.bits());
  const auto cells = [](const DurationStats& s) {
    std::vector<std::int64_t> out;
    s.histogram.for_each([&](std::int64_t low, std::int64_t, std::uint64_t n) {
      out.push_back(low);
      out.push_back(static_cast<std::int64_t>(n));
    });
    return out;
  };
  REQUIRE(cells(a) == cells(b));
}

inline void require_same(const ClassMeasurement& a, const ClassMeasurement& b) {
  REQUIRE(a.arrived_packets == b.arrived_packets);
  REQUIRE(a.sent_packets == b.sent_packets);
  REQUIRE(a.sent_bytes == b.sent_bytes);
  REQUIRE(a.dropped_packets == b.dropped_packets);
  REQUIRE(a.marked_packets == b.marked_packets);
  require_same(a.wait, b.wait);
}

inline void require_same(const LevelMeasurement& a, const LevelMeasurement& b) {
  REQUIRE(a.level == b.level);
  REQUIRE(a.rate == b.rate);
  REQUIRE(a.time == b.time);
  require_same(a.wait, b.wait);
}

inline void require_same(const PortMeasurement& a, const PortMeasurement& b) {
  REQUIRE(a.utilization_mean == b.utilization_mean);
  REQUIRE(a.utilization == b.utilization);
  REQUIRE(a.sent_packets == b.sent_packets);
  REQUIRE(a.sent_bytes == b.sent_bytes);
  REQUIRE(a.dropped_packets == b.dropped_packets);
  REQUIRE(a.arrived_packets == b.arrived_packets);
  REQUIRE(a.queue_bytes_mean == b.queue_bytes_mean);
  REQUIRE(a.queue_bytes_max == b.queue_bytes_max);
  require_same(a.wait, b.wait);
  REQUIRE(a.classes.size() == b.classes.size());
  for (std::size_t i = 0; i < a.classes.size(); ++i) require_same(a.classes[i], b.classes[i]);
  REQUIRE(a.levels.size() == b.levels.size());
  for (std::size_t i = 0; i < a.levels.size(); ++i) require_same(a.levels[i], b.levels[i]);
  REQUIRE(a.level_changes == b.level_changes);
  REQUIRE(a.down == b.down);
}

inline void require_same(const TransportMeasurement& a, const TransportMeasurement& b) {
  REQUIRE(a.connections == b.connections);
  REQUIRE(a.acknowledged_segments == b.acknowledged_segments);
  REQUIRE(a.acknowledged_bytes == b.acknowledged_bytes);
  REQUIRE(a.resent_segments == b.resent_segments);
  REQUIRE(a.timeouts == b.timeouts);
  REQUIRE(a.reductions == b.reductions);
  REQUIRE(a.rtt_mean_s == b.rtt_mean_s);
  REQUIRE(a.rtt_max == b.rtt_max);
  REQUIRE(a.fairness == b.fairness);
  REQUIRE(a.completed_flows == b.completed_flows);
  REQUIRE(a.most_waiting_flows == b.most_waiting_flows);
  require_same(a.completion, b.completion);
}

inline void require_same(const DemandMeasurement& a, const DemandMeasurement& b) {
  REQUIRE(a.sent_packets == b.sent_packets);
  REQUIRE(a.sent_bytes == b.sent_bytes);
  REQUIRE(a.delivered_packets == b.delivered_packets);
  REQUIRE(a.delivered_bytes == b.delivered_bytes);
  REQUIRE(a.dropped_packets == b.dropped_packets);
  REQUIRE(a.base == b.base);
  require_same(a.latency, b.latency);
  require_same(a.queueing, b.queueing);
  REQUIRE(a.jitter_ps == b.jitter_ps);
  REQUIRE(a.hops_mean == b.hops_mean);
  REQUIRE(a.transport.has_value() == b.transport.has_value());
  if (a.transport) require_same(*a.transport, *b.transport);
  REQUIRE(a.repair.has_value() == b.repair.has_value());
  if (a.repair) {
    REQUIRE(a.repair->failures == b.repair->failures);
    REQUIRE(a.repair->longest == b.repair->longest);
    REQUIRE(a.repair->sum == b.repair->sum);
    REQUIRE(a.repair->link_down == b.repair->link_down);
    REQUIRE(a.repair->no_route == b.repair->no_route);
    REQUIRE(a.repair->loop == b.repair->loop);
    REQUIRE(a.repair->open == b.repair->open);
  }
  REQUIRE(a.fates.size() == b.fates.size());
  for (std::size_t i = 0; i < a.fates.size(); ++i) {
    REQUIRE(a.fates[i].delivered == b.fates[i].delivered);
    REQUIRE(a.fates[i].dropped == b.fates[i].dropped);
  }
}

inline void require_same(const PacketTotals& a, const PacketTotals& b) {
  REQUIRE(a.sent == b.sent);
  REQUIRE(a.delivered == b.delivered);
  REQUIRE(a.dropped_buffer == b.dropped_buffer);
  REQUIRE(a.dropped_no_route == b.dropped_no_route);
  REQUIRE(a.dropped_link_down == b.dropped_link_down);
  REQUIRE(a.dropped_policy == b.dropped_policy);
  REQUIRE(a.in_flight == b.in_flight);
  REQUIRE(a.dropped_policed == b.dropped_policed);
  REQUIRE(a.dropped_aqm == b.dropped_aqm);
  REQUIRE(a.dropped_loop == b.dropped_loop);
  REQUIRE(a.acks_sent == b.acks_sent);
  REQUIRE(a.acks_delivered == b.acks_delivered);
  REQUIRE(a.acks_dropped == b.acks_dropped);
}

inline void require_same(const Measurements& a, const Measurements& b) {
  REQUIRE(a.fidelity == b.fidelity);
  REQUIRE(a.complete == b.complete);
  REQUIRE(a.warmup == b.warmup);
  REQUIRE(a.measured == b.measured);
  REQUIRE(a.interval == b.interval);
  REQUIRE(a.fingerprint == b.fingerprint);
  require_same(a.packets, b.packets);
  REQUIRE(a.ports.size() == b.ports.size());
  for (std::size_t i = 0; i < a.ports.size(); ++i) require_same(a.ports[i], b.ports[i]);
  REQUIRE(a.demands.size() == b.demands.size());
  for (std::size_t i = 0; i < a.demands.size(); ++i) require_same(a.demands[i], b.demands[i]);
  REQUIRE(a.cost.packet_hops == b.cost.packet_hops);
  REQUIRE(a.cost.rate_changes == b.cost.rate_changes);
  REQUIRE(a.cost.tcp_connections == b.cost.tcp_connections);
  REQUIRE(a.cost.windows == b.cost.windows);
  REQUIRE(a.cost.window == b.cost.window);
  REQUIRE(a.error.has_value() == b.error.has_value());
  if (!a.error) return;
  REQUIRE(a.error->mean == b.error->mean);
  REQUIRE(a.error->p99 == b.error->p99);
  REQUIRE(a.error->p999 == b.error->p999);
  REQUIRE(a.error->loss == b.error->loss);
  REQUIRE(a.error->sampling_mean == b.error->sampling_mean);
  REQUIRE(a.error->sampling_p99 == b.error->sampling_p99);
  REQUIRE(a.error->sampling_p999 == b.error->sampling_p999);
  REQUIRE(a.error->beyond == b.error->beyond);
}

}  // namespace longhaul::tests
