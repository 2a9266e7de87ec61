// What every method of traffic engineering takes: directed arcs with capacities, and what has to
// get where, merged over classes (docs/models/optimum.md).
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/routes.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul::plan {

/// An existing direction of a link.
struct Arc {
  std::uint32_t from;  ///< NodeId
  std::uint32_t to;
  PortId port;
  double capacity_bps;  ///< > 0
};

/// All traffic to one node under one constraint.
struct Commodity {
  std::uint32_t to;  ///< NodeId
  ConstraintId constraint;
  std::vector<double> bps_from;  ///< by NodeId; 0 at `to`
};

/// Immutable once built.
struct FlowProblem {
  std::size_t nodes = 0;
  std::vector<Arc> arcs;  ///< in port order
  /// Arc numbers by node: those that leave it, ascending, and those that enter it.
  std::vector<std::vector<std::uint32_t>> out;
  std::vector<std::vector<std::uint32_t>> in;
  std::vector<Commodity> commodities;        ///< by constraint, then node; none without traffic
  std::vector<std::vector<bool>> forbidden;  ///< by ConstraintId: arcs not to be used; may be empty
  std::vector<std::uint32_t> arc_of_port;    ///< by PortId; no_arc for ports that send nothing
  double offered_bps = 0;
  double unrouted_bps = 0;  ///< of pairs that no arcs join under their constraint; left out

  static constexpr std::uint32_t no_arc = 0xFFFF'FFFF;
  bool usable(std::uint32_t arc, ConstraintId constraint) const {
    const std::vector<bool>& avoid = forbidden[constraint.index()];
    return avoid.empty() || !avoid[arc];
  }
  /// Largest load / capacity; `load_bps` by arc.
  double max_utilization(const std::vector<double>& load_bps) const;
};

/// Without the ports that are `down` (by PortId; empty: none is). Relations between providers are
/// left out: only constraints forbid arcs.
FlowProblem flow_problem(const Network& network, const DemandSet& demands,
                         const std::vector<PathConstraint>& constraints,
                         const std::vector<bool>& down = {});

/// The demands of a scenario, steered as it says; `max_utilization` targets are met on its own
/// routes, as in a run.
DemandSet planned_demands(const Scenario& scenario);

/// That of a scenario.
FlowProblem flow_problem(const Scenario& scenario);

}  // namespace longhaul::plan
