// What happens to a network over time, as the states that it goes through. What routers make of it,
// and when, is routing's business.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/units.hpp"

namespace longhaul::failure {

/// What holds from `at` until the next state: what works, and what routers are told to prefer. All
/// vectors are by PortId.
struct State {
  Time at = Time::zero();
  std::vector<bool> down;       ///< sends nothing
  std::vector<bool> withdrawn;  ///< works, but is not to be routed over (providers that parted)
  std::vector<std::int64_t> metric;  ///< of the IGP, > 0; that of a drained port is the largest
};

/// A port's capacity from `at` on.
struct CapacityStep {
  Time at = Time::zero();
  PortId port = PortId::none();
  Rate member_rate = Rate::bps(1);  ///< of each LAG member; > 0
};

struct Timeline {
  std::vector<State> states;             ///< at least one, the first at time zero; times ascending
  std::vector<CapacityStep> capacities;  ///< in order of time
};

}  // namespace longhaul::failure
