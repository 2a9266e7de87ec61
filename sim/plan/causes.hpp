// What may fail, each thing on its own, and how much of the time it is down
// (docs/models/failure-sweep.md).
#pragma once

#include <string>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/failure/rates.hpp"
#include "sim/network/network.hpp"
#include "sim/scenario/scenario.hpp"

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

/// Every link, then every node, then every risk group in order of first mention. Ids are positions.
/// What of a link's cable is its own and what its groups' is as in failure::components_of.
std::vector<Cause> causes(const Network& network, const failure::Rates& rates);

/// The scenario's own, else the published ones.
failure::Rates rates_of(const Scenario& scenario);

}  // namespace longhaul::plan
