// What every engine takes: the network, who sends what over which routes, what changes when, and
// how to run it (docs/architecture.md).
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "sim/base/units.hpp"
#include "sim/engine/checkpoint.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/fib_updates.hpp"
#include "sim/routing/reachability.hpp"
#include "sim/routing/routes.hpp"
#include "sim/stats/measurements.hpp"
#include "sim/traffic/demand.hpp"
#include "sim/traffic/queueing.hpp"

namespace longhaul::engine {

/// From `at` on, the ports with `down[port]` send nothing and routers forward by `routes`, all at
/// once or as Input::forwarding says.
struct RouteChange {
  Time at;
  std::shared_ptr<const Routes> routes;
  std::vector<bool> down;                                ///< by PortId
  std::shared_ptr<const Reachability> cables = nullptr;  ///< as Input::cables, from `at` on
  /// What all routers come to have if nothing else changes; null: `routes`.
  std::shared_ptr<const Routes> ahead = nullptr;
};

/// Transmissions that start at or after `at` go at `member_rate` for each LAG member; one that is
/// under way ends as it began.
struct RateStep {
  Time at;
  Rate member_rate;
  std::uint32_t level = 0;  ///< a name for this state of the link, for PortMeasurement::levels
};

struct Progress {
  Time simulated;
  Time end;
  std::uint64_t packet_hops;  ///< so far; 0 in engines without packets
};

struct Input {
  NetworkPtr network;
  std::shared_ptr<const DemandSet> demands;
  std::shared_ptr<const Routes> routes;  ///< at time zero
  std::vector<RouteChange> changes;      ///< in time order, all > 0
  /// What working cables join at time zero: a packet that finds no route although they lead to its
  /// destination is dropped by policy. Null: by no_route in any case.
  std::shared_ptr<const Reachability> cables = nullptr;
  /// By PortId: ascending, the first at time zero; none: always the port's rate. Empty: none for
  /// all. A buffer written as a time is what the port's own rate sends in it.
  std::vector<std::vector<RateStep>> rate_steps = {};
  /// When each router's table changes, for engines that know single routers. Null: at the instants
  /// of the changes.
  std::shared_ptr<const routing::FibUpdates> forwarding = nullptr;
};

/// What every engine is told beside its input.
struct Config {
  std::uint64_t seed = 1;
  Duration warmup = Duration::ms(100);
  Duration duration = Duration::s(1);  ///< measured, after the warm-up
  std::optional<Duration>
      interval;  ///< of utilization samples; a hundredth of the duration if not given
  /// The same, in ps.
  std::int64_t interval_ps() const {
    return std::max<std::int64_t>(1, interval ? interval->ps() : duration.ps() / 100);
  }
  unsigned threads = 1;  ///< at most; no result depends on it
  Queueing queueing;
  Ecmp ecmp = Ecmp::per_flow;
  std::uint32_t ttl = 64;                         ///< links that a packet may cross; 1 to 255
  std::function<void(const Progress&)> progress;  ///< called now and then, by one thread at a time
  const std::atomic<bool>* stop = nullptr;  ///< when it turns true the run ends soon, incomplete
  CheckpointConfig checkpoint = {};
};

}  // namespace longhaul::engine
