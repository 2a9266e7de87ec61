#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "sim/base/error.hpp"
#include "sim/cli/plan.hpp"
#include "sim/cli/process.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/scenario_source.hpp"
#include "sim/cli/terminal.hpp"
#include "sim/plan/failures.hpp"
#include "sim/report/failures.hpp"

namespace longhaul::cli {

namespace {

struct FailureFlags {
  ScenarioSource source;
  std::string format = "text";
  std::string table = "cases";
  bool links = false;
  bool nodes = false;
  bool risk_groups = false;
  bool pairs = false;
  bool all = false;
  std::size_t top = 20;
  unsigned threads = 0;
  bool quiet = false;
};

plan::FailureOptions options_of(const FailureFlags& flags) {
  plan::FailureOptions options;
  // Without a choice, everything that fails alone.
  const bool chosen = flags.links || flags.nodes || flags.risk_groups;
  options.sweep.links = flags.links || !chosen;
  options.sweep.nodes = flags.nodes || !chosen;
  options.sweep.risk_groups = flags.risk_groups || !chosen;
  options.sweep.pairs = flags.pairs;
  options.sweep.threads = flags.threads;
  options.top = flags.top;
  options.all_pairs = flags.all;
  return options;
}

std::string render(const FailureFlags& flags, const Network& network,
                   const plan::FailurePlan& plan) {
  if (flags.format == "json") return report::failures_json(network, plan, flags.top, flags.all);
  if (flags.format == "text") return report::failures_text(network, plan, terminal_style());
  if (flags.table == "links") return report::failure_links_csv(network, plan);
  if (flags.table == "demands") return report::failure_demands_csv(network, plan);
  return report::failure_cases_csv(network, plan);
}

int failures_verb(const FailureFlags& flags) {
  if (flags.table != "cases" && flags.format != "csv")
    throw InputError("--table is for --format csv", "JSON has all tables");
  const auto scenario = load(flags.source);
  plan::FailureOptions options = options_of(flags);
  const InterruptGuard interrupt;
  options.sweep.stop = interrupt.stop();
  plan::FailurePlan plan;
  {
    ProgressBar bar;
    if (!flags.quiet) options.sweep.progress = bar.counter("cases");
    plan = plan::plan_failures(*scenario, options);
  }
  print(render(flags, *scenario->network, plan));
  return plan.complete ? status_fine : status_interrupted;
}

}  // namespace

void add_plan_failures(CLI::App& plan, Action& chosen) {
  CLI::App* verb = plan.add_subcommand(
      "failures", "What each failure does to links and demands: every link, node and risk group");
  auto flags = std::make_shared<FailureFlags>();
  add_scenario_flags(*verb, flags->source, false);
  verb->add_flag("--links", flags->links, "Each link (default: links, nodes and risk groups)");
  verb->add_flag("--nodes", flags->nodes, "Each node");
  verb->add_flag("--risk-groups", flags->risk_groups, "Each shared-risk group");
  verb->add_flag("--pairs", flags->pairs, "Then each pair of links, and each link");
  verb->add_option("--top", flags->top, "Pairs and demands that are listed: the worst N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
      ->type_name("N");
  verb->add_flag("--all", flags->all, "Lists every pair, and in JSON every demand");
  verb->add_option("--threads", flags->threads, "Threads; the result is the same for any number")
      ->check(CLI::Range(1U, 1024U))
      ->type_name("N");
  verb->add_option("--format", flags->format, "text, json or csv")
      ->check(CLI::IsMember({"text", "json", "csv"}))
      ->type_name("FORMAT");
  verb->add_option("--table", flags->table, "Of CSV: cases, links or demands")
      ->check(CLI::IsMember({"cases", "links", "demands"}))
      ->type_name("TABLE");
  verb->add_flag("--quiet", flags->quiet, "No progress bar");
  verb->footer(
      "Examples:\n"
      "  longhaul plan failures scenarios/tier1/abilene-evening-peak.yaml\n"
      "  longhaul plan failures --topology geant.graph --matrix geant.demands --links --pairs\n"
      "  longhaul plan failures backbone.yaml --pairs --format csv --table links");
  verb->callback([&chosen, flags] { chosen = [flags] { return failures_verb(*flags); }; });
}

}  // namespace longhaul::cli
