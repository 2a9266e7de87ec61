// Flows that come, share and leave, against figures worked by hand and processor-sharing theory.
#include "sim/fluid/elastic_flows.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/base/random.hpp"
#include "sim/stats/interval.hpp"
#include "tests/catch.hpp"
#include "tests/fluid/allocation_check.hpp"

using namespace longhaul;
using namespace longhaul::fluid;

namespace {

constexpr std::int64_t second = 1'000'000'000'000;
constexpr double infinite = std::numeric_limits<double>::infinity();

struct Completion {
  DoneFlow flow;
  std::int64_t at;
};

/// Runs to `end` or until nothing is left.
std::vector<Completion> run_out(ElasticFlows& flows, std::int64_t end = INT64_MAX) {
  std::vector<Completion> out;
  while (flows.next() <= end && flows.next() != INT64_MAX) {
    const std::int64_t now = flows.next();
    DoneFlow done{};
    while (flows.complete(now, done)) {
      out.push_back({done, now});
      flows.settle(now);
    }
  }
  return out;
}

/// Empty if the rates are max-min fair.
std::string max_min_fault(const Allocation& rates, double error) {
  System system;
  std::vector<double> found;
  for (ConstraintIndex c = 0; c < rates.constraints(); ++c)
    system.capacities.push_back(rates.capacity(c));
  for (VariableIndex v = 0; v < rates.variables(); ++v) {
    const auto path = rates.path(v);
    system.members.push_back({rates.variable(v), {path.begin(), path.end()}});
    found.push_back(rates.rate(v));
  }
  return certificate(system, found, error);
}

double uniform(std::uint64_t seed, std::uint64_t stream, std::uint64_t i) {
  const Words w = philox(seed, stream, i);
  return (static_cast<double>(w.w[0]) + 0.5) / 4294967296.0;
}
double exponential(std::uint64_t seed, std::uint64_t stream, std::uint64_t i) {
  const Words w = philox(seed, stream, i);
  return exponential_from_bits(static_cast<std::uint64_t>(w.w[0]) << 32 | w.w[1]);
}

/// Mean times of flows of 1 Mb and of 9 Mb, half each, on 100 Mb/s at 60 % load: processor sharing.
std::pair<double, double> sharing_means(std::uint64_t seed) {
  ElasticFlows flows(1e-12);
  const ConstraintIndex link = flows.add_link(100e6);
  const Crossing path{link, 1};
  const FlowClass c = flows.add_class(1, infinite, {&path, 1});
  double sums[2] = {0, 0};
  double counts[2] = {0, 0};
  std::int64_t arrival = 0;
  for (std::uint64_t i = 0; i < 40'000;) {
    const std::int64_t now = std::min(arrival, flows.next());
    DoneFlow done{};
    while (flows.complete(now, done)) {
      const int k = done.bits > 5e6 ? 1 : 0;
      if (i > 2000) sums[k] += static_cast<double>(now - done.came) / 1e12, counts[k] += 1;
    }
    if (now == arrival) {
      flows.arrive(c, uniform(seed, 1, i) < 0.5 ? 1e6 : 9e6, now, now);
      // 5 Mb on average, so 12 flows a second make 60 %.
      arrival += static_cast<std::int64_t>(exponential(seed, 2, i) / 12 * 1e12);
      ++i;
    }
    flows.settle(now);
  }
  return {sums[0] / counts[0], sums[1] / counts[1]};
}

}  // namespace

TEST_CASE("two flows on a link: the second one slows the first, and both leave as on paper") {
  ElasticFlows flows(1e-12);
  const ConstraintIndex link = flows.add_link(100e6);
  const Crossing path{link, 1};
  const FlowClass c = flows.add_class(1, infinite, {&path, 1});
  flows.arrive(c, 100e6, 0, 0);  // alone it would take a second
  flows.settle(0);
  CHECK(flows.next() == Approx(second).margin(2));
  flows.arrive(c, 25e6, second / 2, second / 2);
  flows.settle(second / 2);
  // Half each: the small one needs 0.5 s; the other one has 25 Mb left then, alone: 0.25 s.
  const auto done = run_out(flows);
  REQUIRE(done.size() == 2);
  CHECK(done[0].at == Approx(second).margin(4));
  CHECK(done[0].flow.bits == 25e6);
  CHECK(done[1].at == Approx(1.25 * second).margin(8));
  CHECK(flows.sent_bits(c, done[1].at) == Approx(125e6).epsilon(1e-9));
}

TEST_CASE("a long flow over two links and one on each: the linear network") {
  // 1 long, 1 on each of two links of 90: the long one and each short one get 45.
  ElasticFlows flows(1e-12);
  const Crossing both[] = {{flows.add_link(90e6), 1}, {flows.add_link(60e6), 1}};
  const FlowClass lengthy = flows.add_class(1, infinite, both);
  const FlowClass first = flows.add_class(1, infinite, {&both[0], 1});
  const FlowClass other = flows.add_class(2, infinite, {&both[1], 1});
  flows.add_endless(lengthy, 1, 0);
  flows.add_endless(first, 1, 0);
  flows.add_endless(other, 1, 0);
  flows.settle(0);
  CHECK(flows.rate_bps(lengthy) == Approx(20e6));  // a third of the narrow link, its weight 1 of 3
  CHECK(flows.rate_bps(other) == Approx(40e6));
  CHECK(flows.rate_bps(first) == Approx(70e6));
  flows.set_capacity(0, 30e6);
  flows.settle(second);
  CHECK(flows.rate_bps(lengthy) == Approx(15e6));
  CHECK(flows.rate_bps(other) == Approx(45e6));
  CHECK(flows.sent_bits(first, 2 * second) == Approx(70e6 + 15e6));
}

TEST_CASE("flows move to another way with what is left of them, and stall without one") {
  ElasticFlows flows(1e-12);
  const Crossing a{flows.add_link(100e6), 1};
  const Crossing b{flows.add_link(50e6), 1};
  const FlowClass one = flows.add_class(1, infinite, {&a, 1});
  const FlowClass two = flows.add_class(1, infinite, {&b, 1});
  flows.arrive(one, 100e6, 0, 0);
  flows.settle(0);
  std::uint32_t endless = 0;
  const auto taken = flows.take_out(one, endless, second / 2);
  REQUIRE(taken.size() == 1);
  CHECK(taken[0].left == Approx(50e6));
  CHECK(taken[0].bits == 100e6);
  CHECK(endless == 0);
  CHECK(flows.flows() == 0);
  flows.go_on(two, taken[0], second / 2);
  flows.settle(second / 2);
  CHECK(flows.flows(one) == 0);
  flows.set_capacity(b.constraint, 0);
  flows.settle(second);
  CHECK(flows.next() == INT64_MAX);
  flows.set_capacity(b.constraint, 50e6);
  flows.settle(3 * second);
  const auto done = run_out(flows);
  REQUIRE(done.size() == 1);
  CHECK(done[0].at == Approx(3.5 * second).margin(8));
}

TEST_CASE(
    "processor sharing: the mean time of a flow is its size / (C (1 - load)), whatever the sizes") {
  std::vector<double> small;
  std::vector<double> large;
  for (std::uint64_t seed = 1; seed <= 16; ++seed) {
    const auto [a, b] = sharing_means(seed);
    small.push_back(a);
    large.push_back(b);
  }
  // M/G/1-PS (Kleinrock, Queueing Systems II, 4.4).
  const MeanInterval s = mean_interval(small, 0.9999);
  const MeanInterval l = mean_interval(large, 0.9999);
  CHECK(std::abs(s.mean - 0.01 / 0.4) <= s.half_width);
  CHECK(std::abs(l.mean - 0.09 / 0.4) <= l.half_width);
  CHECK(s.half_width < 0.05 * s.mean);
  CHECK(l.half_width < 0.05 * l.mean);
}

TEST_CASE(
    "thousands of flows come and go: rates keep the max-min certificate, volume is conserved") {
  ElasticFlows flows(1e-3);
  constexpr std::uint32_t links = 40;
  constexpr std::uint32_t classes = 300;
  for (std::uint32_t l = 0; l < links; ++l) flows.add_link(1e9 * (1 + l % 4));
  for (std::uint32_t c = 0; c < classes; ++c) {
    std::vector<Crossing> path;
    for (std::uint32_t h = 0; h < 4; ++h) {
      const auto l = static_cast<ConstraintIndex>(mix(c * 7 + h) % links);
      if (std::none_of(path.begin(), path.end(),
                       [&](const Crossing& x) { return x.constraint == l; }))
        path.push_back({l, 1.01});
    }
    flows.add_class(1.0 + c % 5, c % 7 == 0 ? 20e6 : infinite, path);
  }
  double came = 0;
  double left = 0;
  std::int64_t now = 0;
  std::int64_t arrival = 0;
  for (std::uint64_t i = 0; i < 30'000;) {
    now = std::min(arrival, flows.next());
    DoneFlow done{};
    while (flows.complete(now, done)) left += done.bits;
    if (now == arrival) {
      const double bits = 1e6 * (1 + static_cast<double>(mix(i) % 50));
      came += bits;
      flows.arrive(static_cast<FlowClass>(mix(i + 1) % classes), bits, now, now);
      arrival += static_cast<std::int64_t>(exponential(9, 9, i) / 900 * 1e12);
      ++i;
    }
    flows.settle(now);
    if (i % 500 == 0) CHECK(max_min_fault(flows.rates(), 2e-3).empty());
  }
  REQUIRE(left > 0.5 * came);
  REQUIRE(flows.flows() > 20);
  double sent = 0;
  for (FlowClass c = 0; c < classes; ++c) sent += flows.sent_bits(c, now);
  CHECK(sent >= left * (1 - 1e-9));
  CHECK(sent <= came * (1 + 1e-9));
  for (const auto& done : run_out(flows)) left += done.flow.bits, now = done.at;
  CHECK(left == Approx(came).epsilon(1e-12));
  sent = 0;
  for (FlowClass c = 0; c < classes; ++c) sent += flows.sent_bits(c, now);
  CHECK(sent == Approx(came).epsilon(1e-9));
}
