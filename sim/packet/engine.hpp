// The packet engine: every packet of an open-loop scenario through FIFO ports, by windows over
// streams instead of a global event queue (docs/models/packet-engine.md). Same results, bit for
// bit, for any number of threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "sim/base/units.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/reachability.hpp"
#include "sim/routing/routes.hpp"
#include "sim/stats/measurements.hpp"
#include "sim/traffic/demand.hpp"
#include "sim/traffic/queueing.hpp"

namespace longhaul::packet {

/// Limit of a queue. With plain FIFO the packet in transmission counts, and one that would exceed
/// the limit on arrival is dropped; with other disciplines only what waits counts.
using Buffer = QueueLimit;

/// How cycles of links shorter than a window are run; for tests, since results do not depend on it.
enum class Islands { automatic, windows, events };

/// From `at` on, routers forward by `routes` and the ports with `down[port]` send nothing.
struct RouteChange {
  Time at;
  std::shared_ptr<const Routes> routes;
  std::vector<bool> down;                                ///< by PortId
  std::shared_ptr<const Reachability> cables = nullptr;  ///< as Input::cables, from `at` on
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
  std::uint64_t packet_hops;
};

struct Config {
  std::uint64_t seed = 1;
  Duration warmup = Duration::ms(100);
  Duration duration = Duration::s(1);  ///< measured, after the warm-up
  std::optional<Duration>
      interval;          ///< of utilization samples; a hundredth of the duration if not given
  unsigned threads = 1;  ///< at most; see below
  /// Threads meet after every window, so with fewer expected packets than this for each of them in
  /// a window, fewer threads are used. 0: always all, for tests.
  std::uint32_t least_packets_per_thread = 1000;
  Queueing queueing;
  Ecmp ecmp = Ecmp::per_flow;
  std::uint32_t flows = 64;  ///< per demand; a power of two
  std::optional<Duration>
      window;  ///< upper bound on the window, for tests; results do not depend on it
  Islands islands = Islands::automatic;
  std::uint64_t memory_limit_bytes =
      0;  ///< refuse to start above; 0: three quarters of the machine's
  std::function<void(const Progress&)> progress;  ///< called now and then, by one thread at a time
  const std::atomic<bool>* stop =
      nullptr;  ///< when it turns true the run ends at the next window, incomplete
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
};

/// An estimate made before the start.
struct Estimate {
  std::uint64_t packet_hops;
  std::uint64_t memory_bytes;
};
Estimate estimate(const Input& input, const Config& config);

/// Runs to the end of warmup + duration. Throws RunError when the estimate does not fit into
/// memory, saying what to do.
Measurements run(const Input& input, const Config& config);

}  // namespace longhaul::packet
