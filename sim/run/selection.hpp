// Which demands and which ports an `expect:` line speaks of.
#pragma once

#include <vector>

#include "sim/network/network.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul::run {

/// True for metrics of links (utilization, queue); the others are of demands, unless `on LINK` is
/// written.
bool is_link_metric(const Expectation& expectation);

/// Demands of the expectation's class, from and to its nodes, and whose source node is of its
/// provider, tier and region.
std::vector<DemandId> matching_demands(const Expectation& expectation, const Network& network,
                                       const DemandSet& demands);

/// Existing ports: both directions of its link, or all whose sending node is of its provider, tier
/// and region.
std::vector<PortId> matching_ports(const Expectation& expectation, const Network& network);

}  // namespace longhaul::run
