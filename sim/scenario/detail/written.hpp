// A scenario as written: what the field tables read, names not yet resolved, every value with its
// place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/yaml/fields.hpp"
#include "sim/scenario/detail/bucket_fields.hpp"
#include "sim/scenario/detail/written_arrivals.hpp"
#include "sim/scenario/detail/written_events.hpp"
#include "sim/scenario/detail/written_places.hpp"
#include "sim/scenario/detail/written_planning.hpp"
#include "sim/scenario/detail/written_queues.hpp"
#include "sim/scenario/detail/written_rain.hpp"
#include "sim/scenario/detail/written_services.hpp"
#include "sim/scenario/detail/written_transport.hpp"
#include "sim/scenario/scenario.hpp"

namespace longhaul::scenario {

struct WrittenEngine {
  yaml::Located<Fidelity> fidelity{Fidelity::packet, {}};
  std::uint64_t seed = 1;
  std::optional<Duration> warmup;
  std::optional<yaml::Located<Duration>> duration;
  std::optional<yaml::Located<Duration>> interval;
  std::optional<Duration> budget;
  yaml::Place where;
};

struct WrittenClass {
  Name name;
  int priority = 1;
  std::optional<WrittenWithin> within;
};

struct WrittenSize {
  Size size = Size::zero();
  double weight = 1;
};

/// `matrix: {file: F, ...}`.
struct WrittenFile {
  yaml::Node path;
  double scale = 1;
  std::optional<yaml::Located<Rate>> unit;
  std::optional<yaml::Located<std::int64_t>> row;
};

/// `matrix:`, a model or a file.
struct WrittenMatrix {
  TrafficSpec::Matrix model = TrafficSpec::Matrix::explicit_;
  std::optional<WrittenFile> file;
};

struct WrittenDemand {
  Name from;
  Name to;
  Rate rate = Rate::zero();
};

/// What an entry is of the one with `preset:` that it was expanded from.
struct WrittenPart {
  std::string preset;
  double share = 1;
  std::uint32_t group = 0;  ///< from 1; of one entry with `preset:`
  yaml::Place where;
};

struct WrittenTraffic {
  std::optional<Name> cls;
  std::optional<yaml::Located<WrittenMatrix>> matrix;
  std::optional<Name> from;
  std::optional<Name> to;
  std::optional<yaml::Located<Rate>> rate;
  std::optional<yaml::Located<std::vector<WrittenDemand>>> demands;
  std::optional<yaml::Located<Rate>> total;
  std::optional<yaml::Located<double>> max_utilization;
  double scale = 1;
  std::optional<yaml::Located<std::vector<Name>>> hubs;
  std::optional<yaml::Located<WrittenAmong>> among;
  WrittenArrivals arrivals;
  std::optional<Name> size;
  yaml::Place where;
  bool whole = true;  ///< read without a mistake
  bool ecn = false;
  std::optional<yaml::Located<WrittenBucket>> shape;
  std::optional<yaml::Located<WrittenBucket>> police;
  std::optional<yaml::Located<Profile>> profile;
  std::optional<WrittenTransport> transport;
  std::optional<Name> service;
  std::optional<Rate> each;  ///< only of entries made from services: every pair sends this
  bool voice = false;        ///< likewise
  std::optional<WrittenPart> part;
  std::optional<yaml::Located<TrafficSpec::Direction>> direction;
};

/// Loss of light if neither.
struct WrittenDetection {
  bool bfd = false;
  std::optional<Duration> time;
};

struct WrittenConvergence {
  using Spec = routing::ConvergenceSpec;
  bool instant = false;
  WrittenDetection detection;
  Duration bfd_interval = Duration::ms(50);
  std::int64_t bfd_multiplier = 3;
  Duration adjacency = Spec{}.adjacency;
  Duration origination = Spec{}.origination;
  Duration flooding = Spec{}.flooding;
  Duration spf_delay = Spec{}.spf_delay;
  Duration spf_hold = Spec{}.spf_hold;
  Duration spf_max = Spec{}.spf_max;
  Duration spf_per_node = Spec{}.spf_per_node;
  Duration fib_per_prefix = Spec{}.fib_per_prefix;
  std::int64_t prefixes = Spec{}.prefixes;
  Duration bgp = Spec{}.bgp;
  Duration local_delay = Spec{}.local_delay;
};

/// `routing: segments:`, an entry.
struct WrittenSteer {
  Name from;
  Name to;
  Name via;
  yaml::Place where;
};

struct WrittenController {
  yaml::Located<Duration> interval{Duration::zero(), {}};
  Duration reaction = Duration::zero();
  std::int64_t changes = 20;
};

struct WrittenRouting {
  std::string protocol;
  Metric metric = RoutingSpec{}.metric;
  Ecmp ecmp = RoutingSpec{}.ecmp;
  std::uint32_t flows = RoutingSpec{}.flows;
  Exits exits = RoutingSpec{}.exits;
  WrittenConvergence convergence;
  routing::Frr frr = routing::Frr::none;
  std::int64_t ttl = 64;
  std::vector<yaml::Named<std::vector<std::int64_t>>> metrics;
  std::vector<WrittenSteer> segments;
  std::optional<yaml::Located<WrittenController>> controller;
};

struct WrittenEvent {
  yaml::Located<Duration> at{Duration::zero(), {}};
  std::optional<Name> fail;
  std::optional<Name> restore;
  yaml::Place where;
  std::optional<WrittenStorm> storm;
  std::optional<WrittenDegrade> degrade;
  std::optional<Name> drain;
  std::optional<Name> undrain;
  std::optional<yaml::Located<WrittenMetric>> metric;
  std::optional<yaml::Located<std::vector<Name>>> depeer;
  std::optional<yaml::Located<std::vector<Name>>> peer;
  std::vector<WrittenTraffic> add;
  std::optional<yaml::Located<Duration>> until;
  std::optional<yaml::Located<Duration>> lasts;
  bool whole = true;  ///< read without a mistake
};

/// An `expect:` line; `quoted` shifts its columns by one.
struct WrittenLine {
  std::string text;
  bool quoted = false;
  yaml::Place where;
};

struct WrittenScenario {
  std::string name;
  std::string description;
  std::vector<std::string> include;  ///< only for the schema: merged before the table is read
  yaml::Node topology;
  WrittenEngine engine;
  std::vector<WrittenClass> classes;
  std::vector<yaml::Named<std::vector<WrittenSize>>> sizes;
  std::vector<WrittenTraffic> traffic;
  WrittenRouting routing;
  WrittenQueues queues;
  std::vector<WrittenEvent> events;
  std::vector<WrittenLine> expect;
  yaml::Place where;
  std::vector<yaml::Named<std::vector<WrittenFlowSize>>> flow_sizes;
  std::vector<WrittenRain> rain;
  std::vector<WrittenService> services;
  WrittenPlanning planning;
  std::optional<WrittenFailures> failures;
  std::vector<WrittenTraffic> added;  ///< by events, with the time when it is there
};

const yaml::Fields<WrittenTraffic>& traffic_fields();
const yaml::Fields<WrittenEvent>& event_fields();

/// The table of a scenario's fields.
const yaml::Fields<WrittenScenario>& scenario_fields();

/// The longest run: 106 days of int64 picoseconds leave 18 hours for what is in flight at the end.
inline constexpr Duration longest_run = Duration::s(106LL * 86'400);

const yaml::Fields<WrittenRouting>& routing_fields();

}  // namespace longhaul::scenario
