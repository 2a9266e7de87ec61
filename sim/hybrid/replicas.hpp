// Runs with TCP: a few replicas of the whole network, with fewer packets or for less time than
// asked for (docs/models/hybrid.md).
#pragma once

#include <string>
#include <vector>

#include "sim/hybrid/crew.hpp"

namespace longhaul::hybrid {

struct ReplicaPlan {
  double scale = 1;       ///< of rates, connections, capacities and buffers (shrink.hpp)
  std::size_t count = 1;  ///< replicas, each with random numbers of its own
  Duration warmup = Duration::zero();  ///< of each
  Duration length = Duration::zero();  ///< of each, measured
  /// Each is as long as the run; else they stand for a run in which nothing changes.
  bool whole = true;
  /// Every packet of the run, once.
  bool exact() const { return scale == 1 && whole && count == 1; }
};

/// What of `input`, which has TCP, the packet-hops of `config` buy.
ReplicaPlan plan_replicas(const engine::Input& input, const Config& config);

/// Simulates the replicas and sums them up. Refers to its arguments.
class Replicas final : public Pieces {
 public:
  Replicas(const engine::Input& input, const Config& config, const ReplicaPlan& plan);

  std::size_t count() const override { return plan_.count; }
  Measurements simulate(std::size_t replica) const override;
  void add(std::size_t replica, const Measurements& measured) override;
  void save(SaveArchive& archive) override;
  void load(LoadArchive& archive) override;
  /// For the run's own rates and time.
  Measurements finish();

 private:
  template <class Archive>
  void serialize(Archive& archive);
  void add_demand(std::size_t demand, const DemandMeasurement& from);
  void add_port(std::size_t port, const PortMeasurement& from);
  void finish_demand(std::size_t demand, double factor, double of_one);
  void finish_port(PortMeasurement& port, double factor) const;
  void finish_totals(double factor, double of_one);

  const engine::Input& input_;
  const Config& config_;
  const ReplicaPlan& plan_;
  const engine::Input small_;
  const Queueing queueing_;
  std::vector<std::int64_t> base_ps_;  ///< by DemandId, of the run itself
  /// By DemandId: what a packet takes longer in a replica than in the run, waits apart, beyond what
  /// its base does.
  std::vector<std::int64_t> longer_ps_;
  Measurements sum_;
  std::vector<DurationStats> batches_;  ///< by replica: queueing of all demands
};

}  // namespace longhaul::hybrid
