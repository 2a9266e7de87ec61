// Routes: for every node and destination, the set of next ports. What every engine consumes.
//
// Forwarding is by destination at every hop, as IP does it. Several next ports are equal-cost
// multipath (ECMP). Following any next port towards a destination never loops.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/network/network.hpp"

namespace longhaul {

/// Next ports by (node, destination); immutable once built. Node ids as in the network it was built
/// for.
class Routes {
 public:
  explicit Routes(std::size_t nodes)
      : nodes_(nodes), first_(nodes * nodes, 0), count_(nodes * nodes, 0) {}

  /// Next ports at `at` towards `destination`, in port order; empty where there is no route or at
  /// the destination.
  std::span<const PortId> next(NodeId at, NodeId destination) const {
    const std::size_t cell = destination.index() * nodes_ + at.index();
    return {ports_.data() + first_[cell], count_[cell]};
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

 private:
  std::size_t nodes_;
  std::vector<std::uint32_t> first_;
  std::vector<std::uint16_t> count_;
  std::vector<PortId> ports_;
};

/// What an IGP's link metric is.
enum class Metric { hops, inverse_capacity, delay, given };
/// How equal-cost next ports are used: hashed per flow, per packet, or only the first (lowest port
/// id).
enum class Ecmp { per_flow, per_packet, off };
const char* to_string(Metric);
const char* to_string(Ecmp);

struct RoutingSpec {
  Metric metric = Metric::given;  ///< `given` falls back to 10 on links without `metric:`
  Ecmp ecmp = Ecmp::per_flow;
  std::uint32_t flows = 64;  ///< hashed flows per demand; a power of two
};

/// Shortest-path routes within providers and Gao-Rexford policy between them
/// (docs/models/routing.md). `down[port]` true leaves that port out; an empty `down` means all are
/// up. With Ecmp::off each cell has at most one port.
Routes compute_routes(const Network& network, const RoutingSpec& spec,
                      const std::vector<bool>& down = {});

}  // namespace longhaul
