// `services:` as written.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/detail/written_arrivals.hpp"
#include "sim/scenario/detail/written_places.hpp"
#include "sim/scenario/detail/written_transport.hpp"
#include "sim/traffic/service.hpp"
#include "sim/traffic/traffic_spec.hpp"

namespace longhaul::scenario {

/// `path:`, what a service's packets must not use.
struct WrittenPath {
  std::vector<Name> avoid;
  std::optional<WrittenWithin> within;
  yaml::Place where;
};

/// `sla:`, what is promised.
struct WrittenSla {
  std::optional<yaml::Located<Duration>> mean_latency;
  std::optional<yaml::Located<Duration>> p50_latency;
  std::optional<yaml::Located<Duration>> p99_latency;
  std::optional<yaml::Located<Duration>> p999_latency;
  std::optional<yaml::Located<Duration>> jitter;
  std::optional<yaml::Located<double>> loss;
  std::optional<yaml::Located<double>> availability;
  std::optional<yaml::Located<double>> mos;
  yaml::Place where;
};

struct WrittenVoice {
  Name codec{"g711", {}};
  std::int64_t calls = 1;
  Duration jitter_buffer = VoiceSpec{}.jitter_buffer;
  yaml::Place where;
};

enum class ServiceShape { any_to_any, hub_and_spoke };

struct WrittenService {
  Name name{{}, {}};
  ServiceType type = ServiceType::vpn;
  std::optional<Name> cls;
  std::optional<yaml::Located<std::vector<Name>>> sites;
  std::optional<yaml::Located<WrittenAmong>> among;
  std::optional<Name> provider;
  std::optional<yaml::Located<ServiceShape>> shape;
  std::optional<yaml::Located<std::vector<Name>>> hub;
  std::optional<yaml::Located<TrafficSpec::Matrix>> matrix;
  std::optional<yaml::Located<Rate>> total;
  std::optional<WrittenVoice> voice;
  WrittenArrivals arrivals;
  std::optional<Name> size;
  std::optional<yaml::Located<Profile>> profile;
  std::optional<WrittenTransport> transport;
  bool ecn = false;
  std::optional<yaml::Located<Rate>> guaranteed;
  std::optional<WrittenPath> path;
  std::optional<WrittenSla> sla;
  yaml::Place where;
  bool whole = true;  ///< read without a mistake
};

const yaml::Fields<WrittenService>& service_fields();

}  // namespace longhaul::scenario
