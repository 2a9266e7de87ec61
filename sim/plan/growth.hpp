// Demands of years to come: compound growth by class and region (docs/models/upgrades.md).
#pragma once

#include "sim/network/network.hpp"
#include "sim/scenario/planning.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul::plan {

/// What the demand is multiplied by from planning.from to `year`.
double growth_factor(const Planning& planning, const Network& network, const Demand& demand,
                     int year);

/// `demands` are those of planning.from; rates are rounded to whole bit/s, at least 1.
DemandSet grown(const Planning& planning, const Network& network, const DemandSet& demands,
                int year);

}  // namespace longhaul::plan
