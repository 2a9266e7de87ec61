// The same network and traffic with fewer packets: rates, connections, capacities and buffers by
// one factor, times as they are (Pan, Prabhakar, Psounis and Wischik, ToN 2005).
#pragma once

#include "sim/engine/input.hpp"

namespace longhaul::hybrid {

/// `input` with `scale` (above 0, at most 1) of every rate and capacity and as many connections, at
/// least one of each demand. What slower links take longer to send is taken off their delays as
/// far as these go, so that round trips stay what they are.
engine::Input shrunk(const engine::Input& input, double scale);

/// Limits in bytes and packets, and rates that are no shares of a link's, by `scale`; times stay.
Queueing shrunk(const Queueing& queueing, double scale);

/// Connections that stand for `of`.
std::uint32_t shrunk_connections(const Transport& of, double scale);

}  // namespace longhaul::hybrid
