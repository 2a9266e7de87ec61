// Convergence of an IGP after a change, as it happens: who learns of it when, and when each router
// has changed its forwarding of each destination (docs/models/convergence.md).
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "sim/failure/timeline.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/fast_reroute.hpp"
#include "sim/routing/fib_updates.hpp"
#include "sim/routing/routes.hpp"

namespace longhaul::routing {

/// Figures marked (F) are after Francois, Filsfils, Evans and Bonaventure, "Achieving sub-second
/// IGP convergence in large IP networks", ACM CCR 35(3), 2005.
struct ConvergenceSpec {
  bool instant = false;  ///< all routers switch at the instant of a change
  /// From a failure until the routers at both ends know: loss of light on packet over SONET (F:
  /// less than 20 ms). BFD: interval times multiplier.
  Duration detection = Duration::ms(10);
  /// From a repair until they use the link: it stays up and an adjacency forms. Ours.
  Duration adjacency = Duration::ms(1000);
  /// From there until a router's new LSP leaves it. (F: about 10 ms.)
  Duration origination = Duration::ms(10);
  /// In every router that an LSP passes, besides the link's delay. (F: 2 ms with fast flooding.)
  Duration flooding = Duration::ms(2);
  /// From the first news until SPF starts (F: an initial wait of 10 ms), then between starts at
  /// least `spf_hold`, twice as much each time, up to `spf_max` (F: 20 ms; 10 s). After twice
  /// spf_max without a start it begins anew.
  Duration spf_delay = Duration::ms(10);
  Duration spf_hold = Duration::ms(20);
  Duration spf_max = Duration::ms(10'000);
  /// That SPF takes, for each node of the provider. (F: 30 to 40 us.)
  Duration spf_per_node = Duration::us(40);
  /// To bring one prefix from the RIB to the line cards' FIB. (F: 100 to 110 us.)
  Duration fib_per_prefix = Duration::us(110);
  std::uint32_t prefixes = 1;  ///< of each node
  /// From when a provider's routers see a change of its borders until all others know. Ours.
  Duration bgp = Duration::ms(100);
  Frr frr = Frr::none;
  /// With fast reroute: so much longer a router whose own link died keeps its repairs, for others
  /// to be ready for what it sends (RFC 8333).
  Duration local_delay = Duration::zero();
};

struct Convergence {
  std::shared_ptr<const Routes> initial;
  FibUpdates updates;
  /// By state of the timeline: the routes that all come to have if it lasts, and when the last
  /// table changed while it did; Time::max() if none changed, for want of reason or of time.
  std::vector<std::shared_ptr<const Routes>> routes;
  std::vector<Time> settled;
};

/// What routers make of `timeline`. `segments` holds what demands are steered into and gains those
/// of repairs; all routes share it. It may be null without fast reroute.
Convergence converge(const Network& network, const RoutingSpec& routing,
                     std::span<const PathConstraint> constraints, const failure::Timeline& timeline,
                     const ConvergenceSpec& spec, const std::shared_ptr<Segments>& segments);

}  // namespace longhaul::routing
