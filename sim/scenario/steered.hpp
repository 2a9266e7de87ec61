// Demands that pass a node on their way: `routing: segments:`.
#pragma once

#include <map>
#include <memory>
#include <utility>

#include "sim/routing/routes.hpp"
#include "sim/routing/segments.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul {

/// The segments of a run and who takes them.
class Steered {
 public:
  /// Without segments where the scenario steers nothing and routers repair nothing.
  explicit Steered(const Scenario& scenario);

  /// To be shared by all routes; null: none.
  const std::shared_ptr<Segments>& segments() const { return segments_; }
  /// Sets Demand::steered where the scenario steers.
  void apply(DemandSet& demands) const;
  /// The node that traffic of a pair passes; none: it takes shortest paths.
  NodeId via(NodeId from, NodeId to) const;

 private:
  std::size_t nodes_;
  std::shared_ptr<Segments> segments_;
  std::map<std::pair<NodeId, NodeId>, NodeId> via_;
};

/// The demands of a scenario, steered, whose `max_utilization` targets are met on `routes`, which
/// have the same segments.
DemandSet steered_demands(const Scenario& scenario, const Routes& routes, const Steered& steered);

}  // namespace longhaul
