#include "sim/packet/sink.hpp"

#include <algorithm>

namespace longhaul::packet {

DemandTable::DemandTable(std::size_t demands, int bits_of_flow,
                         const std::vector<std::int64_t>& bases)
    : flow_bits(bits_of_flow),
      buckets(demand_histogram_bits(demands)),
      stats(demands),
      counts(2 * demands * buckets.count) {
  for (std::size_t i = 0; i < demands; ++i) stats[i].base = bases[i];
}

namespace {

/// `packet(i)` is the i-th packet.
template <class F>
std::uint64_t deliver_each(F&& packet, std::size_t n, std::int64_t measure_from,
                           DemandTable& table) {
  // Statistics of many demands lie all over memory: ask for them some packets ahead.
  constexpr std::size_t ahead = 6;
  std::uint32_t* const counts = table.counts.data();
  const int bits = table.buckets.bits;
  std::uint64_t fingerprint = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (i + ahead < n) {
      const std::size_t soon = packet(i + ahead).flow >> table.flow_bits;
      __builtin_prefetch(&table.stats[soon], 1);
      __builtin_prefetch(reinterpret_cast<const char*>(&table.stats[soon]) + 64, 1);
      __builtin_prefetch(
          counts + table.wait_at(soon) + bucket_index(packet(i + ahead).wait(), bits), 1);
    }
    const Packet& p = packet(i);
    fingerprint += fate_hash(p, p.time, 0);
    if (p.birth < measure_from) [[unlikely]]
      continue;
    const std::size_t demand = p.flow >> table.flow_bits;
    DemandStats& d = table.stats[demand];
    const std::int64_t latency = p.time - p.birth;
    const std::int64_t wait = p.wait();
    ++d.delivered;
    d.bytes += p.size;
    d.hops += p.hops();
    d.wait_sum += wait;
    if (wait < d.wait_min) [[unlikely]]
      d.wait_min = wait;
    if (wait > d.wait_max) [[unlikely]]
      d.wait_max = wait;
    if (d.last_latency >= 0)
      d.variation_sum += static_cast<std::uint64_t>(
          latency > d.last_latency ? latency - d.last_latency : d.last_latency - latency);
    d.last_latency = latency;
    if (d.fates >= 0) [[unlikely]]
      table.fates.delivered(d.fates, p.time);
    if (!d.excess_is_wait) {
      const std::int64_t excess = latency - d.base;
      d.excess_sum += excess;
      d.excess_min = std::min(d.excess_min, excess);
      d.excess_max = std::max(d.excess_max, excess);
      const std::size_t excess_bucket = table.excess_at(demand) + bucket_index(excess, bits);
      if (++counts[excess_bucket] == 0) [[unlikely]]
        table.counts.wrapped(excess_bucket);
    }
    const std::size_t wait_bucket = table.wait_at(demand) + bucket_index(wait, bits);
    if (++counts[wait_bucket] == 0) [[unlikely]]
      table.counts.wrapped(wait_bucket);
  }
  return fingerprint;
}

}  // namespace

std::uint64_t deliver(const Key* keys, std::size_t n, std::int64_t measure_from,
                      DemandTable& table) {
  return deliver_each([keys](std::size_t i) -> const Packet& { return *keys[i].packet; }, n,
                      measure_from, table);
}

std::uint64_t deliver(const Packet* packets, std::size_t n, std::int64_t measure_from,
                      DemandTable& table) {
  return deliver_each([packets](std::size_t i) -> const Packet& { return packets[i]; }, n,
                      measure_from, table);
}

}  // namespace longhaul::packet
