// `plan loads`: what every link of a scenario carries on average, worked out instead of simulated.
#pragma once

#include <vector>

#include "sim/base/ids.hpp"
#include "sim/routing/loads.hpp"
#include "sim/scenario/scenario.hpp"

namespace longhaul::plan {

struct LinkLoad {
  PortId port;  ///< a direction of a link: `network.port(port)` names its ends
  double capacity_bps;
  double load_bps;
  double utilization;  ///< load / capacity; above 1 the link is overloaded
};

struct LoadPlan {
  std::vector<LinkLoad> links;  ///< every existing direction, in port order
  double max_utilization = 0;
  PortId worst = PortId::none();  ///< none() if nothing is loaded
  double offered_bps = 0;         ///< of all demands
  double unrouted_bps = 0;        ///< of those without a route
  double refused_bps =
      0;  ///< of the unrouted: cables lead there, policy between providers does not
};

enum class Count {
  packets,  ///< packet bytes, the unit of demands and of published matrices
  wire,     ///< and the framing of every packet: the share of time that a link is busy
};

/// Loads of a scenario with every link up (its events are left out) and demands split evenly, hop
/// by hop, over equal-cost next ports. `max_utilization` targets of its traffic are met on the
/// wire, as in a run.
LoadPlan plan_loads(const Scenario& scenario, Count count = Count::packets);

/// The demands that plans of failures and upgrades are about, built with every link up. Throws
/// InputError where the scenario steers them off shortest paths.
DemandSet scenario_demands(const Scenario& scenario);

}  // namespace longhaul::plan
