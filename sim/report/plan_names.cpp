#include "sim/report/plan_names.hpp"

#include "sim/report/cells.hpp"

namespace longhaul::report {

std::string failed_text(const std::vector<plan::Cause>& causes, const Failed& failed) {
  std::string text;
  for (const plan::CauseId id : {failed.first, failed.second}) {
    if (!id.valid()) continue;
    const plan::Cause& cause = causes[id.index()];
    if (!text.empty()) text += " and ";
    if (cause.kind != plan::Cause::Kind::link) text += std::string(to_string(cause.kind)) + " ";
    text += cause.name;
  }
  return text.empty() ? "nothing" : text;
}

std::string port_text(const Network& network, PortId port, const Style& style) {
  if (!port.valid()) return "-";
  return direction(style, from_name(network, port), to_name(network, port));
}

}  // namespace longhaul::report
