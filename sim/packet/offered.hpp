// What sources send, without sending it anywhere: the same packets as in a run.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/engine/input.hpp"

namespace longhaul::packet {

/// Bits of packets that each demand sends in each whole interval from time zero to the end of the
/// run; by interval, then DemandId. Of open-loop demands without shapers and policers only: what
/// they send does not depend on the network.
std::vector<std::vector<double>> offered_bits(const engine::Input& input,
                                              const engine::Config& config, Duration interval);

}  // namespace longhaul::packet
