// Dense integer ids. Each kind is its own type, so a node never indexes a table of ports.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace longhaul {

/// An index into a table of `Tag`s; 0-based and dense. `Id::none()` stands for "no such thing".
template <class Tag>
class Id {
 public:
  constexpr explicit Id(std::size_t v) : value_(static_cast<std::uint32_t>(v)) {}
  static constexpr Id none() { return Id(std::numeric_limits<std::uint32_t>::max()); }

  constexpr std::uint32_t value() const { return value_; }
  constexpr std::size_t index() const { return value_; }
  constexpr bool valid() const { return value_ != std::numeric_limits<std::uint32_t>::max(); }

  constexpr auto operator<=>(const Id&) const = default;

 private:
  std::uint32_t value_;
};

using NodeId = Id<struct NodeTag>;
using LinkId = Id<struct LinkTag>;  ///< a cable or LAG: both directions
using PortId = Id<struct PortTag>;  ///< one direction of a link, at its sending router
using ProviderId = Id<struct ProviderTag>;
using RegionId = Id<struct RegionTag>;
using ClassId = Id<struct ClassTag>;  ///< a traffic class
using DemandId = Id<struct DemandTag>;
using ConstraintId = Id<struct ConstraintTag>;    ///< a path constraint; 0 is none
using DestinationId = Id<struct DestinationTag>;  ///< a node under a constraint (class Routes)
using SizeMixId = Id<struct SizeMixTag>;          ///< a packet size distribution
using ArrivalModelId = Id<struct ArrivalModelTag>;
using ProfileId = Id<struct ProfileTag>;  ///< a rate over time
using TransportId = Id<struct TransportTag>;
using ServiceId = Id<struct ServiceTag>;

}  // namespace longhaul
