// What happens to a network over time, as the states that it goes through. What routers make of it,
// and when, is routing's business.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/units.hpp"
#include "sim/network/network.hpp"

namespace longhaul::failure {

/// One thing that happens to some ports: written in a scenario, drawn at random, or done by rain.
struct Change {
  enum class Kind : std::uint8_t {
    fail,
    degrade,  ///< `values` are the rates of a LAG member in bit/s
    restore,  ///< ends what failed or was degraded under the same name
    drain,
    undrain,  ///< ends the drain of the same name
    metric,   ///< `values` are metrics
    depeer,
    peer,  ///< ends the depeering of the same name
    fade,  ///< no modulation holds
    clear,
  };
  Time at;
  Kind kind;
  std::string what;  ///< its name: what begins under one, ends under the same
  std::vector<PortId> ports;
  std::vector<std::int64_t> values = {};  ///< by position in `ports`
};

/// What holds from `at` until the next state: what works, and what routers are told to prefer. All
/// vectors are by PortId.
struct State {
  Time at = Time::zero();
  std::vector<bool> down;       ///< sends nothing
  std::vector<bool> faded;      ///< down, and only because no modulation holds
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

/// Metrics before anything happens.
struct Metrics {
  std::vector<std::int64_t> of_port;  ///< by PortId
  std::int64_t drained;               ///< the largest: of a drained port
};

/// What `changes`, in order of time, make of the network. A port is down, drained or withdrawn while
/// anything that made it so still holds, and as slow as the slowest that degrades it; ending what
/// never began changes nothing. There is a new state only where something differs.
Timeline timeline_of(const Network& network, const Metrics& metrics,
                     std::span<const Change> changes);

}  // namespace longhaul::failure
