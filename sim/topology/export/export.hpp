// Networks for other programs: graph tools, maps, drawings.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/network/network.hpp"

namespace longhaul {

enum class ExportFormat {
  yaml,     ///< longhaul's own; reads back to the same network
  graphml,  ///< reads back to the same network
  geojson,  ///< RFC 7946, for maps
  dot,      ///< Graphviz
};
/// By a file's ending: .yaml, .yml, .graphml, .geojson, .json, .dot, .gv.
std::optional<ExportFormat> export_format_of(std::string_view path);

std::string export_network(const NetworkSpec& spec, ExportFormat format);

std::string to_graphml(const NetworkSpec& spec);
std::string to_geojson(const NetworkSpec& spec);
std::string to_dot(const NetworkSpec& spec);

}  // namespace longhaul
