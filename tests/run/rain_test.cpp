// Rain as modulations and outages: against a step by step evaluation of the same physics.
#include "sim/run/rain.hpp"

#include "sim/network/delay.hpp"
#include "sim/run/instant_changes.hpp"
#include "sim/run/run.hpp"
#include "sim/run/timeline.hpp"
#include "tests/catch.hpp"

using namespace longhaul;
using run::fading_of;
using run::Outage;

namespace {

constexpr std::int64_t ms = 1'000'000'000;
constexpr std::uint32_t down = 99;

/// A - B by a hop of 12 km, and by way of C on fibre.
std::shared_ptr<Scenario> hop_and_detour() {
  NetworkSpec spec;
  for (const char* id : {"A", "B", "C"}) {
    Node n;
    n.id = id;
    spec.nodes.push_back(n);
  }
  const auto link = [&](const char* id, std::size_t a, std::size_t b) {
    Link l;
    l.id = id;
    l.a = NodeId(a);
    l.b = NodeId(b);
    l.capacity = {1, Rate::gbps(1)};
    l.length = Distance::km(12);
    l.delay = Duration::us(40);
    spec.links.push_back(l);
  };
  link("A-B", 0, 1);
  link("A-C", 0, 2);
  link("C-B", 2, 1);
  spec.links[0].medium = Medium::microwave;
  spec.links[0].radio = Radio{18'700, Polarization::vertical, 2'500, 9, 0};
  auto scenario = std::make_shared<Scenario>();
  scenario->convergence.instant = true;  // what is tested is what changes, not how fast
  scenario->network = std::make_shared<const Network>(std::move(spec));
  scenario->classes = {{"all", 0}};
  scenario->sizes = {{"fixed", {{1000, 1.0}}}};
  TrafficSpec traffic;
  traffic.entries = {{NodeId(0), NodeId(1), Rate::mbps(100)}};
  scenario->traffic = {traffic};
  scenario->engine.warmup = Duration::ms(10);
  scenario->engine.duration = Duration::ms(990);
  return scenario;
}

/// Rises from `at` for `rise`, holds `hold`, falls for `fall`; all in ms.
RainSpec storm(std::int64_t at, std::int64_t rise, std::int64_t hold, std::int64_t fall,
               std::int64_t mm_per_h) {
  const auto point = [&](std::int64_t t, std::int64_t mm) {
    return RainSpec::Point{Time::ps(t * ms), mm * 1000};
  };
  return {{LinkId(0)},
          {point(at, 0), point(at + rise, mm_per_h), point(at + rise + hold, mm_per_h),
           point(at + rise + hold + fall, 0)}};
}

/// The modulation that the hop should have under so much rain, by its attenuation.
std::uint32_t modulation_under(const Link& link, double um_per_h) {
  const double a =
      microwave::rain_attenuation(*link.radio, *link.length, static_cast<std::int64_t>(um_per_h));
  for (std::uint32_t m = link.radio->highest + 1; m-- > link.radio->lowest;)
    if (a <= static_cast<double>(microwave::margin_centidb(*link.radio, m)) / 100) return m;
  return down;
}

/// The modulation at a time, by the steps and outages.
std::uint32_t modulation_at(const run::Fading& fading, Time at) {
  for (const Outage& o : fading.outages)
    if (o.from <= at && at < o.until) return down;
  std::uint32_t level = 0;
  for (const auto& step : fading.rate_steps[0])
    if (step.at <= at) level = step.level;
  return level;
}

Measurements measure(const std::shared_ptr<Scenario>& scenario, unsigned threads) {
  run::Options options;
  options.threads = threads;
  return run::run(scenario, options).measurements;
}

run::RouteTimeline route_timeline(const Scenario& scenario, const std::vector<Outage>& outages) {
  return run::instant_changes(*scenario.network, scenario.routing, scenario.constraints,
                              run::timeline_of(scenario, outages));
}

}  // namespace

TEST_CASE("modulations follow the rain of a storm") {
  const auto scenario = hop_and_detour();
  scenario->rain = {storm(100, 300, 200, 200, 150)};
  const auto fading = fading_of(*scenario);
  REQUIRE(fading.rate_steps.size() == 6);
  CHECK(fading.rate_steps[0].size() == fading.rate_steps[1].size());  // both directions
  CHECK(fading.rate_steps[2].empty());
  CHECK(fading.outages.size() == 1);
  const Link& link = scenario->network->links()[0];
  std::uint32_t seen = 0;
  // Off the steps by a third of a microsecond, so that rounding decides nothing.
  for (std::int64_t t = 333'333; t < 1000 * ms; t += ms / 7) {
    const double x = static_cast<double>(t) / static_cast<double>(ms);
    double rain = 0;
    if (x >= 100 && x < 400) rain = (x - 100) / 300 * 150'000;
    if (x >= 400 && x < 600) rain = 150'000;
    if (x >= 600 && x < 800) rain = (800 - x) / 200 * 150'000;
    INFO(x << " ms");
    const std::uint32_t expected = modulation_under(link, rain);
    CHECK(modulation_at(fading, Time::ps(t)) == expected);
    seen |= 1U << (expected == down ? 31 : expected);
  }
  CHECK(seen == (0x3ffU | 1U << 31));  // all ten, and none
}

TEST_CASE("a step is at the first instant whose rain takes the radio past its limit") {
  const auto scenario = hop_and_detour();
  scenario->rain = {storm(0, 1000, 0, 1000, 100)};  // 1 um/h in 10 ns
  const auto fading = fading_of(*scenario);
  const Link& link = scenario->network->links()[0];
  const auto limits = microwave::rain_limits(*link.radio, *link.length);
  const auto& steps = fading.rate_steps[0];
  CHECK(steps[1].at == Time::ps(limits[9] * 10'000'000));
  CHECK(steps[1].level == 8);
  // Falling, it must be below the limit: one picosecond after it is met.
  CHECK(steps.back().at == Time::ps(2000 * ms - limits[9] * 10'000'000 + 1));
  CHECK(steps.back().level == 9);
}

TEST_CASE("rain adds up, jumps, and may fall from the start") {
  const auto scenario = hop_and_detour();
  const Link& link = scenario->network->links()[0];
  scenario->rain = {storm(0, 0, 500, 0, 50), storm(200, 0, 100, 0, 30)};
  const auto fading = fading_of(*scenario);
  const auto& steps = fading.rate_steps[0];
  REQUIRE(steps.size() == 4);
  CHECK(steps[0].at == Time::zero());
  CHECK(steps[0].level == modulation_under(link, 50'000));
  CHECK(steps[1].at == Time::ps(200 * ms));
  CHECK(steps[1].level == modulation_under(link, 80'000));
  CHECK(steps[2].at == Time::ps(300 * ms));
  CHECK(steps[2].level == steps[0].level);
  CHECK(steps[3].at == Time::ps(500 * ms));
  CHECK(steps[3].level == 9);
  CHECK(steps[1].member_rate == microwave::rate_at(Rate::gbps(1), *link.radio, steps[1].level));
}

TEST_CASE("a drizzle changes nothing") {
  const auto scenario = hop_and_detour();
  scenario->rain = {storm(100, 100, 100, 100, 1)};
  CHECK(fading_of(*scenario).rate_steps.empty());
}

TEST_CASE("routers notice an outage after 10 ms, and its end too") {
  const auto scenario = hop_and_detour();
  const std::vector<Outage> outages{{LinkId(0), Time::ps(100 * ms), Time::ps(300 * ms)}};
  const auto timeline = route_timeline(*scenario, outages);
  REQUIRE(timeline.changes.size() == 4);
  const auto first_hop = [&](std::size_t i) {
    return timeline.changes[i].routes->next(NodeId(0), NodeId(1))[0];
  };
  CHECK(timeline.changes[0].at == Time::ps(100 * ms));
  CHECK(timeline.changes[0].down[0]);
  CHECK(first_hop(0) == PortId(0));  // still sent there, and lost
  CHECK(timeline.changes[1].at == Time::ps(110 * ms));
  CHECK(timeline.changes[1].down[0]);
  CHECK(first_hop(1) == PortId(2));
  CHECK(timeline.changes[2].at == Time::ps(300 * ms));
  CHECK_FALSE(timeline.changes[2].down[0]);
  CHECK(first_hop(2) == PortId(2));
  CHECK(timeline.changes[3].at == Time::ps(310 * ms));
  CHECK(first_hop(3) == PortId(0));
}

TEST_CASE("an outage too short to be noticed changes no routes, nor does a short break of one") {
  const auto scenario = hop_and_detour();
  const auto at = [](std::int64_t t) { return Time::ps(t * ms); };
  const auto changes = route_timeline(*scenario, {{LinkId(0), at(100), at(105)},
                                                       {LinkId(0), at(200), at(300)},
                                                       {LinkId(0), at(305), at(400)}})
                           .changes;
  std::vector<std::pair<std::int64_t, PortId>> ways;
  PortId last(0);
  for (const auto& change : changes) {
    const PortId now = change.routes->next(NodeId(0), NodeId(1))[0];
    if (now != last) ways.emplace_back(change.at.ps() / ms, now);
    last = now;
  }
  CHECK(ways == std::vector<std::pair<std::int64_t, PortId>>{{210, PortId(2)}, {410, PortId(0)}});
}

TEST_CASE("an outage that goes on when another link fails is noticed 10 ms after its begin") {
  const auto scenario = hop_and_detour();
  using Kind = failure::Change::Kind;
  scenario->events = {{Time::ps(104 * ms), Kind::fail, "C-B", {PortId(4), PortId(5)}}};
  const auto changes =
      route_timeline(*scenario, {{LinkId(0), Time::ps(100 * ms), Time::ps(200 * ms)}}).changes;
  std::vector<std::int64_t> times;
  for (const auto& change : changes) times.push_back(change.at.ps() / ms);
  CHECK(times == std::vector<std::int64_t>{100, 104, 110, 200, 210});
  CHECK(changes[1].routes->next(NodeId(0), NodeId(1)).size() == 1);
  CHECK(changes[2].routes->next(NodeId(0), NodeId(1)).empty());
}

TEST_CASE("a degraded hop is as slow as the slower of rain and degradation, at the rain's level") {
  const auto scenario = hop_and_detour();
  scenario->rain = {storm(100, 100, 100, 100, 60)};
  const run::Fading fading = fading_of(*scenario);
  const auto& dry = fading.rate_steps[0];
  REQUIRE(dry.size() > 2);
  const auto at = [](std::int64_t t) { return Time::ps(t * ms); };
  const auto steps = run::rate_steps_of(
      *scenario->network, fading.rate_steps,
      {{at(50), PortId(0), Rate::mbps(700)}, {at(150), PortId(0), Rate::gbps(1)}});
  CHECK(steps[1].size() == dry.size());  // the other direction
  for (std::int64_t t = 0; t < 400; ++t) {
    const auto in_force = [&](const std::vector<engine::RateStep>& all) {
      auto now = all.front();
      for (const auto& step : all)
        if (step.at <= at(t)) now = step;
      return now;
    };
    INFO(t << " ms");
    const auto rain = in_force(dry);
    const auto both = in_force(steps[0]);
    CHECK(both.level == rain.level);
    CHECK(both.member_rate ==
          (t >= 50 && t < 150 ? std::min(rain.member_rate, Rate::mbps(700)) : rain.member_rate));
  }
}

TEST_CASE("a failure and an outage of one link: it is down while either lasts") {
  const auto scenario = hop_and_detour();
  using Kind = failure::Change::Kind;
  const std::vector<PortId> ports{PortId(0), PortId(1)};
  scenario->events = {{Time::ps(50 * ms), Kind::fail, "A-B", ports},
                      {Time::ps(150 * ms), Kind::restore, "A-B", ports}};
  const auto changes =
      route_timeline(*scenario, {{LinkId(0), Time::ps(100 * ms), Time::ps(200 * ms)}}).changes;
  for (const auto& change : changes) {
    const std::int64_t t = change.at.ps() / ms;
    INFO(t << " ms");
    CHECK(change.down[0] == (t >= 50 && t < 200));
    CHECK(change.routes->next(NodeId(0), NodeId(1))[0] == PortId(t < 210 ? 2U : 0U));
  }
  CHECK(changes.back().at == Time::ps(210 * ms));
}

TEST_CASE("a storm over a run: times add up, packets are conserved, threads change nothing") {
  const auto scenario = hop_and_detour();
  scenario->rain = {storm(100, 300, 200, 200, 150)};
  const auto one = measure(scenario, 1);
  const PortMeasurement& port = one.ports[0];
  Duration time = port.down;
  for (const LevelMeasurement& level : port.levels) time += level.time;
  CHECK(time == one.measured);
  CHECK(port.levels.size() == 10);
  CHECK(port.down > Duration::ms(200));
  CHECK(one.packets.dropped_link_down > 100);  // 10 ms of 12,500 packets a second
  CHECK(one.packets.dropped_no_route == 0);
  CHECK(one.ports[2].sent_packets > 1'000);  // the detour
  CHECK(one.packets.sent == one.packets.delivered + one.packets.dropped() + one.packets.in_flight);
  for (const unsigned threads : {2U, 3U, 7U})
    CHECK(measure(scenario, threads).fingerprint == one.fingerprint);
}

TEST_CASE("an outage that lasts from the start counts from the start") {
  const auto scenario = hop_and_detour();
  scenario->rain = {storm(0, 0, 500, 0, 400)};
  const auto m = measure(scenario, 1);
  CHECK(m.ports[0].down == Duration::ms(490));
  CHECK(m.packets.dropped() == 0);
}
