#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "sim/base/error.hpp"
#include "sim/cli/process.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/scenario/read.hpp"

namespace longhaul::cli {

namespace {

int check_verb(const std::vector<std::string>& files) {
  Diagnostics diagnostics;
  for (const std::string& file : files) check_file(file, diagnostics);
  for (const Diagnostic& d : diagnostics.all())
    if (d.warning) print_error(format(d) + "\n");
  diagnostics.throw_if_errors();
  print(fmt::format("{} file{}, no mistakes\n", files.size(), files.size() == 1 ? "" : "s"));
  return status_fine;
}

}  // namespace

void add_check(CLI::App& app, Action& chosen) {
  CLI::App* verb =
      app.add_subcommand("check", "Say every mistake of every file; nothing is simulated");
  auto files = std::make_shared<std::vector<std::string>>();
  verb->add_option("files", *files, "Scenarios, topologies and matrices of any known format")
      ->required()
      ->type_name("FILE...");
  verb->footer("Example:\n  longhaul check scenarios/*/*.yaml topologies/*.yaml");
  verb->callback([&chosen, files] { chosen = [files] { return check_verb(*files); }; });
}

}  // namespace longhaul::cli
