// Graphviz DOT: an undirected graph, one-way links with an arrow; pos is longitude and latitude.
#include <fmt/format.h>

#include "sim/topology/export/export.hpp"
#include "sim/topology/import/detail/fields.hpp"

namespace longhaul {

namespace {

/// A quoted DOT string. Backslashes are doubled: one before the closing quote would escape it.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : import::as_utf8(text)) {
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (c == '\n')
      out += "\\n";
    else
      out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + '"';
}

}  // namespace

std::string to_dot(const NetworkSpec& spec) {
  std::string out = fmt::format("graph {} {{\n", quoted(spec.name));
  out += "  node [shape=box];\n";
  for (const Node& n : spec.nodes) {
    out += fmt::format("  {} [label={}", quoted(n.id), quoted(n.label.empty() ? n.id : n.label));
    if (n.at) out += fmt::format(", pos=\"{},{}!\"", n.at->longitude, n.at->latitude);
    if (!n.at && n.position)
      out += fmt::format(", pos=\"{},{}!\"", n.position->first, n.position->second);
    out += "];\n";
  }
  for (const Link& l : spec.links)
    out += fmt::format("  {} -- {} [label=\"{}\"{}];\n", quoted(spec.nodes[l.a.index()].id),
                       quoted(spec.nodes[l.b.index()].id), to_text(l.capacity),
                       l.one_way ? ", dir=forward" : "");
  return out + "}\n";
}

}  // namespace longhaul
