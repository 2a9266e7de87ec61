#include "sim/run/gradual_changes.hpp"

#include <map>
#include <utility>

namespace longhaul::run {

RouteTimeline gradual_changes(const Network& network, const RoutingSpec& routing,
                              std::span<const PathConstraint> constraints,
                              const failure::Timeline& timeline,
                              const routing::ConvergenceSpec& spec,
                              const std::shared_ptr<Segments>& segments) {
  routing::Convergence convergence =
      routing::converge(network, routing, constraints, timeline, spec, segments);

  const auto& states = timeline.states;
  RouteTimeline out{convergence.initial, states.front().down, {}};
  std::map<std::vector<bool>, std::shared_ptr<const Reachability>> known;
  const auto cables = [&](const std::vector<bool>& down) {
    auto& reachability = known[down];
    if (reachability == nullptr) reachability = std::make_shared<const Reachability>(network, down);
    return reachability;
  };
  std::shared_ptr<const Routes> routes = convergence.initial;
  for (std::size_t s = 1; s < states.size(); ++s) {
    const Time until = s + 1 < states.size() ? states[s + 1].at : Time::max();
    const Time settled = convergence.settled[s];
    if (settled > states[s].at)
      out.changes.push_back(
          {states[s].at, routes, states[s].down, cables(states[s].down), convergence.routes[s]});
    if (settled >= until) continue;
    routes = convergence.routes[s];
    out.changes.push_back({settled, routes, states[s].down, cables(states[s].down)});
  }
  if (!convergence.updates.empty() || !out.changes.empty())
    out.forwarding = std::make_shared<const routing::FibUpdates>(std::move(convergence.updates));
  return out;
}

}  // namespace longhaul::run
