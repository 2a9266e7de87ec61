#include "sim/routing/fast_reroute.hpp"

#include <algorithm>
#include <tuple>

namespace longhaul::routing {

const char* to_string(Frr frr) {
  switch (frr) {
    case Frr::none:
      return "none";
    case Frr::lfa:
      return "lfa";
    case Frr::remote_lfa:
      return "remote-lfa";
    case Frr::ti_lfa:
      return "ti-lfa";
  }
  return "";
}

namespace {

/// Sums of distances, of which one may be unreachable.
Cost plus(Cost a, Cost b) { return a == unreachable || b == unreachable ? unreachable : a + b; }

}  // namespace

DestinationId through_legs(Segments& segments, std::span<const Leg> legs, ConstraintId constraint,
                           DestinationId to) {
  for (std::size_t i = legs.size(); i-- > 0;) {
    const std::size_t node = constraint.index() * segments.nodes() + legs[i].node.index();
    to = legs[i].port.valid() ? segments.over(legs[i].port, legs[i].node, to)
                              : segments.through(DestinationId(node), to);
  }
  return to;
}

FastReroute::FastReroute(const Network& network, const std::vector<Cost>& metric,
                         const std::vector<bool>& usable, Frr scheme)
    : network_(network),
      metric_(metric),
      usable_(usable),
      scheme_(scheme),
      paths_(network, metric, usable),
      to_(network.nodes().size()) {}

std::optional<Repair> FastReroute::repair(NodeId at, NodeId destination, PortId failed,
                                          std::span<const PortId> dead) {
  if (scheme_ == Frr::none || distance(at, destination) == unreachable) return std::nullopt;
  if (scheme_ == Frr::ti_lfa) return along_new_path(at, destination, failed, dead);
  auto found = lfa(at, destination, failed, dead);
  if (found || scheme_ == Frr::lfa) return found;
  found = remote(at, failed, dead);
  // A tunnel to where the packet goes anyway is none.
  if (found && found->legs.front().node == destination) found->legs.clear();
  return found;
}

const std::vector<Cost>& FastReroute::distances_to(NodeId to) {
  std::vector<Cost>& distances = to_[to.index()];
  if (distances.empty()) {
    distances.assign(to_.size(), unreachable);
    paths_.run(std::span(&to, 1));
    for (const NodeId n : paths_.reached()) distances[n.index()] = paths_.distance(n);
  }
  return distances;
}

Cost FastReroute::distance(NodeId from, NodeId to) { return distances_to(to)[from.index()]; }

template <class F>
void FastReroute::for_each_other_port(NodeId at, PortId failed, std::span<const PortId> dead,
                                      F&& use) const {
  for (const PortId p : network_.ports_from(at))
    if (usable_[p.index()] && p != failed && std::find(dead.begin(), dead.end(), p) == dead.end())
      use(p);
}

/// Inequalities 1 and 3 of RFC 5286: the neighbour's shortest paths do not come back here; better
/// if they also avoid the node that the failed link leads to. Among equals the nearest.
std::optional<Repair> FastReroute::lfa(NodeId at, NodeId destination, PortId failed,
                                       std::span<const PortId> dead) {
  const NodeId beyond = network_.port(failed).to;
  std::optional<std::tuple<bool, Cost, PortId>> best;
  for_each_other_port(at, failed, dead, [&](PortId p) {
    const NodeId by = network_.port(p).to;
    const Cost rest = distance(by, destination);
    if (rest == unreachable || rest >= plus(distance(by, at), distance(at, destination))) return;
    const bool avoids_node =
        by != beyond && rest < plus(distance(by, beyond), distance(beyond, destination));
    const std::tuple candidate{!avoids_node, metric_[p.index()] + rest, p};
    if (!best || candidate < *best) best = candidate;
  });
  if (!best) return std::nullopt;
  return Repair{std::get<PortId>(*best), {}};
}

/// The nearest node of the extended P-space (a neighbour's shortest paths to it avoid the link)
/// that is in the Q-space of the link's far end (its shortest paths there avoid it too). From such
/// a node whatever went over the link reaches its end without it.
std::optional<Repair> FastReroute::remote(NodeId at, PortId failed, std::span<const PortId> dead) {
  const NodeId beyond = network_.port(failed).to;
  std::optional<std::tuple<Cost, NodeId, PortId>> best;
  for (std::size_t n = 0; n < to_.size(); ++n) {
    const NodeId node(n);
    if (node == at || !avoids(node, beyond, failed)) continue;
    for_each_other_port(at, failed, dead, [&](PortId p) {
      const NodeId by = network_.port(p).to;
      if (!avoids(by, node, failed)) return;
      const std::tuple candidate{metric_[p.index()] + distance(by, node), node, p};
      if (!best || candidate < *best) best = candidate;
    });
  }
  if (!best) return std::nullopt;
  return Repair{std::get<PortId>(*best), {{std::get<NodeId>(*best)}}};
}

/// There is a way from `from` to `to`, and no shortest one crosses the link, in either direction.
bool FastReroute::avoids(NodeId from, NodeId to, PortId failed) {
  const auto by = [&](PortId p) {
    const Port& port = network_.port(p);
    return plus(plus(distance(from, port.from), metric_[p.index()]), distance(port.to, to));
  };
  const Cost direct = distance(from, to);
  const PortId back = Network::reverse(failed);
  return direct < by(failed) && (!usable_[back.index()] || direct < by(back));
}

/// Along the path after convergence, the nodes of the P-space come first and those of the Q-space
/// last (what precedes a node of P, or follows one of Q, lies on its shortest paths). Packets go to
/// the first node of Q if that is in P; else to the last node of P and link by link to Q.
std::optional<Repair> FastReroute::along_new_path(NodeId at, NodeId destination, PortId failed,
                                                  std::span<const PortId> dead) {
  std::vector<bool> left = usable_;
  left[failed.index()] = left[Network::reverse(failed).index()] = false;
  for (const PortId p : dead) left[p.index()] = false;
  ShortestPaths after(network_, metric_, left);
  after.run(std::span(&destination, 1));
  if (after.distance(at) == unreachable) return std::nullopt;
  std::vector<PortId> path;
  std::size_t last_p = 0;
  std::optional<std::size_t> first_q;
  for (NodeId here = at; here != destination;) {
    path.push_back(after.next(here).front());
    here = network_.port(path.back()).to;
    if (avoids(at, here, failed)) last_p = path.size();
    if (!first_q && avoids(here, destination, failed)) first_q = path.size();
  }
  const auto node = [&](std::size_t i) { return i == 0 ? at : network_.port(path[i - 1]).to; };
  const std::size_t q = first_q.value_or(path.size());
  if (q == 1) return Repair{path.front(), {}};
  if (q <= last_p) return Repair{PortId::none(), {{node(q)}}};
  Repair repair;
  if (last_p == 0)
    repair.port = path.front();
  else
    repair.legs.push_back({node(last_p)});
  for (std::size_t i = std::max<std::size_t>(last_p, 1); i < q; ++i)
    repair.legs.push_back({node(i), path[i]});
  return repair;
}

}  // namespace longhaul::routing
