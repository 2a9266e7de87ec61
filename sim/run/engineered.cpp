#include "sim/run/engineered.hpp"

#include <algorithm>
#include <memory>

#include "sim/base/error.hpp"

namespace longhaul::run {

namespace {

/// Without what the scenario itself says about ways, so that each variant has one thing of its own.
std::shared_ptr<Scenario> plain(const Scenario& scenario) {
  auto out = std::make_shared<Scenario>(scenario);
  out->segments.clear();
  out->controller.reset();
  return out;
}

ScenarioPtr with_metrics(const Scenario& scenario, const plan::Engineered& engineered) {
  const auto out = plain(scenario);
  NetworkSpec spec = scenario.network->spec();
  const auto metric = [&](PortId port) -> std::optional<std::int64_t> {
    const std::uint32_t arc = engineered.problem.arc_of_port[port.index()];
    if (arc == plan::FlowProblem::no_arc) return std::nullopt;
    return engineered.metrics->metric[arc];
  };
  for (std::size_t l = 0; l < spec.links.size(); ++l) {
    spec.links[l].metric_ab = metric(Network::forward(LinkId(l)));
    spec.links[l].metric_ba = metric(Network::backward(LinkId(l)));
  }
  out->network = std::make_shared<const Network>(std::move(spec));
  out->routing.metric = Metric::given;
  return out;
}

ScenarioPtr with_segments(const Scenario& scenario, const plan::Engineered& engineered) {
  const auto out = plain(scenario);
  for (std::size_t p = 0; p < engineered.pairs.size(); ++p) {
    const plan::Pair& pair = engineered.pairs[p];
    const std::uint32_t via = engineered.segments->via[p];
    if (via != plan::direct)
      out->segments.push_back({NodeId(pair.from), NodeId(pair.to), NodeId(via)});
  }
  return out;
}

ScenarioPtr with_controller(const Scenario& scenario) {
  const auto out = plain(scenario);
  const Duration interval =
      Duration::ps((scenario.engine.warmup + scenario.engine.duration).ps() / 10);
  out->controller =
      scenario.controller.value_or(ControllerSpec{interval, Duration::ps(interval.ps() / 5), 20});
  return out;
}

}  // namespace

std::vector<Variant> variants(const ScenarioPtr& scenario, const plan::Engineered& engineered) {
  for (const TrafficSpec& traffic : scenario->traffic)
    if (traffic.target_utilization)
      throw InputError("max_utilization scales traffic to its routes, and these are compared",
                       "write `total` in its place; plan loads says how much that is");
  const auto configured = std::make_shared<Scenario>(*scenario);
  configured->controller.reset();
  std::vector<Variant> out{{"ecmp", configured}};
  if (engineered.metrics) out.push_back({"metrics", with_metrics(*scenario, engineered)});
  if (engineered.segments) out.push_back({"segments", with_segments(*scenario, engineered)});
  out.push_back({"controller", with_controller(*scenario)});
  return out;
}

}  // namespace longhaul::run
