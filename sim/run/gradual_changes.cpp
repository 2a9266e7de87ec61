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
  std::vector<bool> settled_down = states.front().down;
  for (std::size_t s = 1; s < states.size(); ++s) {
    const std::vector<bool>& down = states[s].down;
    const Time until = s + 1 < states.size() ? states[s + 1].at : Time::max();
    const Time settled = convergence.settled[s];
    if (settled > states[s].at) {
      // Until routers know, a cable that is back joins nobody yet.
      std::vector<bool> not_used = down;
      for (std::size_t p = 0; p < down.size(); ++p) not_used[p] = down[p] || settled_down[p];
      out.changes.push_back({states[s].at, routes, down, cables(not_used), convergence.routes[s]});
    }
    if (settled >= until) continue;
    routes = convergence.routes[s];
    settled_down = down;
    out.changes.push_back({settled, routes, down, cables(down)});
  }
  if (!convergence.updates.empty() || !out.changes.empty())
    out.forwarding = std::make_shared<const routing::FibUpdates>(std::move(convergence.updates));
  return out;
}

}  // namespace longhaul::run
