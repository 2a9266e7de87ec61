// Rain on microwave hops as what it does to them: modulations that follow one another, and times
// without any.
#pragma once

#include <vector>

#include "sim/engine/input.hpp"
#include "sim/scenario/scenario.hpp"

namespace longhaul::run {

/// A link that no modulation holds, in [from, until); `until` may be Time::max().
struct Outage {
  LinkId link;
  Time from;
  Time until;
};

struct Fading {
  /// By PortId, as engine::Input wants them; the level is the position in
  /// microwave::modulations(). Empty if no rain changes any modulation.
  std::vector<std::vector<engine::RateStep>> rate_steps;
  std::vector<Outage> outages;  ///< by link, then time
};

/// What the scenario's rain does. A radio changes modulation the instant rain crosses a limit
/// (microwave::rain_limits), both directions alike. Rain that is not a whole um/h where lines meet
/// is rounded down.
Fading fading_of(const Scenario& scenario);

}  // namespace longhaul::run
