// Random failures against the theory of alternating renewal processes: with rates a = 1/MTBF and
// b = 1/MTTR a component that works at time zero is down at time t with probability
//   u(t) = a / (a + b) (1 - e^-(a + b) t)
// (Ross, Introduction to Probability Models, section 6.4), so that in [0, T] it is down for U =
// int u dt and fails int a (1 - u) dt = a (T - U) times in the mean.
#include "sim/failure/random.hpp"

#include <cmath>
#include <map>

#include "tests/catch.hpp"
#include "tests/failure/networks.hpp"

using namespace longhaul;
using failure::Change;
using failure::Component;

namespace {

constexpr double hour_ps = 3600e12;

struct Outcome {
  double failures = 0;
  double down_h = 0;
};

/// What one component did up to `end`.
Outcome outcome_of(const std::vector<Change>& changes, Time end) {
  Outcome out;
  bool down = false;
  Time since = Time::zero();
  for (const Change& c : changes) {
    REQUIRE(c.at >= since);
    REQUIRE(c.at < end);
    REQUIRE((c.kind == Change::Kind::restore) == down);
    if (down) out.down_h += static_cast<double>((c.at - since).ps()) / hour_ps;
    if (!down) ++out.failures;
    down = !down;
    since = c.at;
  }
  if (down) out.down_h += static_cast<double>((end - since).ps()) / hour_ps;
  return out;
}

struct Sample {
  double sum = 0;
  double squares = 0;
  int n = 0;
  void add(double x) { sum += x, squares += x * x, ++n; }
  double mean() const { return sum / n; }
  double error() const { return std::sqrt((squares / n - mean() * mean()) / (n - 1)); }
};

std::map<std::string, std::vector<Change>> by_name(const std::vector<Change>& changes) {
  std::map<std::string, std::vector<Change>> out;
  for (const Change& c : changes) out[c.what].push_back(c);
  return out;
}

bool same(const std::vector<Change>& a, const std::vector<Change>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Change& x, const Change& y) {
    return x.at == y.at && x.kind == y.kind && x.what == y.what;
  });
}

}  // namespace

TEST_CASE("failures and downtime have the means that theory gives") {
  const double mtbf = GENERATE(50.0, 3211.0);
  const double mttr = 12;
  const double hours = 100 * 24;
  const Time end = Time::ps(static_cast<std::int64_t>(hours * hour_ps));
  const double a = 1 / mtbf;
  const double b = 1 / mttr;
  const double down_h = a / (a + b) * (hours - (1 - std::exp(-(a + b) * hours)) / (a + b));
  const double failures = a * (hours - down_h);
  Sample counted;
  Sample down;
  for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
    const Outcome o = outcome_of(
        failure::random_failures(
            {{Component::Kind::link, "link x", {LinkId(0)}, mtbf, mttr}}, seed, end),
        end);
    counted.add(o.failures);
    down.add(o.down_h);
  }
  // 99.9 % intervals, and narrow ones: 4000 draws.
  CHECK(std::abs(counted.mean() - failures) < 3.29 * counted.error());
  CHECK(std::abs(down.mean() - down_h) < 3.29 * down.error());
  CHECK(counted.error() < 0.03 * failures);
  CHECK(down.error() < 0.05 * down_h);
}

TEST_CASE("another part of the topology changes no component's failures") {
  const failure::Rates rates = failure::published_rates();
  const Time end = Time::zero() + Duration::s(100LL * 86'400);
  const auto drawn = [&](const NetworkSpec& spec) {
    return by_name(
        failure::random_failures(failure::components_of(Network(spec), rates), 7, end));
  };
  const auto small = drawn(test::chain({5000, 3000}));
  NetworkSpec other = test::chain({5000, 3000, 9000});
  std::swap(other.links[0], other.links[2]);
  const auto large = drawn(other);
  REQUIRE(small.count("cable A-B") == 1);
  CHECK(large.size() > small.size());
  for (const auto& [name, changes] : small) {
    INFO(name);
    REQUIRE(large.count(name) == 1);
    CHECK(same(changes, large.at(name)));
  }
}

TEST_CASE("equal seeds give equal failures, others do not") {
  const auto components =
      failure::components_of(Network(test::chain({5000, 3000})), failure::published_rates());
  const Time end = Time::zero() + Duration::s(100LL * 86'400);
  const auto one = failure::random_failures(components, 1, end);
  REQUIRE(one.size() > 2);
  CHECK(same(one, failure::random_failures(components, 1, end)));
  CHECK_FALSE(same(one, failure::random_failures(components, 2, end)));
}

TEST_CASE("a longer run begins with the failures of a shorter one") {
  const auto components =
      failure::components_of(Network(test::chain({5000})), failure::published_rates());
  const auto day = [](std::int64_t d) { return Time::zero() + Duration::s(d * 86'400); };
  auto longer = failure::random_failures(components, 3, day(100));
  std::erase_if(longer, [&](const Change& c) { return c.at >= day(60); });
  CHECK(same(longer, failure::random_failures(components, 3, day(60))));
}
