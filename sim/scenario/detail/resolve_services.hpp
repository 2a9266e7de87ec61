// `services:`, turned into traffic, path constraints and expectations.
#pragma once

#include <vector>

#include "sim/scenario/detail/constraints.hpp"
#include "sim/scenario/detail/written.hpp"
#include "sim/scenario/scenario.hpp"

namespace longhaul::scenario {

/// By position in WrittenScenario::services; names that are given twice are mistakes.
std::vector<Service> read_services(const WrittenScenario& written, Diagnostics& diagnostics);

/// What a service sends, as traffic entries: its total, its calls.
std::vector<WrittenTraffic> traffic_of(const WrittenService& service,
                                       const WrittenScenario& written);

/// What the packets of a service must not use.
PathConstraint path_of(const WrittenService& service, const Network& network,
                       Diagnostics& diagnostics);

/// The lines of `sla:`, as expectations of the service `id`.
std::vector<Expectation> promises_of(const WrittenService& service, ServiceId id);

}  // namespace longhaul::scenario
