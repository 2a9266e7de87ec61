#include "sim/plan/detail/concurrent_flow.hpp"

#include <algorithm>
#include <cmath>

#include "sim/plan/detail/price_tree.hpp"

namespace longhaul::plan::detail {

namespace {

/// An arc's price grows by 1 + step with each time that its capacity is filled (Fleischer's
/// epsilon); larger steps move faster and stop farther from the optimum.
constexpr double first_step = 0.5;
/// Bounds are worked out every so many phases; that costs as much as a phase.
constexpr std::size_t look_every = 4;
/// A round of phases with one step, and its flow averaged; the next has half the step and takes
/// longer by `round_growth`.
constexpr std::size_t first_round = 8;
constexpr double round_growth = 3;

/// Each phase sends every demand once, over what is then cheapest; a price grows with the share of
/// its arc's capacity that was used. The mean of the phases is a flow and the prices are a dual
/// solution, so both bounds are worked out and hold whatever the steps were.
class ConcurrentFlow {
 public:
  ConcurrentFlow(const FlowProblem& problem, const OptimumLimits& limits)
      : problem_(problem), limits_(limits), tree_(problem), through_(problem.nodes) {
    for (const Arc& arc : problem.arcs) price_.push_back(1.0 / arc.capacity_bps);
  }

  Optimum run() && {
    best_.method = OptimumMethod::approximation;
    prove();
    begin();
    double round = first_round;
    while (best_.iterations < limits_.phases) {
      for (const Commodity& commodity : problem_.commodities) send(commodity);
      ++best_.iterations;
      ++phases_;
      if (best_.iterations % look_every != 0) continue;
      prove();
      offer();
      if (best_.gap() <= limits_.gap) break;
      if (static_cast<double>(phases_) >= round) {
        step_ /= 2;
        round *= round_growth;
        begin();
      }
      keep_finite();
    }
    return std::move(best_);
  }

 private:
  /// Flow is averaged from here on: what earlier, worse prices chose is forgotten.
  void begin() {
    sum_.assign(problem_.arcs.size(), 0.0);
    phases_ = 0;
  }
  void send(const Commodity& commodity);
  double share_that_fits(const Commodity& commodity, double left);
  void offer();
  void prove() {
    const double bound = dual_bound(problem_, price_);
    if (bound <= best_.lower_bound) return;
    best_.lower_bound = bound;
    best_.arc_price = price_;
  }
  void keep_finite() {
    const double most = *std::max_element(price_.begin(), price_.end());
    for (double& price : price_) price /= most;
  }

  const FlowProblem& problem_;
  const OptimumLimits& limits_;
  PriceTree tree_;
  Optimum best_;
  double step_ = first_step;
  std::vector<double> price_;  ///< by arc
  std::vector<double> sum_;    ///< bit/s by arc, over `phases_`
  std::size_t phases_ = 0;
  std::vector<double> through_;  ///< bit/s by node, of one commodity on one tree
};

/// The largest share, up to `left`, of a commodity that overfills no arc of the present tree when
/// capacities are scaled to the least utilization known to be needed. Leaves what each node
/// forwards, of the whole commodity, in `through_`.
double ConcurrentFlow::share_that_fits(const Commodity& commodity, double left) {
  through_ = commodity.bps_from;
  double share = left;
  const std::vector<std::uint32_t>& nearest_first = tree_.nearest_first();
  for (auto node = nearest_first.rbegin(); node + 1 != nearest_first.rend(); ++node) {
    const double bps = through_[*node];
    if (bps <= 0) continue;
    const Arc& arc = problem_.arcs[tree_.next(*node)];
    through_[arc.to] += bps;
    const double room = arc.capacity_bps * best_.lower_bound;
    if (share * bps > room) share = room / bps;
  }
  return share;
}

void ConcurrentFlow::send(const Commodity& commodity) {
  for (double left = 1; left > 0;) {
    tree_.run(commodity, price_);
    const double share = share_that_fits(commodity, left);
    for (const std::uint32_t node : tree_.nearest_first()) {
      const double bps = share * through_[node];
      if (bps <= 0 || node == commodity.to) continue;
      const std::uint32_t a = tree_.next(node);
      sum_[a] += bps;
      price_[a] *= 1 + step_ * bps / (problem_.arcs[a].capacity_bps * best_.lower_bound);
    }
    left = share < left ? left - share : 0;
  }
}

/// The mean of the phases as the flow, if it is better than the best so far.
void ConcurrentFlow::offer() {
  const double utilization = problem_.max_utilization(sum_) / static_cast<double>(phases_);
  if (!best_.load_bps.empty() && utilization >= best_.max_utilization) return;
  best_.max_utilization = utilization;
  best_.load_bps = sum_;
  for (double& bps : best_.load_bps) bps /= static_cast<double>(phases_);
}

}  // namespace

Optimum approximate_flow(const FlowProblem& problem, const OptimumLimits& limits) {
  return ConcurrentFlow(problem, limits).run();
}

}  // namespace longhaul::plan::detail
