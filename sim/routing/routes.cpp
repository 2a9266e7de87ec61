#include "sim/routing/routes.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "sim/routing/policy.hpp"
#include "sim/routing/spf.hpp"

namespace longhaul {

using routing::Cost;
using routing::DomainId;
using routing::DomainRoute;
using routing::Domains;
using routing::LearntFrom;
using routing::PolicyRoutes;
using routing::ShortestPaths;

const char* to_string(Metric metric) {
  switch (metric) {
    case Metric::hops:
      return "hops";
    case Metric::inverse_capacity:
      return "inverse-capacity";
    case Metric::delay:
      return "delay";
    case Metric::given:
      return "given";
  }
  return "";
}

const char* to_string(Ecmp ecmp) {
  switch (ecmp) {
    case Ecmp::per_flow:
      return "per-flow";
    case Ecmp::per_packet:
      return "per-packet";
    case Ecmp::off:
      return "off";
  }
  return "";
}

const char* to_string(Exits exits) {
  switch (exits) {
    case Exits::hot_potato:
      return "hot-potato";
    case Exits::cold_potato:
      return "cold-potato";
  }
  return "";
}

namespace {

/// Fills the routes of one network, domain by domain.
class Builder {
 public:
  Builder(const Network& network, const RoutingSpec& spec, const std::vector<Cost>& metric,
          const std::vector<bool>& up, const Domains& domains)
      : network_(network),
        metric_(metric),
        domains_(domains),
        single_path_(spec.ecmp == Ecmp::off),
        cold_potato_(spec.exits == Exits::cold_potato),
        policy_(network, up, drained(network, metric), domains),
        paths_(network, metric, within_providers(network, up)),
        routes_(network.nodes().size()) {}

  Routes build() && {
    for (std::size_t d = 0; d < domains_.count(); ++d) {
      const std::vector<NodeId>& destinations = domains_.members[d];
      if (domains_.count() == 1) {
        for (const NodeId destination : destinations) route_inside(destination);
        break;
      }
      const std::vector<DomainRoute>& ways = policy_.towards(DomainId(d));
      if (cold_potato_) {
        route_cold(destinations, ways);
        continue;
      }
      for (const NodeId destination : destinations) route_inside(destination);
      for (const DomainRoute& way : ways) {
        if (!way.exits.empty()) route_out(way.exits, destinations);
      }
    }
    return std::move(routes_);
  }

 private:
  static std::vector<bool> drained(const Network& network, const std::vector<Cost>& metric) {
    const Cost largest = routing::largest_metric(network);
    std::vector<bool> out(metric.size());
    for (std::size_t p = 0; p < out.size(); ++p) out[p] = metric[p] >= largest;
    return out;
  }

  static std::vector<bool> within_providers(const Network& network, const std::vector<bool>& up) {
    std::vector<bool> usable(up.size());
    for (std::size_t p = 0; p < up.size(); ++p) {
      usable[p] = up[p] && routing::far_end_is(network, PortId(p)) == LearntFrom::self;
    }
    return usable;
  }

  void set(NodeId at, NodeId destination, std::span<const PortId> ports) {
    routes_.set(at, destination, single_path_ && !ports.empty() ? ports.first(1) : ports);
  }

  /// Routes to `destination` from the routers of its own domain.
  void route_inside(NodeId destination) {
    paths_.run(std::span(&destination, 1));
    for (const NodeId at : paths_.reached()) {
      if (at != destination) set(at, destination, paths_.next(at));
    }
  }

  /// Routes to each of `destinations` from everywhere, out of each domain at the exits from which
  /// the rest of the way costs least, that port included.
  void route_cold(std::span<const NodeId> destinations, const std::vector<DomainRoute>& ways) {
    std::vector<const DomainRoute*> nearest_first;
    for (const DomainRoute& way : ways)
      if (!way.exits.empty()) nearest_first.push_back(&way);
    std::stable_sort(nearest_first.begin(), nearest_first.end(),
                     [](const auto* a, const auto* b) { return a->length < b->length; });
    std::vector<PortId> cheapest;
    for (const NodeId& destination : destinations) {
      rest_.assign(network_.nodes().size(), routing::unreachable);
      route_inside(destination);
      for (const NodeId at : paths_.reached()) rest_[at.index()] = paths_.distance(at);
      for (const DomainRoute* way : nearest_first) {
        const Cost rest = cheapest_exits(way->exits, cheapest);
        if (cheapest.empty()) continue;
        route_out(cheapest, std::span(&destination, 1));
        for (const NodeId at : paths_.reached()) rest_[at.index()] = paths_.distance(at) + rest;
      }
    }
  }

  /// Those of `exits` from which the rest of the way costs least, and what that is.
  Cost cheapest_exits(const std::vector<PortId>& exits, std::vector<PortId>& cheapest) const {
    Cost least = routing::unreachable;
    cheapest.clear();
    for (const PortId exit : exits) {
      const Cost beyond = rest_[network_.port(exit).to.index()];
      if (beyond == routing::unreachable) continue;
      const Cost rest = metric_[exit.index()] + beyond;
      if (rest > least) continue;
      if (rest < least) cheapest.clear();
      least = rest;
      cheapest.push_back(exit);
    }
    return least;
  }

  /// Routes out of the domain that `exits` leave: each router to the nearest of them, the same for
  /// all `destinations`.
  void route_out(const std::vector<PortId>& exits, std::span<const NodeId> destinations) {
    exits_ = exits;
    const auto router = [&](PortId port) { return network_.port(port).from; };
    std::stable_sort(exits_.begin(), exits_.end(),
                     [&](PortId a, PortId b) { return router(a) < router(b); });
    exit_routers_.clear();
    for (const PortId exit : exits_) exit_routers_.push_back(router(exit));

    paths_.run(exit_routers_);
    for (const NodeId at : paths_.reached()) {
      const auto [first, last] = std::equal_range(exit_routers_.begin(), exit_routers_.end(), at);
      if (first != last) {
        set(at, destinations.front(),
            {exits_.data() + (first - exit_routers_.begin()),
             static_cast<std::size_t>(last - first)});
      } else {
        set(at, destinations.front(), paths_.next(at));
      }
      for (const NodeId destination : destinations.subspan(1)) {
        routes_.share(at, destination, destinations.front());
      }
    }
  }

  const Network& network_;
  const std::vector<Cost>& metric_;
  const Domains& domains_;
  bool single_path_;
  bool cold_potato_;
  PolicyRoutes policy_;
  ShortestPaths paths_;
  Routes routes_;
  std::vector<PortId> exits_;         ///< of one domain, by router and then by port
  std::vector<NodeId> exit_routers_;  ///< of each exit
  std::vector<Cost> rest_;            ///< cold potato: of the way from each node to one destination
};

}  // namespace

void Routes::use(std::shared_ptr<const Segments> segments) {
  assert(segments->first() == plain_count() && segments->nodes() == nodes_);
  segments_ = std::move(segments);
}

void Routes::bind(DestinationId policy, DestinationId destination) {
  const std::size_t i = policy.index() - plain_count();
  if (bound_.size() <= i) bound_.resize(i + 1, DestinationId::none());
  bound_[i] = destination;
}

DestinationId Routes::bound(DestinationId destination) const {
  if (!is_segment(destination)) return destination;
  const Segments::Segment& s = (*segments_)[destination];
  if (!s.is_policy()) return destination;
  const std::size_t i = destination.index() - plain_count();
  return i < bound_.size() && bound_[i].valid() ? bound_[i] : s.then;
}

DestinationId Routes::ahead(NodeId at, DestinationId destination) const {
  destination = bound(destination);
  while (is_segment(destination)) {
    const Segments::Segment& s = (*segments_)[destination];
    if (NodeId(s.via.index() % nodes_) != at || s.port.valid()) return destination;
    destination = s.then;
  }
  return destination;
}

std::span<const PortId> Routes::next_by_segment(NodeId at, DestinationId destination) const {
  destination = ahead(at, destination);
  if (!is_segment(destination)) return next(at, destination);
  const Segments::Segment& s = (*segments_)[destination];
  // Its router is not behind the packet, so it is either here, at an adjacency, or on the way.
  if (NodeId(s.via.index() % nodes_) == at) return {&s.port, 1};
  return next(at, s.via);
}

DestinationId Routes::turned(NodeId at, DestinationId destination) const {
  destination = ahead(at, destination);
  if (!is_segment(destination)) return destination;
  const Segments::Segment& s = (*segments_)[destination];
  return NodeId(s.via.index() % nodes_) == at ? s.then : destination;
}

bool Routes::delivers(NodeId at, DestinationId destination) const {
  destination = ahead(at, destination);
  return !is_segment(destination) && node(destination) == at;
}

void Routes::append(const Routes& other) {
  const auto offset = static_cast<std::uint32_t>(ports_.size());
  for (std::size_t cell = 0; cell < nodes_ * nodes_; ++cell)
    first_.push_back(other.first_[cell] + offset);
  count_.insert(count_.end(), other.count_.begin(),
                other.count_.begin() + static_cast<std::ptrdiff_t>(nodes_ * nodes_));
  ports_.insert(ports_.end(), other.ports_.begin(), other.ports_.end());
}

Routes compute_routes(const Network& network, const RoutingSpec& spec, const LinkStates& states,
                      std::span<const PathConstraint> constraints) {
  const std::vector<bool>& unusable = states.unusable;
  const std::vector<Cost> metric =
      states.metric.empty() ? routing::port_metrics(network, spec.metric) : states.metric;
  const auto routes_without = [&](const std::vector<bool>& avoid) {
    std::vector<bool> up(network.ports().size());
    for (std::size_t p = 0; p < up.size(); ++p) {
      up[p] = network.ports()[p].exists && (unusable.empty() || !unusable[p]) &&
              (avoid.empty() || !avoid[p]);
    }
    const Domains domains(network, up);
    return Builder(network, spec, metric, up, domains).build();
  };
  Routes routes = routes_without({});
  for (std::size_t c = 1; c < constraints.size(); ++c)
    routes.append(routes_without(constraints[c].avoid));
  return routes;
}

}  // namespace longhaul
