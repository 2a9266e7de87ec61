#include "sim/run/route_changes.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "sim/routing/reachability.hpp"

namespace longhaul::run {

namespace {

/// A hop goes down or comes back, or routers notice that it has.
struct OutageTurn {
  Time at;
  LinkId link;
  bool noticed;
  bool down;
};

/// Which links are down, and how many things hold each down.
class DownLinks {
 public:
  explicit DownLinks(std::size_t links)
      : causes_(links, 0), faded_(links, false), noticed_(links, false) {}

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

  void apply(const OutageTurn& turn) {
    (turn.noticed ? noticed_ : faded_)[turn.link.index()] = turn.down;
  }

  /// By PortId: what sends nothing.
  std::vector<bool> ports() const { return ports_with(faded_); }
  /// By PortId: what routers take for dead.
  std::vector<bool> ports_as_noticed() const { return ports_with(noticed_); }

 private:
  std::vector<bool> ports_with(const std::vector<bool>& out) const {
    std::vector<bool> down(causes_.size() * 2, false);
    for (std::size_t i = 0; i < causes_.size(); ++i) {
      const LinkId link(i);
      down[Network::forward(link).index()] = causes_[i] > 0 || out[i];
      down[Network::backward(link).index()] = causes_[i] > 0 || out[i];
    }
    return down;
  }

  std::vector<int> causes_;
  std::set<std::string> holding_;  ///< what failed and has not been restored
  std::vector<bool> faded_;        ///< by link: no modulation holds
  std::vector<bool> noticed_;      ///< by link: and routers know
};

/// What the outages of one link do, in order of time. Routers notice what has lasted.
void add_turns(std::vector<Outage>::const_iterator begin, std::vector<Outage>::const_iterator end,
               std::vector<OutageTurn>& out) {
  bool noticed = false;
  for (auto outage = begin; outage != end; ++outage) {
    const LinkId link = outage->link;
    // The engine's changes come after time zero, when the network has settled.
    const bool initial = outage->from == Time::zero();
    const Time from = initial ? Time::ps(1) : outage->from;
    const Time known = initial ? from : from + outage_detection;
    out.push_back({from, link, false, true});
    if (!noticed && (outage->until == Time::max() || outage->until >= known)) {
      out.push_back({known, link, true, true});
      noticed = true;
    }
    if (outage->until == Time::max()) return;
    out.push_back({outage->until, link, false, false});
    const Time over = outage->until + outage_detection;
    if (noticed && (outage + 1 == end || (outage + 1)->from >= over)) {
      out.push_back({over, link, true, false});
      noticed = false;
    }
  }
}

std::vector<OutageTurn> turns_of(const std::vector<Outage>& outages) {
  std::vector<OutageTurn> turns;
  for (auto begin = outages.begin(); begin != outages.end();) {
    const auto end =
        std::find_if(begin, outages.end(), [&](const Outage& o) { return o.link != begin->link; });
    add_turns(begin, end, turns);
    begin = end;
  }
  std::stable_sort(turns.begin(), turns.end(),
                   [](const OutageTurn& a, const OutageTurn& b) { return a.at < b.at; });
  return turns;
}

}  // namespace

RouteTimeline route_timeline(const Scenario& scenario, const std::vector<Outage>& outages) {
  const Network& network = *scenario.network;
  const std::vector<OutageTurn> turns = turns_of(outages);
  const auto& events = scenario.events;
  DownLinks down(network.links().size());
  const auto routes_now = [&] {
    return std::make_shared<const Routes>(
        compute_routes(network, scenario.routing, down.ports_as_noticed(), scenario.constraints));
  };

  std::size_t next_event = 0;
  std::size_t next_turn = 0;
  const auto apply_all_at = [&](Time at) {
    while (next_event < events.size() && events[next_event].at == at)
      down.apply(events[next_event++]);
    while (next_turn < turns.size() && turns[next_turn].at == at) down.apply(turns[next_turn++]);
  };
  apply_all_at(Time::zero());
  std::vector<bool> known = down.ports_as_noticed();
  std::shared_ptr<const Routes> routes = routes_now();
  std::shared_ptr<const Reachability> cables;
  RouteTimeline timeline{routes, down.ports(), {}};
  while (next_event < events.size() || next_turn < turns.size()) {
    Time at = Time::max();
    if (next_event < events.size()) at = events[next_event].at;
    if (next_turn < turns.size()) at = std::min(at, turns[next_turn].at);
    apply_all_at(at);
    // An outage that routers have yet to notice changes no routes.
    if (cables == nullptr || down.ports_as_noticed() != known) {
      known = down.ports_as_noticed();
      routes = routes_now();
      cables = std::make_shared<const Reachability>(network, known);
    }
    timeline.changes.push_back({at, routes, down.ports(), cables});
  }
  return timeline;
}

}  // namespace longhaul::run
