// Where a scenario comes from, the same on every verb that takes one: a file, or --topology and
// --matrix.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/scenario.hpp"

namespace CLI {
class App;
}

namespace longhaul::cli {

struct ScenarioSource {
  std::string file;
  std::string topology;
  std::string matrix;
  double matrix_scale = 1.0;
  std::optional<std::string> fidelity;
  std::optional<std::string> budget;
  std::optional<std::uint64_t> seed;
  std::vector<std::string> set;  ///< "key.path=value"
};

/// Adds SCENARIO, --topology, --matrix, --matrix-scale, --set; with `engine` --fidelity, --budget
/// and --seed too.
void add_scenario_flags(CLI::App& verb, ScenarioSource& source, bool engine);

/// Says the scenario's warnings on standard error. Throws InputError with every mistake of the
/// files and of the flags.
std::shared_ptr<const Scenario> load(const ScenarioSource& source);

}  // namespace longhaul::cli
