#include "sim/plan/growth.hpp"

#include <algorithm>
#include <cmath>

#include "sim/traffic/traffic_spec.hpp"

namespace longhaul::plan {

double growth_factor(const Planning& planning, const Network& network, const Demand& demand,
                     int year) {
  double rate = planning.growth;
  for (const GrowthOf& of : planning.growth_of) {
    const bool cls = !of.cls.valid() || of.cls == demand.cls;
    const bool region = !of.region.valid() || of.region == network.node(demand.from).region;
    if (!cls || !region) continue;
    rate = of.rate;
    break;
  }
  double factor = 1;  // by multiplication, not pow: the same to the bit on every machine
  for (int y = planning.from; y < year; ++y) factor *= 1 + rate;
  return factor;
}

DemandSet grown(const Planning& planning, const Network& network, const DemandSet& demands,
                int year) {
  DemandSet out = demands;
  const double most = max_total_rate.as_double();
  for (Demand& demand : out.demands) {
    const double bps = demand.rate.as_double() * growth_factor(planning, network, demand, year);
    demand.rate = Rate::bps(std::max<std::int64_t>(1, std::llround(std::min(bps, most))));
  }
  return out;
}

}  // namespace longhaul::plan
