// The least that a packet of each demand can take from end to end.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/engine/input.hpp"

namespace longhaul::engine {

/// Latency of the smallest packet of each demand, in ps: for each destination the least over its
/// paths of propagation, routers and transmission (at the fastest rate that each port ever has;
/// rounded down). Without waiting; 0 if there is no route. By DemandId.
std::vector<std::int64_t> base_latencies(const Input& input, const Routes& routes);
/// The same over the forwarding of all times.
std::vector<std::int64_t> base_latencies(const Input& input);

}  // namespace longhaul::engine
