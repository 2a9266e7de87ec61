// Places as written: names of nodes, regions and countries, and choices among nodes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/yaml/fields.hpp"
#include "sim/network/network.hpp"

namespace longhaul::scenario {

using Name = yaml::Located<std::string>;

yaml::Type<Name> located_name();

/// `within:`, regions and countries that traffic must not leave.
struct WrittenWithin {
  std::vector<Name> regions;
  std::vector<Name> countries;
  yaml::Place where;
};

/// `among:`, by any of these; several must all hold.
struct WrittenAmong {
  std::vector<Name> nodes;
  std::vector<Name> regions;
  std::vector<Name> providers;
  std::vector<std::int64_t> tiers;
  std::vector<Role> roles;
  yaml::Place where;
  std::vector<Name> countries;
};

const yaml::Fields<WrittenWithin>& within_fields();
const yaml::Fields<WrittenAmong>& among_fields();

}  // namespace longhaul::scenario
