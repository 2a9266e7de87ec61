#include "sim/cli/scenario_source.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>

#include "sim/base/error.hpp"
#include "sim/cli/process.hpp"
#include "sim/scenario/read.hpp"

namespace longhaul::cli {

namespace {

/// Exactly one of: a scenario file; a topology and its matrix.
void require_one_source(const ScenarioSource& source) {
  const bool bare = !source.topology.empty() || !source.matrix.empty();
  if (!source.file.empty() && bare)
    throw InputError("both a scenario and --topology or --matrix were given",
                     "give SCENARIO, or --topology FILE --matrix FILE");
  if (source.file.empty() && (source.topology.empty() || source.matrix.empty()))
    throw InputError(bare ? "--topology and --matrix go together" : "no scenario was given",
                     "give SCENARIO, or --topology FILE --matrix FILE");
  if (!bare && source.matrix_scale != 1.0)
    throw InputError("--matrix-scale is for --matrix", "write scale: in the scenario's traffic");
  if (!std::isfinite(source.matrix_scale) || source.matrix_scale <= 0)
    throw InputError("--matrix-scale must be a number above 0");
}

/// --fidelity, --budget and --seed are short for --set, so they are checked in the same place.
std::vector<std::string> overrides(const ScenarioSource& source) {
  std::vector<std::string> all = source.set;
  if (source.fidelity) all.push_back("engine.fidelity=" + *source.fidelity);
  if (source.budget) all.push_back("engine.budget=" + *source.budget);
  if (source.seed) all.push_back(fmt::format("engine.seed={}", *source.seed));
  return all;
}

}  // namespace

void add_scenario_flags(CLI::App& verb, ScenarioSource& source, bool engine) {
  verb.add_option("scenario", source.file, "Scenario file (YAML)")->type_name("SCENARIO");
  verb.add_option("--topology", source.topology,
                  "Instead of a scenario: a topology of any known format, with --matrix")
      ->type_name("FILE");
  verb.add_option("--matrix", source.matrix, "Its traffic matrix, of any known format")
      ->type_name("FILE");
  verb.add_option("--matrix-scale", source.matrix_scale, "Multiplies the matrix")->type_name("X");
  verb.add_option("--set", source.set, "Overrides a value of the scenario; may be repeated")
      ->type_name("KEY.PATH=VALUE")
      ->allow_extra_args(false);
  if (!engine) return;
  verb.add_option(
          "--fidelity", source.fidelity,
          "Engine: packet; fluid (rates instead of packets); hybrid (both); auto (packet if "
          "that fits --budget, else hybrid)")
      ->type_name("NAME");
  verb.add_option("--budget", source.budget,
                  "Wall-clock time, about, that --fidelity auto or hybrid may take: \"60 s\"")
      ->type_name("TIME");
  verb.add_option("--seed", source.seed, "Seed of the random streams")->type_name("N");
}

std::shared_ptr<const Scenario> load(const ScenarioSource& source) {
  require_one_source(source);
  const auto set = overrides(source);
  auto scenario = std::make_shared<const Scenario>(
      source.file.empty() ? bare_scenario(source.topology, source.matrix, source.matrix_scale, set)
                          : load_scenario(source.file, set));
  for (const Diagnostic& warning : scenario->warnings) print_error(format(warning) + "\n");
  return scenario;
}

}  // namespace longhaul::cli
