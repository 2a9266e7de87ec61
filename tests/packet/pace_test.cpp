// Queues whose rate changes, worked by hand.
#include "sim/packet/pace.hpp"

#include "sim/packet/engine.hpp"
#include "tests/catch.hpp"

using namespace longhaul;
using namespace longhaul::packet;

namespace {

constexpr std::int64_t ms = 1'000'000'000;

/// 8 Mb/s, so 1000 B take 1 ms; from 10 ms on 2 Mb/s, from 30 ms on 3 Mb/s.
QueueModel model() {
  QueueModel q{PortId(0), NodeId(0), NodeId(1), 0, 1'000'000, 1, 0, 0, 0, {}};
  q.bps = 8'000'000;
  q.paces = {{0, 1'000'000, 1, 8'000'000, 2},
             {10 * ms, 4'000'000, 1, 2'000'000, 0},
             {30 * ms, 8'000'000, 3, 3'000'000, 1}};
  return q;
}

}  // namespace

TEST_CASE("a transmission goes at the rate that holds when it starts") {
  const QueueModel q = model();
  PacePosition at;
  CHECK(transmission_end(q, 0, 1000, at) == 1 * ms);
  CHECK(transmission_end(q, 9 * ms + 1, 1000, at) == 10 * ms + 1);  // ends at its old rate
  CHECK(transmission_end(q, 10 * ms, 1000, at) == 14 * ms);         // the step itself counts
  CHECK(transmission_end(q, 30 * ms - 1, 1000, at) == 34 * ms - 1);
  // 1000 B at 3 Mb/s are 2 2/3 ms: the thirds add up.
  CHECK(transmission_end(q, 40 * ms, 1000, at) == 40 * ms + 2'666'666'666);
  CHECK(transmission_end(q, 50 * ms, 1000, at) == 50 * ms + 2'666'666'667);
  CHECK(transmission_end(q, 60 * ms, 1000, at) == 60 * ms + 2'666'666'667);
  CHECK(at.remainder == 0);
}

TEST_CASE("what is unsent counts each packet at the rate it is sent at") {
  const QueueModel q = model();
  PacedState state(q);
  const auto send = [&](std::int64_t start) {
    const std::int64_t end = transmission_end(q, start, 1000, state.position);
    state.push(end, 1000);
    return end;
  };
  const std::int64_t first = send(9 * ms + ms / 2);  // until 10.5 ms, at 8 Mb/s
  send(first);                                       // until 14.5 ms, at 2 Mb/s
  CHECK((state.unsent(9 * ms + ms / 2) == picobits(2000)));
  CHECK((state.unsent(10 * ms) == picobits(1500)));
  CHECK((state.unsent(12 * ms + ms / 2) == picobits(500)));
  CHECK((state.unsent(14 * ms + ms / 2) == 0));
}

TEST_CASE("a buffer in time is memory: the wait grows as the rate falls") {
  NetworkSpec spec;
  spec.nodes.resize(2);
  spec.nodes[0].id = "A";
  spec.nodes[1].id = "B";
  Link link;
  link.id = "A-B";
  link.b = NodeId(1);
  link.capacity = {1, Rate::mbps(8)};
  link.framing = Framing::none;
  spec.links = {link};
  auto demands = std::make_shared<DemandSet>();
  demands->classes = {{"all", 0}};
  demands->sizes = {{"kilobyte", {{1000, 1.0}}}};
  demands->demands = {
      {NodeId(0), NodeId(1), ClassId(0), Rate::mbps(4), Arrivals::cbr, SizeMixId(0)}};
  Input input;
  input.network = std::make_shared<const Network>(spec);
  input.demands = demands;
  input.routes = std::make_shared<Routes>(compute_routes(*input.network, RoutingSpec{}));
  Config config;
  config.warmup = Duration::zero();
  config.duration = Duration::s(2);
  config.queueing.buffer = {Buffer::Kind::time, 10 * ms};  // 10,000 B
  // Half full, then for a second 8 times slower: ten packets are inside, each sent in 8 ms.
  input.rate_steps = {{{Time::zero(), Rate::mbps(8), 1},
                       {Time::ps(500 * ms), Rate::mbps(1), 0},
                       {Time::ps(1500 * ms), Rate::mbps(8), 1}},
                      {}};
  const Measurements m = run(input, config);
  const PortMeasurement& port = m.ports[0];
  CHECK(port.queue_bytes_max == 10'000);
  CHECK(port.level_changes == 2);
  REQUIRE(port.levels.size() == 2);
  CHECK(port.levels[0].rate == Rate::mbps(1));
  CHECK(port.levels[0].time == Duration::s(1));
  CHECK(port.levels[1].time == Duration::s(1));
  // The last to be let in waits for the nine before it, the first of them partly sent.
  CHECK(port.levels[0].wait.max_ps > 64 * ms);
  CHECK(port.levels[0].wait.max_ps <= 72 * ms);
  CHECK(port.levels[0].wait.count == 125);  // 8 ms each for a second
  CHECK(port.levels[1].wait.min_ps == 0);
  // Of 500 packets a second, 125 are sent while it is slow and ten more afterwards.
  CHECK(port.dropped_packets >= 500 / 2 - 125 - 11);
  CHECK(port.dropped_packets <= 500 / 2 + 250 - 125 - 9);
  // Sending all of the slow second, half of the rest and 5 ms for each that waited.
  CHECK(port.utilization_mean == Approx((0.25 + 1.0 + 0.25) / 2).margin(0.01));
}
