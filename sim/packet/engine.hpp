// The packet engine: every packet of an open-loop scenario through FIFO ports, by windows over
// streams instead of a global event queue (docs/models/packet-engine.md). Same results, bit for
// bit, for any number of threads.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/engine/input.hpp"

namespace longhaul::packet {

using engine::Input;
using engine::Progress;
using engine::RateStep;
using engine::RouteChange;

/// Limit of a queue. With plain FIFO the packet in transmission counts, and one that would exceed
/// the limit on arrival is dropped; with other disciplines only what waits counts.
using Buffer = QueueLimit;

/// How cycles of links shorter than a window are run; for tests, since results do not depend on it.
enum class Islands { automatic, windows, events };

struct Config : engine::Config {
  /// Threads meet after every window, so with fewer expected packets than this for each of them in
  /// a window, fewer threads are used. 0: always all, for tests.
  std::uint32_t least_packets_per_thread = 1000;
  std::uint32_t flows = 64;  ///< per demand; a power of two
  std::optional<Duration>
      window;  ///< upper bound on the window, for tests; results do not depend on it
  Islands islands = Islands::automatic;
  std::uint64_t memory_limit_bytes =
      0;  ///< refuse to start above; 0: three quarters of the machine's
};

/// An estimate made before the start.
struct Estimate {
  std::uint64_t packet_hops;
  std::uint64_t memory_bytes;
};
Estimate estimate(const Input& input, const Config& config);

/// The most memory that a run may need, in bytes.
std::uint64_t memory_limit(const Config& config);

/// Runs to the end of warmup + duration. Throws RunError when the estimate does not fit into
/// memory, saying what to do.
Measurements run(const Input& input, const Config& config);

}  // namespace longhaul::packet
