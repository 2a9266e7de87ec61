#include "sim/network/catalogue.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>

#include "sim/cli/process.hpp"
#include "sim/cli/terminal.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/report/table.hpp"
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

int print_catalogue() {
  std::string text;
  std::string section;
  Table table = new_table();
  const auto flush = [&] {
    if (!table.empty())
      text += (text.empty() ? "" : "\n") + paint(style(), Tone::bold, section) + "\n" +
              table.render(style());
    table = new_table();
  };
  for (const catalogue::Row& row : catalogue::rows()) {
    if (row.section != section) flush();
    section = row.section;
    table.add({{row.name}, {row.value}, {row.source, Tone::dim}});
  }
  flush();
  section = "flow sizes";
  for (const FlowSizeTable& flows : flow_size_tables()) {
    const FlowSizes& sizes = *flows.sizes;
    const auto size = [](std::int64_t bytes) { return to_display(Size::bytes(bytes)); };
    table.add(
        {{sizes.name()},
         {fmt::format("half up to {}, 90 % up to {}, mean {}", size(sizes.at(0.5)),
                      size(sizes.at(0.9)), size(static_cast<std::int64_t>(sizes.mean_bytes())))},
         {flows.source, Tone::dim}});
  }
  flush();
  print(text);
  return status_fine;
}

}  // namespace

void add_catalogue(CLI::App& app, Action& chosen) {
  CLI::App* verb = app.add_subcommand(
      "catalogue", "Print capacities, media, packet mixes, flow sizes and their sources");
  verb->footer("Example:\n  longhaul catalogue | grep submarine");
  verb->callback([&chosen] { chosen = print_catalogue; });
}

}  // namespace longhaul::cli
