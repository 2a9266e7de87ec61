// `transport:` as written.
#pragma once

#include <optional>
#include <string>

#include "sim/base/yaml/fields.hpp"
#include "sim/traffic/transport.hpp"

namespace longhaul::scenario {

struct WrittenTransport {
  CongestionControl protocol = CongestionControl::cubic;
  std::optional<std::int64_t> connections;
  std::optional<yaml::Located<std::string>> flow;
  bool ecn = false;
  Size mss = Size::bytes(Transport{}.segment_bytes);
  std::int64_t initial_window = Transport{}.initial_window;
  std::optional<Duration> delayed_ack = Transport{}.delayed_ack;  ///< none: no ACK is delayed
  Duration min_rto = Transport{}.least_timeout;
  std::optional<yaml::Located<Duration>> start;
  yaml::Place where;
  /// Connections that never end: what is meant by their number alone.
  bool endless() const { return flow ? flow->value == "endless" : connections.has_value(); }
};

/// A protocol, or a map with its parameters.
yaml::Type<WrittenTransport> transport();

}  // namespace longhaul::scenario
