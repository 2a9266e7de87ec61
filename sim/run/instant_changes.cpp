#include "sim/run/instant_changes.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "sim/routing/reachability.hpp"

namespace longhaul::run {

namespace {

/// Routers learn that a port is down or back.
struct Notice {
  Time at;
  std::size_t port;
  bool down;
};

/// Follows one port through the states and says when routers learn what.
class Watch {
 public:
  Watch(std::size_t port, const failure::State& first, std::vector<Notice>& out)
      : port_(port), out_(out), known_(first.down[port]) {}

  /// `until` the next state, or the end of time.
  void see(const failure::State& state, Time until) {
    const bool down = state.down[port_];
    const bool settled = state.at <= Time::ps(1);
    // What fades or has faded is noticed late; what fails, or is repaired after a failure, at once.
    const bool late = (down ? state.faded[port_] : was_faded_) && !settled;
    if (down != was_down_ || state.faded[port_] != was_faded_) {
      since_ = state.at;
      late_ = late;
    }
    const Time when = late_ ? since_ + outage_detection : since_;
    if (down != known_ && when < until) {
      out_.push_back({std::max(when, state.at), port_, down});
      known_ = down;
    }
    was_down_ = down;
    was_faded_ = state.faded[port_];
  }

 private:
  std::size_t port_;
  std::vector<Notice>& out_;
  bool known_;
  bool was_down_ = false;
  bool was_faded_ = false;
  bool late_ = false;
  Time since_ = Time::zero();
};

std::vector<Notice> notices_of(const failure::Timeline& timeline) {
  std::vector<Notice> out;
  const auto& states = timeline.states;
  for (std::size_t p = 0; p < states.front().down.size(); ++p) {
    Watch watch(p, states.front(), out);
    for (std::size_t s = 0; s < states.size(); ++s)
      watch.see(states[s], s + 1 < states.size() ? states[s + 1].at : Time::max());
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Notice& a, const Notice& b) { return a.at < b.at; });
  return out;
}

/// Computes routes and reachability, once for what routers take to be the same.
class Router {
 public:
  Router(const Network& network, const RoutingSpec& routing,
         std::span<const PathConstraint> constraints, const std::shared_ptr<Segments>& segments)
      : network_(network), routing_(routing), constraints_(constraints), segments_(segments) {}

  std::shared_ptr<const Routes> routes(const std::vector<bool>& known_down,
                                       const failure::State& state) {
    LinkStates seen{known_down, state.metric};
    for (std::size_t p = 0; p < known_down.size(); ++p)
      if (state.withdrawn[p]) seen.unusable[p] = true;
    auto& routes = routes_[{seen.unusable, seen.metric}];
    if (routes == nullptr) {
      Routes fresh = compute_routes(network_, routing_, seen, constraints_);
      if (segments_ != nullptr) fresh.use(segments_);
      routes = std::make_shared<const Routes>(std::move(fresh));
    }
    return routes;
  }

  std::shared_ptr<const Reachability> cables(const std::vector<bool>& known_down) {
    auto& cables = cables_[known_down];
    if (cables == nullptr) cables = std::make_shared<const Reachability>(network_, known_down);
    return cables;
  }

 private:
  const Network& network_;
  const RoutingSpec& routing_;
  std::span<const PathConstraint> constraints_;
  std::shared_ptr<Segments> segments_;
  std::map<std::pair<std::vector<bool>, std::vector<std::int64_t>>, std::shared_ptr<const Routes>>
      routes_;
  std::map<std::vector<bool>, std::shared_ptr<const Reachability>> cables_;
};

}  // namespace

RouteTimeline instant_changes(const Network& network, const RoutingSpec& routing,
                              std::span<const PathConstraint> constraints,
                              const failure::Timeline& timeline,
                              const std::shared_ptr<Segments>& segments) {
  const auto& states = timeline.states;
  const std::vector<Notice> notices = notices_of(timeline);
  Router router(network, routing, constraints, segments);
  std::vector<bool> known = states.front().down;
  RouteTimeline out{router.routes(known, states.front()), known, {}};
  std::size_t next_state = 1;
  std::size_t next_notice = 0;
  while (next_state < states.size() || next_notice < notices.size()) {
    Time at = Time::max();
    if (next_state < states.size()) at = states[next_state].at;
    if (next_notice < notices.size()) at = std::min(at, notices[next_notice].at);
    if (next_state < states.size() && states[next_state].at == at) ++next_state;
    for (; next_notice < notices.size() && notices[next_notice].at == at; ++next_notice)
      known[notices[next_notice].port] = notices[next_notice].down;
    const failure::State& now = states[next_state - 1];
    out.changes.push_back({at, router.routes(known, now), now.down, router.cables(known)});
  }
  return out;
}

}  // namespace longhaul::run
