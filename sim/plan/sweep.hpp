// Every failure of a kind, one after the other: what plans are made of
// (docs/models/failure-sweep.md).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "sim/network/network.hpp"
#include "sim/plan/causes.hpp"
#include "sim/routing/failure_loads.hpp"
#include "sim/routing/routes.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul::plan {

/// All demands from one node to one destination: they share their routes and their fate.
struct DemandGroup {
  routing::Cut pair;
  double bps = 0;
};

/// What is swept. Refers to what it is made of.
struct SweepInput {
  const Network& network;
  RoutingSpec routing;
  std::span<const PathConstraint> constraints;
  const DemandSet& demands;
  std::span<const Cause> causes;
};

struct SweepOptions {
  bool links = true;
  bool nodes = true;
  bool risk_groups = true;
  bool pairs = false;    ///< of links, each pair once
  unsigned threads = 0;  ///< 0: as many as the machine has; results are the same for any number
  const std::atomic<bool>* stop = nullptr;  ///< set: ends the sweep early
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = nullptr;
  bool full = false;  ///< all routes afresh for every case, where the difference would do
};

/// One state of the network. The spans are valid during the visit only.
struct Case {
  std::uint64_t number = 0;            ///< in the order of visits
  CauseId first = CauseId::none();     ///< none: nothing failed
  CauseId second = CauseId::none();    ///< none: nothing else failed
  double probability = 0;              ///< that exactly these causes are down
  std::span<const double> load_bps;    ///< by PortId
  std::span<const std::uint32_t> cut;  ///< positions in FailureSweep::groups, ascending
  double unrouted_bps = 0;
  double at_failed_node_bps = 0;  ///< of the unrouted: sent by or to a node that failed
  double max_utilization = 0;
  PortId worst = PortId::none();  ///< the first of equals; none if nothing is loaded
};

class FailureSweep {
 public:
  explicit FailureSweep(const SweepInput& input);

  /// Who sends to whom, by destination and sender.
  const std::vector<DemandGroup>& groups() const { return groups_; }
  /// By DemandId: the position in groups().
  const std::vector<std::uint32_t>& group_of() const { return group_of_; }

  std::uint64_t case_count(const SweepOptions& options) const;
  /// Visits the network as it is, then single failures in order of causes, then pairs; on the
  /// calling thread and always in the same order. Holds some hundred cases at a time. False if it
  /// was stopped: what was visited is then the beginning of the order.
  bool visit(const SweepOptions& options, const std::function<void(const Case&)>& use) const;

 private:
  SweepInput input_;
  std::vector<DemandGroup> groups_;
  std::vector<std::uint32_t> group_of_;
};

/// For visitors: the highest load that each port sees, and when.
struct WorstLoad {
  double load_bps = 0;
  std::uint64_t number = 0;  ///< of the case, the first of equals
  CauseId first = CauseId::none();
  CauseId second = CauseId::none();
};
/// `worst` is by PortId.
void add_worst(std::vector<WorstLoad>& worst, const Case& seen);

}  // namespace longhaul::plan
