// `plan upgrade`: demand grows; which link is full in which year, normally or when something fails;
// what to buy and what it costs (docs/models/upgrades.md).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "sim/plan/causes.hpp"
#include "sim/plan/choose.hpp"
#include "sim/plan/modules.hpp"
#include "sim/plan/transit.hpp"
#include "sim/scenario/scenario.hpp"

namespace longhaul::plan {

/// A link in a year: the busier of its directions.
struct LinkYear {
  double normal_bps = 0;           ///< with nothing failed
  double failed_bps = 0;           ///< with the worst single failure
  CauseId when = CauseId::none();  ///< that failure; none if none raises the load
  double capacity_bps = 0;         ///< as bought by then
};

struct LinkPlan {
  LinkId link = LinkId::none();
  PortId busier = PortId::none();          ///< direction, in the last year
  std::vector<LinkYear> years;             ///< from the first
  std::optional<std::size_t> full;         ///< first year above the threshold, nothing failed
  std::optional<std::size_t> full_failed;  ///< first year above the failed threshold
  bool possible = true;  ///< some rate on sale is enough in all years, with no budget to mind
  double full_cost = 0;  ///< of all that it needs, with no budget to mind
  std::vector<Purchase> purchases;        ///< what is proposed
  std::optional<std::size_t> full_after;  ///< first year above a threshold in spite of purchases
};

struct YearPlan {
  int year = 0;
  double offered_bps = 0;
  double unrouted_bps = 0;     ///< with nothing failed
  double max_utilization = 0;  ///< nothing failed, today's capacity
  LinkId worst = LinkId::none();
  double max_failed_utilization = 0;  ///< today's capacity
  LinkId worst_failed = LinkId::none();
  CauseId when = CauseId::none();
  double max_utilization_after = 0;  ///< with what is bought
  double max_failed_utilization_after = 0;
  double upgrades_cost = 0;
  double transit_cost = 0;  ///< of the year
  std::vector<TransitLink> transit;
  double delivered_bps() const { return offered_bps - unrouted_bps; }
};

struct UpgradePlan {
  Planning planning;
  std::vector<Cause> causes;
  std::vector<YearPlan> years;
  std::vector<LinkPlan> links;  ///< of two directions or one, by LinkId
  double full_cost = 0;         ///< that keeps every link that can be kept below its thresholds
  double cost = 0;              ///< of what is proposed
  double transit_cost = 0;      ///< of all years
  /// With a budget below full_cost: how upgrades were chosen, by the traffic above thresholds that
  /// they avoid, weighed by how long it lasts.
  std::optional<Selection> selection;
  double risk_before_bit = 0;  ///< traffic above thresholds over all years, today's capacity
  double risk_after_bit = 0;
  bool metrics_follow_capacity = false;  ///< routes would change with upgrades; they were not
  bool complete = true;                  ///< not interrupted; else only the years planned are there
  /// Every link is below its thresholds in every year.
  bool enough() const;
};

struct UpgradeOptions {
  unsigned threads = 0;
  const std::atomic<bool>* stop = nullptr;
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = nullptr;
  Choosing choosing = Choosing::automatic;
};

UpgradePlan plan_upgrade(const Scenario& scenario, const UpgradeOptions& options = {});

}  // namespace longhaul::plan
