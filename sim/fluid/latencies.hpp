// What the fluid of demands went through: samples of its way, walked over the histories of queues.
#pragma once

#include "sim/fluid/simulation.hpp"

namespace longhaul::fluid {

/// Fills latency, queueing, base and hops of each demand whose packets were delivered. A sample is
/// a bit sent at some instant of the measured period; it takes one way by chance where there are
/// several, waits in each queue for what that held when it came, and counts as much as its demand
/// sent then and the queues let pass.
class Latencies {
 public:
  explicit Latencies(const Simulation& run, std::int64_t reached);
  void fill(std::size_t demand, DemandMeasurement& out) const;

 private:
  struct Walk {
    double way_ps = 0;  ///< propagation, routers and transmission
    double wait_ps = 0;
    double passed = 1;  ///< share that no queue lost
    double hops = 0;
    bool arrived = false;
  };
  Walk walk(StopIndex from, std::int64_t time, std::uint64_t sample, double mean_bytes) const;
  bool varied(std::size_t demand) const;
  const std::vector<Piece>& history_of(PortId port) const;

  const Simulation& run_;
  std::int64_t reached_;
  std::size_t samples_;  ///< of a demand whose latency varies
};

}  // namespace longhaul::fluid
