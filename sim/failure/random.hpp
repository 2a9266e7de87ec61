// Failures drawn at random from how often things fail.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/failure/components.hpp"
#include "sim/failure/timeline.hpp"

namespace longhaul::failure {

/// Failures and repairs of `components` before `end`, in order of time. All work at time zero; times
/// in work and in repair are exponential. Each component has a stream of its own (seed, name), so
/// that no other component changes when it fails.
std::vector<Change> random_failures(const std::vector<Component>& components, std::uint64_t seed,
                                    Time end);

/// Both directions of each link.
std::vector<PortId> ports_of(const std::vector<LinkId>& links);

}  // namespace longhaul::failure
