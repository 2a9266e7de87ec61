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

double cable_down_share(double km, bool sea, const failure::Rates& rates) {
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
  double shared_km = 0;   ///< of the shortest
  bool submarine = true;  ///< all of its links lie in the sea
};

/// By first mention; with their names.
std::vector<std::pair<std::string, Group>> risk_groups(const Network& network) {
  std::vector<std::pair<std::string, Group>> groups;
  std::unordered_map<std::string, std::size_t> position;
  for (std::size_t l = 0; l < network.links().size(); ++l) {
    const Link& link = network.links()[l];
    const double km = cable_km(network, link);
    for (const std::string& name : link.risk) {
      const auto [found, fresh] = position.emplace(name, groups.size());
      if (fresh) groups.push_back({name, {{}, km, true}});
      Group& group = groups[found->second].second;
      if (!group.links.empty() && group.links.back() == LinkId(l)) continue;  // named twice
      group.links.emplace_back(l);
      group.shared_km = std::min(group.shared_km, km);
      group.submarine = group.submarine && link.medium == Medium::submarine;
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
  // 4.39 cuts a year per 1000 sheath miles (Crawford, "Fiber optic cable dig-ups: causes and
  // cures", Bellcore 1993), 12 h to repair (To and Neusy, "Unavailability analysis of long-haul
  // networks", IEEE JSAC 12(1), 1994).
  rates.cable_mtbf_h_per_1000_km = hours_per_year / 4.39 * 1.609344;
  rates.cable_mttr_h = 12;
  // The rest after the nominal figures of Verbrugge et al., "General availability model for
  // multilayer transport networks", DRCN 2005: 4.64e7 h for a kilometre of sea cable, a ship to
  // mend it; two line cards (1e5 h) and two transponders (4e5 h) a link; a router.
  rates.submarine_mtbf_h_per_1000_km = 46'400;
  rates.submarine_mttr_h = 540;
  rates.link_mtbf_h = 40'000;
  rates.link_mttr_h = 2;
  rates.node_mtbf_h = 200'000;
  rates.node_mttr_h = 2;
  return rates;
}

double cable_km(const Network& network, const Link& link) {
  if (link.medium != Medium::fiber && link.medium != Medium::submarine) return 0;
  if (const auto length = cable_length(link, network.nodes())) return length->kilometres();
  const double km_per_s = static_cast<double>(light_speed_m_per_s) / 1e3 /
                          (static_cast<double>(fibre_group_index_e4) / 1e4);
  return link.delay.seconds() * km_per_s;
}

std::vector<Cause> causes(const Network& network, const failure::Rates& rates) {
  const auto groups = risk_groups(network);
  std::vector<double> shared_km(network.links().size(), 0.0);
  for (const auto& [name, group] : groups) {
    for (const LinkId link : group.links) shared_km[link.index()] += group.shared_km;
  }

  std::vector<Cause> out;
  const double equipment = down_share(rates.link_mtbf_h, rates.link_mttr_h);
  for (std::size_t l = 0; l < network.links().size(); ++l) {
    const Link& link = network.links()[l];
    Cause cause{Cause::Kind::link, link.id, {}, NodeId::none(), 0};
    add_ports(cause.ports, network, LinkId(l));
    const double own_km = cable_km(network, link) - shared_km[l];
    cause.unavailability =
        either(cable_down_share(own_km, link.medium == Medium::submarine, rates), equipment);
    out.push_back(std::move(cause));
  }
  for (std::size_t n = 0; n < network.nodes().size(); ++n) {
    Cause cause{Cause::Kind::node,
                network.nodes()[n].id,
                {},
                NodeId(n),
                down_share(rates.node_mtbf_h, rates.node_mttr_h)};
    for (const PortId port : network.ports_from(NodeId(n))) cause.ports.push_back(port);
    for (const PortId port : network.ports_to(NodeId(n))) cause.ports.push_back(port);
    std::sort(cause.ports.begin(), cause.ports.end());
    out.push_back(std::move(cause));
  }
  for (const auto& [name, group] : groups) {
    Cause cause{Cause::Kind::risk_group,
                name,
                {},
                NodeId::none(),
                cable_down_share(group.shared_km, group.submarine, rates)};
    for (const LinkId link : group.links) add_ports(cause.ports, network, link);
    out.push_back(std::move(cause));
  }
  return out;
}

}  // namespace longhaul::plan
