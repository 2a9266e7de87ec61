// Demands: who sends how much to whom, in what packets. What every engine consumes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/units.hpp"

namespace longhaul {

enum class Arrivals { poisson, cbr };
const char* to_string(Arrivals);

/// A packet size distribution: sizes (without framing) and their relative packet counts.
struct SizeMix {
  struct Entry {
    std::int32_t bytes;  ///< 1 to 65,000
    double weight;       ///< share of packets, > 0; not necessarily normalised
  };
  std::string name;
  std::vector<Entry> entries;  ///< at least one
  /// Mean packet size in bytes.
  double mean_bytes() const;
};

struct TrafficClass {
  std::string name;
  int priority = 0;  ///< 0 is served first where the discipline knows priorities
};

/// One origin-destination pair of one class. `rate` counts packet bytes without framing.
struct Demand {
  NodeId from;
  NodeId to;
  ClassId cls;
  Rate rate;
  Arrivals arrivals = Arrivals::poisson;
  SizeMixId sizes{0};
  ConstraintId constraint{0};  ///< on its paths; 0: none
  bool ecn = false;            ///< its senders understand marks (RFC 3168)
};

/// All traffic of a run. Demand ids are positions in `demands`.
struct DemandSet {
  std::vector<TrafficClass> classes;  ///< at least one
  std::vector<SizeMix> sizes;         ///< at least one
  std::vector<Demand> demands;        ///< rates > 0, from != to
  Rate total() const;
};

}  // namespace longhaul
