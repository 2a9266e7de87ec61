// What can fail by itself: cables, the equipment of links, and nodes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/failure/rates.hpp"
#include "sim/network/network.hpp"

namespace longhaul::failure {

/// Fails and is repaired as one, independently of all others.
struct Component {
  enum class Kind : std::uint8_t {
    cable,  ///< of one link, or the part that a risk group shares
    link,   ///< its equipment
    node
  };
  Kind kind;
  std::string name;             ///< "cable A-B", "cable of risk group duct-1", "link A-B", "node A"
  std::vector<LinkId> links;    ///< that fail with it, ascending
  double mtbf_h;                ///< mean time that it works, > 0
  double mttr_h;                ///< mean time of a repair, > 0
  std::string risk_group = {};  ///< whose shared cable it is; empty: none's
  NodeId node = NodeId::none();  ///< of kind node

  /// Share of the time that it is down.
  double unavailability() const { return mttr_h / (mtbf_h + mttr_h); }
};

/// Length of the link's cable, given or from coordinates, else what light travels in its delay; 0
/// if it has none.
double cable_km(const Network& network, const Link& link);

/// All that fails at these rates; what never fails is left out. In order of kind, then of id; risk
/// groups by name behind the links' own cables.
///
/// Links of a risk group share a cable as long as the shortest of them, which is cut for all of
/// them at once; what a link is longer than its groups' cables is cable of its own. A cable's
/// length is that of its link, else what its delay stands for; microwave and satellite have none.
std::vector<Component> components_of(const Network& network, const Rates& rates);

}  // namespace longhaul::failure
