// Names of demands in the random numbers, the same in every engine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/network/network.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul {

/// A 64-bit hash of a text.
std::uint64_t text_hash(const std::string& text);

/// The name of the draws of a TCP demand's flows: gaps and sizes.
std::uint64_t tcp_flow_stream(std::uint64_t stream);

/// By DemandId: who, to whom, of which class, the how-manieth such one. So adding or removing other
/// demands or nodes changes no arrivals.
std::vector<std::uint64_t> demand_streams(const Network& network, const DemandSet& demands);

}  // namespace longhaul
