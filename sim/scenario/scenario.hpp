// A scenario, valid once built: what text becomes before anything runs. After this no stage checks
// input again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/base/error.hpp"
#include "sim/failure/rates.hpp"
#include "sim/failure/timeline.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/convergence.hpp"
#include "sim/routing/routes.hpp"
#include "sim/scenario/planning.hpp"
#include "sim/traffic/demand.hpp"
#include "sim/traffic/queueing.hpp"
#include "sim/traffic/traffic_spec.hpp"

namespace longhaul {

/// `automatic`, written auto, is packet where that fits the budget, else hybrid.
enum class Fidelity { packet, fluid, hybrid, automatic };
const char* to_string(Fidelity);

struct EngineSpec {
  Fidelity fidelity = Fidelity::packet;
  std::uint64_t seed = 1;
  Duration warmup = Duration::ms(100);
  Duration duration = Duration::s(1);  ///< measured, after the warm-up
  std::optional<Duration> interval;    ///< of utilization samples
  std::optional<Duration> budget;      ///< wall-clock time that auto and hybrid may take
};

/// Rain on links: straight lines between points, dry before the first and after the last. Several
/// on a link add up.
struct RainSpec {
  struct Point {
    Time at;
    std::int64_t um_per_h;  ///< micrometres an hour; 1000 are 1 mm/h
  };
  std::vector<LinkId> links;  ///< that adapt their modulation; ascending
  std::vector<Point> points;  ///< times ascending; two at one time make a jump
};

/// One line of `expect:`, parsed and resolved (sim/report evaluates it).
struct Expectation {
  enum class Metric {
    max_link_utilization,  ///< mean over time of the worst (or chosen) link
    mean_latency,
    p50_latency,
    p90_latency,
    p99_latency,
    p999_latency,
    max_latency,
    mean_queueing,
    p50_queueing,
    p99_queueing,
    p999_queueing,
    loss,
    jitter,
    throughput,
    max_queue,
    availability,  ///< of the worst pair of a service
    mos            ///< of the calls of the worst pair
  };
  enum class Op { less, less_equal, greater, greater_equal };
  std::string text;  ///< as written
  Metric metric = Metric::loss;
  Op op = Op::less;
  double bound = 0;  ///< SI: seconds, fraction, bit/s, bytes; of mos its own scale
  // Selectors: empty means all. Demands of a class, of a service, from a node, to a node, of a
  // provider, tier or region.
  ClassId cls = ClassId::none();
  NodeId from = NodeId::none();
  NodeId to = NodeId::none();
  ProviderId provider = ProviderId::none();
  RegionId region = RegionId::none();
  int tier = 0;                  ///< 0: any
  LinkId link = LinkId::none();  ///< for link metrics
  ServiceId service = ServiceId::none();
  bool promise = false;  ///< of a service's `sla:`
};

/// As written in a line: "p99.9 latency", "<=".
const char* to_string(Expectation::Metric);
const char* to_string(Expectation::Op);

/// Traffic from one node to another passes a third.
struct SteerSpec {
  NodeId from;
  NodeId to;
  NodeId via;
};

/// Steers traffic while the scenario runs (docs/models/traffic-engineering.md).
struct ControllerSpec {
  Duration interval;  ///< > 0
  Duration reaction;
  std::size_t changes;  ///< pairs of nodes at a time, at most
};

struct Scenario {
  std::string name;
  std::string description;    ///< the question the scenario answers
  std::string file;           ///< as given on the command line; empty for a bare topology + matrix
  std::string topology_file;  ///< empty when inline
  NetworkPtr network;
  EngineSpec engine;
  RoutingSpec routing;
  routing::ConvergenceSpec convergence;
  std::uint32_t ttl = 64;  ///< links that a packet may cross
  Queueing queues;
  std::vector<TrafficClass> classes;       ///< at least one
  std::vector<SizeMix> sizes;              ///< at least one
  std::vector<TrafficSpec> traffic;        ///< at least one
  std::vector<failure::Change> events;     ///< as scripted, in time order
  std::optional<failure::Rates> failures;  ///< of what fails by itself; none: nothing does
  std::vector<Expectation> expectations;
  /// On the paths of classes and services; the first stands for none.
  std::vector<PathConstraint> constraints = std::vector<PathConstraint>(1);
  std::vector<Diagnostic> warnings;  ///< what reading found odd but possible; to be shown on stderr
  std::vector<RainSpec> rain;
  std::vector<Service> services;    ///< by ServiceId
  Planning planning;                ///< for `plan upgrade`
  std::vector<SteerSpec> segments;  ///< at most one for a pair of nodes
  std::optional<ControllerSpec> controller;
};

}  // namespace longhaul
