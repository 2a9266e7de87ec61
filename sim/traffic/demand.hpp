// Demands: who sends how much to whom, in what packets. What every engine consumes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/units.hpp"
#include "sim/traffic/arrival_model.hpp"
#include "sim/traffic/profile.hpp"
#include "sim/traffic/service.hpp"
#include "sim/traffic/token_bucket.hpp"
#include "sim/traffic/transport.hpp"

namespace longhaul {

/// How packets follow each other at an even rate.
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
  /// Mean over bytes of the size of the packet that they are in; at least the mean.
  double mean_bytes_of_a_byte() const;
};

struct TrafficClass {
  std::string name;
  int priority = 0;  ///< 0 is served first where the discipline knows priorities
};

/// One origin-destination pair of one class. `rate` counts packet bytes without framing; it is the
/// mean over a long time, at a factor of 1 of the profile.
struct Demand {
  NodeId from;
  NodeId to;
  ClassId cls;
  Rate rate;
  Arrivals arrivals = Arrivals::poisson;
  SizeMixId sizes{0};
  ArrivalModelId model = ArrivalModelId::none();  ///< none: at an even rate
  ProfileId profile = ProfileId::none();          ///< none: the same at all times
  ConstraintId constraint{0};                     ///< on its paths; 0: none
  bool ecn = false;                               ///< its senders understand marks (RFC 3168)
  TransportId transport = TransportId::none();    ///< none: open loop
  std::int32_t bucket = -1;                       ///< position in DemandSet::buckets; -1: none
  ServiceId service = ServiceId::none();          ///< whose fates are kept by interval; none: not
  bool voice = false;                             ///< packets of its service's calls
  /// Segments, or a policy, that end at `to`: its way there (class Segments); none: the IGP's.
  DestinationId steered = DestinationId::none();
};

/// All traffic of a run. Demand ids are positions in `demands`.
struct DemandSet {
  std::vector<TrafficClass> classes;  ///< at least one
  std::vector<SizeMix> sizes;         ///< at least one
  std::vector<Demand> demands;        ///< rates > 0, from != to
  std::vector<std::shared_ptr<const ArrivalModel>> arrival_models = {};
  std::vector<std::shared_ptr<const Profile>> profiles = {};
  std::vector<std::shared_ptr<const Transport>> transports = {};
  std::vector<TokenBucketSpec> buckets = {};
  /// Null if the demand has none.
  const ArrivalModel* arrival_model(const Demand& d) const {
    return d.model.valid() ? arrival_models[d.model.index()].get() : nullptr;
  }
  /// True if every packet's size is drawn from the demand's mix; else flows end with what is left,
  /// or a trace says.
  bool sizes_as_mixed(const Demand& d) const;
  /// The least that a packet of the demand can have, in bytes.
  std::int32_t smallest_packet(const Demand& d) const;
  const Profile* profile(const Demand& d) const {
    return d.profile.valid() ? profiles[d.profile.index()].get() : nullptr;
  }
  /// Null if the demand is open loop.
  const Transport* transport(const Demand& d) const {
    return d.transport.valid() ? transports[d.transport.index()].get() : nullptr;
  }
  Rate total() const;
};

}  // namespace longhaul
