#include "sim/plan/ecmp_shares.hpp"

#include <algorithm>

namespace longhaul::plan {

namespace {

/// Nodes from which `routes` lead to `to`, each after all that it forwards to.
std::vector<std::uint32_t> downstream_first(const FlowProblem& problem, const Routes& routes,
                                            DestinationId to) {
  std::vector<std::uint32_t> waits_for(problem.nodes, 0);
  std::vector<std::uint32_t> order{routes.node(to).value()};
  for (std::uint32_t n = 0; n < problem.nodes; ++n)
    waits_for[n] = static_cast<std::uint32_t>(routes.next(NodeId(n), to).size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (const std::uint32_t arc : problem.in[order[i]]) {
      const std::uint32_t from = problem.arcs[arc].from;
      const std::span<const PortId> next = routes.next(NodeId(from), to);
      if (std::find(next.begin(), next.end(), problem.arcs[arc].port) == next.end()) continue;
      if (--waits_for[from] == 0) order.push_back(from);
    }
  }
  return order;
}

}  // namespace

EcmpShares::EcmpShares(const FlowProblem& problem, const Routes& routes)
    : nodes_(problem.nodes), row_(problem.forbidden.size(), 0), first_{0} {
  std::vector<bool> wanted(problem.forbidden.size());
  for (const Commodity& commodity : problem.commodities)
    wanted[commodity.constraint.index()] = true;
  std::size_t kept = 0;
  for (std::size_t c = 0; c < wanted.size(); ++c) {
    if (!wanted[c]) continue;
    row_[c] = kept++;
    for (std::size_t n = 0; n < nodes_; ++n)
      add_target(problem, routes, routes.destination(NodeId(n), ConstraintId(c)));
  }
}

void EcmpShares::add_target(const FlowProblem& problem, const Routes& routes, DestinationId to) {
  std::vector<std::vector<ArcShare>> of_node(nodes_);
  std::vector<double> crossed(problem.arcs.size(), 0.0);
  std::vector<std::uint32_t> touched;
  for (const std::uint32_t node : downstream_first(problem, routes, to)) {
    const std::span<const PortId> next = routes.next(NodeId(node), to);
    const double part = 1.0 / static_cast<double>(std::max<std::size_t>(1, next.size()));
    const auto cross = [&](std::uint32_t arc, double share) {
      if (crossed[arc] == 0) touched.push_back(arc);
      crossed[arc] += share;
    };
    touched.clear();
    for (const PortId port : next) {
      const std::uint32_t arc = problem.arc_of_port[port.index()];
      cross(arc, part);
      for (const ArcShare& beyond : of_node[problem.arcs[arc].to])
        cross(beyond.arc, part * beyond.share);
    }
    std::sort(touched.begin(), touched.end());
    for (const std::uint32_t arc : touched) {
      of_node[node].push_back({arc, crossed[arc]});
      crossed[arc] = 0;
    }
  }
  for (const std::vector<ArcShare>& shares : of_node) {
    shares_.insert(shares_.end(), shares.begin(), shares.end());
    first_.push_back(shares_.size());
  }
}

}  // namespace longhaul::plan
