#include "sim/cli/plan.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "sim/cli/process.hpp"
#include "sim/cli/scenario_source.hpp"
#include "sim/cli/terminal.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/plan/loads.hpp"
#include "sim/report/loads.hpp"

namespace longhaul::cli {

namespace {

struct LoadsFlags {
  ScenarioSource source;
  std::string format = "text";
  bool wire = false;
};

int loads_verb(const LoadsFlags& flags) {
  const auto scenario = load(flags.source);
  const auto loads =
      plan::plan_loads(*scenario, flags.wire ? plan::Count::wire : plan::Count::packets);
  const Network& network = *scenario->network;
  if (flags.format == "json")
    print(report::loads_json(network, loads));
  else if (flags.format == "csv")
    print(report::loads_csv(network, loads));
  else
    print(report::loads_text(network, loads, terminal_style()));
  return status_fine;
}

}  // namespace

void add_plan(CLI::App& app, Action& chosen) {
  CLI::App* verb = app.add_subcommand("plan", "Answer from the model, without simulating");
  verb->require_subcommand(1);
  CLI::App* loads =
      verb->add_subcommand("loads", "The load each link would carry, demands split evenly");
  auto flags = std::make_shared<LoadsFlags>();
  add_scenario_flags(*loads, flags->source, false);
  loads->add_option("--format", flags->format, "text, json or csv")
      ->check(CLI::IsMember({"text", "json", "csv"}))
      ->type_name("FORMAT");
  loads->add_flag("--wire", flags->wire, "Count framing too, not only the packets");
  loads->footer(
      "Examples:\n"
      "  longhaul plan loads scenarios/tier1/abilene-evening-peak.yaml\n"
      "  longhaul plan loads --topology geant.graph --matrix geant.demands --format json");
  loads->callback([&chosen, flags] { chosen = [flags] { return loads_verb(*flags); }; });
  add_plan_failures(*verb, chosen);
  add_plan_upgrade(*verb, chosen);
  add_plan_optimum(*verb, chosen);
}

}  // namespace longhaul::cli
