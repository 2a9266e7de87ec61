#include "sim/plan/steering.hpp"

#include <algorithm>
#include <optional>

#include "sim/plan/detail/dice.hpp"

namespace longhaul::plan {

namespace {

/// A move must lower the busiest arc by more than rounding does.
constexpr double least_gain = 1e-9;
/// Of the pairs over the busiest arc, so many are looked at, those that load it most first.
constexpr std::size_t looked_at = 64;
/// Kicks away from where no move helps, without a new best, before the search ends.
constexpr std::size_t kicks = 40;
/// Pairs that a kick sends elsewhere.
constexpr std::size_t kicked = 3;

class Search {
 public:
  Search(const FlowProblem& problem, const EcmpShares& shares, const std::vector<Pair>& pairs,
         const std::vector<std::uint32_t>& start, const SteerLimits& limits)
      : problem_(problem),
        shares_(shares),
        pairs_(pairs),
        start_(start),
        limits_(limits),
        dice_(limits.seed),
        via_(start),
        load_(problem.arcs.size(), 0.0) {
    for (std::uint32_t p = 0; p < pairs_.size(); ++p) put(p, via_[p], 1);
    best_ = {via_, load_, problem_.max_utilization(load_), 0};
  }

  Steering run() && {
    std::size_t unlucky = 0;
    std::size_t moves = 0;
    while (unlucky <= kicks && moves < limits_.moves && !done()) {
      while (moves < limits_.moves && improve()) ++moves;
      unlucky = keep_if_best() ? 0 : unlucky + 1;
      back_to_best();
      kick();
    }
    return std::move(best_);
  }

 private:
  struct Move {
    std::uint32_t pair;
    std::uint32_t via;
    double busiest;  ///< utilization of what the pair then crosses
  };

  bool done() const { return best_.max_utilization <= limits_.lower_bound * (1 + 1e-6); }
  /// Calls `use(arc, share)` for what a pair crosses; an arc may come twice.
  template <class Use>
  void over(std::uint32_t pair, std::uint32_t via, Use&& use) const {
    const Pair& p = pairs_[pair];
    const auto half = [&](std::uint32_t from, std::uint32_t to) {
      for (const ArcShare& s : shares_.of(p.constraint, from, to)) use(s.arc, s.share);
    };
    if (via == direct) return half(p.from, p.to);
    half(p.from, via);
    half(via, p.to);
  }
  void put(std::uint32_t pair, std::uint32_t via, double sign) {
    over(pair, via,
         [&](std::uint32_t arc, double share) { load_[arc] += sign * share * pairs_[pair].bps; });
  }
  void move(std::uint32_t pair, std::uint32_t via) {
    put(pair, via_[pair], -1);
    changes_ -= via_[pair] != start_[pair];
    via_[pair] = via;
    changes_ += via_[pair] != start_[pair];
    put(pair, via, 1);
  }
  /// The budget of changes lets `pair` go through `via`.
  bool allowed(std::uint32_t pair, std::uint32_t via) const {
    const std::size_t after =
        changes_ - std::size_t{via_[pair] != start_[pair]} + std::size_t{via != start_[pair]};
    return after <= limits_.changes;
  }
  std::uint32_t busiest_arc() const;
  std::vector<std::uint32_t> pairs_over(std::uint32_t arc) const;
  std::optional<Move> best_way(std::uint32_t pair, double below);
  bool improve();
  bool keep_if_best();
  void back_to_best();
  void kick();

  const FlowProblem& problem_;
  const EcmpShares& shares_;
  const std::vector<Pair>& pairs_;
  const std::vector<std::uint32_t>& start_;
  const SteerLimits& limits_;
  detail::Dice dice_;
  std::vector<std::uint32_t> via_;
  std::vector<double> load_;
  std::size_t changes_ = 0;
  Steering best_;
};

std::uint32_t Search::busiest_arc() const {
  std::uint32_t busiest = 0;
  const auto share = [&](std::uint32_t a) { return load_[a] / problem_.arcs[a].capacity_bps; };
  for (std::uint32_t a = 1; a < load_.size(); ++a) {
    if (share(a) > share(busiest)) busiest = a;
  }
  return busiest;
}

/// Those that load `arc` most, first.
std::vector<std::uint32_t> Search::pairs_over(std::uint32_t arc) const {
  struct Part {
    double bps;
    std::uint32_t pair;
  };
  std::vector<Part> parts;
  for (std::uint32_t p = 0; p < pairs_.size(); ++p) {
    double share = 0;
    over(p, via_[p], [&](std::uint32_t a, double s) { share += a == arc ? s : 0; });
    if (share > 0) parts.push_back({share * pairs_[p].bps, p});
  }
  std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
    return a.bps != b.bps ? a.bps > b.bps : a.pair < b.pair;
  });
  std::vector<std::uint32_t> out;
  out.reserve(parts.size());
  for (const Part& part : parts) out.push_back(part.pair);
  return out;
}

/// The way of a pair that leaves the least utilization behind on all that it crosses, if that is
/// below `below`.
std::optional<Search::Move> Search::best_way(std::uint32_t pair, double below) {
  const Pair& p = pairs_[pair];
  std::optional<Move> best;
  put(pair, via_[pair], -1);
  const auto consider = [&](std::uint32_t via) {
    if (via == via_[pair] || !can_pass(shares_, p, via) || !allowed(pair, via)) return;
    double busiest = 0;
    put(pair, via, 1);  // both halves may cross an arc, so that shares alone do not tell
    over(pair, via, [&](std::uint32_t arc, double) {
      busiest = std::max(busiest, load_[arc] / problem_.arcs[arc].capacity_bps);
    });
    put(pair, via, -1);
    if (busiest >= below) return;
    below = busiest;
    best = Move{pair, via, busiest};
  };
  consider(direct);
  for (std::uint32_t via = 0; via < problem_.nodes; ++via) consider(via);
  put(pair, via_[pair], 1);
  return best;
}

/// Takes one pair off the busiest arc so that nothing else gets as busy; true if there is one.
bool Search::improve() {
  const std::uint32_t arc = busiest_arc();
  const double now = load_[arc] / problem_.arcs[arc].capacity_bps;
  if (now <= limits_.lower_bound * (1 + 1e-6)) return false;
  std::size_t looked = 0;
  for (const std::uint32_t pair : pairs_over(arc)) {
    if (++looked > looked_at) break;
    const std::optional<Move> found = best_way(pair, now * (1 - least_gain));
    if (!found) continue;
    move(found->pair, found->via);
    return true;
  }
  return false;
}

bool Search::keep_if_best() {
  const double utilization = problem_.max_utilization(load_);
  if (utilization >= best_.max_utilization * (1 - least_gain)) return false;
  best_ = {via_, load_, utilization, changes_};
  return true;
}

void Search::back_to_best() {
  via_ = best_.via;
  changes_ = best_.changes;
  // Afresh, so that rounding does not pile up over a search.
  load_.assign(load_.size(), 0.0);
  for (std::uint32_t p = 0; p < pairs_.size(); ++p) put(p, via_[p], 1);
}

/// Sends a few pairs of the busiest arc elsewhere, whatever that costs.
void Search::kick() {
  for (std::size_t k = 0; k < kicked; ++k) {
    const std::vector<std::uint32_t> pairs = pairs_over(busiest_arc());
    if (pairs.empty()) return;
    const std::uint32_t pair = pairs[dice_.roll(std::min(pairs.size(), looked_at))];
    const auto via = static_cast<std::uint32_t>(dice_.roll(problem_.nodes));
    if (via != via_[pair] && can_pass(shares_, pairs_[pair], via) && allowed(pair, via))
      move(pair, via);
  }
}

}  // namespace

bool can_pass(const EcmpShares& shares, const Pair& pair, std::uint32_t via) {
  return via == direct || (via != pair.from && via != pair.to &&
                           !shares.of(pair.constraint, pair.from, via).empty() &&
                           !shares.of(pair.constraint, via, pair.to).empty());
}

std::vector<Pair> pairs_of(const FlowProblem& problem, const EcmpShares& shares) {
  std::vector<Pair> pairs;
  for (const Commodity& commodity : problem.commodities) {
    for (std::uint32_t n = 0; n < problem.nodes; ++n) {
      const double bps = commodity.bps_from[n];
      if (bps <= 0 || shares.of(commodity.constraint, n, commodity.to).empty()) continue;
      pairs.push_back({n, commodity.to, commodity.constraint, bps});
    }
  }
  return pairs;
}

Steering steer(const FlowProblem& problem, const EcmpShares& shares, const std::vector<Pair>& pairs,
               const std::vector<std::uint32_t>& start, const SteerLimits& limits) {
  return Search(problem, shares, pairs, start, limits).run();
}

}  // namespace longhaul::plan
