// Demands and links by tier, provider, class and region.
#pragma once

#include "sim/report/report.hpp"

namespace longhaul::report {

/// A demand belongs to the provider, tier and region of its source node: whoever sends, asks for
/// the service. A link's direction belongs to those of the node that sends on it. `links` are the
/// report's rows in port order. Rows are sorted: tiers by number, the others in the order they were
/// declared; nodes without a region are in none.
Groups make_groups(const run::Result& result, const std::vector<LinkRow>& links);

}  // namespace longhaul::report
