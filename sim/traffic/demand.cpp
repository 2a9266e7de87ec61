#include "sim/traffic/demand.hpp"

#include "sim/traffic/queueing.hpp"

namespace longhaul {

const char* to_string(Discipline discipline) {
  switch (discipline) {
    case Discipline::fifo:
      return "fifo";
    case Discipline::strict_priority:
      return "strict-priority";
    case Discipline::drr:
      return "drr";
    case Discipline::wfq:
      return "wfq";
    case Discipline::hierarchical:
      return "hierarchical";
    case Discipline::fq_codel:
      return "fq-codel";
  }
  return "";
}

const char* to_string(DropRule rule) {
  switch (rule) {
    case DropRule::tail:
      return "tail";
    case DropRule::red:
      return "red";
    case DropRule::wred:
      return "wred";
    case DropRule::codel:
      return "codel";
  }
  return "";
}

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
