// `plan failures`: what every failure does to every link and demand, worked out instead of
// simulated (docs/models/failure-sweep.md).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/plan/causes.hpp"
#include "sim/plan/loads.hpp"
#include "sim/plan/sweep.hpp"
#include "sim/scenario/scenario.hpp"

namespace longhaul::plan {

/// Utilizations above which time is counted.
inline constexpr std::array<double, 3> marks = {0.8, 0.9, 1.0};
/// Upper bounds of the histogram of maximum utilizations; one more bin is above the last.
inline constexpr std::array<double, 9> histogram_bounds = {0.5, 0.6, 0.7, 0.8, 0.9,
                                                           1.0, 1.2, 1.5, 2.0};

/// What is kept of a case.
struct CaseResult {
  std::uint64_t number;
  CauseId first;   ///< none: nothing failed
  CauseId second;  ///< none: nothing else failed
  double probability;
  double max_utilization;
  PortId worst;
  double unrouted_bps;
  double at_failed_node_bps;  ///< of the unrouted
  std::uint32_t groups_cut;
  /// Of a pair: it cuts demands off though neither alone does; it overloads a link though neither
  /// alone does.
  bool cuts_only_together = false;
  bool overloads_only_together = false;
};

struct LinkUnderFailures {
  WorstLoad worst_single;                    ///< with at most one thing failed
  WorstLoad worst;                           ///< over all cases
  std::array<double, marks.size()> share{};  ///< of the time above each mark, in cases swept
};

struct GroupUnderFailures {
  double down_share = 0;  ///< of the time without a route, in cases swept
  std::uint64_t cases_cut = 0;
  std::vector<std::pair<CauseId, CauseId>> cut_by;  ///< the first few cases, in order
};

struct FailurePlan {
  LoadPlan normal;  ///< with nothing failed
  DemandSet demands;
  std::vector<Cause> causes;
  std::vector<DemandGroup> groups;
  std::uint64_t cases_total = 0;
  std::uint64_t cases_swept = 0;
  std::uint64_t pairs_swept = 0;
  bool complete = true;
  double swept_share = 0;  ///< of the time, in cases swept; the rest is several failures at once

  /// In order of visits: nothing failed, all single failures, and of the pairs the worst or all.
  std::vector<CaseResult> cases;
  std::size_t worst = 0;           ///< position in cases: the highest utilization
  std::size_t worst_unrouted = 0;  ///< position in cases: the most traffic without a route
  std::uint64_t overloads = 0;     ///< cases in which some link is above 100 %
  std::uint64_t cuts = 0;          ///< cases in which some demand has no route
  std::uint64_t cut_together = 0;  ///< pairs that cut demands off though neither alone does
  std::uint64_t overload_together = 0;
  std::array<std::uint64_t, histogram_bounds.size() + 1> histogram{};  ///< cases
  std::array<double, histogram_bounds.size() + 1> histogram_share{};   ///< of the time

  std::vector<LinkUnderFailures> links;   ///< by PortId
  std::vector<GroupUnderFailures> under;  ///< by position in groups
};

struct FailureOptions {
  SweepOptions sweep;
  std::size_t top = 20;    ///< pairs kept by utilization, by traffic cut off, and by either alone
                           ///< not doing it
  bool all_pairs = false;  ///< keeps every pair
  /// None: the scenario's, else the published ones.
  std::optional<failure::Rates> rates = std::nullopt;
};

/// Loads are those of packets. `max_utilization` targets of the traffic are met on the wire with
/// every link up, as in a run; the scenario's own events are left out.
FailurePlan plan_failures(const Scenario& scenario, const FailureOptions& options);

}  // namespace longhaul::plan
