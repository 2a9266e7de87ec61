#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "sim/base/error.hpp"
#include "sim/cli/process.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/report/json.hpp"
#include "sim/scenario/read.hpp"
#include "sim/topology/topology.hpp"

namespace longhaul::cli {

namespace {

struct SchemaFlags {
  std::string what;
  bool reference = false;
};

std::string document(const SchemaFlags& flags) {
  if (flags.reference) {
    if (flags.what == "report")
      throw InputError("there is no reference page of the report", "print its schema instead");
    return flags.what == "topology" ? topology_reference() : scenario_reference();
  }
  if (flags.what == "report") return report::json_schema();
  return flags.what == "topology" ? topology_schema() : scenario_schema();
}

int schema_verb(const SchemaFlags& flags) {
  const std::string text = document(flags);
  print(text);
  if (text.empty() || text.back() != '\n') print("\n");
  return status_fine;
}

}  // namespace

void add_schema(CLI::App& app, Action& chosen) {
  CLI::App* verb =
      app.add_subcommand("schema", "Print a JSON Schema, for editors and for readers of the JSON");
  auto flags = std::make_shared<SchemaFlags>();
  verb->add_option("what", flags->what, "scenario, topology or report")
      ->required()
      ->check(CLI::IsMember({"scenario", "topology", "report"}));
  verb->add_flag("--reference", flags->reference,
                 "Every key with its meaning and default instead, as Markdown");
  verb->footer(
      "Examples:\n"
      "  longhaul schema scenario > scenario.schema.json\n"
      "  longhaul schema topology --reference");
  verb->callback([&chosen, flags] { chosen = [flags] { return schema_verb(*flags); }; });
}

}  // namespace longhaul::cli
