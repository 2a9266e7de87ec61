// How a demand's packets or flows come, where it is neither Poisson nor CBR
// (docs/models/arrivals.md).
#pragma once

#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "sim/base/units.hpp"
#include "sim/traffic/flow_sizes.hpp"

namespace longhaul {

/// A Markov chain in continuous time whose state sets the rate (Fischer and Meier-Hellstern 1993).
struct Mmpp {
  struct State {
    double rate;                  ///< relative to the other states', >= 0
    Duration mean;                ///< of the exponential time in it, > 0
    std::vector<double> to = {};  ///< weights of the next state, by state; empty: any other alike
  };
  std::vector<State> states;  ///< at least two; some rate above 0; each can be reached from each
};
/// The probability that the chain jumps from state `i` to state `j`.
double jump_share(const Mmpp& mmpp, std::size_t i, std::size_t j);
/// False if some state cannot be reached from some other.
bool all_reachable(const Mmpp& mmpp);
/// The share of time in each state.
std::vector<double> time_shares(const Mmpp& mmpp);
/// The factor on the demand's rate in each state; its mean over time is 1.
std::vector<double> rate_factors(const Mmpp& mmpp);

/// Independent sources that send for a period, then rest for one; a demand is their sum. With
/// Pareto periods of infinite variance the sum is self-similar, H = (3 - alpha) / 2 (Taqqu,
/// Willinger and Sherman 1997).
struct OnOff {
  Duration on;   ///< mean, > 0
  Duration off;  ///< mean, > 0
  double alpha;  ///< shape of Pareto periods, 1 < alpha < 2; 0: exponential periods
  std::uint32_t sources = 1;
};

/// Flows come as a Poisson process, each with a size from a table, and are sent at an even rate.
struct FlowArrivals {
  std::shared_ptr<const FlowSizes> sizes;
  Rate rate;  ///< of a flow while it sends, > 0
};

/// Packets as recorded.
struct PacketTrace {
  struct Packet {
    std::int64_t time_ps;  ///< since the trace's start, >= 0
    std::uint32_t flow;    ///< hashed onto the demand's flows
    std::uint16_t bytes;
  };
  std::vector<Packet> packets;  ///< in time order; at least one
  std::int64_t period_ps;       ///< after which it starts anew; 0: it does not
};

/// Flows as recorded, each sent at an even rate.
struct FlowTrace {
  struct Flow {
    std::int64_t time_ps;  ///< since the trace's start, >= 0
    std::int64_t bytes;
    std::uint32_t flow;  ///< hashed onto the demand's flows
  };
  std::vector<Flow> flows;  ///< in time order; at least one
  std::int64_t period_ps;   ///< after which it starts anew; 0: it does not
  Rate rate;                ///< of a flow while it sends, > 0
};

using ArrivalModel = std::variant<Mmpp, OnOff, FlowArrivals, PacketTrace, FlowTrace>;

}  // namespace longhaul
