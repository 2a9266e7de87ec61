// Timing whole runs on a machine that is never quiet: each repetition is a process of its own (so
// that one run's memory and page faults are not the next one's gift), repetitions of all cases take
// turns, and both wall and CPU time are kept.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/packet/engine.hpp"

namespace longhaul::bench {

struct Case {
  std::string name;
  packet::Input input;
  packet::Config config;
  /// That many processes run the case at once; figures are of all of them together. Two beside each
  /// other show what the machine's second processor is worth to two threads at best.
  int copies = 1;
};

/// One repetition.
struct Sample {
  double wall_ns = 0;  ///< per packet-hop; from building the model to the finished measurements
  double cpu_ns = 0;   ///< per packet-hop; of all threads together
  double hops = 0;
  double in_flight = 0;     ///< packets on their way when the run ended
  double memory_bytes = 0;  ///< peak resident set of the run's process, less that before the run
  double dropped = 0;
  double others = 0;  ///< share of the machine that other programs took meanwhile
};

/// How to go about it.
struct Rounds {
  int repetitions = 5;
  /// Before each repetition wait up to this long for the machine to be idle, and repeat those (up
  /// to five times) during which others took more than a twentieth of it.
  double patience_s = 0;
};

struct Samples {
  std::vector<Sample> runs;
  double least(double Sample::*figure) const;
  double median(double Sample::*figure) const;
};

/// Rounds over all cases; prints a dot each to stderr. Throws std::runtime_error if a run fails.
std::vector<Samples> measure(const std::vector<Case>& cases, const Rounds& rounds);

/// A run of about `hops` packet-hops and at least `least_s` simulated seconds, unlimited buffers, a
/// twentieth of it warm-up.
packet::Config config_for(const packet::Input& input, double hops, unsigned threads,
                          double least_s = 0);

}  // namespace longhaul::bench
