#include "sim/failure/components.hpp"

#include <algorithm>
#include <map>

#include "sim/network/delay.hpp"

namespace longhaul::failure {

namespace {

/// The part of a cable that fails as one.
struct Stretch {
  double km = 0;
  bool submarine = true;  ///< all of its links lie in the sea
  std::vector<LinkId> links = {};
};

/// By risk group: the shortest of its links.
std::map<std::string, Stretch> shared_cables(const Network& network) {
  std::map<std::string, Stretch> groups;
  for (std::size_t l = 0; l < network.links().size(); ++l) {
    const Link& link = network.links()[l];
    const double km = cable_km(network, link);
    for (const std::string& name : link.risk) {
      if (km <= 0) continue;
      Stretch& group = groups[name];
      group.km = group.links.empty() ? km : std::min(group.km, km);
      group.submarine = group.submarine && link.medium == Medium::submarine;
      if (group.links.empty() || group.links.back() != LinkId(l)) group.links.emplace_back(l);
    }
  }
  return groups;
}

class Components {
 public:
  explicit Components(const Rates& rates) : rates_(rates) {}

  void add_cable(std::string name, const Stretch& s, const std::string& risk_group = {}) {
    const double mtbf =
        s.submarine ? rates_.submarine_mtbf_h_per_1000_km : rates_.cable_mtbf_h_per_1000_km;
    const double mttr = s.submarine ? rates_.submarine_mttr_h : rates_.cable_mttr_h;
    if (s.km > 0)
      add({Component::Kind::cable, std::move(name), s.links, mtbf * 1000 / s.km, mttr, risk_group});
  }

  void add(Component c) {
    if (c.mtbf_h > 0 && c.mttr_h > 0 && !c.links.empty()) all_.push_back(std::move(c));
  }

  std::vector<Component> all() && { return std::move(all_); }

 private:
  const Rates& rates_;
  std::vector<Component> all_;
};

}  // namespace

double cable_km(const Network& network, const Link& link) {
  if (link.medium != Medium::fiber && link.medium != Medium::submarine) return 0;
  if (const auto length = cable_length(link, network.nodes())) return length->kilometres();
  const double metres_per_s =
      static_cast<double>(light_speed_m_per_s) * 1e4 / static_cast<double>(fibre_group_index_e4);
  return link.delay.seconds() * metres_per_s / 1000;
}

std::vector<Component> components_of(const Network& network, const Rates& rates) {
  Components out(rates);
  const std::map<std::string, Stretch> groups = shared_cables(network);
  for (std::size_t l = 0; l < network.links().size(); ++l) {
    const Link& link = network.links()[l];
    double own = cable_km(network, link);
    for (const std::string& name : link.risk)
      if (const auto group = groups.find(name); group != groups.end()) own -= group->second.km;
    out.add_cable("cable " + link.id, {own, link.medium == Medium::submarine, {LinkId(l)}});
  }
  for (const auto& [name, group] : groups)
    out.add_cable("cable of risk group " + name, group, name);
  for (std::size_t l = 0; l < network.links().size(); ++l)
    out.add({Component::Kind::link,
             "link " + network.links()[l].id,
             {LinkId(l)},
             rates.link_mtbf_h,
             rates.link_mttr_h});
  for (std::size_t n = 0; n < network.nodes().size(); ++n) {
    std::vector<LinkId> links;
    for (std::size_t l = 0; l < network.links().size(); ++l)
      if (network.links()[l].a == NodeId(n) || network.links()[l].b == NodeId(n))
        links.emplace_back(l);
    out.add({Component::Kind::node,
             "node " + network.nodes()[n].id,
             std::move(links),
             rates.node_mtbf_h,
             rates.node_mttr_h,
             {},
             NodeId(n)});
  }
  return std::move(out).all();
}

}  // namespace longhaul::failure
