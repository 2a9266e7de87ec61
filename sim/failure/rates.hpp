// How often things fail by themselves and how long repairs take (docs/models/failures.md).
#pragma once

namespace longhaul::failure {

/// Mean times in hours: a Duration ends at 106 days. Failures are independent, times between them
/// and repairs exponential. An MTBF of 0: it never fails.
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

/// What the literature says, where a scenario says nothing of its own.
constexpr Rates published_rates() {
  Rates r;
  // 4.39 cuts a year per 1000 sheath miles (Crawford, "Fiber optic cable dig-ups: causes and
  // cures", Bellcore 1993), 12 h to repair (To and Neusy, "Unavailability analysis of long-haul
  // networks", IEEE JSAC 12(1), 1994).
  r.cable_mtbf_h_per_1000_km = 8760 / 4.39 * 1.609344;
  r.cable_mttr_h = 12;
  // The rest after the nominal figures of Verbrugge et al., "General availability model for
  // multilayer transport networks", DRCN 2005: 4.64e7 h for a kilometre of sea cable, a ship to
  // mend it; two line cards (1e5 h) and two transponders (4e5 h) a link; a router.
  r.submarine_mtbf_h_per_1000_km = 46'400;
  r.submarine_mttr_h = 540;
  r.link_mtbf_h = 40'000;
  r.link_mttr_h = 2;
  r.node_mtbf_h = 200'000;
  r.node_mttr_h = 2;
  return r;
}

}  // namespace longhaul::failure
