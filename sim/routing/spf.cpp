#include "sim/routing/spf.hpp"

#include <algorithm>
#include <cassert>
#include <functional>

namespace longhaul::routing {

Cost largest_metric(const Network& network) {
  const auto nodes = static_cast<Cost>(std::max<std::size_t>(network.nodes().size(), 1));
  return std::numeric_limits<Cost>::max() / 2 / nodes;
}

std::vector<Cost> port_metrics(const Network& network, Metric metric) {
  const Cost largest = largest_metric(network);
  std::vector<Cost> metrics;
  metrics.reserve(network.ports().size());
  for (std::size_t p = 0; p < network.ports().size(); ++p) {
    const Port& port = network.ports()[p];
    const Link& link = network.link(port.link);
    Cost cost = 1;
    switch (metric) {
      case Metric::hops:
        break;
      case Metric::inverse_capacity:
        // A port that does not exist may have no rate.
        cost = reference_rate_bps / std::max<std::int64_t>(port.rate().bps(), 1);
        break;
      case Metric::delay:
        cost = port.delay.ps();
        break;
      case Metric::given:
        cost = (p % 2 == 0 ? link.metric_ab : link.metric_ba).value_or(default_given_metric);
        break;
    }
    metrics.push_back(std::clamp<Cost>(cost, 1, largest));
  }
  return metrics;
}

ShortestPaths::ShortestPaths(const Network& network, const std::vector<Cost>& metric,
                             const std::vector<bool>& usable)
    : distance_(network.nodes().size(), unreachable) {
  for (std::size_t n = 0; n < network.nodes().size(); ++n) {
    out_.first.push_back(static_cast<std::uint32_t>(out_.arcs.size()));
    in_.first.push_back(static_cast<std::uint32_t>(in_.arcs.size()));
    for (const PortId port : network.ports_from(NodeId(n))) {
      if (!usable[port.index()]) continue;
      assert(metric[port.index()] > 0);
      out_.arcs.push_back({network.port(port).to, port, metric[port.index()]});
    }
    for (const PortId port : network.ports_to(NodeId(n))) {
      if (!usable[port.index()]) continue;
      in_.arcs.push_back({network.port(port).from, port, metric[port.index()]});
    }
  }
  out_.first.push_back(static_cast<std::uint32_t>(out_.arcs.size()));
  in_.first.push_back(static_cast<std::uint32_t>(in_.arcs.size()));
}

void ShortestPaths::run(std::span<const NodeId> targets) {
  for (const NodeId node : reached_) distance_[node.index()] = unreachable;
  reached_.clear();
  heap_.clear();
  for (const NodeId target : targets) {
    if (distance_[target.index()] == 0) continue;  // named twice
    distance_[target.index()] = 0;
    heap_.emplace_back(0, target);
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
  }
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
    const auto [cost, node] = heap_.back();
    heap_.pop_back();
    if (cost != distance_[node.index()]) continue;  // a shorter way was found since it was queued
    reached_.push_back(node);
    for (const Arc& arc : in_.of(node)) {
      const Cost candidate = cost + arc.metric;
      if (candidate >= distance_[arc.other.index()]) continue;
      distance_[arc.other.index()] = candidate;
      heap_.emplace_back(candidate, arc.other);
      std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
    }
  }
}

std::span<const PortId> ShortestPaths::next(NodeId at) {
  next_.clear();
  const Cost here = distance_[at.index()];
  if (here == unreachable) return next_;
  for (const Arc& arc : out_.of(at)) {
    const Cost there = distance_[arc.other.index()];
    if (there != unreachable && there + arc.metric == here) next_.push_back(arc.port);
  }
  return next_;
}

}  // namespace longhaul::routing
