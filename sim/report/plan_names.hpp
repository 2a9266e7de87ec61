// How plans name links, what failed, and who sends to whom.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/network/network.hpp"
#include "sim/plan/causes.hpp"
#include "sim/plan/sweep.hpp"
#include "sim/report/style.hpp"

namespace longhaul::report {

inline const std::string& from_name(const Network& network, PortId port) {
  return network.node(network.port(port).from).id;
}
inline const std::string& to_name(const Network& network, PortId port) {
  return network.node(network.port(port).to).id;
}
inline const std::string& link_name(const Network& network, PortId port) {
  return network.link(network.port(port).link).id;
}

using Failed = std::pair<plan::CauseId, plan::CauseId>;

/// Names of none, one or two causes.
inline std::vector<std::string> failed_names(const std::vector<plan::Cause>& causes,
                                             const Failed& failed) {
  std::vector<std::string> names;
  for (const plan::CauseId cause : {failed.first, failed.second}) {
    if (cause.valid()) names.push_back(causes[cause.index()].name);
  }
  return names;
}

/// "nothing", "A-B", "node A", "A-B and C-D".
std::string failed_text(const std::vector<plan::Cause>& causes, const Failed& failed);

/// "A → B", or a dash for none.
std::string port_text(const Network& network, PortId port, const Style& style);

inline NodeId receiver(const Network& network, const routing::Cut& pair) {
  return NodeId(pair.destination.index() % network.nodes().size());
}

/// Green up to 80 %, yellow up to 100 %, red above.
inline Tone tone_of(double utilization) {
  if (utilization > 1.0) return Tone::bad;
  return utilization > 0.8 ? Tone::warn : Tone::plain;
}

}  // namespace longhaul::report
