#include <fmt/format.h>

#include "sim/topology/topology.hpp"

namespace longhaul {

NetworkPtr load_topology(const std::string& path) {
  Diagnostics diagnostics;
  NetworkSpec spec = read_topology(SourceText::read(path), diagnostics);
  diagnostics.throw_if_errors();
  return std::make_shared<const Network>(std::move(spec));
}

}  // namespace longhaul
