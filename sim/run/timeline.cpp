#include "sim/run/timeline.hpp"

#include <algorithm>

#include "sim/failure/random.hpp"
#include "sim/routing/spf.hpp"

namespace longhaul::run {

namespace {

using failure::Change;

void add_outages(const Network& network, const std::vector<Outage>& outages,
                 std::vector<Change>& changes) {
  for (const Outage& outage : outages) {
    const std::string& name = network.link(outage.link).id;
    const auto ports = failure::ports_of({outage.link});
    const Time from = std::max(outage.from, Time::ps(1));
    if (outage.until <= from) continue;
    changes.push_back({from, Change::Kind::fade, name, ports});
    if (outage.until != Time::max())
      changes.push_back({outage.until, Change::Kind::clear, name, ports});
  }
}

/// What a port sends before its capacity changes; a radio that no rain slows has its highest level.
engine::RateStep at_rest(const Network& network, PortId id) {
  const Port& port = network.port(id);
  const Link& link = network.link(port.link);
  return {Time::zero(), port.member_rate, link.radio ? link.radio->highest : 0};
}

using Capacity = std::vector<failure::CapacityStep>::const_iterator;

/// `rain` of one port, from time zero on, never faster than its capacities [begin, end) in order.
std::vector<engine::RateStep> slower_of(const std::vector<engine::RateStep>& rain, Capacity begin,
                                        Capacity end) {
  std::vector<engine::RateStep> out;
  std::optional<Rate> most;
  for (auto step = rain.begin(); step != rain.end() || begin != end;) {
    const Time of_rain = step != rain.end() ? step->at : Time::max();
    const Time of_capacity = begin != end ? begin->at : Time::max();
    const Time at = std::min(of_rain, of_capacity);
    if (of_rain == at) ++step;
    for (; begin != end && begin->at == at; ++begin) most = begin->member_rate;
    engine::RateStep now = *(step - 1);
    now.at = at;
    if (most) now.member_rate = std::min(now.member_rate, *most);
    const bool same =
        !out.empty() && out.back().member_rate == now.member_rate && out.back().level == now.level;
    if (!same) out.push_back(now);
  }
  return out;
}

}  // namespace

failure::Timeline timeline_of(const Scenario& scenario, const std::vector<Outage>& outages) {
  const Network& network = *scenario.network;
  std::vector<Change> changes = scenario.events;
  if (scenario.failures) {
    const Time end = Time::zero() + scenario.engine.warmup + scenario.engine.duration;
    const auto drawn = failure::random_failures(failure::components_of(network, *scenario.failures),
                                                scenario.engine.seed, end);
    changes.insert(changes.end(), drawn.begin(), drawn.end());
  }
  add_outages(network, outages, changes);
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change& a, const Change& b) { return a.at < b.at; });
  const failure::Metrics metrics{routing::port_metrics(network, scenario.routing.metric),
                                 routing::largest_metric(network)};
  return failure::timeline_of(network, metrics, changes);
}

std::vector<std::vector<engine::RateStep>> rate_steps_of(
    const Network& network, std::vector<std::vector<engine::RateStep>> fading,
    const std::vector<failure::CapacityStep>& capacities) {
  if (capacities.empty()) return fading;
  fading.resize(network.ports().size());
  std::vector<failure::CapacityStep> by_port = capacities;
  std::stable_sort(by_port.begin(), by_port.end(),
                   [](const auto& a, const auto& b) { return a.port < b.port; });
  for (auto begin = by_port.cbegin(); begin != by_port.cend();) {
    const PortId port = begin->port;
    const auto end =
        std::find_if(begin, by_port.cend(), [&](const auto& step) { return step.port != port; });
    auto& steps = fading[port.index()];
    if (steps.empty()) steps.push_back(at_rest(network, port));
    steps = slower_of(steps, begin, end);
    begin = end;
  }
  return fading;
}

}  // namespace longhaul::run
