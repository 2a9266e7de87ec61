#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "sim/cli/process.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/report/json.hpp"
#include "sim/scenario/read.hpp"

namespace longhaul::cli {

namespace {

std::string schema_of(const std::string& what) {
  if (what == "report") return report::json_schema();
  const std::string schema = what == "topology" ? topology_schema() : scenario_schema();
  return schema.empty() || schema.back() == '\n' ? schema : schema + "\n";
}

}  // namespace

void add_schema(CLI::App& app, Action& chosen) {
  CLI::App* verb =
      app.add_subcommand("schema", "Print a JSON Schema, for editors and for readers of the JSON");
  auto what = std::make_shared<std::string>();
  verb->add_option("what", *what, "scenario, topology or report")
      ->required()
      ->check(CLI::IsMember({"scenario", "topology", "report"}));
  verb->footer("Example:\n  longhaul schema scenario > scenario.schema.json");
  verb->callback([&chosen, what] {
    chosen = [what] {
      print(schema_of(*what));
      return int{status_fine};
    };
  });
}

}  // namespace longhaul::cli
