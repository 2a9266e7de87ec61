// Which demands and which ports an `expect:` line speaks of.
#pragma once

#include <vector>

#include "sim/network/network.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul {

/// True for metrics of links (utilization, queue) and for any metric `on LINK`; the others are of
/// demands.
bool is_link_metric(const Expectation& expectation);

/// Demands of the expectation's class and service (those that have what its metric is of), from and
/// to its nodes, and whose source node is of its provider, tier and region.
std::vector<DemandId> matching_demands(const Expectation& expectation, const Network& network,
                                       const DemandSet& demands);

/// Existing ports: of its link, from and to its nodes, and whose sending node is of its provider,
/// tier and region.
std::vector<PortId> matching_ports(const Expectation& expectation, const Network& network);

/// False if the expectation speaks of no demand or port at all: it would pass or fail by accident.
bool matches_something(const Expectation& expectation, const Network& network,
                       const DemandSet& demands);

}  // namespace longhaul
