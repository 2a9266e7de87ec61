#include "sim/packet/offered.hpp"

#include <algorithm>
#include <cassert>

#include "sim/packet/source.hpp"
#include "sim/traffic/streams.hpp"

namespace longhaul::packet {

namespace {

/// Packets drawn at a time, so that few are held.
constexpr std::int64_t step_ps = 10'000'000'000;

}  // namespace

std::vector<std::vector<double>> offered_bits(const engine::Input& input,
                                              const engine::Config& config, Duration interval) {
  const DemandSet& set = *input.demands;
  const std::int64_t end = (config.warmup + config.duration).ps();
  std::vector<SizeTable> sizes;
  for (const SizeMix& mix : set.sizes) sizes.emplace_back(mix);
  const std::vector<std::uint64_t> streams = demand_streams(*input.network, set);
  std::vector<std::vector<double>> bits(static_cast<std::size_t>(end / interval.ps()),
                                        std::vector<double>(set.demands.size(), 0.0));
  std::vector<Packet> packets;
  for (std::size_t i = 0; i < set.demands.size(); ++i) {
    const Demand& d = set.demands[i];
    assert(!d.transport.valid() && d.bucket < 0);
    const SizeTable& size = sizes[d.sizes.index()];
    const auto& at = input.network->node(d.from).at;
    ArrivalStream stream({d.arrivals, size.mean_bytes() * 8e12 / d.rate.as_double(), &size,
                          config.seed, streams[i], 0, 1, 0, set.arrival_model(d), set.profile(d),
                          d.rate.as_double(), at ? at->longitude : 0.0, end},
                         false);
    for (std::size_t k = 0; k < bits.size(); ++k) {
      const std::int64_t until = static_cast<std::int64_t>(k + 1) * interval.ps();
      for (std::int64_t now = until - interval.ps(); now < until;) {
        now = std::min(until, now + step_ps);
        packets.clear();
        stream.take_until(now, packets);
        for (const Packet& p : packets) bits[k][i] += 8.0 * p.size;
      }
    }
  }
  return bits;
}

}  // namespace longhaul::packet
