// The fluid engine: demands as rates that change now and then, queues as fluids; events only where
// a rate changes (docs/models/fluid.md).
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "sim/engine/input.hpp"
#include "sim/fluid/queue.hpp"

namespace longhaul::fluid {

/// Why this input cannot be simulated as a fluid yet, for people; empty if it can.
std::string refusal(const engine::Input& input, const Queueing& queueing);

/// A port at one instant.
struct PortLook {
  double arriving_bps = 0;  ///< on the wire
  double capacity_bps = 0;  ///< 0 while it is down
  double backlog_bits = 0;
  double lost = 0;  ///< share of what arrives
};

/// Who looks on while a fluid runs.
struct Observer {
  std::vector<std::int64_t> times;  ///< ps, ascending, before the end
  /// At each of them: its position, and the ports by PortId.
  std::function<void(std::size_t, std::span<const PortLook>)> look;
  /// By PortId: what waits and is lost there is not to be counted with demands, since the observer
  /// knows better. Such losses count as delivered. Empty: none.
  std::vector<bool> ignored = {};
};

/// Runs to the end of warmup + duration. Requires an empty refusal().
Measurements run(const engine::Input& input, const engine::Config& config,
                 const Observer* observer = nullptr);

}  // namespace longhaul::fluid
