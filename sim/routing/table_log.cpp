#include "sim/routing/table_log.hpp"

namespace longhaul::routing {

/// The plain destination by whose ports `at` sends what is for `destination`; none where that is
/// a port that a segment names.
DestinationId TableLog::cell(const Routes& routes, NodeId at, DestinationId destination) const {
  while (routes.is_segment(destination)) {
    const Segments::Segment& s = (*segments_)[destination];
    if (s.is_policy()) {
      destination = routes.bound(destination);
      continue;
    }
    if (routes.node(s.via) != at) return s.via;
    if (s.port.valid()) return DestinationId::none();
    destination = s.then;
  }
  return destination;
}

DestinationId TableLog::repaired(const Entry& entry, DestinationId destination) {
  if (entry.legs.empty()) return destination;
  const ConstraintId constraint(entry.destination.index() / segments_->nodes());
  return through_legs(*segments_, entry.legs, constraint, destination);
}

FibUpdates TableLog::updates(const Network& network, const Routes& routes) {
  FibUpdates out;
  const std::size_t nodes = network.nodes().size();
  // Segments by the plain destination that they follow at one node.
  std::vector<std::vector<DestinationId>> following(routes.plain_count());
  const auto follow = [&](NodeId node, std::size_t count) {
    for (auto& list : following) list.clear();
    for (std::size_t s = 0; s < count; ++s) {
      const DestinationId segment(routes.plain_count() + s);
      const DestinationId plain = cell(routes, node, segment);
      if (plain.valid()) following[plain.index()].push_back(segment);
    }
  };
  const auto for_each_node = [&](auto&& use) {
    for (auto first = entries_.begin(); first != entries_.end();) {
      auto last = first;
      while (last != entries_.end() && last->node == first->node) ++last;
      use(first->node, std::span<const Entry>(first, last));
      first = last;
    }
  };
  // Repairs first: they declare the segments that the rest must follow.
  for_each_node([&](NodeId node, std::span<const Entry> entries) {
    follow(node, given_);
    for (const Entry& e : entries) {
      if (!e.repair) continue;
      repaired(e, e.destination);
      for (const DestinationId s : following[e.destination.index()])
        repaired(e, routes.turned(node, s));
    }
  });
  const std::size_t all = segments_ == nullptr ? 0 : segments_->size();
  const auto is_repair = [&](DestinationId s) {
    return s.index() >= routes.plain_count() + given_;
  };
  for_each_node([&](NodeId node, std::span<const Entry> entries) {
    follow(node, all);
    for (const Entry& e : entries) {
      out.add(e.at, node, e.destination, repaired(e, e.destination), e.ports);
      for (const DestinationId s : following[e.destination.index()])
        if (!e.repair || !is_repair(s))
          out.add(e.at, node, s, repaired(e, routes.turned(node, s)), e.ports);
    }
  });
  out.sort(nodes);
  return out;
}

}  // namespace longhaul::routing
