#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "sim/base/error.hpp"
#include "sim/base/text.hpp"
#include "sim/cli/plan.hpp"
#include "sim/cli/process.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/scenario_source.hpp"
#include "sim/cli/terminal.hpp"
#include "sim/plan/upgraded.hpp"
#include "sim/report/files.hpp"
#include "sim/report/upgrade.hpp"
#include "sim/topology/topology.hpp"

namespace longhaul::cli {

namespace {

struct UpgradeFlags {
  ScenarioSource source;
  std::string growth;
  std::string years;
  std::string threshold;
  std::string failed_threshold;
  std::string budget;
  std::string format = "text";
  std::string table = "purchases";
  std::string out;
  unsigned threads = 0;
  bool quiet = false;
};

/// Flags are short for --set, so they are checked in the same place as the scenario's.
ScenarioSource source_of(const UpgradeFlags& flags) {
  ScenarioSource source = flags.source;
  const auto set = [&](const char* key, const std::string& value) {
    if (!value.empty()) source.set.push_back(std::string("planning.") + key + "=" + value);
  };
  if (!flags.years.empty()) {
    const std::size_t dash = flags.years.find('-');
    if (dash == std::string::npos)
      throw InputError("--years: expected two years such as 2026-2030, got " + quote(flags.years));
    set("from", flags.years.substr(0, dash));
    set("to", flags.years.substr(dash + 1));
  }
  set("growth", flags.growth);
  set("threshold", flags.threshold);
  set("failed_threshold", flags.failed_threshold);
  set("budget", flags.budget);
  return source;
}

std::string render(const UpgradeFlags& flags, const Network& network,
                   const plan::UpgradePlan& plan) {
  if (flags.format == "json") return report::upgrade_json(network, plan);
  if (flags.format == "text") return report::upgrade_text(network, plan, terminal_style());
  if (flags.table == "years") return report::upgrade_years_csv(network, plan);
  if (flags.table == "links") return report::upgrade_links_csv(network, plan);
  return report::upgrade_purchases_csv(network, plan);
}

/// The network at the end of each year, each as a topology that scenarios can take.
void write_topologies(const std::string& directory, const Network& network,
                      const plan::UpgradePlan& plan) {
  std::vector<report::OutputFile> files;
  for (std::size_t y = 0; y < plan.years.size(); ++y)
    files.push_back(
        {std::to_string(plan.years[y].year) + ".yaml", to_yaml(plan::upgraded(network, plan, y))});
  report::write_files(directory, files);
}

int upgrade_verb(const UpgradeFlags& flags) {
  if (flags.table != "purchases" && flags.format != "csv")
    throw InputError("--table is for --format csv", "JSON has all tables");
  const auto scenario = load(source_of(flags));
  if (!flags.out.empty()) report::require_writable_directory(flags.out);
  const InterruptGuard interrupt;
  plan::UpgradeOptions options;
  options.threads = flags.threads;
  options.stop = interrupt.stop();
  plan::UpgradePlan plan;
  {
    ProgressBar bar;
    if (!flags.quiet) options.progress = bar.counter("cases");
    plan = plan::plan_upgrade(*scenario, options);
  }
  print(render(flags, *scenario->network, plan));
  if (!flags.out.empty()) write_topologies(flags.out, *scenario->network, plan);
  if (!plan.complete) return status_interrupted;
  return plan.enough() ? status_fine : status_expectation_failed;
}

}  // namespace

void add_plan_upgrade(CLI::App& plan, Action& chosen) {
  CLI::App* verb = plan.add_subcommand(
      "upgrade", "Which link fills in which year, what to buy and what it costs");
  auto flags = std::make_shared<UpgradeFlags>();
  add_scenario_flags(*verb, flags->source, false);
  verb->add_option("--growth", flags->growth, "Of demand, a year: \"30 %\"")->type_name("SHARE");
  verb->add_option("--years", flags->years, "That of the demands, and the last: 2026-2030")
      ->type_name("FROM-TO");
  verb->add_option("--threshold", flags->threshold,
                   "A link is full above this with nothing failed: \"80 %\"")
      ->type_name("SHARE");
  verb->add_option("--failed-threshold", flags->failed_threshold,
                   "And above this with one link, node or risk group failed: \"100 %\"")
      ->type_name("SHARE");
  verb->add_option("--budget", flags->budget, "For upgrades in all years, in the prices' currency")
      ->type_name("AMOUNT");
  verb->add_option("--threads", flags->threads, "Threads; the result is the same for any number")
      ->check(CLI::Range(1U, 1024U))
      ->type_name("N");
  verb->add_option("--format", flags->format, "text, json or csv")
      ->check(CLI::IsMember({"text", "json", "csv"}))
      ->type_name("FORMAT");
  verb->add_option("--table", flags->table, "Of CSV: purchases, years or links")
      ->check(CLI::IsMember({"purchases", "years", "links"}))
      ->type_name("TABLE");
  verb->add_option("--out", flags->out,
                   "Also writes a topology for each year, YEAR.yaml, with what is bought by then")
      ->type_name("DIR");
  verb->add_flag("--quiet", flags->quiet, "No progress bar");
  verb->footer(
      "Exit status 1: some link is above a threshold in spite of what is bought.\n"
      "Examples:\n"
      "  longhaul plan upgrade scenarios/tier1/abilene-evening-peak.yaml --growth 30%\n"
      "  longhaul plan upgrade backbone.yaml --years 2026-2031 --budget 2000000 --format json");
  verb->callback([&chosen, flags] { chosen = [flags] { return upgrade_verb(*flags); }; });
}

}  // namespace longhaul::cli
