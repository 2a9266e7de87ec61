#include "sim/plan/detail/price_tree.hpp"

#include <algorithm>
#include <functional>
#include <limits>

namespace longhaul::plan::detail {

PriceTree::PriceTree(const FlowProblem& problem) : problem_(problem) {
  for (const std::vector<std::uint32_t>& in : problem.in) {
    first_.push_back(static_cast<std::uint32_t>(into_.size()));
    for (const std::uint32_t arc : in) into_.push_back({problem.arcs[arc].from, arc});
  }
  first_.push_back(static_cast<std::uint32_t>(into_.size()));
}

void PriceTree::run(const Commodity& commodity, const std::vector<double>& price) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  distance_.assign(problem_.nodes, infinite);
  next_.assign(problem_.nodes, FlowProblem::no_arc);
  order_.clear();
  heap_.clear();
  distance_[commodity.to] = 0;
  heap_.emplace_back(0.0, commodity.to);
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
    const auto [cost, node] = heap_.back();
    heap_.pop_back();
    if (cost != distance_[node]) continue;  // a cheaper way was found since it was queued
    order_.push_back(node);
    for (std::uint32_t i = first_[node]; i < first_[node + 1]; ++i) {
      const In& in = into_[i];
      const double candidate = cost + price[in.arc];
      if (candidate >= distance_[in.from]) continue;
      if (!problem_.usable(in.arc, commodity.constraint)) continue;
      distance_[in.from] = candidate;
      next_[in.from] = in.arc;
      heap_.emplace_back(candidate, in.from);
      std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
    }
  }
}

}  // namespace longhaul::plan::detail
