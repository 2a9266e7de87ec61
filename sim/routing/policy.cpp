#include "sim/routing/policy.hpp"

#include <algorithm>

namespace longhaul::routing {

LearntFrom far_end_is(const Network& network, PortId id) {
  const Port& port = network.port(id);
  const Link& link = network.link(port.link);
  const ProviderId near = network.node(port.from).provider;
  const ProviderId far = network.node(port.to).provider;
  if (near == far) return LearntFrom::self;
  if (link.relation == Relation::peer) return LearntFrom::peer;
  if (link.relation == Relation::transit) {
    if (link.customer == near) return LearntFrom::provider;
    if (link.customer == far) return LearntFrom::customer;
  }
  const int near_tier = network.providers()[near.index()].tier;
  const int far_tier = network.providers()[far.index()].tier;
  if (near_tier == far_tier) return LearntFrom::peer;
  return near_tier > far_tier ? LearntFrom::provider : LearntFrom::customer;
}

Domains::Domains(const Network& network, const std::vector<bool>& up)
    : of_node(network.nodes().size(), DomainId::none()) {
  std::vector<NodeId> open;
  const auto visit = [&](NodeId node, DomainId domain) {
    if (of_node[node.index()].valid()) return;
    of_node[node.index()] = domain;
    members[domain.index()].push_back(node);
    open.push_back(node);
  };
  for (std::size_t n = 0; n < network.nodes().size(); ++n) {
    if (of_node[n].valid()) continue;
    const DomainId domain(members.size());
    const ProviderId owner = network.nodes()[n].provider;
    members.emplace_back();
    provider.push_back(owner);
    visit(NodeId(n), domain);
    while (!open.empty()) {
      const NodeId at = open.back();
      open.pop_back();
      const auto follow = [&](PortId port, NodeId far) {
        if (up[port.index()] && network.node(far).provider == owner) visit(far, domain);
      };
      // Both ways: a one-way link makes one domain of its ends.
      for (const PortId port : network.ports_from(at)) follow(port, network.port(port).to);
      for (const PortId port : network.ports_to(at)) follow(port, network.port(port).from);
    }
    std::sort(members[domain.index()].begin(), members[domain.index()].end());
  }
}

PolicyRoutes::PolicyRoutes(const Network& network, const std::vector<bool>& up,
                           const std::vector<bool>& last_resort, const Domains& domains)
    : domains_(domains),
      into_(domains.count()),
      routes_(domains.count()),
      at_length_(domains.count() + 1) {
  for (std::size_t p = 0; p < network.ports().size(); ++p) {
    if (!up[p]) continue;
    const Port& port = network.ports()[p];
    const LearntFrom learnt_from = far_end_is(network, PortId(p));
    if (learnt_from == LearntFrom::self) continue;
    into_[domains.of_node[port.to.index()].index()].push_back(
        {PortId(p), domains.of_node[port.from.index()], learnt_from, last_resort[p]});
    any_last_resort_ = any_last_resort_ || last_resort[p];
  }
  std::vector<bool> seen(network.providers().size());
  split_ = false;
  for (const ProviderId provider : domains.provider) {
    split_ = split_ || seen[provider.index()];
    seen[provider.index()] = true;
  }
  if (split_) crosses_.assign(domains.count(), std::vector<bool>(network.providers().size()));
}

const std::vector<DomainRoute>& PolicyRoutes::towards(DomainId destination) {
  for (DomainRoute& route : routes_) {
    route.learnt_from = LearntFrom::nobody;
    route.exits.clear();
  }
  for (std::vector<DomainId>& domains : at_length_) domains.clear();
  for (std::vector<bool>& providers : crosses_) providers.assign(providers.size(), false);

  routes_[destination.index()].learnt_from = LearntFrom::self;
  routes_[destination.index()].length = 0;
  at_length_[0].push_back(destination);
  if (split_) {
    crosses_[destination.index()][domains_.provider[destination.index()].index()] = true;
  }
  settled_.clear();
  spread_all();
  if (any_last_resort_) {
    for (const DomainRoute& route : routes_)
      settled_.push_back(route.learnt_from != LearntFrom::nobody);
    spread_all();
  }
  for (DomainRoute& route : routes_) std::sort(route.exits.begin(), route.exits.end());
  return routes_;
}

/// In order of preference: who has a customer route wants no other, and so on.
void PolicyRoutes::spread_all() {
  spread(LearntFrom::customer);
  spread(LearntFrom::peer);
  spread(LearntFrom::provider);
}

void PolicyRoutes::spread(LearntFrom kind) {
  // By growing length, so that a domain is decided before anybody hears of its route.
  for (std::uint32_t length = 1; length < at_length_.size(); ++length) {
    for (const DomainId over : at_length_[length - 1]) {
      const LearntFrom held = routes_[over.index()].learnt_from;
      // Routes of peers and providers are told to customers only; one's own and customers' routes
      // to all.
      const bool told_to_all = held == LearntFrom::self || held == LearntFrom::customer;
      if (kind != LearntFrom::provider && !told_to_all) continue;
      for (const Border& border : into_[over.index()]) {
        if (wanted(border, kind, length) && !would_loop(border, over)) accept(border, over, length);
      }
    }
  }
}

/// Whether the domain before `border` takes a route of this kind and length over it.
bool PolicyRoutes::wanted(const Border& border, LearntFrom kind, std::uint32_t length) const {
  if (border.learnt_from != kind) return false;
  const bool first_round = settled_.empty();
  if (first_round ? border.last_resort : settled_[border.from.index()]) return false;
  const DomainRoute& route = routes_[border.from.index()];
  const bool undecided = route.learnt_from == LearntFrom::nobody;
  return undecided || (route.learnt_from == kind && route.length == length);
}

bool PolicyRoutes::would_loop(const Border& border, DomainId over) const {
  return split_ && crosses_[over.index()][domains_.provider[border.from.index()].index()];
}

void PolicyRoutes::accept(const Border& border, DomainId over, std::uint32_t length) {
  const std::size_t at = border.from.index();
  DomainRoute& route = routes_[at];
  if (route.learnt_from == LearntFrom::nobody) {
    route.learnt_from = border.learnt_from;
    route.length = length;
    at_length_[length].push_back(border.from);
  }
  route.exits.push_back(border.port);
  if (!split_) return;
  for (std::size_t p = 0; p < crosses_[at].size(); ++p) {
    if (crosses_[over.index()][p]) crosses_[at][p] = true;
  }
  crosses_[at][domains_.provider[at].index()] = true;
}

}  // namespace longhaul::routing
