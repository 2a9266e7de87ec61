// Routes: for every node and destination, the set of next ports. What every engine consumes.
//
// Forwarding is by destination at every hop, as IP does it. Several next ports are equal-cost
// multipath (ECMP). Following any next port towards a destination never loops.
//
// Traffic whose paths are constrained (a class that must stay in a region, a VPN that avoids a
// cable) is routed as if the links it must not use were not there. It is told from other traffic to
// the same node by its destination: a DestinationId stands for a node and a constraint, and those
// below the number of nodes for the nodes themselves, unconstrained. Ids after those are segments
// (sim/routing/segments.hpp): a packet's destination then changes on its way.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/segments.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul {

/// Ports that some traffic must not use.
struct PathConstraint {
  std::vector<bool> avoid;  ///< by PortId; empty: none
  std::string what;         ///< for messages: "within DE, FR", "avoiding NYC-LON"
};

/// Next ports by (node, destination); immutable once built. Node ids as in the network it was built
/// for.
class Routes {
 public:
  explicit Routes(std::size_t nodes)
      : nodes_(nodes), first_(nodes * nodes, 0), count_(nodes * nodes, 0) {}

  DestinationId destination(NodeId node, ConstraintId constraint) const {
    return DestinationId(constraint.index() * nodes_ + node.index());
  }
  /// What a demand's source writes on its packets.
  DestinationId destination(const Demand& demand) const {
    return demand.steered.valid() ? demand.steered : destination(demand.to, demand.constraint);
  }
  /// Where packets for `destination` end.
  NodeId node(DestinationId destination) const {
    while (is_segment(destination)) destination = (*segments_)[destination].then;
    return NodeId(destination.index() % nodes_);
  }
  /// Nodes x (1 + constraints), and the segments.
  std::size_t destination_count() const {
    return plain_count() + (segments_ == nullptr ? 0 : segments_->size());
  }
  /// Nodes x (1 + constraints): ids from here on are segments.
  std::size_t plain_count() const { return first_.size() / nodes_; }
  bool is_segment(DestinationId destination) const { return destination.index() >= plain_count(); }

  /// Next ports at `at` towards `destination`, in port order; empty where there is no route or at
  /// the destination.
  std::span<const PortId> next(NodeId at, DestinationId destination) const {
    if (is_segment(destination)) return next_by_segment(at, destination);
    const std::size_t cell = destination.index() * nodes_ + at.index();
    return {ports_.data() + first_[cell], count_[cell]};
  }
  /// What a packet for `destination` is for when it leaves `at` by one of these: itself but for
  /// segments that end there.
  DestinationId turned(NodeId at, DestinationId destination) const;
  /// A packet for `destination` has arrived when it is at `at`.
  bool delivers(NodeId at, DestinationId destination) const;
  /// What a segment turns into where it ends; else the destination itself.
  DestinationId after(DestinationId destination) const {
    return is_segment(destination) ? (*segments_)[destination].then : destination;
  }
  /// What a policy stands for; else the destination itself.
  DestinationId bound(DestinationId destination) const;
  /// The same for a node without constraint.
  std::span<const PortId> next(NodeId at, NodeId destination) const {
    return next(at, DestinationId(destination.index()));
  }
  std::size_t node_count() const { return nodes_; }

  /// For builders: sets the next ports of one cell. Each cell at most once.
  void set(NodeId at, NodeId destination, std::span<const PortId> ports) {
    const std::size_t cell = destination.index() * nodes_ + at.index();
    first_[cell] = static_cast<std::uint32_t>(ports_.size());
    count_[cell] = static_cast<std::uint16_t>(ports.size());
    ports_.insert(ports_.end(), ports.begin(), ports.end());
  }
  /// For builders: the cell (at, destination) shares the ports already set for (at, like).
  void share(NodeId at, NodeId destination, NodeId like) {
    const std::size_t to = destination.index() * nodes_ + at.index();
    const std::size_t from = like.index() * nodes_ + at.index();
    first_[to] = first_[from];
    count_[to] = count_[from];
  }
  /// For builders: the unconstrained routes of `other` become those under one more constraint.
  void append(const Routes& other);
  /// For builders, when all constraints are there: the segments of the run, which may still grow.
  void use(std::shared_ptr<const Segments> segments);
  /// For builders: from now on `policy` stands for `destination`, no policy itself.
  void bind(DestinationId policy, DestinationId destination);

 private:
  std::span<const PortId> next_by_segment(NodeId at, DestinationId destination) const;
  /// `destination` without the segments that a packet at `at` has behind it.
  DestinationId ahead(NodeId at, DestinationId destination) const;

  std::size_t nodes_;
  std::vector<std::uint32_t> first_;
  std::vector<std::uint16_t> count_;
  std::vector<PortId> ports_;
  std::shared_ptr<const Segments> segments_;  ///< null: none
  std::vector<DestinationId> bound_;          ///< by segment, as far as some policy is bound
};

/// What an IGP's link metric is.
enum class Metric { hops, inverse_capacity, delay, given };
/// How equal-cost next ports are used: hashed per flow, per packet, or only the first (lowest port
/// id).
enum class Ecmp { per_flow, per_packet, off };
/// Where a provider hands over what it carries for others, among exits that policy holds equal: at
/// the nearest, or where the rest of the way is cheapest.
enum class Exits { hot_potato, cold_potato };
const char* to_string(Metric);
const char* to_string(Ecmp);
const char* to_string(Exits);

struct RoutingSpec {
  Metric metric = Metric::given;  ///< `given` falls back to 10 on links without `metric:`
  Ecmp ecmp = Ecmp::per_flow;
  std::uint32_t flows = 64;  ///< hashed flows per demand; a power of two
  Exits exits = Exits::hot_potato;
};

/// Where ports are not as the network was built.
struct LinkStates {
  std::vector<bool> unusable = {};  ///< by PortId: left out; empty: none
  /// By PortId, > 0; empty: as RoutingSpec::metric says. The largest (routing::largest_metric) also
  /// makes a port between providers the last resort of both, as a graceful shutdown does (RFC
  /// 8326).
  std::vector<std::int64_t> metric = {};
};

/// Shortest-path routes within providers and Gao-Rexford policy between them
/// (docs/models/routing.md). With Ecmp::off each cell has at most one port. `constraints[0]` stands
/// for no constraint and is not looked at; there are routes under each further one.
Routes compute_routes(const Network& network, const RoutingSpec& spec,
                      const LinkStates& states = {},
                      std::span<const PathConstraint> constraints = {});

}  // namespace longhaul
