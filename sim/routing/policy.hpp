// Routing between providers by business interest, after Gao and Rexford (docs/models/policy.md).
//
// What decides is a domain: the routers of one provider that its own links join. A provider is one
// domain unless failures or its map cut it in pieces; pieces cannot talk through others, since BGP
// refuses a path that already holds one's own number.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/network/network.hpp"

namespace longhaul::routing {

using DomainId = Id<struct DomainTag>;

/// From whom a domain has learnt the way to a destination; the best comes first.
enum class LearntFrom : std::uint8_t { self, customer, peer, provider, nobody };

/// What the far end of an existing port is to its near end: its customer, peer or provider; `self`
/// within a provider. A link between two providers that does not say (internal, or transit without
/// one of its ends as customer) is by tier: equals are peers, else the larger tier number pays.
LearntFrom far_end_is(const Network& network, PortId port);

/// The domains of a network, of the ports that are up.
struct Domains {
  /// `up[port]`: exists and works.
  Domains(const Network& network, const std::vector<bool>& up);

  std::vector<DomainId> of_node;             ///< by NodeId
  std::vector<std::vector<NodeId>> members;  ///< by DomainId, ascending
  std::vector<ProviderId> provider;          ///< by DomainId
  std::size_t count() const { return members.size(); }
};

/// How every domain reaches one destination domain.
struct DomainRoute {
  LearntFrom learnt_from = LearntFrom::nobody;
  std::uint32_t length =
      0;  ///< domains still to cross, the destination's included; 0 at the destination
  std::vector<PortId> exits;  ///< ports that leave for the equally good next domains, ascending
};

/// Decides the way of every domain to one destination domain at a time.
class PolicyRoutes {
 public:
  /// Over ports with `last_resort[port]` only goes what has no other way.
  PolicyRoutes(const Network& network, const std::vector<bool>& up,
               const std::vector<bool>& last_resort, const Domains& domains);

  /// The stable outcome of BGP under Gao-Rexford preferences and export rules, by DomainId:
  /// customer routes before peer routes before provider routes, then the fewest domains. Valid
  /// until the next call.
  const std::vector<DomainRoute>& towards(DomainId destination);

 private:
  /// A port from one domain into another.
  struct Border {
    PortId port;
    DomainId from;
    LearntFrom learnt_from;  ///< what a route heard over it counts as at `from`
    bool last_resort;
  };

  void spread_all();
  void spread(LearntFrom kind);
  bool wanted(const Border& border, LearntFrom kind, std::uint32_t length) const;
  bool would_loop(const Border& border, DomainId over) const;
  void accept(const Border& border, DomainId over, std::uint32_t length);

  const Domains& domains_;
  std::vector<std::vector<Border>> into_;  ///< by the domain entered
  bool split_;                             ///< some provider is in several pieces
  bool any_last_resort_ = false;
  std::vector<bool>
      settled_;  ///< by DomainId: has a way without last resorts; empty: not yet known
  std::vector<DomainRoute> routes_;               ///< by DomainId
  std::vector<std::vector<DomainId>> at_length_;  ///< domains decided so far, by route length
  std::vector<std::vector<bool>> crosses_;  ///< by DomainId and ProviderId; only kept if split_
};

}  // namespace longhaul::routing
