#include "sim/plan/causes.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "sim/failure/components.hpp"

namespace longhaul::plan {

namespace {

void add_ports(std::vector<PortId>& ports, const Network& network, LinkId link) {
  for (const PortId port : {Network::forward(link), Network::backward(link)}) {
    if (network.port(port).exists) ports.push_back(port);
  }
}

void add_links(std::vector<Cause>& out, const Network& network) {
  for (std::size_t l = 0; l < network.links().size(); ++l) {
    out.push_back({Cause::Kind::link, network.links()[l].id, {}, NodeId::none(), 0});
    add_ports(out.back().ports, network, LinkId(l));
  }
}

void add_nodes(std::vector<Cause>& out, const Network& network) {
  for (std::size_t n = 0; n < network.nodes().size(); ++n) {
    out.push_back({Cause::Kind::node, network.nodes()[n].id, {}, NodeId(n), 0});
    std::vector<PortId>& ports = out.back().ports;
    for (const PortId port : network.ports_from(NodeId(n))) ports.push_back(port);
    for (const PortId port : network.ports_to(NodeId(n))) ports.push_back(port);
    std::sort(ports.begin(), ports.end());
  }
}

/// By first mention; returns where each stands.
std::unordered_map<std::string, std::size_t> add_risk_groups(std::vector<Cause>& out,
                                                             const Network& network) {
  std::unordered_map<std::string, std::size_t> position;
  for (std::size_t l = 0; l < network.links().size(); ++l)
    for (const std::string& name : network.links()[l].risk) {
      const auto [found, fresh] = position.emplace(name, out.size());
      if (fresh) out.push_back({Cause::Kind::risk_group, name, {}, NodeId::none(), 0});
      std::vector<PortId>& ports = out[found->second].ports;
      const bool twice = !ports.empty() && network.port(ports.back()).link == LinkId(l);
      if (!twice) add_ports(ports, network, LinkId(l));
    }
  return position;
}

}  // namespace

const char* to_string(Cause::Kind kind) {
  switch (kind) {
    case Cause::Kind::link:
      return "link";
    case Cause::Kind::node:
      return "node";
    case Cause::Kind::risk_group:
      return "risk group";
  }
  return "";
}

failure::Rates rates_of(const Scenario& scenario) {
  return scenario.failures.value_or(failure::published_rates());
}

std::vector<Cause> causes(const Network& network, const failure::Rates& rates) {
  std::vector<Cause> out;
  add_links(out, network);
  const std::size_t first_node = out.size();
  add_nodes(out, network);
  const auto group_at = add_risk_groups(out, network);
  for (const failure::Component& c : failure::components_of(network, rates)) {
    std::size_t at = c.links.front().index();
    if (c.node.valid()) at = first_node + c.node.index();
    if (!c.risk_group.empty()) at = group_at.at(c.risk_group);
    // A link is down when its cable is, or its equipment.
    double& down = out[at].unavailability;
    down = 1 - (1 - down) * (1 - c.unavailability());
  }
  return out;
}

}  // namespace longhaul::plan
