// Expected loads while ports are down, one failure after another: what a sweep over failures asks
// thousands of times (docs/models/failure-sweep.md).
//
// Two implementations behind one interface: every route computed afresh, for any network; and the
// change alone, for networks where routes are shortest paths and nothing else. Tests hold one
// against the other.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/routes.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul::routing {

/// Traffic from a node to a destination that has no route: all demands between the two.
struct Cut {
  DestinationId destination;
  NodeId from;
  auto operator<=>(const Cut&) const = default;
};

/// What the network carries with some ports down.
struct FailedLoads {
  std::vector<double> load_bps;  ///< by PortId, of packet bytes
  /// Ascending; only where there is demand. Between providers also what loses a part on its way:
  /// one of its equal ways may end at a router that works in one direction only.
  std::vector<Cut> cut;
  double unrouted_bps = 0;  ///< of all demands, as sent
};

/// Loads under failures that come in two steps: those of `start`, and on top of them those of each
/// `also`. Not for use by two threads at once: each takes a clone.
class FailureLoads {
 public:
  virtual ~FailureLoads() = default;
  FailureLoads() = default;
  FailureLoads& operator=(const FailureLoads&) = delete;

  /// `down` fails first, and only that; an empty one repairs everything. Valid until the next call.
  virtual const FailedLoads& start(std::span<const PortId> down) = 0;
  /// The loads with `down` failed besides what `start` was told. Valid until the next call.
  virtual const FailedLoads& also(std::span<const PortId> down) = 0;
  /// For another thread: the same network, nothing failed. Shares what does not change.
  virtual std::unique_ptr<FailureLoads> clone() const = 0;

 protected:
  FailureLoads(const FailureLoads&) = default;
};

/// True if routes are shortest paths and nothing else: all links are within one provider.
bool shortest_paths_only(const Network& network);

/// Computes all routes for every failure. Refers to the arguments.
std::unique_ptr<FailureLoads> full_failure_loads(const Network& network, const RoutingSpec& spec,
                                                 std::span<const PathConstraint> constraints,
                                                 const DemandSet& demands);

/// Computes what a failure changes, destination by destination: new distances where all shortest
/// paths are gone, and the difference in flow from there on. Requires shortest_paths_only(network).
/// Loads differ from full ones by rounding, below 1e-9 of the traffic to any one destination.
/// Refers to `network`.
std::unique_ptr<FailureLoads> incremental_failure_loads(const Network& network,
                                                        const RoutingSpec& spec,
                                                        std::span<const PathConstraint> constraints,
                                                        const DemandSet& demands);

/// The incremental one where it is exact, else the full one.
std::unique_ptr<FailureLoads> failure_loads(const Network& network, const RoutingSpec& spec,
                                            std::span<const PathConstraint> constraints,
                                            const DemandSet& demands);

}  // namespace longhaul::routing
