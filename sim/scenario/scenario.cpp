#include "sim/scenario/scenario.hpp"

#include <array>

namespace longhaul {

const char* to_string(Fidelity fidelity) {
  static constexpr std::array words{"packet", "fluid", "hybrid", "auto"};
  return words[static_cast<std::size_t>(fidelity)];
}

const char* to_string(Expectation::Metric metric) {
  static constexpr std::array words{
      "max link utilization", "mean latency", "p50 latency",   "p90 latency",  "p99 latency",
      "p99.9 latency",        "max latency",  "mean queueing", "p50 queueing", "p99 queueing",
      "p99.9 queueing",       "loss",         "jitter",        "throughput",   "max queue",
      "availability",         "mos"};
  return words[static_cast<std::size_t>(metric)];
}

const char* to_string(Expectation::Op op) {
  static constexpr std::array words{"<", "<=", ">", ">="};
  return words[static_cast<std::size_t>(op)];
}

}  // namespace longhaul
