// Which engine simulates a scenario that leaves the choice, and how long that should take.
#pragma once

#include <functional>
#include <string>

#include "sim/hybrid/engine.hpp"
#include "sim/scenario/scenario.hpp"

namespace longhaul::run {

struct Choice {
  Fidelity fidelity = Fidelity::packet;  ///< never automatic
  std::string why;  ///< of a choice that was left to us, for people; else empty
};

/// Seconds since some instant, as they pass on a clock on the wall.
using Clock = std::function<double()>;
Clock wall_clock();

/// Wall-clock seconds that the packet engine should take with one thread on a core like those of
/// docs/performance.md; a rough estimate, the same on every machine.
double packet_seconds(const engine::Input& input, const hybrid::Config& config);

/// The same for this machine, by simulating the run's first moments: some 0.3 s of work and what
/// setting the run up takes. Of TCP, whose first moments are like no others, only what a
/// packet-hop takes is measured.
double measured_packet_seconds(const engine::Input& input, const hybrid::Config& config,
                               const Clock& clock);

/// The time that hybrid's windows may take, as a number of packet-hops. Not measured: it decides
/// results, which are to be the same on every machine.
double affordable_hops(const engine::Input& input, const hybrid::Config& config, Duration budget);

/// What `spec.fidelity` means for this input. `automatic`: packet if that should take no more than
/// the budget (60 s if not given) and fits into memory, or if hybrid cannot simulate the input.
/// Measured where the rough estimate does not settle it.
Choice choose(const EngineSpec& spec, const engine::Input& input, const hybrid::Config& config,
              const Clock& clock = wall_clock());

}  // namespace longhaul::run
