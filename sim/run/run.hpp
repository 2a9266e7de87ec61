// One scenario through one engine: Scenario -> demands -> routes -> engine -> Measurements.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "sim/hybrid/engine.hpp"
#include "sim/run/fidelity.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/steered.hpp"
#include "sim/stats/measurements.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul::run {

/// How to run, as opposed to what: no choice here changes a result.
struct Options {
  unsigned threads = 0;  ///< 0: as many as the machine has
  std::function<void(const engine::Progress&)> progress;
  const std::atomic<bool>* stop = nullptr;  ///< turns true: end soon, incomplete
  engine::CheckpointConfig checkpoint = {};
};

using ScenarioPtr = std::shared_ptr<const Scenario>;

/// Everything an engine needs, decided but not yet run.
struct Prepared {
  ScenarioPtr scenario;
  engine::Input input;
  hybrid::Config config;
  Choice choice;
  std::size_t steered_changes = 0;  ///< of ways, by the controller
};

/// The demands of a scenario, steered, whose `max_utilization` targets are met on `routes`.
std::shared_ptr<const DemandSet> make_demands(const Scenario& scenario, const Routes& routes,
                                              const Steered& steered);

/// Builds demands, routes and the changes that events, failures and rain make. Throws InputError
/// when the engine the scenario asks for is not in this version or an expectation matches none of
/// the demands.
Prepared prepare(ScenarioPtr scenario, const Options& options = {});

struct Result {
  ScenarioPtr scenario;
  std::shared_ptr<const DemandSet> demands;
  Measurements measurements;
  std::shared_ptr<const Routes> routes = nullptr;  ///< at the start
};

/// Runs to the end, or until `options.stop`. Throws RunError when it does not fit into memory.
Result run(const Prepared& prepared);
/// prepare() and run().
Result run(ScenarioPtr scenario, const Options& options = {});

}  // namespace longhaul::run
