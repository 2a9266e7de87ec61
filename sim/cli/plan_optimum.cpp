#include <CLI/CLI.hpp>
#include <fstream>
#include <memory>
#include <string>

#include "sim/base/error.hpp"
#include "sim/cli/plan.hpp"
#include "sim/cli/process.hpp"
#include "sim/cli/scenario_source.hpp"
#include "sim/cli/terminal.hpp"
#include "sim/plan/engineer.hpp"
#include "sim/report/optimum.hpp"
#include "sim/run/engineered.hpp"

namespace longhaul::cli {

namespace {

struct OptimumFlags {
  ScenarioSource source;
  std::string format = "text";
  std::string method = "auto";
  std::string tune;
  std::string out;
  bool compare = false;
  bool simulate = false;
  plan::EngineerOptions options;
};

plan::OptimumMethod method_from(const std::string& word) {
  for (const auto method : {plan::OptimumMethod::lp, plan::OptimumMethod::approximation})
    if (word == plan::to_string(method)) return method;
  return plan::OptimumMethod::automatic;
}

void write_out(const OptimumFlags& flags, const Network& network,
               const plan::Engineered& engineered) {
  if (flags.out.empty()) return;
  std::ofstream file(flags.out);
  file << (flags.tune == "metrics" ? plan::metrics_yaml(network, engineered)
                                   : plan::segments_yaml(network, engineered));
  file.close();
  if (!file) throw RunError("cannot write " + flags.out);
}

std::size_t planned_changes(const plan::Engineered& engineered, const std::string& method) {
  for (const plan::MethodRow& row : engineered.rows)
    if (row.method == method) return row.changes;
  return 0;
}

/// Every method through the packet engine.
int simulate(const OptimumFlags& flags, const run::ScenarioPtr& scenario,
             const plan::Engineered& engineered) {
  const InterruptGuard interrupt;
  run::Options options;
  options.stop = interrupt.stop();
  std::vector<report::SimulatedRow> rows;
  for (const run::Variant& variant : run::variants(scenario, engineered)) {
    const run::Prepared prepared = run::prepare(variant.scenario, options);
    const run::Result result = run::run(prepared);
    if (!result.measurements.complete) return status_interrupted;
    const std::size_t changes =
        prepared.steered_changes + planned_changes(engineered, variant.method);
    rows.push_back(report::simulated_row(variant.method, changes, result));
  }
  print(flags.format == "json" ? report::simulated_json(engineered, rows)
                               : report::simulated_text(engineered, rows, terminal_style()));
  return status_fine;
}

int optimum_verb(const OptimumFlags& flags) {
  if (!flags.out.empty() && flags.tune.empty())
    throw InputError("--out writes what --tune found", "--tune metrics --out FILE");
  plan::EngineerOptions options = flags.options;
  options.optimum.method = method_from(flags.method);
  if (flags.simulate && (!flags.compare || flags.format == "csv"))
    throw InputError("--simulate goes with --compare, as text or JSON", "--compare --simulate");
  options.metrics = flags.compare || flags.tune == "metrics";
  options.segments = flags.compare || flags.tune == "segments";
  const auto scenario = load(flags.source);
  const Network& network = *scenario->network;
  const plan::Engineered engineered = plan::engineer(*scenario, options);
  write_out(flags, network, engineered);
  if (flags.simulate) return simulate(flags, scenario, engineered);
  if (flags.format == "json")
    print(report::optimum_json(network, engineered));
  else if (flags.format == "csv")
    print(report::optimum_csv(engineered));
  else
    print(report::optimum_text(network, engineered, terminal_style()));
  return status_fine;
}

}  // namespace

void add_plan_optimum(CLI::App& plan, Action& chosen) {
  CLI::App* verb = plan.add_subcommand(
      "optimum", "The least utilization of the busiest link, and how near routing gets to it");
  auto flags = std::make_shared<OptimumFlags>();
  add_scenario_flags(*verb, flags->source, false);
  verb->add_option("--tune", flags->tune,
                   "metrics: search IGP metrics; segments: send pairs through a node each")
      ->check(CLI::IsMember({"metrics", "segments"}))
      ->type_name("WHAT");
  verb->add_option("--out", flags->out, "Write what --tune found, for a scenario to include")
      ->type_name("FILE");
  verb->add_flag("--compare", flags->compare, "All methods in one table");
  verb->add_flag("--simulate", flags->simulate,
                 "With --compare: simulate each, and one with a controller, and measure");
  verb->add_option("--method", flags->method,
                   "Of the optimum: auto, lp (exact) or approximation (with proven bounds)")
      ->check(CLI::IsMember({"auto", "lp", "approximation"}))
      ->type_name("METHOD");
  verb->add_option("--gap", flags->options.optimum.gap,
                   "Between the approximation's bounds, relative")
      ->check(CLI::Range(1e-4, 1.0))
      ->capture_default_str();
  verb->add_option("--iterations", flags->options.iterations, "Settings of metrics to try")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}))
      ->capture_default_str();
  verb->add_option("--changes", flags->options.changes, "Pairs to steer through segments, at most")
      ->type_name("N");
  verb->add_option("--search-seed", flags->options.seed, "Of the searches")->capture_default_str();
  verb->add_option("--format", flags->format, "text, json or csv (the table of methods)")
      ->check(CLI::IsMember({"text", "json", "csv"}))
      ->type_name("FORMAT");
  verb->footer(
      "Examples:\n"
      "  longhaul plan optimum scenarios/tier1/abilene-evening-peak.yaml\n"
      "  longhaul plan optimum scenarios/tier1/geant-growth.yaml --compare\n"
      "  longhaul plan optimum my.yaml --tune metrics --out tuned.yaml");
  verb->callback([&chosen, flags] { chosen = [flags] { return optimum_verb(*flags); }; });
}

}  // namespace longhaul::cli
