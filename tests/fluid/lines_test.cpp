// Demands without events against the same demands by events, which the engine's other tests hold
// against figures on paper: on random networks, with everything that changes rates.
#include "sim/fluid/lines.hpp"

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include "sim/base/random.hpp"
#include "sim/fluid/simulation.hpp"
#include "tests/catch.hpp"

using namespace longhaul;
using namespace longhaul::fluid;

namespace {

struct Case {
  std::uint64_t seed;
  Metric metric;            ///< by hops there are many equal ways
  double load;              ///< in Gb/s of each demand; links have 10
  bool random;              ///< some demands by MMPP and on/off
  bool cut;                 ///< a link fails and returns
  std::int64_t ms = 7'300;  ///< measured, after 300
};

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : seed_(seed) {}
  std::uint64_t below(std::uint64_t n) { return mix(seed_ * 0x9e3779b97f4a7c15ULL + ++rolls_) % n; }

 private:
  std::uint64_t seed_;
  std::uint64_t rolls_ = 0;
};

NetworkPtr random_network(Dice& dice) {
  NetworkSpec spec;
  const std::size_t nodes = 12;
  for (std::size_t i = 0; i < nodes; ++i) {
    Node node;
    node.id = "n" + std::to_string(i);
    node.at = GeoPoint{10, static_cast<double>(dice.below(360)) - 180};
    spec.nodes.push_back(node);
  }
  const auto link = [&](std::size_t a, std::size_t b) {
    Link l;
    l.id = "l" + std::to_string(spec.links.size());
    l.a = NodeId(a);
    l.b = NodeId(b);
    l.capacity = {1, Rate::gbps(10)};
    l.delay = Duration::us(500 * static_cast<std::int64_t>(1 + dice.below(20)));
    l.framing = dice.below(2) == 0 ? Framing::none : Framing::ethernet;
    spec.links.push_back(l);
  };
  for (std::size_t i = 0; i < nodes; ++i) link(i, (i + 1) % nodes);
  for (std::size_t i = 0; i < nodes; ++i) link(i, (i + 2 + dice.below(nodes - 3)) % nodes);
  return std::make_shared<const Network>(spec);
}

DemandSet random_demands(const Network& network, const Case& c, Dice& dice) {
  DemandSet set;
  set.classes.push_back({"default", 0});
  set.sizes.push_back({"fixed", {{1000, 1.0}}});
  set.sizes.push_back({"mix", {{64, 7.0}, {1500, 5.0}}});
  Mmpp mmpp{{{1, Duration::ms(90)}, {4, Duration::ms(40)}}};
  set.arrival_models.push_back(std::make_shared<const ArrivalModel>(mmpp));
  set.arrival_models.push_back(
      std::make_shared<const ArrivalModel>(OnOff{Duration::ms(60), Duration::ms(90), 1.5, 5}));
  Profile day;  // in eight seconds
  day.speed = 10'800;
  day.diurnal = DiurnalProfile{};
  day.growth = 0.5;
  set.profiles.push_back(std::make_shared<const Profile>(day));
  Profile crowd;
  crowd.crowds = {{Duration::s(2), Duration::s(1), Duration::ms(500), Duration::s(2), 1.8}};
  set.profiles.push_back(std::make_shared<const Profile>(crowd));
  for (std::size_t a = 0; a < network.nodes().size(); ++a)
    for (std::size_t b = 0; b < network.nodes().size(); ++b) {
      if (a == b) continue;
      Demand d{NodeId(a), NodeId(b), ClassId(0),
               Rate::bps(static_cast<std::int64_t>(c.load * 1e6) *
                         static_cast<std::int64_t>(500 + dice.below(1000)))};
      d.sizes = SizeMixId(dice.below(2));
      const std::uint64_t kind = dice.below(4);
      if (kind < 2) d.profile = ProfileId(kind);
      if (c.random && dice.below(3) == 0) d.model = ArrivalModelId(dice.below(2));
      set.demands.push_back(d);
    }
  return set;
}

engine::Input random_input(const Case& c) {
  Dice dice(c.seed);
  engine::Input input;
  input.network = random_network(dice);
  RoutingSpec routing;
  routing.metric = c.metric;
  input.routes = std::make_shared<const Routes>(compute_routes(*input.network, routing));
  input.demands = std::make_shared<const DemandSet>(random_demands(*input.network, c, dice));
  if (!c.cut) return input;
  std::vector<bool> down(input.network->ports().size(), false);
  down[2] = down[3] = true;
  const auto around =
      std::make_shared<const Routes>(compute_routes(*input.network, routing, {down}));
  input.changes.push_back({Time::ps(Duration::ms(2'600).ps()), around, down});
  input.changes.push_back(
      {Time::ps(Duration::ms(5'100).ps()), input.routes, std::vector<bool>(down.size(), false)});
  return input;
}

engine::Config config_of(const Case& c) {
  engine::Config config;
  config.warmup = Duration::ms(300);
  config.duration = Duration::ms(c.ms);
  config.interval = Duration::ms(170);
  config.queueing.buffer = {QueueLimit::Kind::time, Duration::ms(30).ps()};
  return config;
}

void check_close(const DurationStats& a, const DurationStats& b) {
  CHECK(static_cast<double>(a.count) == Approx(static_cast<double>(b.count)).margin(1.1));
  CHECK(a.min_ps == Approx(b.min_ps).margin(2));
  CHECK(a.max_ps == Approx(b.max_ps).epsilon(1e-6).margin(2));
  CHECK(a.mean_ps() == Approx(b.mean_ps()).epsilon(1e-6).margin(2));
}

void check_close(const PortMeasurement& a, const PortMeasurement& b) {
  REQUIRE(a.utilization.size() == b.utilization.size());
  for (std::size_t i = 0; i < a.utilization.size(); ++i)
    CHECK(a.utilization[i] == Approx(b.utilization[i]).epsilon(1e-6).margin(1e-9));
  CHECK(a.utilization_mean == Approx(b.utilization_mean).epsilon(1e-10).margin(1e-12));
  const auto same = [](std::uint64_t x, std::uint64_t y) {  // but for what rounding does to halves
    CHECK(static_cast<double>(x) == Approx(static_cast<double>(y)).epsilon(1e-10).margin(1.1));
  };
  same(a.arrived_packets, b.arrived_packets);
  same(a.sent_packets, b.sent_packets);
  same(a.sent_bytes, b.sent_bytes);
  same(a.dropped_packets, b.dropped_packets);
  same(a.queue_bytes_max, b.queue_bytes_max);
  CHECK(a.queue_bytes_mean == Approx(b.queue_bytes_mean).epsilon(1e-6).margin(1e-3));
  check_close(a.wait, b.wait);
}

void check_close(const DemandMeasurement& a, const DemandMeasurement& b) {
  const auto same = [](std::uint64_t x, std::uint64_t y) {
    CHECK(static_cast<double>(x) == Approx(static_cast<double>(y)).epsilon(1e-10).margin(1.1));
  };
  same(a.sent_packets, b.sent_packets);
  same(a.sent_bytes, b.sent_bytes);
  same(a.delivered_packets, b.delivered_packets);
  same(a.delivered_bytes, b.delivered_bytes);
  same(a.dropped_packets, b.dropped_packets);
  CHECK(a.base == b.base);
  CHECK(a.hops_mean == Approx(b.hops_mean));
  check_close(a.latency, b.latency);
  check_close(a.queueing, b.queueing);
}

/// Runs both ways; returns how many links lost packets.
int check_same(const Case& c) {
  INFO("seed " << c.seed);
  const engine::Input input = random_input(c);
  const engine::Config config = config_of(c);
  Simulation events(input, config, no_shortcuts(input));
  const Measurements expected = events.collect(events.run());
  const Measurements m = fluid::run(input, config);
  REQUIRE(m.ports.size() == expected.ports.size());
  for (std::size_t p = 0; p < m.ports.size(); ++p) {
    INFO("port " << p);
    check_close(m.ports[p], expected.ports[p]);
  }
  for (std::size_t d = 0; d < m.demands.size(); ++d) {
    INFO("demand " << d);
    check_close(m.demands[d], expected.demands[d]);
  }
  CHECK(m.packets.sent == m.packets.delivered + m.packets.dropped() + m.packets.in_flight);
  return static_cast<int>(std::count_if(m.ports.begin(), m.ports.end(),
                                        [](const auto& p) { return p.dropped_packets > 0; }));
}

}  // namespace

TEST_CASE("where no link fills, sums without events are what events come to") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed)
    CHECK(check_same({seed, seed % 2 == 0 ? Metric::hops : Metric::delay, 0.1, false, false}) == 0);
  CHECK(check_same({7, Metric::hops, 0.05, true, false}) == 0);
  CHECK(check_same({8, Metric::delay, 0.05, true, false}) == 0);
}

TEST_CASE("where some links fill, these and what comes from them are followed by events") {
  int full = 0;
  for (std::uint64_t seed = 11; seed <= 16; ++seed)
    full += check_same({seed, seed % 2 == 0 ? Metric::hops : Metric::delay, 0.55, false, false});
  CHECK(full > 5);
}

TEST_CASE("demands that take another way after a cut are followed by events, the others not") {
  check_same({21, Metric::delay, 0.1, false, true});
  check_same({22, Metric::hops, 0.1, true, true});
  CHECK(check_same({23, Metric::delay, 0.6, false, true}) > 0);
}

TEST_CASE("what an observer sees does not depend on how demands are followed") {
  const Case c{31, Metric::delay, 0.5, false, false};
  const engine::Input input = random_input(c);
  const engine::Config config = config_of(c);
  std::vector<std::vector<PortLook>> seen[2];
  for (const bool events : {false, true}) {
    Observer observer;
    for (int i = 1; i <= 40; ++i) observer.times.push_back(Duration::ms(180 * i).ps());
    observer.look = [&](std::size_t number, std::span<const PortLook> ports) {
      CHECK(number == seen[events ? 1 : 0].size());
      seen[events ? 1 : 0].emplace_back(ports.begin(), ports.end());
    };
    if (events) {
      Simulation simulation(input, config, no_shortcuts(input), &observer);
      simulation.collect(simulation.run());
    } else {
      fluid::run(input, config, &observer);
    }
  }
  REQUIRE(seen[0].size() == 40);
  REQUIRE(seen[1].size() == 40);
  double waited = 0;
  for (std::size_t i = 0; i < 40; ++i)
    for (std::size_t p = 0; p < seen[0][i].size(); ++p) {
      const PortLook& a = seen[0][i][p];
      const PortLook& b = seen[1][i][p];
      CHECK(a.arriving_bps == Approx(b.arriving_bps).epsilon(1e-9).margin(1e-2));
      CHECK(a.capacity_bps == b.capacity_bps);
      CHECK(a.backlog_bits == Approx(b.backlog_bits).epsilon(1e-6).margin(1));
      CHECK(a.lost == Approx(b.lost).epsilon(1e-6).margin(1e-9));
      waited += a.backlog_bits;
    }
  CHECK(waited > 0);
}

TEST_CASE("a run that is stopped says what happened up to then, without events too") {
  // Where a run can stop depends on its events: the other one is run to the time that the first one
  // reached.
  const Case c{41, Metric::delay, 0.1, false, false};
  const engine::Input input = random_input(c);
  engine::Config config = config_of(c);
  std::atomic<bool> stop{false};
  config.stop = &stop;
  config.progress = [&stop](const engine::Progress& p) {
    stop = p.simulated >= Time::ps(Duration::s(3).ps());
  };
  const Measurements m = fluid::run(input, config);
  CHECK_FALSE(m.complete);
  REQUIRE(m.measured >= Duration::ms(2'700));
  config.stop = nullptr;
  config.progress = nullptr;
  Simulation events(input, config, no_shortcuts(input));
  const Measurements expected = events.collect(events.run((config.warmup + m.measured).ps()));
  CHECK_FALSE(expected.complete);
  REQUIRE(expected.measured == m.measured);
  for (std::size_t p = 0; p < m.ports.size(); ++p) check_close(m.ports[p], expected.ports[p]);
  for (std::size_t d = 0; d < m.demands.size(); ++d) check_close(m.demands[d], expected.demands[d]);
}
