// The hybrid engine: a fluid for what changes slowly, and short spans of exact packets for how they
// wait while it stays as it is (docs/models/hybrid.md).
#pragma once

#include <optional>
#include <string>

#include "sim/packet/engine.hpp"

namespace longhaul::hybrid {

struct Config : packet::Config {
  /// About how many packets may be sent over a link, all windows together, if the run is that long.
  double packet_hops = 1e8;
  /// With TCP: of rates and connections, instead of what packet_hops ask for; for comparisons.
  std::optional<double> scale = {};
};

/// Why this input cannot be simulated so yet, for people; empty if it can.
std::string refusal(const engine::Input& input, const Config& config);

/// About how many packets, acknowledgements among them, input with TCP sends over links in a
/// second.
double tcp_hops_per_s(const engine::Input& input, const Config& config);

/// Runs to the end of warmup + duration. Requires an empty refusal(). Same results for any number
/// of threads.
Measurements run(const engine::Input& input, const Config& config);

}  // namespace longhaul::hybrid
