// Finding things by the names a user writes, and saying what there is when there is no such thing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/network/network.hpp"

namespace longhaul::scenario {

/// What was found, or the message and hint of the mistake.
template <class T>
struct Found {
  T value;
  std::string error = {};
  std::string hint = {};
  explicit operator bool() const { return error.empty(); }
};

// Mistakes read `there is no KIND "name"; expected one of a, b, c`, the hint names the nearest.

Found<NodeId> find_node(const Network& network, std::string_view name);
Found<ProviderId> find_provider(const Network& network, std::string_view name);
Found<RegionId> find_region(const Network& network, std::string_view name);
/// `name`, if a node is in that country.
Found<std::string> find_country(const Network& network, std::string_view name);
/// The position of `name` in `names`.
Found<std::size_t> find_name(std::string_view kind, std::string_view name,
                             const std::vector<std::string>& names);

/// Links called `name`, or all between the nodes A and B if `name` is "A-B".
std::vector<LinkId> links_named(const Network& network, std::string_view name);
/// Exactly one of them.
Found<LinkId> find_link(const Network& network, std::string_view name);

/// Part of a network.
struct Target {
  std::string name;  ///< the same however it was written: "A-B" for a link called so, and for "B-A"
  std::vector<LinkId> links;       ///< ascending; of nodes: all with an end there
  std::vector<NodeId> nodes = {};  ///< ascending; none of a link or a risk group
};
/// A link, "A-B", a node (all its links) or a risk group (all links in it).
Found<Target> find_target(const Network& network, std::string_view name);
/// The same, or a region or a provider (all its nodes). "link:", "node:", "risk:", "region:" or
/// "provider:" before a name says which of several is meant.
Found<Target> find_part(const Network& network, std::string_view name);

}  // namespace longhaul::scenario
