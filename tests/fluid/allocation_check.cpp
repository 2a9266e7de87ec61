#include "tests/fluid/allocation_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace longhaul::fluid {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

double rate_at(const Variable& v, double level) {
  return std::max(v.floor, std::min(v.ceiling, v.weight * level));
}

}  // namespace

Allocation System::build(double tolerance) const {
  Allocation a(tolerance);
  for (const double c : capacities) a.add_constraint(c);
  for (const Member& m : members) a.add_variable(m.spec, m.path);
  return a;
}

std::vector<double> textbook_rates(const System& system, std::string& derivation) {
  const std::size_t n = system.members.size();
  std::vector<double> level(n, infinite);  // at which each froze
  std::vector<bool> frozen(n, false);
  for (std::size_t v = 0; v < n; ++v) frozen[v] = system.members[v].spec.multiplicity == 0;
  // What constraint c carries when the level is `at`.
  const auto used = [&](std::size_t c, double at) {
    double sum = 0;
    for (std::size_t v = 0; v < n; ++v) {
      const auto& m = system.members[v];
      if (m.spec.multiplicity == 0) continue;
      for (const Crossing& x : m.path)
        if (x.constraint == c)
          sum += x.usage * m.spec.multiplicity * rate_at(m.spec, frozen[v] ? level[v] : at);
    }
    return sum;
  };
  const auto rises = [&](std::size_t c) {
    for (std::size_t v = 0; v < n; ++v)
      for (const Crossing& x : system.members[v].path)
        if (x.constraint == c && !frozen[v]) return true;
    return false;
  };
  double now = 0;
  for (;;) {
    // The lowest level at which something stops rising, by bisection for constraints.
    double next = infinite;
    for (std::size_t v = 0; v < n; ++v)
      if (!frozen[v])
        next = std::min(next, system.members[v].spec.ceiling / system.members[v].spec.weight);
    std::vector<double> full(system.capacities.size(), infinite);
    for (std::size_t c = 0; c < full.size(); ++c) {
      if (!rises(c)) continue;
      double low = now;
      double high = std::max(1e-30, now);
      while (high < 1e30 && used(c, high) <= system.capacities[c]) high *= 2;
      if (high >= 1e30) continue;
      for (int i = 0; i < 200; ++i) {
        const double middle = 0.5 * (low + high);
        (used(c, middle) <= system.capacities[c] ? low : high) = middle;
      }
      full[c] = low;
      next = std::min(next, low);
    }
    if (next == infinite) break;
    now = std::max(now, next);
    for (std::size_t v = 0; v < n; ++v) {
      if (frozen[v]) continue;
      const auto& m = system.members[v];
      std::string why;
      if (m.spec.ceiling / m.spec.weight <= now * (1 + 1e-13)) why = "meets its ceiling";
      for (const Crossing& x : m.path)
        if (full[x.constraint] <= now * (1 + 1e-13))
          why = fmt::format("constraint {} is full", x.constraint);
      if (why.empty()) continue;
      derivation += fmt::format("  level {:.12g}: variable {} stops at {:.12g}, {}\n", now, v,
                                rate_at(m.spec, now), why);
      level[v] = now;
    }
    for (std::size_t v = 0; v < n; ++v) frozen[v] = frozen[v] || level[v] < infinite;
  }
  std::vector<double> rates(n);
  for (std::size_t v = 0; v < n; ++v)
    rates[v] =
        system.members[v].spec.multiplicity == 0 ? 0 : rate_at(system.members[v].spec, level[v]);
  return rates;
}

std::string certificate(const System& system, const std::vector<double>& rates, double error) {
  struct Load {
    double used = 0;
    double floors = 0;
    double greatest = 0;  ///< rate over weight of those above their floors
  };
  std::vector<Load> loads(system.capacities.size());
  for (std::size_t v = 0; v < rates.size(); ++v) {
    const auto& m = system.members[v];
    if (m.spec.multiplicity == 0) continue;
    if (!(rates[v] >= m.spec.floor && rates[v] <= m.spec.ceiling))
      return fmt::format("variable {} has {:.17g}, not within its floor and ceiling", v, rates[v]);
    for (const Crossing& x : m.path) {
      Load& load = loads[x.constraint];
      load.used += x.usage * m.spec.multiplicity * rates[v];
      load.floors += x.usage * m.spec.multiplicity * m.spec.floor;
      if (rates[v] > m.spec.floor * (1 + error))
        load.greatest = std::max(load.greatest, rates[v] / m.spec.weight);
    }
  }
  const double most = *std::max_element(system.capacities.begin(), system.capacities.end());
  for (std::size_t c = 0; c < loads.size(); ++c) {
    const double bound = std::max(loads[c].floors, system.capacities[c]);
    if (loads[c].used > bound + error * system.capacities[c] + 1e-14 * most)
      return fmt::format("constraint {} carries {:.17g} of {:.17g}", c, loads[c].used,
                         system.capacities[c]);
  }
  for (std::size_t v = 0; v < rates.size(); ++v) {
    const auto& m = system.members[v];
    if (m.spec.multiplicity == 0 || rates[v] >= m.spec.ceiling * (1 - 1e-14)) continue;
    bool limited = false;
    for (const Crossing& x : m.path) {
      const Load& load = loads[x.constraint];
      const bool full = load.used >= system.capacities[x.constraint] * (1 - error) - 1e-14 * most;
      const double least = load.greatest * (1 - error) - 1e-14 * most / m.spec.weight;
      limited = limited || (full && rates[v] / m.spec.weight >= least);
    }
    if (!limited) return fmt::format("variable {} could have more than {:.17g}", v, rates[v]);
  }
  return {};
}

std::string story(const System& system, const std::vector<double>& rates) {
  std::string text = "system\n";
  for (std::size_t c = 0; c < system.capacities.size(); ++c)
    text += fmt::format("  constraint {}: {:.17g}\n", c, system.capacities[c]);
  for (std::size_t v = 0; v < system.members.size(); ++v) {
    const auto& m = system.members[v];
    text += fmt::format("  variable {}: {} x weight {}, {} to {}, crosses", v, m.spec.multiplicity,
                        m.spec.weight, m.spec.floor, m.spec.ceiling);
    for (const Crossing& x : m.path) text += fmt::format(" {} (x {})", x.constraint, x.usage);
    text += "\n";
  }
  std::string derivation;
  const std::vector<double> right = textbook_rates(system, derivation);
  text += "derivation\n" + derivation + "answer (textbook, solver)\n";
  for (std::size_t v = 0; v < right.size(); ++v)
    text += fmt::format("  variable {}: {:.17g} {:.17g}\n", v, right[v], rates[v]);
  return text;
}

}  // namespace longhaul::fluid
