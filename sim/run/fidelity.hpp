// Which engine simulates a scenario that leaves the choice, and how long that should take.
#pragma once

#include <string>

#include "sim/hybrid/engine.hpp"
#include "sim/scenario/scenario.hpp"

namespace longhaul::run {

struct Choice {
  Fidelity fidelity = Fidelity::packet;  ///< never automatic
  std::string why;  ///< of a choice that was left to us, for people; else empty
};

/// Wall-clock seconds that the packet engine should take with one thread on a core like those of
/// docs/performance.md; a rough estimate.
double packet_seconds(const engine::Input& input, const hybrid::Config& config);

/// The time that hybrid's windows may take, as a number of packet-hops.
double affordable_hops(const engine::Input& input, const hybrid::Config& config, Duration budget);

/// What `spec.fidelity` means for this input. `automatic`: packet if that should take no more than
/// the budget (60 s if not given) and fits into memory, or if hybrid cannot simulate the input.
Choice choose(const EngineSpec& spec, const engine::Input& input, const hybrid::Config& config);

}  // namespace longhaul::run
