// Weighted max-min: closed forms, and random systems against a textbook solver and the certificate
// that makes a share max-min fair. A failure prints system, derivation and answer.
#include "sim/fluid/allocation.hpp"

#include <cmath>
#include <random>

#include "tests/catch.hpp"
#include "tests/fluid/allocation_check.hpp"

using namespace longhaul::fluid;

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

std::vector<double> rates_of(const Allocation& a) {
  std::vector<double> rates;
  for (VariableIndex v = 0; v < a.variables(); ++v) rates.push_back(a.rate(v));
  return rates;
}

/// Both ways of solving give `expected`.
void check_both(const System& system, const std::vector<double>& expected) {
  Allocation filled = system.build();
  filled.solve();
  Allocation followed = system.build();
  followed.update();
  for (const Allocation* a : {&filled, &followed}) {
    const std::vector<double> rates = rates_of(*a);
    INFO(story(system, rates));
    for (std::size_t v = 0; v < expected.size(); ++v)
      CHECK(rates[v] == Approx(expected[v]).epsilon(1e-12).margin(1e-12));
    CHECK(certificate(system, rates, 1e-9) == "");
  }
}

struct Dice {
  std::mt19937_64 engine;
  explicit Dice(std::uint64_t seed) : engine(seed) {}
  std::size_t below(std::size_t n) { return engine() % n; }
  double between(double a, double b) {
    return a + (b - a) * static_cast<double>(engine() >> 11) * 0x1p-53;
  }
};

enum class Kind { plain, weighted, everything };

System::Member random_member(Dice& dice, std::size_t constraints, Kind kind) {
  System::Member m;
  const std::size_t length = 1 + dice.below(std::min<std::size_t>(constraints, 5));
  while (m.path.size() < length) {
    const auto c = static_cast<ConstraintIndex>(dice.below(constraints));
    bool known = false;
    for (const Crossing& x : m.path) known = known || x.constraint == c;
    if (!known) m.path.push_back({c, kind == Kind::everything ? dice.between(0.5, 2) : 1});
  }
  m.spec.multiplicity = static_cast<double>(dice.below(5));
  if (kind == Kind::plain) return m;
  m.spec.weight = dice.between(0.1, 10);
  if (kind == Kind::weighted) return m;
  if (dice.below(3) == 0) m.spec.ceiling = dice.between(0, 20);
  if (dice.below(4) == 0) m.spec.floor = dice.between(0, std::min(m.spec.ceiling, 1.0));
  return m;
}

System random_system(Dice& dice, Kind kind) {
  System s;
  const std::size_t constraints = 1 + dice.below(12);
  for (std::size_t c = 0; c < constraints; ++c) {
    // Round figures make ties.
    const double capacity =
        kind == Kind::plain ? static_cast<double>(10 * dice.below(5)) : dice.between(0, 100);
    s.capacities.push_back(dice.below(20) == 0 ? 0 : capacity);
  }
  const std::size_t members = 1 + dice.below(25);
  for (std::size_t v = 0; v < members; ++v)
    s.members.push_back(random_member(dice, constraints, kind));
  return s;
}

void check_against_textbook(const System& system, const Allocation& a) {
  const std::vector<double> rates = rates_of(a);
  const std::string wrong = certificate(system, rates, 1e-8);
  if (!wrong.empty()) FAIL(wrong << "\n" << story(system, rates));
  std::string derivation;
  const std::vector<double> right = textbook_rates(system, derivation);
  for (std::size_t v = 0; v < right.size(); ++v)
    if (std::abs(rates[v] - right[v]) > 1e-7 * (1 + right[v]))
      FAIL("variable " << v << "\n" << story(system, rates));
}

}  // namespace

TEST_CASE("equal users of one constraint share it evenly") {
  check_both({{12}, {{{1}, {{0}}}, {{1}, {{0}}}, {{1}, {{0}}}}}, {4, 4, 4});
}

TEST_CASE("weights, multiplicities and usages divide a constraint") {
  // 1 x 1 r + 2 users x 3 r + usage 2 x 2 r = 22 r... with r the level: 1 + 6 + 4 = 11.
  const System s{{22},
                 {{{1, 0, infinite, 1}, {{0}}},
                  {{3, 0, infinite, 2}, {{0}}},
                  {{2, 0, infinite, 1}, {{0, 2}}}}};
  check_both(s, {2, 6, 4});
}

TEST_CASE("the line of Bertsekas and Gallager: a long flow and one on each link") {
  // The long flow meets the tightest link; the others take what is left of theirs.
  const System s{{10, 4, 8}, {{{1}, {{0}, {1}, {2}}}, {{1}, {{0}}}, {{1}, {{1}}}, {{1}, {{2}}}}};
  check_both(s, {2, 8, 2, 6});
}

TEST_CASE("a ceiling leaves its rest to the others, a floor takes from them") {
  check_both({{12}, {{{1, 0, 2}, {{0}}}, {{1}, {{0}}}, {{1}, {{0}}}}}, {2, 5, 5});
  check_both({{12}, {{{1, 8}, {{0}}}, {{1}, {{0}}}, {{1}, {{0}}}}}, {8, 2, 2});
}

TEST_CASE("floors beyond a capacity are held, and nobody else gets anything there") {
  const System s{{10, 10}, {{{1, 8}, {{0}}}, {{1, 8}, {{0}}}, {{1}, {{0}, {1}}}, {{1}, {{1}}}}};
  check_both(s, {8, 8, 0, 10});
}

TEST_CASE("nobody, and nothing to share") {
  check_both({{0, 5}, {{{1}, {{0}, {1}}}, {{1, 0, infinite, 0}, {{1}}}, {{1}, {{1}}}}}, {0, 0, 5});
}

TEST_CASE("a chain of levels: each constraint is full at a level of its own") {
  // Link k of capacity 2^k has one flow of its own and one that goes on to link k + 1.
  System s;
  std::vector<double> expected;
  double passed = 0;
  for (ConstraintIndex k = 0; k < 12; ++k) s.capacities.push_back(std::ldexp(1.0, k));
  for (ConstraintIndex k = 0; k < 12; ++k) {
    const double share = (std::ldexp(1.0, static_cast<int>(k)) - passed) / (k < 11 ? 2 : 1);
    s.members.push_back({{1}, {{k}}});
    expected.push_back(share);
    if (k == 11) break;
    s.members.push_back({{1}, {{k}, {k + 1}}});
    expected.push_back(share);
    passed = share;
  }
  check_both(s, expected);
}

TEST_CASE("random systems agree with a textbook solver") {
  for (const Kind kind : {Kind::plain, Kind::weighted, Kind::everything})
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
      Dice dice(seed * 3 + static_cast<std::uint64_t>(kind));
      const System system = random_system(dice, kind);
      INFO("kind " << static_cast<int>(kind) << " seed " << seed);
      Allocation filled = system.build();
      filled.solve();
      check_against_textbook(system, filled);
      Allocation followed = system.build();
      followed.update();
      check_against_textbook(system, followed);
    }
}

TEST_CASE("a change is followed to the same shares as when all is found anew") {
  for (const Kind kind : {Kind::plain, Kind::weighted, Kind::everything})
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      Dice dice(seed * 3 + static_cast<std::uint64_t>(kind) + 7000);
      System system = random_system(dice, kind);
      Allocation a = system.build();
      a.solve();
      for (int step = 0; step < 40; ++step) {
        const std::size_t v = dice.below(system.members.size());
        const auto c = static_cast<ConstraintIndex>(dice.below(system.capacities.size()));
        switch (dice.below(4)) {
          case 0:
            system.capacities[c] = dice.below(8) == 0 ? 0 : dice.between(0, 100);
            a.set_capacity(c, system.capacities[c]);
            break;
          case 1:
            system.members.push_back(random_member(dice, system.capacities.size(), kind));
            a.add_variable(system.members.back().spec, system.members.back().path);
            break;
          case 2:
            if (kind == Kind::everything) {
              system.members[v].spec.ceiling = system.members[v].spec.floor + dice.between(0, 20);
              a.set_ceiling(static_cast<VariableIndex>(v), system.members[v].spec.ceiling);
              break;
            }
            [[fallthrough]];
          default:
            system.members[v].spec.multiplicity = static_cast<double>(dice.below(4));
            a.set_multiplicity(static_cast<VariableIndex>(v), system.members[v].spec.multiplicity);
        }
        if (dice.below(3) == 0) continue;  // several changes at once
        a.update();
        INFO("kind " << static_cast<int>(kind) << " seed " << seed << " step " << step);
        check_against_textbook(system, a);
      }
    }
}

TEST_CASE("a change reaches no further than it must") {
  // A thousand links with two flows each; a flow over two neighbours joins them there.
  System s;
  for (ConstraintIndex c = 0; c < 1000; ++c) {
    s.capacities.push_back(10);
    s.members.push_back({{1}, {{c}}});
    s.members.push_back({{1}, {{c}}});
  }
  Allocation a = s.build();
  a.solve();
  a.forget_changes();
  const std::vector<Crossing> path{{17}, {18}};
  const VariableIndex v = a.add_variable({}, path);
  a.update();
  CHECK(a.rate(v) == Approx(10.0 / 3));
  CHECK(a.changed().size() == 5);
  CHECK(a.work() <= 4);
}

TEST_CASE("a tolerance bounds by how much a constraint is over or under") {
  Dice dice(5);
  System system;
  for (int c = 0; c < 40; ++c) system.capacities.push_back(dice.between(50, 100));
  for (int v = 0; v < 2000; ++v) system.members.push_back(random_member(dice, 40, Kind::weighted));
  constexpr double tolerance = 1e-3;
  Allocation a = system.build(tolerance);
  a.solve();
  std::size_t work = 0;
  for (int step = 0; step < 2000; ++step) {
    const std::size_t v = dice.below(system.members.size());
    a.set_multiplicity(static_cast<VariableIndex>(v), static_cast<double>(dice.below(5)));
    a.update();
    work += a.work();
    for (ConstraintIndex c = 0; c < 40; ++c) {
      double used = 0;
      for (VariableIndex u = 0; u < a.variables(); ++u)
        for (const Crossing& x : a.path(u))
          if (step % 100 == 0 && x.constraint == c)
            used += x.usage * a.variable(u).multiplicity * a.rate(u);
      if (step % 100 == 0) CHECK(used == Approx(a.used(c)).epsilon(1e-9));
      CHECK(a.used(c) <= a.capacity(c) * (1 + tolerance));
      if (a.level(c) < infinite) CHECK(a.used(c) >= a.capacity(c) * (1 - tolerance));
    }
  }
  // 40 constraints of which a change crosses up to five: most are left alone.
  CHECK(work < 2000 * 20);
}
