// What routers change in their forwarding tables, and when: how they get from the routes of one
// time to those of another.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/units.hpp"
#include "sim/routing/routes.hpp"

namespace longhaul::routing {

/// From `at` on, `node` sends what arrives for `destination` by ports of its own, for `turned`.
struct FibUpdate {
  Time at;  ///< > 0
  NodeId node;
  DestinationId destination;
  DestinationId turned;     ///< `destination`, but where a segment ends or a repair begins
  std::uint32_t first = 0;  ///< of the ports, in FibUpdates
  std::uint16_t count = 0;  ///< 0: it has no route
};

/// Updates by node and then time; those of one instant in the order in which they were added.
class FibUpdates {
 public:
  void add(Time at, NodeId node, DestinationId destination, DestinationId turned,
           std::span<const PortId> ports) {
    updates_.push_back({at, node, destination, turned, static_cast<std::uint32_t>(ports_.size()),
                        static_cast<std::uint16_t>(ports.size())});
    ports_.insert(ports_.end(), ports.begin(), ports.end());
  }
  /// After the last add() and before what follows.
  void sort(std::size_t nodes);

  const std::vector<FibUpdate>& all() const { return updates_; }
  bool empty() const { return updates_.empty(); }
  std::span<const FibUpdate> of(NodeId node) const {
    if (updates_.empty()) return {};
    return {updates_.data() + first_[node.index()], updates_.data() + first_[node.index() + 1]};
  }
  std::span<const PortId> ports(const FibUpdate& u) const {
    return {ports_.data() + u.first, u.count};
  }

 private:
  std::vector<FibUpdate> updates_;
  std::vector<PortId> ports_;
  std::vector<std::uint32_t> first_;  ///< by node
};

/// Adds what turns the tables of `before` into those of `after` at one instant, at every node.
void add_differences(const Network& network, const Routes& before, const Routes& after, Time at,
                     FibUpdates& out);

}  // namespace longhaul::routing
