#include "sim/network/catalogue.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "sim/base/error.hpp"
#include "sim/base/text.hpp"
#include "sim/cli/process.hpp"
#include "sim/cli/terminal.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/report/table.hpp"
#include "sim/scenario/presets.hpp"
#include "sim/traffic/flow_sizes.hpp"

namespace longhaul::cli {

namespace {

using report::Table;
using report::Tone;

Table new_table() { return Table({{"name", true}, {"value", true}, {"source", true, true}}); }

/// Without a terminal nothing is cut: whoever reads a file wants the whole source.
report::Style style() {
  report::Style s = terminal_style();
  if (!stdout_is_terminal()) s.width = 100'000;
  return s;
}

catalogue::Row row_of(const FlowSizeTable& table) {
  const FlowSizes& sizes = *table.sizes;
  const auto size = [](std::int64_t bytes) { return to_display(Size::bytes(bytes)); };
  return {"flow sizes", sizes.name(),
          fmt::format("half up to {}, 90 % up to {}, mean {}", size(sizes.at(0.5)),
                      size(sizes.at(0.9)), size(static_cast<std::int64_t>(sizes.mean_bytes()))),
          table.source};
}

std::vector<catalogue::Row> all_rows() {
  std::vector<catalogue::Row> rows = catalogue::rows();
  for (const FlowSizeTable& table : flow_size_tables()) rows.push_back(row_of(table));
  for (const auto kind : {Preset::Kind::industry, Preset::Kind::workload}) {
    for (const Preset& preset : presets()) {
      if (preset.kind != kind) continue;
      rows.push_back({fmt::format("presets of traffic, by {}", to_string(kind)), preset.name,
                      preset.summary, fmt::format("{}", fmt::join(preset.sources, "; "))});
    }
  }
  return rows;
}

std::string text_of(const std::vector<catalogue::Row>& rows) {
  std::string text;
  std::string section;
  Table table = new_table();
  const auto flush = [&] {
    if (!table.empty())
      text += (text.empty() ? "" : "\n") + paint(style(), Tone::bold, section) + "\n" +
              table.render(style());
    table = new_table();
  };
  for (const catalogue::Row& row : rows) {
    if (row.section != section) flush();
    section = row.section;
    table.add({{row.name}, {row.value}, {row.source, Tone::dim}});
  }
  flush();
  return text;
}

/// What the catalogue has of this name: a preset whole, as YAML that may be copied, or its line.
int print_entry(const std::string& name) {
  if (const Preset* preset = find_preset(name)) {
    print(preset->yaml);
    return status_fine;
  }
  std::vector<catalogue::Row> found = all_rows();
  std::vector<std::string> names;
  for (const catalogue::Row& row : found) names.push_back(row.name);
  std::erase_if(found, [&](const catalogue::Row& row) { return row.name != name; });
  if (found.empty())
    throw InputError(fmt::format("the catalogue has no {}", quote(name)),
                     did_you_mean(name, names));
  print(text_of(found));
  return status_fine;
}

}  // namespace

void add_catalogue(CLI::App& app, Action& chosen) {
  CLI::App* verb = app.add_subcommand(
      "catalogue",
      "Print capacities, media, packet mixes, flow sizes, presets of traffic and their sources");
  auto name = std::make_shared<std::string>();
  verb->add_option("name", *name, "Of one thing in it; a preset is printed whole, as YAML");
  verb->footer(
      "Examples:\n"
      "  longhaul catalogue | grep submarine\n"
      "  longhaul catalogue healthcare");
  verb->callback([&chosen, name] {
    chosen = [name] {
      if (!name->empty()) return print_entry(*name);
      print(text_of(all_rows()));
      return int{status_fine};
    };
  });
}

}  // namespace longhaul::cli
