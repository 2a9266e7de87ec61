// What may fail, each thing on its own, and how much of the time it is down
// (docs/models/failure-sweep.md).
#pragma once

#include <string>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/failure/rates.hpp"
#include "sim/network/network.hpp"

namespace longhaul::plan {

using CauseId = Id<struct CauseTag>;

inline constexpr double hours_per_year = 8760;

/// A link, a node or a risk group.
struct Cause {
  enum class Kind { link, node, risk_group };
  Kind kind = Kind::link;
  std::string name;
  std::vector<PortId> ports;     ///< that exist and stop working, ascending
  NodeId node = NodeId::none();  ///< of kind node
  double unavailability = 0;     ///< share of the time, below 1; causes are independent
};
const char* to_string(Cause::Kind);

/// What the literature says of cables and equipment (causes.cpp).
failure::Rates published_rates();

/// Every link, then every node, then every risk group in order of first mention. Ids are positions.
///
/// A cut of what the links of a risk group share takes all of them. How much they share is not
/// known: as much as the shortest of them is long; what a link is longer than its groups' shares is
/// cable of its own.
std::vector<Cause> causes(const Network& network, const failure::Rates& rates);

/// Length of the cable, given or from coordinates; else what light travels in its delay. 0 through
/// the air.
double cable_km(const Network& network, const Link& link);

}  // namespace longhaul::plan
