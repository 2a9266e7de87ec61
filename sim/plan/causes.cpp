#include "sim/plan/causes.hpp"

#include <algorithm>
#include <unordered_map>

#include "sim/network/delay.hpp"

namespace longhaul::plan {

namespace {

/// Share of the time that something is down; 0 if it never fails.
double down_share(double mtbf_h, double mttr_h) {
  return mtbf_h > 0 ? mttr_h / (mtbf_h + mttr_h) : 0;
}

double cable_down_share(double km, Medium medium, const failure::Rates& rates) {
  const bool sea = medium == Medium::submarine;
  const double mtbf_h = sea ? rates.submarine_mtbf_h_per_1000_km : rates.cable_mtbf_h_per_1000_km;
  const double mttr_h = sea ? rates.submarine_mttr_h : rates.cable_mttr_h;
  return km > 0 ? down_share(mtbf_h * 1000 / km, mttr_h) : 0;
}

double either(double a, double b) { return 1 - (1 - a) * (1 - b); }

void add_ports(std::vector<PortId>& ports, const Network& network, LinkId link) {
  for (const PortId port : {Network::forward(link), Network::backward(link)}) {
    if (network.port(port).exists) ports.push_back(port);
  }
}

struct Group {
  std::vector<LinkId> links;
  double shared_km = 0;  ///< of the shortest
  Medium medium = Medium::fiber;
};

/// By first mention; with their names.
std::vector<std::pair<std::string, Group>> risk_groups(const Network& network) {
  std::vector<std::pair<std::string, Group>> groups;
  std::unordered_map<std::string, std::size_t> position;
  for (std::size_t l = 0; l < network.links().size(); ++l) {
    const Link& link = network.links()[l];
    const double km = cable_km(link);
    for (const std::string& name : link.risk) {
      const auto [found, fresh] = position.emplace(name, groups.size());
      if (fresh) groups.push_back({name, {{}, km, link.medium}});
      Group& group = groups[found->second].second;
      if (!group.links.empty() && group.links.back() == LinkId(l)) continue;  // named twice
      group.links.emplace_back(l);
      if (km < group.shared_km) {
        group.shared_km = km;
        group.medium = link.medium;
      }
    }
  }
  return groups;
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

failure::Rates published_rates() {
  failure::Rates rates;
  // 4.39 cuts a year per 1000 sheath miles of 1609 km: Crawford, "Fiber optic cable dig-ups: causes
  // and cures" (1993), for the FCC's Network Reliability Council; with 12 h to repair as in Grover,
  // "Mesh-based survivable networks" (2003).
  rates.cable_mtbf_h_per_1000_km = hours_per_year / (4.39 / 1.609344);
  rates.cable_mttr_h = 12;
  // 150 to 200 faults a year on 1.4 million km of cable at sea (International Cable Protection
  // Committee): 0.125 per 1000 km. Two weeks until a ship has repaired it: a planning figure.
  rates.submarine_mtbf_h_per_1000_km = hours_per_year / 0.125;
  rates.submarine_mttr_h = 14 * 24;
  // Both ends' ports and transponders, and a router: planning figures of the order of those in
  // Verbrugge et al., "General availability model for multilayer transport networks" (DRCN 2005).
  rates.link_mtbf_h = 100'000;
  rates.link_mttr_h = 6;
  rates.node_mtbf_h = 100'000;
  rates.node_mttr_h = 4;
  return rates;
}

double cable_km(const Link& link) {
  if (link.medium != Medium::fiber && link.medium != Medium::submarine) return 0;
  if (link.length) return link.length->kilometres();
  const double km_per_s = static_cast<double>(light_speed_m_per_s) / 1e3 /
                          (static_cast<double>(fibre_group_index_e4) / 1e4);
  return link.delay.seconds() * km_per_s;
}

std::vector<Cause> causes(const Network& network, const failure::Rates& rates) {
  const auto groups = risk_groups(network);
  std::vector<double> shared_km(network.links().size(), 0.0);
  for (const auto& [name, group] : groups) {
    for (const LinkId link : group.links)
      shared_km[link.index()] = std::max(shared_km[link.index()], group.shared_km);
  }

  std::vector<Cause> out;
  const double equipment = down_share(rates.link_mtbf_h, rates.link_mttr_h);
  for (std::size_t l = 0; l < network.links().size(); ++l) {
    const Link& link = network.links()[l];
    Cause cause{Cause::Kind::link, link.id, {}, NodeId::none(), 0};
    add_ports(cause.ports, network, LinkId(l));
    const double own_km = cable_km(link) - shared_km[l];
    cause.unavailability = either(cable_down_share(own_km, link.medium, rates), equipment);
    out.push_back(std::move(cause));
  }
  for (std::size_t n = 0; n < network.nodes().size(); ++n) {
    Cause cause{Cause::Kind::node, network.nodes()[n].id, {}, NodeId(n),
                down_share(rates.node_mtbf_h, rates.node_mttr_h)};
    for (const PortId port : network.ports_from(NodeId(n))) cause.ports.push_back(port);
    for (const PortId port : network.ports_to(NodeId(n))) cause.ports.push_back(port);
    std::sort(cause.ports.begin(), cause.ports.end());
    out.push_back(std::move(cause));
  }
  for (const auto& [name, group] : groups) {
    Cause cause{Cause::Kind::risk_group, name, {}, NodeId::none(),
                cable_down_share(group.shared_km, group.medium, rates)};
    for (const LinkId link : group.links) add_ports(cause.ports, network, link);
    out.push_back(std::move(cause));
  }
  return out;
}

}  // namespace longhaul::plan
