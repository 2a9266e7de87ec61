// Shortest paths towards destinations, with every equal-cost next port (docs/models/routing.md).
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/routes.hpp"

namespace longhaul::routing {

/// A metric or a distance; exact, so that equal costs are equal.
using Cost = std::int64_t;
inline constexpr Cost unreachable = std::numeric_limits<Cost>::max();

/// Inverse-capacity metrics are this over the link's bit/s: 100,000 for 1 Tb/s, 10^8 for 1 Gb/s.
/// OSPF's customary 10^8 bit/s (RFC 4750, ospfIfMetricValue) would give every link above 100 Mb/s
/// the same metric.
inline constexpr Cost reference_rate_bps = 100'000'000'000'000'000;
/// Metric of a link without `metric:` when metrics are given; what routers' makers set for IS-IS.
inline constexpr Cost default_given_metric = 10;

/// The largest metric: what a drained port costs. The sum over a path through every node still
/// fits.
Cost largest_metric(const Network& network);

/// The metric of every port; at least 1, so that no path has a cycle of cost zero, and at most the
/// largest.
std::vector<Cost> port_metrics(const Network& network, Metric metric);

/// Dijkstra towards one or several targets over the usable ports of a network; a workspace to be
/// used again for the next targets. Costs O(what is reached), not O(network). Not for use by two
/// threads at once.
class ShortestPaths {
 public:
  /// `metric[port]` must be positive for every port with `usable[port]`; other ports do not exist
  /// here.
  ShortestPaths(const Network& network, const std::vector<Cost>& metric,
                const std::vector<bool>& usable);

  /// Computes the distance of every node to the nearest of `targets`.
  void run(std::span<const NodeId> targets);

  /// Of the last run: `unreachable` if there is no path.
  Cost distance(NodeId node) const { return distance_[node.index()]; }
  /// Of the last run: what was reached, the targets included, nearest first.
  std::span<const NodeId> reached() const { return reached_; }
  /// Of the last run: the ports that leave `at` along a shortest path, in port order; none at a
  /// target. Valid until the next call.
  std::span<const PortId> next(NodeId at);

 private:
  struct Arc {
    NodeId other;  ///< far end
    PortId port;
    Cost metric;
  };
  /// Arcs by node, one after the other: those of node n are arcs[first[n]] up to arcs[first[n +
  /// 1]].
  struct Arcs {
    std::vector<std::uint32_t> first;
    std::vector<Arc> arcs;
    std::span<const Arc> of(NodeId node) const {
      return {arcs.data() + first[node.index()], arcs.data() + first[node.index() + 1]};
    }
  };

  Arcs out_;
  Arcs in_;
  std::vector<Cost> distance_;
  std::vector<NodeId> reached_;
  std::vector<std::pair<Cost, NodeId>> heap_;
  std::vector<PortId> next_;
};

}  // namespace longhaul::routing
