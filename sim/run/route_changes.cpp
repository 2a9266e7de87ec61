#include "sim/run/route_changes.hpp"

#include <set>
#include <string>

namespace longhaul::run {

namespace {

/// Which links are down, and how many things hold each down.
class DownLinks {
 public:
  explicit DownLinks(std::size_t links) : causes_(links, 0) {}

  void apply(const EventSpec& event) {
    const bool known = holding_.count(event.what) != 0;
    if (event.kind == EventSpec::Kind::fail) {
      if (known) return;
      holding_.insert(event.what);
      for (const LinkId link : event.links) ++causes_[link.index()];
      return;
    }
    holding_.erase(event.what);
    for (const LinkId link : event.links) {
      int& causes = causes_[link.index()];
      causes = known && causes > 0 ? causes - 1 : 0;
    }
  }

  /// By PortId.
  std::vector<bool> ports() const {
    std::vector<bool> down(causes_.size() * 2, false);
    for (std::size_t i = 0; i < causes_.size(); ++i) {
      const LinkId link(i);
      down[Network::forward(link).index()] = causes_[i] > 0;
      down[Network::backward(link).index()] = causes_[i] > 0;
    }
    return down;
  }

 private:
  std::vector<int> causes_;
  std::set<std::string> holding_;  ///< what failed and has not been restored
};

}  // namespace

RouteTimeline route_timeline(const Scenario& scenario) {
  const Network& network = *scenario.network;
  DownLinks down(network.links().size());
  const auto routes_now = [&](const std::vector<bool>& ports) {
    return std::make_shared<const Routes>(
        compute_routes(network, scenario.routing, ports, scenario.constraints));
  };

  std::size_t next = 0;
  const auto apply_all_at = [&](Time at) {
    while (next < scenario.events.size() && scenario.events[next].at == at)
      down.apply(scenario.events[next++]);
  };
  apply_all_at(Time::zero());
  RouteTimeline timeline{routes_now(down.ports()), down.ports(), {}};
  while (next < scenario.events.size()) {
    const Time at = scenario.events[next].at;
    apply_all_at(at);
    std::vector<bool> ports = down.ports();
    auto routes = routes_now(ports);
    timeline.changes.push_back({at, std::move(routes), std::move(ports), {}});
  }
  return timeline;
}

}  // namespace longhaul::run
