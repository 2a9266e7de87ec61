#include "sim/plan/tune_metrics.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "sim/base/random.hpp"
#include "sim/plan/congestion_cost.hpp"
#include "sim/plan/detail/dice.hpp"
#include "sim/plan/ecmp_loads.hpp"

namespace longhaul::plan {

using routing::Cost;

namespace {

/// The largest metric of OSPF (RFC 2328, A.4.2: 16 bits); IS-IS takes more.
constexpr Cost largest_metric = 65'535;
/// Metrics are looked for up to so many times the usual one of the start; Fortz and Thorup found 20
/// values to be enough.
constexpr Cost range = 20;
/// Neighbours looked at for one that costs less, for each arc, before the best of them is taken.
constexpr std::size_t sample_per_arc = 1;
/// Moves that cost more before metrics are shaken.
constexpr std::size_t patience = 5;
/// What the search aims at next, as a part of the best utilization so far.
constexpr double step_down = 0.95;
/// Bits that remember what was visited (their secondary hash table).
constexpr std::size_t memory = std::size_t{1} << 16U;

/// Better first by max utilization, then by cost.
struct Score {
  double utilization;
  double cost;
  bool operator<(const Score& other) const {
    if (std::abs(utilization - other.utilization) > 1e-9 * other.utilization)
      return utilization < other.utilization;
    return cost < other.cost;
  }
};

class Search {
 public:
  Search(const FlowProblem& problem, const std::vector<Cost>& start, const TuneLimits& limits)
      : problem_(problem),
        limits_(limits),
        start_(start),
        state_(problem, start),
        dice_(limits.seed),
        seen_(memory) {
    aim_ = aim_below(problem.max_utilization(state_.load_bps()));
    best_metric_ = start_;
    best_ = start_score_ = score(state_.load_bps());
    fit_into_range();
    if (!limits.arc_price.empty()) begin_at_prices();
  }

  TunedMetrics run() && {
    std::size_t since_best = 0;
    while (tried_ < limits_.iterations && !done()) {
      step() ? since_best = 0 : 0;
      since_best += uphill_ ? 1 : 0;
      if (since_best < patience) continue;
      shake();
      since_best = 0;
    }
    put_back();
    TunedMetrics out{best_metric_, best_.utilization, start_score_.utilization, 0, tried_};
    for (std::size_t a = 0; a < start_.size(); ++a) out.changes += start_[a] != best_metric_[a];
    return out;
  }

 private:
  using Changes = std::vector<MetricChange>;

  /// The utilization that costs as much as a full link: a little below the best known, so that the
  /// cost falls most where the busiest links lose load.
  double aim_below(double utilization) const {
    return std::max(limits_.lower_bound, step_down * utilization);
  }
  bool done() const { return best_.utilization <= limits_.lower_bound * (1 + 1e-6); }
  Score score(const std::vector<double>& load) const {
    return {problem_.max_utilization(load), congestion_cost(problem_, load, aim_)};
  }
  void fit_into_range();
  void begin_at_prices();
  bool step();
  bool keep_if_best(Score reached);
  Changes neighbour();
  Changes one_metric(std::uint32_t arc);
  Changes even_split();
  std::uint32_t busy_arc();
  void shake();
  void put_back();

  /// Of the metrics after `changes`.
  std::size_t hash_after(const Changes& changes) const {
    std::uint64_t hash = hash_;
    for (const MetricChange& c : changes)
      hash ^= hash_of(c.arc, state_.metric()[c.arc]) ^ hash_of(c.arc, c.metric);
    return static_cast<std::size_t>(hash);
  }
  static std::uint64_t hash_of(std::uint32_t arc, Cost metric) {
    return mix((std::uint64_t{arc} << 32U) + static_cast<std::uint64_t>(metric));
  }
  void move(const Changes& changes) {
    hash_ = hash_after(changes);
    seen_[hash_ % memory] = true;
    state_.apply(changes);
  }

  const FlowProblem& problem_;
  const TuneLimits& limits_;
  const std::vector<Cost>& start_;
  EcmpLoads state_;
  detail::Dice dice_;
  double aim_;
  Cost most_ = range;  ///< metrics are chosen from 1 to this
  std::vector<Cost> best_metric_;
  Score best_{0, 0};
  Score start_score_{0, 0};
  std::size_t tried_ = 0;
  bool uphill_ = false;  ///< the last step cost more
  std::uint64_t hash_ = 0;
  std::vector<bool> seen_;
};

/// Where metrics are larger than a router takes, the search starts from the same in proportion.
void Search::fit_into_range() {
  std::vector<Cost> sorted = start_;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const Cost usual = *middle;
  const Cost largest = *std::max_element(start_.begin(), start_.end());
  most_ = std::clamp(usual, Cost{1}, largest_metric / range) * range;
  if (largest <= largest_metric) return;
  most_ = largest_metric;
  Changes scaled;
  for (std::uint32_t a = 0; a < start_.size(); ++a) {
    const double part = static_cast<double>(start_[a]) / static_cast<double>(largest);
    scaled.push_back({a, std::max<Cost>(1, static_cast<Cost>(part * largest_metric))});
  }
  state_.apply(scaled);
}

/// With the prices of the optimum as metrics, all ways that the optimum uses are shortest: the
/// search begins there where even splitting over them costs less than the start.
void Search::begin_at_prices() {
  const std::vector<double>& price = limits_.arc_price;
  const double dearest = *std::max_element(price.begin(), price.end());
  if (dearest <= 0) return;
  Changes changes;
  for (std::uint32_t a = 0; a < price.size(); ++a) {
    const double part = price[a] / dearest * static_cast<double>(most_ - 1);
    changes.push_back({a, 1 + static_cast<Cost>(std::llround(part))});
  }
  ++tried_;
  const double now = congestion_cost(problem_, state_.load_bps(), aim_);
  if (congestion_cost(problem_, state_.what_if(changes), aim_) >= now) return;
  move(changes);
  keep_if_best(score(state_.load_bps()));
}

/// Moves to the first neighbour found that costs less, else to the best of those looked at, none
/// visited before; true if that is a new best.
bool Search::step() {
  const double now = congestion_cost(problem_, state_.load_bps(), aim_);
  std::optional<Score> least;
  Changes chosen;
  const std::size_t sample = sample_per_arc * problem_.arcs.size();
  for (std::size_t i = 0; i < sample && tried_ < limits_.iterations; ++i) {
    Changes changes = neighbour();
    ++tried_;
    if (changes.empty() || seen_[hash_after(changes) % memory]) continue;
    const Score reached = score(state_.what_if(changes));
    if (least && least->cost <= reached.cost) continue;
    least = reached;
    chosen = std::move(changes);
    if (least->cost < now) break;
  }
  if (!least) return false;
  uphill_ = least->cost >= now;
  move(chosen);
  return keep_if_best(score(state_.load_bps()));
}

bool Search::keep_if_best(Score reached) {
  if (!(reached < best_)) return false;
  best_ = reached;
  best_metric_ = state_.metric();
  aim_ = aim_below(best_.utilization);
  seen_.assign(memory, false);
  return true;
}

Search::Changes Search::neighbour() {
  switch (dice_.roll(4)) {
    case 0:
      return even_split();
    case 1:
      return one_metric(busy_arc());
    default:
      return one_metric(static_cast<std::uint32_t>(dice_.roll(problem_.arcs.size())));
  }
}

Search::Changes Search::one_metric(std::uint32_t arc) {
  const auto metric = static_cast<Cost>(1 + dice_.roll(static_cast<std::size_t>(most_)));
  if (metric == state_.metric()[arc]) return {};
  return {{arc, metric}};
}

/// One of the busiest: the busiest of a few drawn at random.
std::uint32_t Search::busy_arc() {
  const auto share = [&](std::uint32_t a) {
    return state_.load_bps()[a] / problem_.arcs[a].capacity_bps;
  };
  auto busiest = static_cast<std::uint32_t>(dice_.roll(problem_.arcs.size()));
  for (std::size_t i = 0; i < problem_.arcs.size() / 4; ++i) {
    const auto other = static_cast<std::uint32_t>(dice_.roll(problem_.arcs.size()));
    if (share(other) > share(busiest)) busiest = other;
  }
  return busiest;
}

/// Metrics that give the node before a busy arc several equal ways to a target (Fortz and Thorup's
/// second kind of neighbour): every way gets what it lacks to the longest of them.
Search::Changes Search::even_split() {
  const std::uint32_t node = problem_.arcs[busy_arc()].from;
  const std::size_t commodity = dice_.roll(problem_.commodities.size());
  const ConstraintId constraint = problem_.commodities[commodity].constraint;
  const Cost here = state_.distance(commodity, node);
  Changes changes;
  Cost longest = 0;
  for (const std::uint32_t a : problem_.out[node]) {
    const Cost beyond = state_.distance(commodity, problem_.arcs[a].to);
    // What leads back through here cannot be made equal.
    if (beyond == routing::unreachable || beyond >= here + state_.metric()[a] ||
        !problem_.usable(a, constraint))
      continue;
    longest = std::max(longest, beyond);
    changes.push_back({a, beyond});
  }
  if (changes.size() < 2) return {};
  const Cost spare = static_cast<Cost>(1 + dice_.roll(3));
  for (MetricChange& change : changes) {
    change.metric = longest + spare - change.metric;
    if (change.metric > most_) return {};
  }
  return changes;
}

/// Away from where nothing better was found: from the best so far, a tenth of the metrics anew.
void Search::shake() {
  Changes changes;
  for (std::uint32_t a = 0; a < problem_.arcs.size(); ++a) {
    Cost metric = best_metric_[a];
    if (dice_.roll(10) == 0)
      metric = static_cast<Cost>(1 + dice_.roll(static_cast<std::size_t>(most_)));
    if (metric != state_.metric()[a]) changes.push_back({a, metric});
  }
  move(changes);
  keep_if_best(score(state_.load_bps()));
}

/// Undoes changes that the best utilization does not need: every metric changed is a router
/// touched.
void Search::put_back() {
  EcmpLoads state(problem_, best_metric_);
  for (std::uint32_t a = 0; a < start_.size(); ++a) {
    if (state.metric()[a] == start_[a]) continue;
    const MetricChange back{a, start_[a]};
    const double utilization = problem_.max_utilization(state.what_if({&back, 1}));
    if (utilization > best_.utilization * (1 + 1e-12)) continue;
    state.apply({&back, 1});
  }
  best_metric_ = state.metric();
  best_.utilization = problem_.max_utilization(state.load_bps());
}

}  // namespace

TunedMetrics tune_metrics(const FlowProblem& problem, const std::vector<Cost>& start,
                          const TuneLimits& limits) {
  return Search(problem, start, limits).run();
}

}  // namespace longhaul::plan
