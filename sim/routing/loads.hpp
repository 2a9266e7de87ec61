// Expected link loads: every demand split evenly, hop by hop, over the equal-cost next ports
// (docs/models/routing.md).
#pragma once

#include <functional>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/routes.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul {

struct Loads {
  std::vector<double> load_bps;   ///< by PortId
  double max_utilization = 0;     ///< of the most loaded port: load / rate
  PortId worst = PortId::none();  ///< that port, the first of equals; none() if nothing is loaded
  double unrouted_bps = 0;        ///< of demands without a route, as sent
};

/// Loads of packet bytes; with `wire` of what is on the wire, each port's framing added to every
/// packet (a demand's rate grows by (mean packet + overhead) / mean packet). O(nodes + ports in
/// use) per destination.
Loads expected_loads(const Network& network, const Routes& routes, const DemandSet& demands,
                     bool wire = false);

/// The share of each demand that crosses `port` under even splitting, 0 to 1 (a list of segments
/// may lead over it more than once, and counts each time); by DemandId.
std::vector<double> shares_through(const Network& network, const Routes& routes,
                                   const DemandSet& demands, PortId port);

/// What crosses one node from one port to another.
struct Turn {
  NodeId at;
  PortId in;   ///< none(): sent by the node itself
  PortId out;  ///< none(): delivered here
  double bps;
};

/// Calls `use` for what each destination's traffic makes of each turn, under even splitting; a turn
/// comes once per destination that uses it.
void turn_loads(const Network& network, const Routes& routes, const DemandSet& demands,
                const std::function<void(const Turn&)>& use);

/// The highest wire utilization that a set of demands causes on `routes`: what build_demands asks
/// for to meet a target. Refers to both arguments.
std::function<double(const DemandSet&)> wire_utilization(const Network& network,
                                                         const Routes& routes);

/// What awaits a demand on its way, over all its equal-cost paths.
struct PathStats {
  bool routed = false;
  double mean_hops = 0;  ///< under even splitting
  Duration min_delay =
      Duration::zero();     ///< of the fastest path: propagation and router latency, no queueing
  double mean_delay_s = 0;  ///< under even splitting
};

/// By DemandId.
std::vector<PathStats> path_stats(const Network& network, const Routes& routes,
                                  const DemandSet& demands);

}  // namespace longhaul
