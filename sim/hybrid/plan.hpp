// What of a run changes slowly and what fast, and which windows to simulate packet by packet.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/hybrid/engine.hpp"

namespace longhaul::hybrid {

struct Plan {
  std::vector<std::int64_t> instants;     ///< ps, ascending: the states to look at, one per window
  Duration warmup = Duration::zero();     ///< of each window
  Duration length = Duration::zero();     ///< of each window, measured
  Duration hop_delay = Duration::zero();  ///< of links in a window, about
  std::vector<bool> frozen;               ///< by DemandId: its bursts are longer than windows are
  std::vector<bool> shallow;        ///< by PortId: its buffer fills and drains within a window
  bool steady = true;               ///< no rate, route or capacity changes from window to window
  double longest_relaxation_s = 0;  ///< of a port's queue
};

Plan make_plan(const engine::Input& input, const Config& config);

/// How a demand's rate varies by its arrival model.
struct Bursts {
  double cycle_s = 0;   ///< of states, of on and off, of flows; 0: packets come at an even rate
  double variance = 0;  ///< of the rate, as a factor on the mean
};
Bursts bursts_of(const ArrivalModel* model, Rate mean);

}  // namespace longhaul::hybrid
