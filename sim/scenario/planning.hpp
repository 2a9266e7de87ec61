// `planning:` of a scenario: what `plan upgrade` assumes about the years to come.
#pragma once

#include <optional>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/network/prices.hpp"

namespace longhaul {

/// A rate of growth of some demands: those of a class or those that nodes of a region send.
struct GrowthOf {
  ClassId cls = ClassId::none();
  RegionId region = RegionId::none();
  double rate = 0;  ///< a year, compound: 0.3 for 30 %
};

struct Planning {
  int from = 2026;  ///< the year of the demands as written
  int to = 2030;
  double growth = 0.3;              ///< of demands that nothing in growth_of names
  std::vector<GrowthOf> growth_of;  ///< the first that names a demand counts
  double threshold = 0.8;           ///< utilization of a link with nothing failed
  double failed_threshold = 1.0;    ///< with one thing failed
  std::optional<double> budget;     ///< for all years together, in the currency of the prices
  catalogue::Prices prices = catalogue::default_prices();
};

}  // namespace longhaul
