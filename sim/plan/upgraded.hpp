// A network with what a plan buys for it.
#pragma once

#include "sim/network/network.hpp"
#include "sim/plan/upgrade.hpp"

namespace longhaul::plan {

/// `network` as it stands at the end of a year of `plan`, 0 for the first: capacities as bought by
/// then, all else as today.
NetworkSpec upgraded(const Network& network, const UpgradePlan& plan, std::size_t year);

}  // namespace longhaul::plan
