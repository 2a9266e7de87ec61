// Path constraints: where traffic may go, as written, to ports that it must not use.
#pragma once

#include <vector>

#include "sim/base/error.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/routes.hpp"
#include "sim/scenario/detail/written.hpp"

namespace longhaul::scenario {

/// The constraints of a scenario; equal ones are one.
class Constraints {
 public:
  /// The id of `constraint`; 0 if it forbids nothing.
  ConstraintId add(PathConstraint constraint);
  /// What obeys both.
  ConstraintId both(ConstraintId a, ConstraintId b);
  /// The first stands for none.
  const std::vector<PathConstraint>& all() const { return all_; }

 private:
  std::vector<PathConstraint> all_{PathConstraint{}};
};

/// Every port to or from a node outside of the regions and countries of `within`: a node is inside
/// if its region or its country is named. Names that no node has are mistakes.
PathConstraint confine(const WrittenWithin& within, const Network& network,
                       Diagnostics& diagnostics);

}  // namespace longhaul::scenario
