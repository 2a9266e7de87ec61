#include "sim/plan/ecmp_loads.hpp"

#include <algorithm>
#include <functional>

namespace longhaul::plan {

using routing::Cost;
using routing::unreachable;

EcmpLoads::EcmpLoads(const FlowProblem& problem, std::vector<Cost> metric)
    : problem_(problem), metric_(std::move(metric)), routed_(problem.commodities.size()) {
  for (std::size_t c = 0; c < routed_.size(); ++c) route(c, routed_[c]);
  add_up();
}

/// True if a commodity's paths or distances differ after `changes`, against those stored. If no arc
/// on a shortest path gets longer and no other gets short enough to be on one, all stay: along any
/// path the new metrics still add up to the old distance at least, and to more where it was more.
bool EcmpLoads::moves(std::size_t commodity, std::span<const MetricChange> changes) const {
  const std::vector<Cost>& distance = routed_[commodity].distance;
  const ConstraintId constraint = problem_.commodities[commodity].constraint;
  return std::any_of(changes.begin(), changes.end(), [&](const MetricChange& change) {
    const Arc& arc = problem_.arcs[change.arc];
    const Cost near = distance[arc.from];
    const Cost far = distance[arc.to];
    if (far == unreachable || !problem_.usable(change.arc, constraint)) return false;
    const Cost before = metric_[change.arc];
    return change.metric < before ? far + change.metric <= near
                                  : change.metric > before && far + before == near;
  });
}

void EcmpLoads::set(std::span<const MetricChange> changes) {
  for (const MetricChange& change : changes) metric_[change.arc] = change.metric;
}

const std::vector<double>& EcmpLoads::what_if(std::span<const MetricChange> changes) {
  answer_ = load_;
  std::vector<std::uint32_t> moved;
  for (std::size_t c = 0; c < routed_.size(); ++c) {
    if (moves(c, changes)) moved.push_back(static_cast<std::uint32_t>(c));
  }
  back_.clear();
  for (const MetricChange& change : changes) back_.push_back({change.arc, metric_[change.arc]});
  set(changes);
  for (const std::uint32_t c : moved) {
    route(c, tried_);
    for (std::size_t a = 0; a < answer_.size(); ++a)
      answer_[a] += tried_.load[a] - routed_[c].load[a];
  }
  set(back_);
  return answer_;
}

void EcmpLoads::apply(std::span<const MetricChange> changes) {
  std::vector<std::uint32_t> moved;
  for (std::size_t c = 0; c < routed_.size(); ++c) {
    if (moves(c, changes)) moved.push_back(static_cast<std::uint32_t>(c));
  }
  set(changes);
  for (const std::uint32_t c : moved) route(c, routed_[c]);
  add_up();
}

/// Afresh, so that rounding does not pile up over a search.
void EcmpLoads::add_up() {
  load_.assign(problem_.arcs.size(), 0.0);
  for (const Routed& routed : routed_) {
    for (std::size_t a = 0; a < load_.size(); ++a) load_[a] += routed.load[a];
  }
}

/// Dijkstra to the commodity's target, then its traffic from the farthest node inwards.
void EcmpLoads::route(std::size_t commodity, Routed& out) {
  const Commodity& traffic = problem_.commodities[commodity];
  std::vector<Cost>& distance = out.distance;
  distance.assign(problem_.nodes, unreachable);
  order_.clear();
  heap_.clear();
  distance[traffic.to] = 0;
  heap_.emplace_back(0, traffic.to);
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
    const auto [cost, node] = heap_.back();
    heap_.pop_back();
    if (cost != distance[node]) continue;  // a shorter way was found since it was queued
    order_.push_back(node);
    for (const std::uint32_t a : problem_.in[node]) {
      const std::uint32_t from = problem_.arcs[a].from;
      const Cost candidate = cost + metric_[a];
      if (candidate >= distance[from] || !problem_.usable(a, traffic.constraint)) continue;
      distance[from] = candidate;
      heap_.emplace_back(candidate, from);
      std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
    }
  }
  out.load.assign(problem_.arcs.size(), 0.0);
  through_ = traffic.bps_from;
  for (auto node = order_.rbegin(); node + 1 != order_.rend(); ++node) {
    const double bps = through_[*node];
    if (bps <= 0) continue;
    const auto shortest = [&](std::uint32_t a) {
      const Cost far = distance[problem_.arcs[a].to];
      return far != unreachable && far + metric_[a] == distance[*node] &&
             problem_.usable(a, traffic.constraint);
    };
    const std::vector<std::uint32_t>& arcs = problem_.out[*node];
    const double part =
        bps / static_cast<double>(std::count_if(arcs.begin(), arcs.end(), shortest));
    for (const std::uint32_t a : arcs) {
      if (!shortest(a)) continue;
      out.load[a] += part;
      through_[problem_.arcs[a].to] += part;
    }
  }
}

}  // namespace longhaul::plan
