// Which format a file is in, and who reads it.
#include "sim/topology/import/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "sim/topology/import/detail/formats.hpp"
#include "sim/topology/topology.hpp"

namespace longhaul {

namespace {

std::string_view first_word(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  std::size_t i = text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;
  while (i < text.size()) {
    while (i < text.size() && blank(text[i])) ++i;
    if (i >= text.size() || text[i] != '#') break;
    while (i < text.size() && text[i] != '\n') ++i;  // a comment line
  }
  std::size_t end = i;
  while (end < text.size() && !blank(text[end])) ++end;
  return text.substr(i, end - i);
}

bool ends_with(const std::string& name, std::string_view ending) {
  return name.size() >= ending.size() &&
         std::string_view(name).substr(name.size() - ending.size()) == ending;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool is_number(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
}

std::optional<Format> recognise_xml(std::string_view head) {
  if (contains(head, "<graphml")) return Format::graphml;
  if (contains(head, "sndlib") || contains(head, "<networkStructure")) return Format::sndlib_xml;
  if (contains(head, "<network")) return Format::net2plan;
  return std::nullopt;
}

std::optional<Format> by_ending(const std::string& name) {
  const std::pair<std::string_view, Format> endings[] = {{".yaml", Format::yaml},
                                                         {".yml", Format::yaml},
                                                         {".graph", Format::repetita_graph},
                                                         {".demands", Format::repetita_demands},
                                                         {".gml", Format::gml},
                                                         {".graphml", Format::graphml},
                                                         {".json", Format::topohub_json},
                                                         {".n2p", Format::net2plan},
                                                         {".topo", Format::ns3_topology},
                                                         {".dem", Format::ns3_demands},
                                                         {".xml", Format::sndlib_xml}};
  for (const auto& [ending, format] : endings)
    if (ends_with(name, ending)) return format;
  return std::nullopt;
}

/// Demands name nodes that exist.
void check_names(const SourceText& text, const NetworkSpec& spec,
                 const std::vector<ImportedDemand>& demands, Diagnostics& diagnostics) {
  std::set<std::string> known;
  std::vector<std::string> names;
  for (const Node& n : spec.nodes) known.insert(n.id), names.push_back(n.id);
  std::set<std::string> said;
  for (const ImportedDemand& d : demands)
    for (const std::string& id : {d.from, d.to})
      if (known.count(id) == 0 && said.insert(id).second)
        diagnostics.error(
            {text.name(), 0, 0},
            fmt::format("its matrix names node {}, which the topology lacks", quote(id)),
            did_you_mean(id, names));
}

/// Lengths that a format does not give: between plane coordinates as if they were km, and nothing
/// at all where nodes have no coordinates. Both are said.
void assume_lengths(const SourceText& text, NetworkSpec& spec, Diagnostics& diagnostics) {
  std::size_t plane = 0;
  std::size_t unknown = 0;
  for (Link& link : spec.links) {
    const Node& a = spec.nodes[link.a.index()];
    const Node& b = spec.nodes[link.b.index()];
    if (link.delay_given || link.length || (a.at && b.at)) continue;
    if (a.position && b.position) {
      const double km = std::hypot(a.position->first - b.position->first,
                                   a.position->second - b.position->second);
      link.length = Distance::from_metres(std::min(km, 1e6) * 1000.0);
      ++plane;
    } else {
      link.delay_given = true;  // of zero
      ++unknown;
    }
  }
  if (plane > 0)
    import::warn(
        text, diagnostics,
        fmt::format(
            "{} links have no length; the distance of their ends' plane coordinates is taken as km",
            plane));
  if (unknown > 0)
    import::warn(
        text, diagnostics,
        fmt::format("{} links have neither length nor coordinates; they are taken to have no delay",
                    unknown));
}

}  // namespace

const char* to_string(Format format) {
  switch (format) {
    case Format::yaml:
      return "YAML";
    case Format::repetita_graph:
      return "REPETITA graph";
    case Format::repetita_demands:
      return "REPETITA demands";
    case Format::sndlib_native:
      return "SNDlib native";
    case Format::sndlib_xml:
      return "SNDlib XML";
    case Format::gml:
      return "GML";
    case Format::graphml:
      return "GraphML";
    case Format::topohub_json:
      return "TopoHub JSON";
    case Format::net2plan:
      return "Net2Plan";
    case Format::ns3_topology:
      return "ns-3 links";
    case Format::ns3_demands:
      return "ns-3 demands";
    case Format::matrix_rows:
      return "matrix rows";
  }
  return "";
}

std::optional<Format> recognise(const SourceText& text) {
  const std::string_view content = text.content();
  const std::string_view head = content.substr(0, 4096);
  const std::string_view word = first_word(content);
  if (contains(head.substr(0, 200), "SNDlib native")) return Format::sndlib_native;
  if (word.substr(0, 1) == "<") return recognise_xml(head);
  if (word == "NODES") return Format::repetita_graph;
  if (word == "DEMANDS") return Format::repetita_demands;
  if (word == "graph" && contains(head, "[")) return Format::gml;
  if (word == "Creator" && contains(content, "graph")) return Format::gml;
  if (word == "nodes" && !contains(head, ":")) return Format::ns3_topology;
  if (word.substr(0, 1) == "{" && contains(content, "\"nodes\"")) return Format::topohub_json;
  const auto ending = by_ending(text.name());
  if (is_number(word) && (!ending || ending == Format::ns3_demands)) {
    // Three numbers a line are pairs and rates; more are a matrix.
    const std::string_view line = content.substr(
        content.find(word), content.find('\n', content.find(word)) - content.find(word));
    const auto blanks = std::count_if(line.begin(), line.end(),
                                      [](char c) { return c == ' ' || c == '\t' || c == ','; });
    return blanks > 3 ? Format::matrix_rows : Format::ns3_demands;
  }
  return ending;
}

Imported import_network(const SourceText& text, Format format, Diagnostics& diagnostics) {
  Imported out;
  const std::size_t before = diagnostics.all().size();
  switch (format) {
    case Format::repetita_graph:
      import::repetita_graph(text, out, diagnostics);
      break;
    case Format::sndlib_native:
      import::sndlib_native(text, out, diagnostics);
      break;
    case Format::sndlib_xml:
      import::sndlib_xml(text, out, diagnostics);
      break;
    case Format::gml:
      import::gml(text, out, diagnostics);
      break;
    case Format::graphml:
      import::graphml(text, out, diagnostics);
      break;
    case Format::topohub_json:
      import::topohub_json(text, out, diagnostics);
      break;
    case Format::net2plan:
      import::net2plan(text, out, diagnostics);
      break;
    case Format::ns3_topology:
      import::ns3_topology(text, out, diagnostics);
      break;
    case Format::yaml:
      out.spec = read_topology(text, diagnostics);
      out.has_network = true;
      return out;
    case Format::repetita_demands:
    case Format::ns3_demands:
    case Format::matrix_rows:
      diagnostics.error(
          {text.name(), 0, 0},
          fmt::format("is a matrix ({}), and a topology is expected", to_string(format)));
      return out;
  }
  const auto& all = diagnostics.all();
  const bool failed =
      std::any_of(all.begin() + static_cast<std::ptrdiff_t>(std::min(before, all.size())),
                  all.end(), [](const Diagnostic& d) { return !d.warning; });
  if (failed) return out;
  if (out.spec.nodes.empty()) {
    diagnostics.error({text.name(), 0, 0}, "holds no nodes");
    return out;
  }
  if (out.spec.providers.empty()) out.spec.providers.push_back({"default", 1, 0, ""});
  assume_lengths(text, out.spec, diagnostics);
  finish_links(out.spec, {text.name(), 0, 0}, diagnostics);
  return out;
}

std::vector<ImportedDemand> import_matrix(const SourceText& text, Format format,
                                          const NetworkSpec& spec, Diagnostics& diagnostics,
                                          std::size_t row) {
  std::vector<ImportedDemand> out;
  switch (format) {
    case Format::repetita_demands:
      import::repetita_demands(text, spec, out, diagnostics);
      return out;
    case Format::ns3_demands:
      import::ns3_demands(text, spec, out, diagnostics);
      return out;
    case Format::matrix_rows:
      import::matrix_rows(text, spec, row, out, diagnostics);
      return out;
    case Format::sndlib_native:
    case Format::sndlib_xml:
    case Format::topohub_json:
    case Format::net2plan: {
      out = import_network(text, format, diagnostics).demands;
      if (diagnostics.has_errors()) return out;
      if (out.empty()) diagnostics.error({text.name(), 0, 0}, "holds no demands");
      check_names(text, spec, out, diagnostics);
      return out;
    }
    case Format::yaml:
    case Format::repetita_graph:
    case Format::gml:
    case Format::graphml:
    case Format::ns3_topology:
      break;
  }
  diagnostics.error({text.name(), 0, 0},
                    fmt::format("is a {} file, which holds no matrix", to_string(format)));
  return out;
}

}  // namespace longhaul
