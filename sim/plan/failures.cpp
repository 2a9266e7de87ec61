#include "sim/plan/failures.hpp"

#include <algorithm>

#include "sim/routing/routes.hpp"

namespace longhaul::plan {

namespace {

/// Cases named for a demand that is cut off.
constexpr std::size_t named_cuts = 4;

/// The `room` greatest of what comes by, by `worse(a, b)`; of equals the first to come.
template <class Worse>
class Greatest {
 public:
  Greatest(std::size_t room, Worse worse) : room_(room), worse_(worse) {}
  void offer(const CaseResult& c) {
    if (room_ == 0) return;
    if (kept_.size() == room_ && !before(c, kept_.front())) return;
    if (kept_.size() == room_) {
      std::pop_heap(kept_.begin(), kept_.end(), order());
      kept_.pop_back();
    }
    kept_.push_back(c);
    std::push_heap(kept_.begin(), kept_.end(), order());
  }
  const std::vector<CaseResult>& kept() const { return kept_; }

 private:
  bool before(const CaseResult& a, const CaseResult& b) const {
    if (worse_(a, b)) return true;
    return !worse_(b, a) && a.number < b.number;
  }
  auto order() const {
    return [this](const CaseResult& a, const CaseResult& b) { return before(a, b); };
  }
  std::size_t room_;
  Worse worse_;
  std::vector<CaseResult> kept_;  ///< a heap: the least of them in front
};

bool busier(const CaseResult& a, const CaseResult& b) {
  return a.max_utilization > b.max_utilization;
}
bool cuts_more(const CaseResult& a, const CaseResult& b) { return a.unrouted_bps > b.unrouted_bps; }
bool worse_together(const CaseResult& a, const CaseResult& b) {
  const auto rank = [](const CaseResult& c) {
    return std::pair(c.cuts_only_together ? c.unrouted_bps : 0.0,
                     c.overloads_only_together ? c.max_utilization : 0.0);
  };
  return rank(a) > rank(b);
}

/// Takes cases as they come and keeps what the plan says.
class Reducer {
 public:
  Reducer(const Network& network, const FailureOptions& options, FailurePlan& plan)
      : network_(network),
        options_(options),
        plan_(plan),
        alone_(plan.causes.size()),
        busiest_(options.top, busier),
        cutting_(options.top, cuts_more),
        together_(options.top, worse_together) {
    plan.links.resize(network.ports().size());
    plan.under.resize(plan.groups.size());
  }

  void add(const Case& seen) {
    CaseResult result{seen.number,
                      seen.first,
                      seen.second,
                      seen.probability,
                      seen.max_utilization,
                      seen.worst,
                      seen.unrouted_bps,
                      seen.at_failed_node_bps,
                      static_cast<std::uint32_t>(seen.cut.size())};
    const bool pair = seen.second.valid();
    if (!pair && seen.first.valid())
      alone_[seen.first.index()] = {!seen.cut.empty(), seen.max_utilization > 1};
    if (pair) compare_with_alone(result);
    count(result);
    add_links(seen);
    add_groups(seen);
    if (!pair || options_.all_pairs) {
      plan_.cases.push_back(result);
      return;
    }
    busiest_.offer(result);
    if (!seen.cut.empty()) cutting_.offer(result);
    if (result.cuts_only_together || result.overloads_only_together) together_.offer(result);
  }

  void finish() {
    std::vector<CaseResult>& cases = plan_.cases;
    for (const auto* kept : {&busiest_.kept(), &cutting_.kept(), &together_.kept()})
      cases.insert(cases.end(), kept->begin(), kept->end());
    const auto number = [](const CaseResult& a, const CaseResult& b) {
      return a.number < b.number;
    };
    std::sort(cases.begin(), cases.end(), number);
    cases.erase(
        std::unique(cases.begin(), cases.end(),
                    [](const CaseResult& a, const CaseResult& b) { return a.number == b.number; }),
        cases.end());
    const auto greatest = [&](bool (*worse)(const CaseResult&, const CaseResult&)) {
      const auto found = std::min_element(cases.begin(), cases.end(), worse);
      return static_cast<std::size_t>(found - cases.begin());
    };
    plan_.worst = greatest(busier);
    plan_.worst_unrouted = greatest(cuts_more);
  }

 private:
  struct Alone {
    bool cuts = false;
    bool overloads = false;
  };

  void compare_with_alone(CaseResult& pair) const {
    const Alone& a = alone_[pair.first.index()];
    const Alone& b = alone_[pair.second.index()];
    pair.cuts_only_together = pair.groups_cut > 0 && !a.cuts && !b.cuts;
    pair.overloads_only_together = pair.max_utilization > 1 && !a.overloads && !b.overloads;
  }

  void count(const CaseResult& c) {
    ++plan_.cases_swept;
    if (c.second.valid()) ++plan_.pairs_swept;
    plan_.swept_share += c.probability;
    if (c.max_utilization > 1) ++plan_.overloads;
    if (c.groups_cut > 0) ++plan_.cuts;
    if (c.cuts_only_together) ++plan_.cut_together;
    if (c.overloads_only_together) ++plan_.overload_together;
    const auto bin = static_cast<std::size_t>(
        std::lower_bound(histogram_bounds.begin(), histogram_bounds.end(), c.max_utilization) -
        histogram_bounds.begin());
    ++plan_.histogram[bin];
    plan_.histogram_share[bin] += c.probability;
  }

  void add_links(const Case& seen) {
    for (std::size_t p = 0; p < plan_.links.size(); ++p) {
      const double load = seen.load_bps[p];
      if (load <= 0) continue;
      LinkUnderFailures& link = plan_.links[p];
      const WorstLoad here{load, seen.number, seen.first, seen.second};
      if (load > link.worst.load_bps) link.worst = here;
      if (!seen.second.valid() && load > link.worst_single.load_bps) link.worst_single = here;
      const double capacity = network_.ports()[p].rate().as_double();
      for (std::size_t m = 0; m < marks.size() && load > marks[m] * capacity; ++m)
        link.share[m] += seen.probability;
    }
  }

  void add_groups(const Case& seen) {
    for (const std::uint32_t g : seen.cut) {
      GroupUnderFailures& group = plan_.under[g];
      group.down_share += seen.probability;
      ++group.cases_cut;
      if (group.cut_by.size() < named_cuts) group.cut_by.emplace_back(seen.first, seen.second);
    }
  }

  const Network& network_;
  const FailureOptions& options_;
  FailurePlan& plan_;
  std::vector<Alone> alone_;  ///< by CauseId
  Greatest<bool (*)(const CaseResult&, const CaseResult&)> busiest_;
  Greatest<bool (*)(const CaseResult&, const CaseResult&)> cutting_;
  Greatest<bool (*)(const CaseResult&, const CaseResult&)> together_;
};

}  // namespace

FailurePlan plan_failures(const Scenario& scenario, const FailureOptions& options) {
  FailurePlan plan;
  const Network& network = *scenario.network;
  plan.normal = plan_loads(scenario);
  plan.demands = scenario_demands(scenario);
  plan.causes = causes(network, options.rates.value_or(rates_of(scenario)));
  const FailureSweep sweep(
      {network, scenario.routing, scenario.constraints, plan.demands, plan.causes});
  plan.groups = sweep.groups();
  SweepOptions swept = options.sweep;
  // What a pair adds is told by what its links do alone.
  swept.links = swept.links || swept.pairs;
  plan.cases_total = sweep.case_count(swept);
  Reducer reducer(network, options, plan);
  plan.complete = sweep.visit(swept, [&](const Case& seen) { reducer.add(seen); });
  reducer.finish();
  return plan;
}

}  // namespace longhaul::plan
