// The ways of demands through the network: which hops each one's fluid takes, and in which parts.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/routes.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul::fluid {

using HopIndex = std::uint32_t;
using StopIndex = std::uint32_t;
inline constexpr StopIndex no_stop = UINT32_MAX;

/// Bits a second of a demand's packets, without framing: all of it, and what of it was sent in the
/// measured period.
struct Flow {
  double bps = 0;
  double measured_bps = 0;
  bool operator==(const Flow&) const = default;
};

/// A demand at a port.
struct Hop {
  PortId port;
  StopIndex to;                     ///< where it arrives
  double framing;                   ///< bits on the wire for each bit of the demand at this port
  Flow in = {};                     ///< at the port
  Flow sent = {};                   ///< what the port last let pass of it
  Flow arrived = {};                ///< at the far end
  double lost_mark = 0;             ///< the queue's lost_s() when `in` last changed
  std::uint32_t tail = UINT32_MAX;  ///< see Tails
};

/// A demand at a node on its way.
struct Stop {
  DemandId demand;
  NodeId node;
  StopIndex way = 0;   ///< the first stop of its way
  bool end = false;    ///< its destination
  HopIndex first = 0;  ///< hops from here, each with the same part
  std::uint32_t hops = 0;
  std::uint32_t first_feed = 0;  ///< position in Ways::feeds
  std::uint32_t feeds = 0;
  Flow own = {};                   ///< what the demand's source sends here
  Flow in = {};                    ///< that, and what its feeds bring
  std::int64_t since = 0;          ///< ps, when `in` was last counted
  std::int64_t until = INT64_MAX;  ///< ps, when routes changed: from then on `next` is in its place
  StopIndex next = 0;
};

/// All stops and hops, under the routes of some time; those of later routes are added behind.
struct Ways {
  std::vector<Hop> hops;
  std::vector<Stop> stops;
  std::vector<HopIndex> feeds;                 ///< hops that lead to a stop, by stop
  std::vector<StopIndex> start;                ///< by DemandId: the present one
  std::vector<std::vector<HopIndex>> at_port;  ///< by PortId, of those entered

  template <class Archive>
  void serialize(Archive& archive) {
    archive(raw(hops), raw(stops), feeds, start, at_port);
  }
};

/// All that packets may pass from `from` to `destination`, in the order in which they are first
/// met.
std::vector<NodeId> nodes_of_way(const Network& network, const Routes& routes, NodeId from,
                                 DestinationId destination);

/// Adds the way of `demand` under `routes`, from its source and from all nodes of its way before,
/// if there is one, and makes it the present one. What is under way to a stop of the way before
/// arrives at the new stop of that node. Returns false, and does nothing, if all stays as it was.
bool change_way(const Network& network, const Routes& routes, const DemandSet& demands,
                DemandId demand, std::int64_t now, Ways& ways);

/// Enters the hops of the present way of `demand` in `at_port`.
void enter_way(DemandId demand, Ways& ways);

/// What of a demand's fluid comes where, after which time.
struct Reach {
  enum class What : std::uint8_t { port, queue, end };
  What what;
  HopIndex hop;  ///< at that port or queue
  std::int64_t delay;
  double share;
};

/// All that fluid at `from`, after `delay` and on a way without dead ends, reaches without passing
/// one of the `queues`: these and what lies before them.
std::vector<Reach> reach(const Network& network, const Ways& ways, StopIndex from,
                         std::int64_t delay, const std::vector<bool>& queues);

/// The stops of a demand's way lie together: those from its start on, this many.
std::uint32_t stops_of_way(const Ways& ways, StopIndex start);

}  // namespace longhaul::fluid
