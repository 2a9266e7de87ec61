// What SNDlib's two formats, native and XML, share.
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "sim/topology/import/detail/fields.hpp"

namespace longhaul::import {

/// The unit of capacities and demands where a file names none: Mb/s.
inline constexpr double sndlib_unit_bps = 1e6;

/// A link's capacities and costs as written; what is not written is left out.
struct SndlibCapacity {
  std::optional<Field> installed;
  std::optional<Field> installed_cost;
  std::optional<Field> routing_cost;
  std::optional<Field> setup_cost;
  std::vector<std::pair<Field, Field>> modules;  ///< capacity and cost; no cost is an empty text
};

/// Takes what the file says of itself: its origin, its unit; the rest goes to attributes.
void sndlib_meta(const Fields& fields, NetworkSpec& spec, double& unit_bps);

using Ends = std::optional<std::pair<NodeId, NodeId>>;
/// Checks a link and adds it, if it has an id and ends. Its capacity is what is installed, else the
/// largest module; costs other than 0 and modules are kept as attributes.
void add_sndlib_link(const std::optional<Field>& id, const Ends& ends,
                     const SndlibCapacity& capacity, double unit_bps, Checks& checks,
                     NetworkSpec& spec, std::unordered_set<std::string>& link_ids);

}  // namespace longhaul::import
