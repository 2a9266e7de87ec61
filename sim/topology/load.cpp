#include <fmt/format.h>

#include "sim/topology/import/import.hpp"
#include "sim/topology/topology.hpp"

namespace longhaul {

NetworkPtr load_topology(const std::string& path) {
  Diagnostics diagnostics;
  NetworkSpec spec = load_topology_spec(path, diagnostics);
  diagnostics.throw_if_errors();
  return std::make_shared<const Network>(std::move(spec));
}

NetworkSpec load_topology_spec(const std::string& path, Diagnostics& diagnostics) {
  const SourceText text = SourceText::read(path);
  const auto format = recognise(text);
  if (format) return import_network(text, *format, diagnostics).spec;
  diagnostics.error({path, 0, 0}, "is of no known format",
                    "longhaul reads its own YAML, REPETITA, SNDlib, GML, GraphML, TopoHub JSON, "
                    "Net2Plan and ns-3 lists");
  return {};
}

}  // namespace longhaul
