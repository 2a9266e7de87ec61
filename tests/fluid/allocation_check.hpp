// What an allocation must be, judged without the solver's own bookkeeping, and a textbook solver.
#pragma once

#include <string>
#include <vector>

#include "sim/fluid/allocation.hpp"

namespace longhaul::fluid {

/// A system as its tests write it: everything a solver is given.
struct System {
  std::vector<double> capacities;
  struct Member {
    Variable spec;
    std::vector<Crossing> path;
  };
  std::vector<Member> members;
  Allocation build(double tolerance = 1e-12) const;
};

/// Rates by progressive filling as textbooks have it, each step looking at everything again. Writes
/// down its steps.
std::vector<double> textbook_rates(const System& system, std::string& derivation);

/// Empty if `rates` are max-min fair within a relative `error`; else what is wrong.
std::string certificate(const System& system, const std::vector<double>& rates, double error);

/// System, derivation and answer, for a failed test.
std::string story(const System& system, const std::vector<double>& rates);

}  // namespace longhaul::fluid
