#include "sim/run/run.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "sim/base/error.hpp"
#include "sim/fluid/engine.hpp"
#include "sim/routing/loads.hpp"
#include "sim/routing/reachability.hpp"
#include "sim/run/rain.hpp"
#include "sim/run/route_changes.hpp"
#include "sim/scenario/selection.hpp"

namespace longhaul::run {

namespace {

packet::Config config_of(const Scenario& scenario, const Options& options) {
  packet::Config config;
  config.seed = scenario.engine.seed;
  config.warmup = scenario.engine.warmup;
  config.duration = scenario.engine.duration;
  config.interval = scenario.engine.interval;
  config.threads =
      options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  config.queueing = scenario.queues;
  config.ecmp = scenario.routing.ecmp;
  config.flows = scenario.routing.flows;
  config.progress = options.progress;
  config.stop = options.stop;
  return config;
}

void refuse_other_engines(const Scenario& scenario, const engine::Input& input) {
  if (scenario.engine.fidelity == Fidelity::packet) return;
  if (scenario.engine.fidelity == Fidelity::hybrid)
    throw InputError("fidelity hybrid is not in this version", "use fidelity: packet or fluid");
  const std::string reason = fluid::refusal(input, scenario.queues);
  if (!reason.empty())
    throw InputError("fidelity fluid has no " + reason + " in this version",
                     "use fidelity: packet");
}

/// An expectation of no demand would pass or fail by accident: all such are mistakes.
void check_expectations(const Scenario& scenario, const DemandSet& demands) {
  Diagnostics diagnostics;
  for (const Expectation& e : scenario.expectations) {
    const bool matches = is_link_metric(e)
                             ? !matching_ports(e, *scenario.network).empty()
                             : !matching_demands(e, *scenario.network, demands).empty();
    if (matches) continue;
    diagnostics.error({scenario.file, 0, 0},
                      "expect: \"" + e.text + "\" matches no " +
                          (is_link_metric(e) ? "link" : "demand of this scenario"),
                      "name a class, node, provider, tier or region that sends traffic");
  }
  diagnostics.throw_if_errors();
}

}  // namespace

std::shared_ptr<const DemandSet> make_demands(const Scenario& scenario, const Routes& routes) {
  return std::make_shared<const DemandSet>(
      build_demands(*scenario.network, scenario.classes, scenario.sizes, scenario.traffic,
                    wire_utilization(*scenario.network, routes)));
}

Prepared prepare(ScenarioPtr scenario, const Options& options) {
  Fading fading = fading_of(*scenario);
  RouteTimeline timeline = route_timeline(*scenario, fading.outages);
  auto demands = make_demands(*scenario, *timeline.initial);
  check_expectations(*scenario, *demands);
  packet::Config config = config_of(*scenario, options);
  engine::Input input{
      scenario->network,
      std::move(demands),
      std::move(timeline.initial),
      std::move(timeline.changes),
      std::make_shared<const Reachability>(*scenario->network, timeline.initial_down),
      std::move(fading.rate_steps)};
  refuse_other_engines(*scenario, input);
  return {std::move(scenario), std::move(input), std::move(config)};
}

namespace {

Measurements measure(const Prepared& prepared) {
  if (prepared.scenario->engine.fidelity == Fidelity::fluid)
    return fluid::run(prepared.input, prepared.config);
  return packet::run(prepared.input, prepared.config);
}

}  // namespace

Result run(const Prepared& prepared) {
  return {prepared.scenario, prepared.input.demands, measure(prepared), prepared.input.routes};
}

Result run(ScenarioPtr scenario, const Options& options) {
  return run(prepare(std::move(scenario), options));
}

}  // namespace longhaul::run
