// Who hears of which change when: detection at the ends of a link, LSPs hop by hop over links that
// work, and between providers after a fixed time.
#pragma once

#include <vector>

#include "sim/failure/timeline.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/convergence.hpp"
#include "sim/routing/spf.hpp"

namespace longhaul::routing {

/// What a port's router says of it from `at` on.
struct Claim {
  Time at;
  PortId port;
  bool adjacent;   ///< the router at the far end is there
  bool withdrawn;  ///< though not to be routed over
  Cost metric;
  bool usable() const { return adjacent && !withdrawn; }
};

/// One router's claims, in order of time: those that the IGP floods, or those that BGP tells. News
/// of one of them is news of all before.
struct Speaker {
  NodeId node;
  bool by_igp;
  std::vector<Claim> claims;
};

/// At `at`, a router hears the first `claims` of speaker `speaker`.
struct News {
  Time at;
  std::uint32_t speaker;
  std::uint32_t claims;
};

class Flooding {
 public:
  /// States up to the first picosecond count as known to all: the network has settled.
  Flooding(const Network& network, const failure::Timeline& timeline, const ConvergenceSpec& spec);

  /// The state that all know at time zero.
  const failure::State& known() const { return *known_; }
  const std::vector<Speaker>& speakers() const { return speakers_; }
  /// What `node` hears, in order of time.
  std::vector<News> heard_by(NodeId node) const;

 private:
  /// When a link carries LSPs.
  struct Working {
    std::int64_t from;
    std::int64_t until;
  };
  void follow(LinkId link, const failure::Timeline& timeline, const ConvergenceSpec& spec,
              std::vector<std::vector<Claim>>& by_port);
  void speak(std::vector<std::vector<Claim>>& by_port);
  void flood(std::uint32_t speaker, const ConvergenceSpec& spec);
  bool link_is_up(LinkId link, const failure::State& state) const;
  std::int64_t sends_at(LinkId link, std::int64_t earliest) const;

  const Network& network_;
  const failure::State* known_;
  std::size_t first_;                          ///< states from here on are news
  std::vector<std::vector<Working>> working_;  ///< by link
  std::vector<Speaker> speakers_;
  std::vector<std::vector<News>> heard_;  ///< by node
};

}  // namespace longhaul::routing
