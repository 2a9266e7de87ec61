// In which order machines run within a window, on which thread, and how long the window may be.
//
// The parallel correctness argument (proof in docs/models/packet-engine.md): a machine may run a
// window once all packets that reach it in that window have been written. A machine whose delay is
// at least the window writes, during a window, only packets for later windows; so within a window
// only the machines with a shorter delay ("short" machines) must run before those they feed. Where
// short machines form no cycle that is a topological order. Those on a cycle form an island, which
// is run as one unit: by a smaller window of its own, or packet by packet with a heap of lane heads
// when such windows would be nearly empty.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/packet/model.hpp"

namespace longhaul::packet {

/// The window: how far machines may run apart. Always positive. Results do not depend on it; speed
/// does.
class Lookahead {
 public:
  explicit Lookahead(std::int64_t ps);
  std::int64_t ps() const { return ps_; }

 private:
  std::int64_t ps_;
};

struct Group;

/// What one thread runs without interruption during a window: a machine, or an island of machines.
struct Unit {
  std::vector<std::uint32_t> machines;  ///< one, or all of an island
  std::unique_ptr<Group> inner;         ///< an island run by smaller windows
  bool events = false;                  ///< an island run packet by packet
  double load_pps = 0;
  double cost = 0;  ///< expected work a second, in packet-hops
  unsigned thread = 0;
  bool awaited = false;  ///< some unit waits for this one
  std::vector<std::uint32_t>
      wait_for;  ///< units (of the same group) that must have run this window, on other threads
};

/// Units in an order in which they may run, and their window.
struct Group {
  Lookahead window;
  std::vector<Unit> units;
};

struct ScheduleOptions {
  unsigned threads = 1;
  std::int64_t longest_ps = 0;  ///< upper bound on the window; 0: none but the engine's own
  Islands islands = Islands::automatic;
  std::uint32_t least_packets_per_thread = 0;
};

Group build_schedule(const Model& model, const ScheduleOptions& options);

/// How many threads the top group's units are dealt to.
unsigned thread_count(const Group& group);

/// For reports and tests: the share of the load that lies in islands run packet by packet.
double event_share(const Group& group);

}  // namespace longhaul::packet
