// How often things fail by themselves and how long repairs take (docs/models/availability.md).
#pragma once

namespace longhaul::failure {

/// Mean times in hours: a Duration ends at 106 days. Failures are independent, times between them
/// and repairs exponential.
struct Rates {
  double cable_mtbf_h_per_1000_km = 0;  ///< of 1000 km of land cable
  double cable_mttr_h = 0;
  double submarine_mtbf_h_per_1000_km = 0;
  double submarine_mttr_h = 0;
  double link_mtbf_h = 0;  ///< of a link's equipment (ports, transponders), whatever its length
  double link_mttr_h = 0;
  double node_mtbf_h = 0;
  double node_mttr_h = 0;
};

}  // namespace longhaul::failure
