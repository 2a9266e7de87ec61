// A machine that acts by itself between arrivals: a queue whose discipline decides only when the
// link is free, or a host. FIFO queues do not (sim/packet/queue.hpp): they know a packet's
// departure when it arrives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "sim/base/archive_fwd.hpp"
#include "sim/packet/packet.hpp"

namespace longhaul::packet {

struct Context;

/// Handles arrivals and its own actions in time order. At one instant its actions come before
/// arrivals, and arrivals come in the order given. What it does at time t depends on arrivals
/// before t (and those at t given before) alone, and it writes each of its lanes in time order; so
/// cutting time into windows anywhere changes nothing.
class Machine {
 public:
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

  Machine() = default;
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  virtual ~Machine() = default;

  /// Takes `n` packets, in time order and all earlier than `until`, and does all that is due before
  /// `until`. Nothing before the `until` of the last call may be among them.
  virtual void run(const Key* keys, std::size_t n, std::int64_t until, Context& context) = 0;
  /// When it acts next if nothing arrives; `never` if it does not.
  virtual std::int64_t next_action() const = 0;
  /// From now on count: the warm-up is over at `time`; utilization is sampled every `interval` ps.
  virtual void start_measuring(std::int64_t time, std::int64_t interval) = 0;
  /// The run is over: what waits inside goes to lanes, where what is in flight at the end lies.
  virtual void finish(Context& context) = 0;
  /// Its state between two calls of run().
  virtual void save(SaveArchive& archive) = 0;
  virtual void load(LoadArchive& archive) = 0;
};

}  // namespace longhaul::packet
