// Networks that the benchmarks run on, with all-pairs Poisson traffic of 1000-byte packets scaled
// so that the most loaded link reaches 70 %. No framing, shortest paths by delay.
#pragma once

#include <cstdint>

#include "sim/packet/engine.hpp"

namespace longhaul::bench {

inline constexpr double worst_link = 0.7;

/// Internet2's Abilene of 2004: 11 routers, 14 links (cable lengths as in topologies/abilene.yaml).
packet::Input abilene(Rate capacity);

/// A ring with half as many chords between random nodes (degree 3 on average), links of 0.5 to 5
/// ms. Each node sends to `peers` others, evenly spread over the node ids; 0 stands for all.
packet::Input random_backbone(std::size_t nodes, Rate capacity, std::size_t peers = 0);

/// Six hubs in a ring of 30 ms trunks, traffic between all hubs.
packet::Input trunks(Rate capacity);
/// The same hubs and trunks, and at each hub a metro ring of `around` more routers, its links of
/// `metro_delay`; traffic between all routers.
packet::Input trunks_and_metros(Rate capacity, std::size_t around, Duration metro_delay);

/// `hops` hubs in a row over trunks of `delay`, traffic from end to end: for memory in flight.
packet::Input line(Rate capacity, std::size_t hops, Duration delay);

}  // namespace longhaul::bench
