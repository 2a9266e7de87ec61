// Random small networks for property tests: shapes, rates and delays chosen to force what is hard.
#pragma once

#include <cstdint>

#include "sim/packet/engine.hpp"
#include "sim/packet/packet.hpp"

namespace longhaul::packet {

/// A reproducible stream of small numbers; not for simulation.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(mix(seed + 1)) {}
  /// Uniform in [0, n).
  std::uint64_t roll(std::uint64_t n) {
    state_ = mix(state_ + 0x9e3779b97f4a7c15ULL);
    return state_ % n;
  }
  bool chance(std::uint64_t percent) { return roll(100) < percent; }

 private:
  std::uint64_t state_;
};

struct RandomCase {
  Input input;
  Config config;
};

/// A network of 2 to 9 nodes with 1 to 30 demands: rings and meshes of equal and unequal links,
/// delays from zero to milliseconds on a coarse grid (so that times tie), LAGs, rates of whole and
/// broken picoseconds per byte, all buffer kinds, CBR and Poisson, framing on and off, all ECMP
/// modes, and in every third case failures with route changes.
RandomCase random_case(std::uint64_t seed);

/// The same with rates of most links that change up to a dozen times, between a twelfth of their
/// own and a third above it.
RandomCase random_case_of_rates(std::uint64_t seed);

/// The same with segments that some demands are steered into, and with routers that change their
/// tables one by one, each destination at its own time: to other routes, to none, to any port, by
/// segments; so that packets go in circles until a small TTL ends them.
RandomCase random_case_of_tables(std::uint64_t seed);

/// Turns about half of the case's demands into TCP of all kinds, endless and by flows, and lets the
/// run last long enough for some round trips.
void add_tcp(std::uint64_t seed, RandomCase& c);

/// A discipline with random classes, limits and thresholds that the case's traffic reaches. Makes
/// half of the case's demands ECN-capable.
Queueing random_queueing(std::uint64_t seed, Discipline discipline, DropRule rule, RandomCase& c);

/// Gives two thirds of the case's demands a shaper or a policer around their own rate.
void add_random_buckets(std::uint64_t seed, RandomCase& c);

}  // namespace longhaul::packet
