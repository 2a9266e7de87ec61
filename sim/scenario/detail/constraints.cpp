#include "sim/scenario/detail/constraints.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/detail/lookup.hpp"

namespace longhaul::scenario {

namespace {

bool forbids(const PathConstraint& constraint) {
  return std::find(constraint.avoid.begin(), constraint.avoid.end(), true) !=
         constraint.avoid.end();
}

}  // namespace

ConstraintId Constraints::add(PathConstraint constraint) {
  if (!forbids(constraint)) return ConstraintId(0);
  for (std::size_t c = 1; c < all_.size(); ++c)
    if (all_[c].avoid == constraint.avoid) return ConstraintId(c);
  all_.push_back(std::move(constraint));
  return ConstraintId(all_.size() - 1);
}

ConstraintId Constraints::both(ConstraintId a, ConstraintId b) {
  if (a == b || b == ConstraintId(0)) return a;
  if (a == ConstraintId(0)) return b;
  PathConstraint together = all_[a.index()];
  const PathConstraint& other = all_[b.index()];
  for (std::size_t p = 0; p < together.avoid.size(); ++p)
    together.avoid[p] = together.avoid[p] || other.avoid[p];
  together.what += ", " + other.what;
  return add(std::move(together));
}

PathConstraint confine(const WrittenWithin& within, const Network& network,
                       Diagnostics& diagnostics) {
  std::vector<std::string> names;
  std::vector<RegionId> regions;
  for (const Name& name : within.regions) {
    if (name.value.empty()) continue;  // already reported
    const auto found = find_region(network, name.value);
    if (!found) name.where.error(diagnostics, found.error, found.hint);
    regions.push_back(found.value);
    names.push_back(name.value);
  }
  std::vector<std::string> countries;
  for (const Name& name : within.countries) {
    if (name.value.empty()) continue;
    const auto found = find_country(network, name.value);
    if (!found) name.where.error(diagnostics, found.error, found.hint);
    countries.push_back(name.value);
    names.push_back(name.value);
  }
  const auto inside = [&](NodeId id) {
    const Node& node = network.node(id);
    const auto in = [](const auto& list, const auto& value) {
      return std::find(list.begin(), list.end(), value) != list.end();
    };
    return (node.region.valid() && in(regions, node.region)) || in(countries, node.country);
  };
  PathConstraint out;
  out.what = fmt::format("within {}", fmt::join(names, ", "));
  for (const Port& port : network.ports())
    out.avoid.push_back(port.exists && !(inside(port.from) && inside(port.to)));
  return out;
}

}  // namespace longhaul::scenario
