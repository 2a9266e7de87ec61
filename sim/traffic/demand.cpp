#include "sim/traffic/demand.hpp"

namespace longhaul {

const char* to_string(Arrivals arrivals) {
  return arrivals == Arrivals::poisson ? "poisson" : "cbr";
}

double SizeMix::mean_bytes() const {
  double bytes = 0;
  double weights = 0;
  for (const Entry& entry : entries) {
    bytes += entry.weight * static_cast<double>(entry.bytes);
    weights += entry.weight;
  }
  return bytes / weights;
}

Rate DemandSet::total() const {
  Rate sum = Rate::zero();
  for (const Demand& demand : demands) sum += demand.rate;
  return sum;
}

}  // namespace longhaul
