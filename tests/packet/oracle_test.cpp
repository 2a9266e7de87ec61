// The engine against the textbook event queue, packet by packet (by the fingerprint, which sums a
// hash of every packet's fate and time) and count by count, on random small networks; and against
// itself over threads and windows.
#include "sim/base/error.hpp"
#include "tests/catch.hpp"
#include "tests/packet/event_queue_oracle.hpp"
#include "tests/packet/random_input.hpp"

using namespace longhaul;
using namespace longhaul::packet;

namespace {

constexpr std::uint64_t cases = 400;

void require_equal(const Measurements& m, const oracle::Result& o) {
  CHECK(m.fingerprint == o.fingerprint);
  CHECK(m.packets.sent == o.packets.sent);
  CHECK(m.packets.delivered == o.packets.delivered);
  CHECK(m.packets.dropped_buffer == o.packets.dropped_buffer);
  CHECK(m.packets.dropped_no_route == o.packets.dropped_no_route);
  CHECK(m.packets.dropped_aqm == o.packets.dropped_aqm);
  CHECK(m.packets.dropped_policed == o.packets.dropped_policed);
  CHECK(m.packets.dropped_policy == o.packets.dropped_policy);
  CHECK(m.packets.dropped_link_down == o.packets.dropped_link_down);
  CHECK(m.packets.dropped_loop == o.packets.dropped_loop);
  CHECK(m.packets.in_flight == o.packets.in_flight);
  CHECK(m.packets.sent == m.packets.delivered + m.packets.dropped() + m.packets.in_flight);
  for (std::size_t p = 0; p < o.ports.size(); ++p) {
    INFO("port " << p);
    CHECK(m.ports[p].arrived_packets == o.ports[p].arrived);
    CHECK(m.ports[p].dropped_packets == o.ports[p].dropped);
    CHECK((m.ports[p].wait.sum_ps == o.ports[p].wait_sum));
    // Little's law, bytes for customers.
    CHECK(m.ports[p].queue_bytes_mean * static_cast<double>(m.measured.ps()) ==
          Approx(static_cast<double>(o.ports[p].byte_integral)));
    REQUIRE(m.ports[p].classes.size() == o.ports[p].classes.size());
    for (std::size_t c = 0; c < o.ports[p].classes.size(); ++c) {
      const ClassMeasurement& mine = m.ports[p].classes[c];
      const oracle::ClassCount& theirs = o.ports[p].classes[c];
      CHECK(mine.arrived_packets == theirs.arrived);
      CHECK(mine.sent_packets == theirs.sent);
      CHECK(mine.dropped_packets == theirs.dropped);
      CHECK(mine.marked_packets == theirs.marked);
      CHECK((mine.wait.sum_ps == theirs.wait_sum));
    }
  }
  for (std::size_t i = 0; i < o.demands.size(); ++i) {
    INFO("demand " << i);
    const DemandMeasurement& d = m.demands[i];
    const oracle::DemandCount& e = o.demands[i];
    CHECK(d.sent_packets == e.sent);
    CHECK(d.delivered_packets == e.delivered);
    CHECK(d.dropped_packets == e.dropped);
    CHECK((d.queueing.sum_ps == e.wait_sum));
    CHECK((d.latency.sum_ps + Int128{d.base.ps()} * static_cast<std::int64_t>(e.delivered) ==
           e.latency_sum));
    if (e.delivered > 0) {
      CHECK(d.latency.min_ps >= 0);
      CHECK(d.hops_mean == Approx(static_cast<double>(e.hops) / static_cast<double>(e.delivered)));
    }
    if (e.delivered > 1)
      CHECK(d.jitter_ps ==
            Approx(static_cast<double>(e.variation_sum) / static_cast<double>(e.delivered - 1))
                .margin(1e-6));
  }
}

/// On several threads, by windows of several lengths, and with islands run either way.
void require_equal_however_run(const RandomCase& c, const oracle::Result& expected) {
  for (const unsigned threads : {2U, 3U, 7U}) {
    Config config = c.config;
    config.threads = threads;
    require_equal(run(c.input, config), expected);
  }
  for (const std::int64_t windows : {17, 300})
    for (const Islands islands : {Islands::windows, Islands::events}) {
      Config config = c.config;
      config.window = (c.config.warmup + c.config.duration) / windows;
      config.islands = islands;
      config.threads = windows == 17 ? 1 : 3;
      require_equal(run(c.input, config), expected);
    }
}

}  // namespace

TEST_CASE("every packet's fate equals the textbook event queue's") {
  std::uint64_t delivered = 0;
  std::uint64_t dropped_buffer = 0;
  std::uint64_t dropped_down = 0;
  std::uint64_t dropped_policy = 0;
  for (std::uint64_t seed = 0; seed < cases; ++seed) {
    INFO("seed " << seed);
    RandomCase c = random_case(seed);
    const oracle::Result expected = oracle::run(c.input, c.config);
    const Measurements m = run(c.input, c.config);
    require_equal(m, expected);
    delivered += m.packets.delivered;
    dropped_buffer += m.packets.dropped_buffer;
    dropped_down += m.packets.dropped_link_down;
    dropped_policy += m.packets.dropped_policy;
  }
  // The cases must have exercised what they are for.
  CHECK(delivered > 100'000);
  CHECK(dropped_buffer > 10'000);
  CHECK(dropped_down > 100);
  CHECK(dropped_policy > 100);
}

TEST_CASE("threads, windows and the way islands are run change nothing") {
  for (std::uint64_t seed = 1000; seed < 1000 + cases / 10; ++seed) {
    INFO("seed " << seed);
    RandomCase c = random_case(seed);
    const oracle::Result expected = oracle::run(c.input, c.config);
    const auto check = [&](unsigned threads, std::int64_t windows, Islands islands) {
      INFO("threads " << threads << ", at least " << windows << " windows, islands "
                      << static_cast<int>(islands));
      Config config = c.config;
      config.threads = threads;
      if (windows > 0) config.window = (c.config.warmup + c.config.duration) / windows;
      config.islands = islands;
      require_equal(run(c.input, config), expected);
    };
    for (const unsigned threads : {1U, 2U, 3U, 7U}) check(threads, 0, Islands::automatic);
    for (const std::int64_t windows : {1, 17, 300})
      for (const Islands islands : {Islands::windows, Islands::events}) {
        check(1, windows, islands);
        check(3, windows, islands);
      }
  }
}

TEST_CASE("routers that change one by one, circles, TTL and segments equal the event queue's") {
  std::uint64_t delivered = 0;
  std::uint64_t loops = 0;
  std::uint64_t no_route = 0;
  for (std::uint64_t seed = 5000; seed < 5000 + cases / 8; ++seed) {
    INFO("seed " << seed);
    RandomCase c = random_case_of_tables(seed);
    if (seed % 4 == 0) add_tcp(seed, c);
    if (seed % 5 == 0)
      c.config.queueing = random_queueing(seed, Discipline::drr, DropRule::tail, c);
    const oracle::Result expected = oracle::run(c.input, c.config);
    const Measurements m = run(c.input, c.config);
    require_equal(m, expected);
    if (seed % 5 < 2) require_equal_however_run(c, expected);
    delivered += m.packets.delivered;
    loops += m.packets.dropped_loop;
    no_route += m.packets.dropped_no_route;
  }
  CHECK(delivered > 20'000);
  CHECK(loops > 5000);
  CHECK(no_route > 500);
}

namespace {

/// What is counted at each level adds up to what is counted of the port, and levels fill the time.
void require_levels_add_up(const Measurements& m, const Input& input) {
  for (std::size_t p = 0; p < m.ports.size(); ++p) {
    INFO("port " << p);
    const PortMeasurement& port = m.ports[p];
    if (input.rate_steps[p].empty()) {
      CHECK(port.levels.empty());
      continue;
    }
    DurationStats waits;
    Duration time = port.down;
    for (const LevelMeasurement& level : port.levels) {
      waits.merge(level.wait);
      time += level.time;
    }
    CHECK(waits.count == port.wait.count);
    CHECK((waits.sum_ps == port.wait.sum_ps));
    CHECK(waits.max_ps == port.wait.max_ps);
    CHECK(waits.quantile_ps(0.5) == Approx(port.wait.quantile_ps(0.5)));
    CHECK(time == m.measured);
  }
}

}  // namespace

TEST_CASE("rates that change: every packet's fate equals the textbook event queue's") {
  std::uint64_t delivered = 0;
  std::uint64_t dropped_buffer = 0;
  std::uint64_t changes = 0;
  for (std::uint64_t seed = 0; seed < cases; ++seed) {
    INFO("seed " << seed);
    RandomCase c = random_case_of_rates(seed);
    const oracle::Result expected = oracle::run(c.input, c.config);
    const Measurements m = run(c.input, c.config);
    require_equal(m, expected);
    require_levels_add_up(m, c.input);
    delivered += m.packets.delivered;
    dropped_buffer += m.packets.dropped_buffer;
    for (const PortMeasurement& port : m.ports) changes += port.level_changes;
  }
  CHECK(delivered > 100'000);
  CHECK(dropped_buffer > 10'000);
  CHECK(changes > 3'000);
}

TEST_CASE("rates that change: threads, windows and the way islands are run change nothing") {
  for (std::uint64_t seed = 3000; seed < 3000 + cases / 10; ++seed) {
    INFO("seed " << seed);
    RandomCase c = random_case_of_rates(seed);
    const oracle::Result expected = oracle::run(c.input, c.config);
    const auto check = [&](unsigned threads, std::int64_t windows, Islands islands) {
      INFO("threads " << threads << ", at least " << windows << " windows");
      Config config = c.config;
      config.threads = threads;
      if (windows > 0) config.window = (c.config.warmup + c.config.duration) / windows;
      config.islands = islands;
      const Measurements m = run(c.input, config);
      require_equal(m, expected);
      require_levels_add_up(m, c.input);
    };
    for (const unsigned threads : {1U, 2U, 3U, 7U}) check(threads, 0, Islands::automatic);
    for (const std::int64_t windows : {1, 17, 300})
      for (const Islands islands : {Islands::windows, Islands::events}) {
        check(1, windows, islands);
        check(3, windows, islands);
      }
  }
}

TEST_CASE("every discipline and drop rule equals the textbook's, on any threads and windows") {
  struct Seen {
    std::uint64_t delivered = 0;
    std::uint64_t dropped = 0;
    std::uint64_t early = 0;
  };
  for (const Discipline discipline :
       {Discipline::fifo, Discipline::strict_priority, Discipline::drr, Discipline::wfq,
        Discipline::hierarchical, Discipline::fq_codel}) {
    for (const DropRule rule : {DropRule::tail, DropRule::red, DropRule::wred, DropRule::codel}) {
      if (discipline == Discipline::fifo && rule == DropRule::tail) continue;
      if (discipline == Discipline::fq_codel && rule != DropRule::codel) continue;
      Seen seen;
      for (std::uint64_t seed = 0; seed < 60; ++seed) {
        INFO(to_string(discipline) << ", " << to_string(rule) << ", seed " << seed);
        RandomCase c = random_case(5000 + seed);
        c.config.queueing = random_queueing(seed, discipline, rule, c);
        const oracle::Result expected = oracle::run(c.input, c.config);
        const Measurements m = run(c.input, c.config);
        require_equal(m, expected);
        if (seed % 6 == 0) require_equal_however_run(c, expected);
        seen.delivered += m.packets.delivered;
        seen.dropped += m.packets.dropped_buffer;
        seen.early += m.packets.dropped_aqm;
      }
      INFO(to_string(discipline) << ", " << to_string(rule));
      CHECK(seen.delivered > 20'000);
      CHECK(seen.dropped + seen.early > 500);
      if (rule != DropRule::tail) CHECK(seen.early > 100);
    }
  }
}

TEST_CASE("rates that change under every discipline equal the textbook's") {
  for (const Discipline discipline :
       {Discipline::fifo, Discipline::strict_priority, Discipline::drr, Discipline::wfq,
        Discipline::hierarchical, Discipline::fq_codel}) {
    for (const DropRule rule : {DropRule::tail, DropRule::red, DropRule::codel}) {
      if (discipline == Discipline::fifo && rule == DropRule::tail) continue;
      if (discipline == Discipline::fq_codel && rule != DropRule::codel) continue;
      std::uint64_t changes = 0;
      for (std::uint64_t seed = 0; seed < 30; ++seed) {
        INFO(to_string(discipline) << ", " << to_string(rule) << ", seed " << seed);
        RandomCase c = random_case_of_rates(7000 + seed);
        c.config.queueing = random_queueing(seed, discipline, rule, c);
        const oracle::Result expected = oracle::run(c.input, c.config);
        for (const unsigned threads : {1U, 3U}) {
          Config config = c.config;
          config.threads = threads;
          const Measurements m = run(c.input, config);
          require_equal(m, expected);
          require_levels_add_up(m, c.input);
          for (const PortMeasurement& port : m.ports) changes += port.level_changes;
        }
      }
      CHECK(changes > 500);
    }
  }
}

TEST_CASE("TCP in windows equals TCP on an event queue, on any threads and windows") {
  std::uint64_t delivered = 0;
  std::uint64_t dropped = 0;
  std::uint64_t resent = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    INFO("seed " << seed);
    RandomCase c = random_case(9000 + seed);
    add_tcp(seed, c);
    if (seed % 4 == 3)
      c.config.queueing = random_queueing(seed, Discipline::drr, DropRule::codel, c);
    const oracle::Result expected = oracle::run(c.input, c.config);
    const Measurements m = run(c.input, c.config);
    require_equal(m, expected);
    delivered += m.packets.delivered;
    dropped += m.packets.dropped();
    for (const DemandMeasurement& d : m.demands)
      if (d.transport) resent += d.transport->resent_segments;
    if (seed % 5 == 0) require_equal_however_run(c, expected);
  }
  CHECK(delivered > 100'000);
  CHECK(dropped > 1000);
  CHECK(resent > 500);
}

TEST_CASE("shapers and policers equal the textbook's, on any threads and windows") {
  std::uint64_t delivered = 0;
  std::uint64_t policed = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    INFO("seed " << seed);
    RandomCase c = random_case(9000 + seed);
    add_random_buckets(seed, c);
    const oracle::Result expected = oracle::run(c.input, c.config);
    const Measurements m = run(c.input, c.config);
    require_equal(m, expected);
    if (seed % 5 == 0)
      for (const unsigned threads : {1U, 2U, 3U, 7U})
        for (const std::int64_t windows : {17, 300}) {
          Config config = c.config;
          config.threads = threads;
          config.window = (c.config.warmup + c.config.duration) / windows;
          require_equal(run(c.input, config), expected);
        }
    delivered += m.packets.delivered;
    policed += m.packets.dropped_policed;
  }
  CHECK(delivered > 50'000);
  CHECK(policed > 10'000);
}

TEST_CASE("what packets cannot tell apart is refused") {
  RandomCase many = random_case(1);
  auto demands = std::make_shared<DemandSet>(*many.input.demands);
  Transport transport;
  transport.connections = 1'000'000;
  demands->transports.push_back(std::make_shared<const Transport>(transport));
  demands->demands.resize(5000, demands->demands.front());
  for (Demand& d : demands->demands) d.transport = TransportId(demands->transports.size() - 1);
  many.input.demands = demands;
  CHECK_THROWS_AS(run(many.input, many.config), RunError);

  RandomCase classes = random_case(1);
  demands = std::make_shared<DemandSet>(*classes.input.demands);
  demands->classes.resize(129, demands->classes.front());
  classes.input.demands = demands;
  classes.config.queueing.discipline = Discipline::drr;
  CHECK_THROWS_AS(run(classes.input, classes.config), RunError);
}
