// Fast reroute: what a router does by itself with the packets of a link that has just failed, from
// what it has worked out before, until it has new routes (docs/models/fast-reroute.md).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/segments.hpp"
#include "sim/routing/spf.hpp"

namespace longhaul::routing {

enum class Frr {
  none,
  lfa,         ///< a neighbour that does not send it back (RFC 5286)
  remote_lfa,  ///< else a tunnel to a router from which it does not come back (RFC 7490)
  ti_lfa       ///< the path after convergence, by segments (RFC 9855)
};
const char* to_string(Frr);

/// A node to pass, or a port to take from it.
struct Leg {
  NodeId node;
  PortId port = PortId::none();  ///< of that node
};

/// Packets go by `port`, through `legs` in order, and then as they would.
struct Repair {
  /// The first port; none: as the router sends to the node of the first of `legs`.
  PortId port = PortId::none();
  std::vector<Leg> legs;
};

/// `to`, after the legs.
DestinationId through_legs(Segments& segments, std::span<const Leg> legs, ConstraintId constraint,
                           DestinationId to);

/// Repairs of single links in one state of a provider's network. A workspace: not for use by two
/// threads at once.
class FastReroute {
 public:
  /// `usable` as for ShortestPaths: the IGP's ports, before the failure. What is given must outlive
  /// this.
  FastReroute(const Network& network, const std::vector<Cost>& metric,
              const std::vector<bool>& usable, Frr scheme);

  /// What `at` does with packets to `destination` for which it has only `failed`, a port of its
  /// own; nothing if the scheme knows no way. Both directions of that link are taken to be dead,
  /// and no other; ports of `at` that are in `dead` besides are not used.
  std::optional<Repair> repair(NodeId at, NodeId destination, PortId failed,
                               std::span<const PortId> dead);

 private:
  Cost distance(NodeId from, NodeId to);
  const std::vector<Cost>& distances_to(NodeId to);
  template <class F>
  void for_each_other_port(NodeId at, PortId failed, std::span<const PortId> dead, F&& use) const;
  std::optional<Repair> lfa(NodeId at, NodeId destination, PortId failed,
                            std::span<const PortId> dead);
  std::optional<Repair> remote(NodeId at, PortId failed, std::span<const PortId> dead);
  std::optional<Repair> along_new_path(NodeId at, NodeId destination, PortId failed,
                                       std::span<const PortId> dead);
  bool avoids(NodeId from, NodeId to, PortId failed);

  const Network& network_;
  const std::vector<Cost>& metric_;
  const std::vector<bool>& usable_;
  Frr scheme_;
  ShortestPaths paths_;
  std::vector<std::vector<Cost>> to_;  ///< by destination, then node; empty: not asked for yet
};

}  // namespace longhaul::routing
