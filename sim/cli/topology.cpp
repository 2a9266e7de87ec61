#include "sim/topology/topology.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/error.hpp"
#include "sim/base/parse.hpp"
#include "sim/base/text.hpp"
#include "sim/cli/process.hpp"
#include "sim/cli/terminal.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/report/csv.hpp"
#include "sim/report/files.hpp"
#include "sim/report/topology_text.hpp"
#include "sim/topology/export/export.hpp"
#include "sim/topology/import/import.hpp"

namespace longhaul::cli {

namespace {

/// To a file, or to standard output where none is named.
void write(const std::string& path, const std::string& content) {
  if (path.empty() || path == "-")
    print(content);
  else
    report::write_file(path, content);
}

/// One key of YAML's `generate:` as a flag.
struct Key {
  const char* name;
  const char* help;
  bool level;  ///< its value is a map, written without braces
};
constexpr std::array keys{
    Key{"nodes", "Own nodes of the shape", false},
    Key{"degree", "Of a mesh: links per node; full without it", false},
    Key{"branching", "Of a tree: children per node", false},
    Key{"depth", "Of a tree: links from root to leaf", false},
    Key{"capacity", "Of each link, e.g. 400G or 8x100G", false},
    Key{"spacing", "Length of each link, e.g. 300km", false},
    Key{"medium", "fiber, submarine, microwave or satellite", false},
    Key{"tier", "Of the provider: 1, 2 or 3", false},
    Key{"core", "Level of a hybrid, e.g. \"shape: mesh, nodes: 6, capacity: 1.6T\"", true},
    Key{"metro", "The same; `per: core` puts one on each core node", true},
    Key{"edge", "The same", true},
    Key{"exchange", "The same", true},
    Key{"datacenter", "The same", true},
    Key{"access", "The same", true},
};

struct GenerateFlags {
  std::string shape;
  std::array<std::string, keys.size()> values;
  std::string name;
  std::string out;
};

/// The flags as the YAML that says the same, so that both are checked by one reader.
std::string as_yaml(const GenerateFlags& flags) {
  std::string text =
      fmt::format("name: {}\ngenerate:\n  shape: {}\n",
                  flags.name.empty() ? "generated-" + flags.shape : flags.name, flags.shape);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (flags.values[i].empty()) continue;
    const char* open = keys[i].level ? "{" : "";
    const char* close = keys[i].level ? "}" : "";
    text += fmt::format("  {}: {}{}{}\n", keys[i].name, open, flags.values[i], close);
  }
  return text;
}

int generate_verb(const GenerateFlags& flags) {
  Diagnostics diagnostics;
  const NetworkSpec spec = read_topology(SourceText("(command line)", as_yaml(flags)), diagnostics);
  diagnostics.throw_if_errors();
  write(flags.out, to_yaml(spec));
  return status_fine;
}

void add_generate(CLI::App& topology, Action& chosen) {
  CLI::App* verb = topology.add_subcommand("generate", "Make a topology from a shape, as YAML");
  auto flags = std::make_shared<GenerateFlags>();
  verb->add_option("shape", flags->shape, "ring, star, mesh, tree, line or hybrid")
      ->required()
      ->check(CLI::IsMember({"ring", "star", "mesh", "tree", "line", "hybrid"}));
  for (std::size_t i = 0; i < keys.size(); ++i)
    verb->add_option(std::string("--") + keys[i].name, flags->values[i], keys[i].help)
        ->type_name(keys[i].level ? "LEVEL" : "VALUE");
  verb->add_option("--name", flags->name, "Name of the topology")->type_name("NAME");
  verb->add_option("--out", flags->out, "File to write; standard output without it")
      ->type_name("FILE");
  verb->footer(
      "Examples:\n"
      "  longhaul topology generate ring --nodes 8 --capacity 400G --spacing 200km --out "
      "ring.yaml\n"
      "  longhaul topology generate hybrid --core \"shape: mesh, nodes: 6, capacity: 1.6T\" \\\n"
      "    --metro \"shape: ring, nodes: 8, capacity: 400G, per: core\"");
  verb->callback([&chosen, flags] { chosen = [flags] { return generate_verb(*flags); }; });
}

/// Reads a topology and says on standard error what was odd about it.
NetworkSpec read_spec(const std::string& path) {
  Diagnostics diagnostics;
  NetworkSpec spec = load_topology_spec(path, diagnostics);
  diagnostics.throw_if_errors();
  for (const Diagnostic& d : diagnostics.all()) print_error(format(d) + "\n");
  return spec;
}

void add_show(CLI::App& topology, Action& chosen) {
  CLI::App* verb = topology.add_subcommand("show", "Print size, diameter and cut links");
  auto file = std::make_shared<std::string>();
  verb->add_option("file", *file, "Topology of any known format")->required()->type_name("FILE");
  verb->footer("Example:\n  longhaul topology show topologies/abilene.yaml");
  verb->callback([&chosen, file] {
    chosen = [file] {
      print(report::topology_text(Network(read_spec(*file)), terminal_style()));
      return int{status_fine};
    };
  });
}

struct Writer {
  const char* name;
  std::vector<const char*> endings;
  std::string (*write)(const NetworkSpec&);
};

const std::vector<Writer>& writers() {
  static const std::vector<Writer> all{{"yaml", {".yaml", ".yml"}, to_yaml},
                                       {"graphml", {".graphml"}, to_graphml},
                                       {"geojson", {".geojson", ".json"}, to_geojson},
                                       {"dot", {".dot", ".gv"}, to_dot}};
  return all;
}

std::vector<std::string> writer_names() {
  std::vector<std::string> names;
  for (const Writer& w : writers()) names.emplace_back(w.name);
  return names;
}

struct ConvertFlags {
  std::string from;
  std::string to;
  std::string format;
  std::string demands;
};

/// The format that was asked for, else the one of the file's ending; YAML on standard output.
const Writer& writer_of(const ConvertFlags& flags) {
  const std::string ending = std::filesystem::path(flags.to).extension().string();
  for (const Writer& w : writers()) {
    const bool by_ending =
        std::any_of(w.endings.begin(), w.endings.end(), [&](const char* e) { return ending == e; });
    if (flags.format.empty() ? by_ending : flags.format == w.name) return w;
  }
  if (flags.to.empty() || flags.to == "-") return writers().front();
  throw InputError(fmt::format("\"{}\" does not tell what to write", flags.to),
                   fmt::format("end it in .yaml, .graphml, .geojson or .dot, or give --format"));
}

/// "from,to,rate" as scenarios read it back.
std::string demands_csv(const std::vector<ImportedDemand>& demands) {
  std::string text = "from,to,rate\n";
  for (const ImportedDemand& d : demands)
    text += fmt::format("{},{},{}\n", report::csv_field(d.from), report::csv_field(d.to),
                        to_text(d.rate));
  return text;
}

std::vector<ImportedDemand> read_demands(const std::string& path) {
  const SourceText text = SourceText::read(path);
  const auto known = recognise(text);
  Diagnostics diagnostics;
  std::vector<ImportedDemand> demands;
  if (known && *known != Format::yaml) demands = import_network(text, *known, diagnostics).demands;
  diagnostics.throw_if_errors();
  if (demands.empty()) throw InputError(path + " holds no demands");
  return demands;
}

int convert_verb(const ConvertFlags& flags) {
  const Writer& writer = writer_of(flags);
  const NetworkSpec spec = read_spec(flags.from);
  const std::string demands =
      flags.demands.empty() ? std::string() : demands_csv(read_demands(flags.from));
  write(flags.to, writer.write(spec));
  if (!flags.demands.empty()) write(flags.demands, demands);
  return status_fine;
}

void add_convert(CLI::App& topology, Action& chosen) {
  CLI::App* verb = topology.add_subcommand("convert", "Read any known format, write another");
  auto flags = std::make_shared<ConvertFlags>();
  verb->add_option("from", flags->from, "Topology of any known format")
      ->required()
      ->type_name("FILE");
  verb->add_option("to", flags->to,
                   "File to write, its format by its ending; standard output "
                   "without it")
      ->type_name("FILE");
  verb->add_option("--format", flags->format, "Instead of the ending")
      ->check(CLI::IsMember(writer_names()));
  verb->add_option("--demands", flags->demands, "Also write the file's demands, as CSV")
      ->type_name("FILE");
  verb->footer(
      "Examples:\n"
      "  longhaul topology convert Abilene.gml abilene.yaml\n"
      "  longhaul topology convert germany50.xml germany50.yaml --demands germany50.csv");
  verb->callback([&chosen, flags] { chosen = [flags] { return convert_verb(*flags); }; });
}

}  // namespace

void add_topology(CLI::App& app, Action& chosen) {
  CLI::App* verb = app.add_subcommand("topology", "Make, convert and look at topologies");
  verb->require_subcommand(1);
  add_generate(*verb, chosen);
  add_convert(*verb, chosen);
  add_show(*verb, chosen);
}

}  // namespace longhaul::cli
