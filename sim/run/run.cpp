#include "sim/run/run.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "sim/base/error.hpp"
#include "sim/fluid/engine.hpp"
#include "sim/hybrid/engine.hpp"
#include "sim/routing/reachability.hpp"
#include "sim/run/controller.hpp"
#include "sim/run/gradual_changes.hpp"
#include "sim/run/instant_changes.hpp"
#include "sim/run/rain.hpp"
#include "sim/run/timeline.hpp"
#include "sim/scenario/selection.hpp"
#include "sim/scenario/steered.hpp"

namespace longhaul::run {

namespace {

hybrid::Config config_of(const Scenario& scenario, const Options& options) {
  hybrid::Config config;
  config.seed = scenario.engine.seed;
  config.warmup = scenario.engine.warmup;
  config.duration = scenario.engine.duration;
  config.interval = scenario.engine.interval;
  config.threads =
      options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  config.queueing = scenario.queues;
  config.ecmp = scenario.routing.ecmp;
  config.ttl = scenario.ttl;
  config.flows = scenario.routing.flows;
  config.progress = options.progress;
  config.stop = options.stop;
  config.checkpoint = options.checkpoint;
  return config;
}

/// An engine that cannot simulate this input yet says so.
void refuse(Fidelity fidelity, const engine::Input& input, const hybrid::Config& config) {
  if (fidelity == Fidelity::packet) return;
  const auto& demands = input.demands->demands;
  if (std::any_of(demands.begin(), demands.end(),
                  [](const Demand& d) { return d.steered.valid(); }))
    throw InputError(std::string("fidelity ") + to_string(fidelity) +
                         " has no `segments` and `controller` in this version",
                     "use fidelity: packet");
  const std::string reason = fidelity == Fidelity::hybrid ? hybrid::refusal(input, config)
                                                          : fluid::refusal(input, config.queueing);
  if (!reason.empty())
    throw InputError(
        std::string("fidelity ") + to_string(fidelity) + " has no " + reason + " in this version",
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

std::shared_ptr<const DemandSet> make_demands(const Scenario& scenario, const Routes& routes,
                                              const Steered& steered) {
  return std::make_shared<const DemandSet>(steered_demands(scenario, routes, steered));
}

Prepared prepare(ScenarioPtr scenario, const Options& options) {
  Fading fading = fading_of(*scenario);
  const failure::Timeline timeline = timeline_of(*scenario, fading.outages);
  const Steered steered(*scenario);
  RouteTimeline routes =
      scenario->convergence.instant
          ? instant_changes(*scenario->network, scenario->routing, scenario->constraints, timeline,
                            steered.segments())
          : gradual_changes(*scenario->network, scenario->routing, scenario->constraints, timeline,
                            scenario->convergence, steered.segments());
  auto demands = make_demands(*scenario, *routes.initial, steered);
  check_expectations(*scenario, *demands);
  hybrid::Config config = config_of(*scenario, options);
  engine::Input input{
      scenario->network,
      std::move(demands),
      std::move(routes.initial),
      std::move(routes.changes),
      std::make_shared<const Reachability>(*scenario->network, routes.initial_down),
      rate_steps_of(*scenario->network, std::move(fading.rate_steps), timeline.capacities),
      std::move(routes.forwarding)};
  const std::size_t steered_changes =
      scenario->controller ? control(*scenario, config, steered, routes.initial_down, input) : 0;
  Choice choice = choose(scenario->engine, input, config);
  refuse(choice.fidelity, input, config);
  if (scenario->engine.budget)
    config.packet_hops = affordable_hops(input, config, *scenario->engine.budget);
  return {std::move(scenario), std::move(input), std::move(config), std::move(choice),
          steered_changes};
}

namespace {

Measurements measure(const Prepared& prepared) {
  switch (prepared.choice.fidelity) {
    case Fidelity::fluid:
      return fluid::run(prepared.input, prepared.config);
    case Fidelity::hybrid:
      return hybrid::run(prepared.input, prepared.config);
    case Fidelity::packet:
    case Fidelity::automatic:
      break;
  }
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
