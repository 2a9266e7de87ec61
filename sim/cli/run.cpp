#include "sim/run/run.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "sim/base/error.hpp"
#include "sim/base/parse.hpp"
#include "sim/cli/process.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/scenario_source.hpp"
#include "sim/cli/terminal.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/cli/version.hpp"
#include "sim/report/csv.hpp"
#include "sim/report/files.hpp"
#include "sim/report/json.hpp"
#include "sim/report/text.hpp"

namespace longhaul::cli {

namespace {

struct RunFlags {
  ScenarioSource source;
  unsigned threads = 0;
  std::string format = "text";
  std::string out;
  bool quiet = false;
  std::string checkpoint;
  std::string checkpoint_every;
  std::string resume;
};

std::string render(const report::Report& report, const std::string& format) {
  if (format == "json") return report::to_json(report);
  if (format == "csv") return report::links_csv(report);
  return report::to_text(report, terminal_style());
}

/// What --out writes.
std::vector<report::OutputFile> tables(const report::Report& report) {
  std::vector<report::OutputFile> files{{"report.json", report::to_json(report)},
                                        {"links.csv", report::links_csv(report)},
                                        {"demands.csv", report::demands_csv(report)},
                                        {"groups.csv", report::groups_csv(report)}};
  std::string services = report::services_csv(report);
  if (!services.empty()) files.push_back({"services.csv", std::move(services)});
  std::string classes = report::link_classes_csv(report);
  if (!classes.empty()) files.push_back({"link_classes.csv", std::move(classes)});
  std::string transports = report::transports_csv(report);
  if (!transports.empty()) files.push_back({"transports.csv", std::move(transports)});
  std::string modulations = report::modulations_csv(report);
  if (!modulations.empty()) files.push_back({"modulations.csv", std::move(modulations)});
  return files;
}

/// A line on standard error; above the progress bar, which is drawn again.
void say_checkpoint(const engine::CheckpointNote& note, bool quiet, bool interrupted) {
  const std::string start = stderr_is_terminal() ? "\r\033[K" : "";
  if (!note.error.empty()) {
    print_error(fmt::format("{}longhaul: warning: no checkpoint at {}: {}: {}; the run goes on\n",
                            start, to_display(note.simulated - Time::zero()), note.file,
                            note.error));
    return;
  }
  if (quiet) return;
  print_error(fmt::format(
      "{}checkpoint at {} of {}: {} ({} in {:.1f} s){}\n", start,
      to_display(note.simulated - Time::zero()), to_display(note.end - Time::zero()), note.file,
      to_display(Size::bytes(static_cast<std::int64_t>(note.bytes))), note.seconds,
      interrupted ? fmt::format("; go on with the same command and --resume {}", note.file) : ""));
}

engine::CheckpointConfig checkpoints(const RunFlags& flags, const std::atomic<bool>* stop) {
  engine::CheckpointConfig config;
  if (!flags.checkpoint_every.empty()) {
    if (flags.checkpoint.empty())
      throw InputError("--checkpoint-every needs --checkpoint FILE", "say where to write them");
    const auto every = parse_duration(flags.checkpoint_every);
    if (!every) throw InputError("--checkpoint-every: " + every.error());
    if (*every <= Duration::zero()) throw InputError("--checkpoint-every must be above 0");
    config.every = *every;
  }
  if (!flags.checkpoint.empty()) engine::require_writable_checkpoint(flags.checkpoint);
  config.file = flags.checkpoint;
  config.resume = flags.resume;
  config.program = version_text();
  config.wrote = [quiet = flags.quiet, stop](const engine::CheckpointNote& note) {
    say_checkpoint(note, quiet, *stop);
  };
  return config;
}

run::Result simulate(const RunFlags& flags) {
  const InterruptGuard interrupt;
  ProgressBar bar;
  run::Options options;
  options.threads = flags.threads;
  options.stop = interrupt.stop();
  options.checkpoint = checkpoints(flags, interrupt.stop());
  if (!flags.quiet) options.progress = bar.callback();
  const run::Prepared prepared = run::prepare(load(flags.source), options);
  if (!flags.quiet && !prepared.choice.why.empty())
    print_error("fidelity " + prepared.choice.why + "\n");
  return run::run(prepared);
}

int run_verb(const RunFlags& flags) {
  // Before an hour of simulation, not after it.
  if (!flags.out.empty()) report::require_writable_directory(flags.out);
  const report::Report report = report::make_report(simulate(flags));
  if (!flags.out.empty()) report::write_files(flags.out, tables(report));
  // Quiet is for people; a format that was asked for has a reader.
  if (!flags.quiet || flags.format != "text") print(render(report, flags.format));
  if (!report.complete) return status_interrupted;
  return report.passed() ? status_fine : status_expectation_failed;
}

}  // namespace

void add_run(CLI::App& app, Action& chosen) {
  CLI::App* verb = app.add_subcommand("run", "Simulate a scenario and report what was measured");
  auto flags = std::make_shared<RunFlags>();
  add_scenario_flags(*verb, flags->source, true);
  verb->add_option("--threads", flags->threads, "Threads; the result is the same for any number")
      ->check(CLI::Range(1U, 1024U))
      ->type_name("N");
  verb->add_option("--format", flags->format,
                   "text, json or csv (the links; --out writes all tables)")
      ->check(CLI::IsMember({"text", "json", "csv"}))
      ->type_name("FORMAT");
  verb->add_option(
          "--out", flags->out,
          "Also write report.json, links.csv, demands.csv and groups.csv to this directory")
      ->type_name("DIR");
  verb->add_flag("--quiet", flags->quiet, "No summary and no progress: the exit status says it");
  verb->add_option("--checkpoint", flags->checkpoint,
                   "Writes the run's state to FILE now and then and when it is interrupted")
      ->type_name("FILE");
  verb->add_option("--checkpoint-every", flags->checkpoint_every,
                   "Wall-clock time from one to the next: \"5 min\", which it is if not given")
      ->type_name("TIME");
  verb->add_option("--resume", flags->resume,
                   "Goes on from FILE, which --checkpoint wrote in a run of the same input")
      ->type_name("FILE");
  verb->footer(
      "Examples:\n"
      "  longhaul run scenarios/tier1/abilene-evening-peak.yaml\n"
      "  longhaul run peak.yaml --set engine.duration=\"2 s\" --seed 3 --format json > peak.json\n"
      "  longhaul run --topology geant.xml --matrix geant-demands.xml --matrix-scale 1.5\n"
      "  longhaul run day.yaml --checkpoint day.state     and after Ctrl-C or a crash\n"
      "  longhaul run day.yaml --checkpoint day.state --resume day.state");
  verb->callback([&chosen, flags] { chosen = [flags] { return run_verb(*flags); }; });
}

}  // namespace longhaul::cli
