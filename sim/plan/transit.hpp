// What transit costs: the 95th percentile of 5-minute rates, at a price per Mb/s and month
// (docs/models/upgrades.md).
#pragma once

#include <vector>

#include "sim/network/network.hpp"
#include "sim/routing/routes.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul::plan {

/// The percentile as it is billed: the top 5 % of samples are left out, the greatest of the rest
/// counts. 0 without samples.
double billed_percentile(std::vector<double> samples);

/// A link over which a provider buys transit.
struct TransitLink {
  LinkId link;
  ProviderId customer;  ///< who pays
  ProviderId seller;
  double mean_bps = 0;    ///< of the direction with the higher bill
  double billed_bps = 0;  ///< its 95th percentile; the greater of both directions
};

/// Every transit link, in order, with the demands on `routes` through a week of 5-minute steps of
/// their profiles. Rates are those of packets.
std::vector<TransitLink> transit_links(const Network& network, const Routes& routes,
                                       const DemandSet& demands);

}  // namespace longhaul::plan
