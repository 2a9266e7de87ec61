#include "tests/fuzz/entries.hpp"

#include <cstdio>
#include <cstdlib>

#include "sim/base/parse.hpp"
#include "sim/scenario/read.hpp"
#include "sim/topology/export/export.hpp"
#include "sim/topology/import/import.hpp"
#include "sim/topology/topology.hpp"

namespace longhaul::fuzz {

namespace {

[[noreturn]] void fail(const char* what, const std::string& why = {}) {
  std::fprintf(stderr, "%s: %s\n", what, why.c_str());
  std::abort();
}

SourceText as_text(std::string_view input) { return SourceText("fuzz", std::string(input)); }

/// Files with a NUL byte are refused before any reader sees them.
bool is_refused(std::string_view input) { return input.find('\0') != std::string_view::npos; }

/// What was read without a mistake can be frozen, and what is written of it reads again.
void check_whole(const NetworkSpec& spec) {
  (void)Network(spec);
  (void)to_geojson(spec);
  (void)to_dot(spec);
  Diagnostics again;
  const std::string yaml = to_yaml(spec);
  const NetworkSpec read = read_topology(SourceText("yaml", yaml), again);
  if (again.has_errors()) fail("its YAML does not read", format(again.all().front()));
  if (read.nodes.size() != spec.nodes.size() || read.links.size() != spec.links.size())
    fail("its YAML reads differently");
  if (to_yaml(read) != yaml) fail("its YAML changes when read", yaml + "\n---\n" + to_yaml(read));
  Diagnostics graph;
  const Imported back =
      import_network(SourceText("graphml", to_graphml(spec)), Format::graphml, graph);
  if (graph.has_errors()) fail("its GraphML does not read", format(graph.all().front()));
  if (back.spec.nodes.size() != spec.nodes.size() || back.spec.links.size() != spec.links.size())
    fail("its GraphML reads differently");
}

template <class T>
void quantity(const Parsed<T>& read, Parsed<T> (*parse)(std::string_view)) {
  if (!read) return;
  const std::string text = to_text(*read);
  const auto again = parse(text);
  if (!again || !(*again == *read)) fail("does not read back", text);
}

}  // namespace

void topology_yaml(std::string_view input) {
  if (is_refused(input)) return;
  Diagnostics diagnostics;
  const NetworkSpec spec = read_topology(as_text(input), diagnostics);
  for (const Diagnostic& d : diagnostics.all()) (void)format(d);
  if (!diagnostics.has_errors()) check_whole(spec);
}

void scenario_yaml(std::string_view input) {
  if (is_refused(input)) return;
  try {
    (void)read_scenario(as_text(input));
  } catch (const InputError& e) {
    for (const Diagnostic& d : e.diagnostics()) (void)format(d);
  }
}

void import(std::string_view input) {
  if (is_refused(input)) return;
  const SourceText text = as_text(input);
  const auto format_of = recognise(text);
  if (!format_of) return;
  Diagnostics diagnostics;
  const Imported read = import_network(text, *format_of, diagnostics);
  for (const Diagnostic& d : diagnostics.all()) (void)format(d);
  if (!diagnostics.has_errors()) {
    check_whole(read.spec);
    return;
  }
  NetworkSpec three;  // for matrices, which count nodes
  three.nodes.resize(3);
  for (std::size_t i = 0; i < 3; ++i)
    three.nodes[i].id = std::string(1, static_cast<char>('A' + i));
  Diagnostics of_matrix;
  (void)import_matrix(text, *format_of, three, of_matrix);
}

void quantities(std::string_view input) {
  quantity(parse_rate(input), parse_rate);
  quantity(parse_capacity(input), parse_capacity);
  quantity(parse_duration(input), parse_duration);
  quantity(parse_size(input), parse_size);
  quantity(parse_distance(input), parse_distance);
  (void)parse_fraction(input);
  (void)parse_number(input);
  (void)parse_integer(input);
}

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all{{"topology_yaml", topology_yaml},
                                      {"scenario_yaml", scenario_yaml},
                                      {"import", import},
                                      {"quantities", quantities}};
  return all;
}

}  // namespace longhaul::fuzz
