#include "sim/topology/export/export.hpp"

#include <utility>

#include "sim/topology/topology.hpp"

namespace longhaul {

std::optional<ExportFormat> export_format_of(std::string_view path) {
  constexpr std::pair<std::string_view, ExportFormat> endings[] = {
      {".yaml", ExportFormat::yaml},       {".yml", ExportFormat::yaml},
      {".graphml", ExportFormat::graphml}, {".geojson", ExportFormat::geojson},
      {".json", ExportFormat::geojson},    {".dot", ExportFormat::dot},
      {".gv", ExportFormat::dot}};
  for (const auto& [ending, format] : endings)
    if (path.size() > ending.size() && path.substr(path.size() - ending.size()) == ending)
      return format;
  return std::nullopt;
}

std::string export_network(const NetworkSpec& spec, ExportFormat format) {
  switch (format) {
    case ExportFormat::yaml:
      return to_yaml(spec);
    case ExportFormat::graphml:
      return to_graphml(spec);
    case ExportFormat::geojson:
      return to_geojson(spec);
    case ExportFormat::dot:
      return to_dot(spec);
  }
  return {};
}

}  // namespace longhaul
