// RED, CoDel and FQ-CoDel against what their authors say that they do.
#include <algorithm>
#include <cmath>

#include "tests/catch.hpp"
#include "tests/validation/one_port.hpp"

namespace longhaul {
namespace {

using namespace one_port;
using packet::Classful;
using packet::FifoScheduler;

Queueing managed(DropRule rule) {
  Queueing q;
  q.buffer.kind = QueueLimit::Kind::unlimited;
  q.drop.rule = rule;
  return q;
}

const std::vector<TrafficClass> one_class{{"only", 0}};

/// Packets of 1000 bytes (800 ns) at `load` of the link, until `until`, from `from` on.
void steady(std::vector<Offered>& out, std::int64_t from, std::int64_t until, double load,
            std::uint32_t flow = 0) {
  for (std::int64_t i = 0;; ++i) {
    const std::int64_t t =
        from + static_cast<std::int64_t>(static_cast<double>(i * 1000 * ps_per_byte) / load);
    if (t >= until) return;
    out.push_back({t, 0, 1000, flow});
  }
}

void in_time_order(std::vector<Offered>& offered) {
  std::stable_sort(offered.begin(), offered.end(),
                   [](const Offered& a, const Offered& b) { return a.time < b.time; });
}

constexpr std::int64_t ms = 1'000'000'000;

/// A standing queue: 20 ms of packets of 62,500 bytes (50 us) at once, then just what the link
/// carries.
constexpr std::int64_t large = 50'000'000;
std::vector<Offered> standing() {
  std::vector<Offered> offered(400, Offered{0, 0, 62'500, 0});
  for (std::int64_t t = 0; t < 6000 * ms; t += large) offered.push_back({t, 0, 62'500});
  return offered;
}

}  // namespace

TEST_CASE("CoDel: drops are interval / sqrt(count) apart", "[theory]") {
  // Overload by half: waits pass the target and stay above it for good. RFC 8289, 3.2 and 5.3: the
  // first drop an interval after the first packet above the target has left, the following at
  // next = next + interval / sqrt(count), each by the first packet sent then or later.
  std::vector<Offered> offered;
  steady(offered, 0, 1500 * ms, 1.5);
  const Outcome o =
      OnePort<Classful<FifoScheduler>>(managed(DropRule::codel), one_class).serve(offered);

  std::vector<std::int64_t> starts;  // of all transmissions: CoDel looks at the head only then
  for (const Event& e : o.sent) starts.push_back(e.start);
  const std::int64_t last_arrival = offered.back().time;
  std::int64_t above = 0;
  for (const Event& e : o.sent)
    if (e.start - e.packet.time >= 5 * ms) {
      above = e.start;
      break;
    }
  REQUIRE(above > 0);
  std::int64_t due = above + 100 * ms;
  std::uint64_t count = 1;
  std::size_t checked = 0;
  for (const Event& drop : o.dropped) {
    if (drop.start > last_arrival) break;
    const std::int64_t when = *std::lower_bound(starts.begin(), starts.end(), due);
    CHECK(drop.start == when);
    const std::int64_t base = count == 1 ? when : due;  // the first sets the clock
    due = base + static_cast<std::int64_t>(1e11 / std::sqrt(static_cast<double>(count)));
    ++count;
    ++checked;
  }
  // n gaps of 100 ms / sqrt(i) fill about 2 sqrt(n) 100 ms.
  const double span = static_cast<double>(last_arrival - above - 100 * ms) / (100.0 * ms);
  CHECK(static_cast<double>(checked) == Approx(span * span / 4).margin(15));
}

TEST_CASE("CoDel: a standing queue goes, a burst may stay", "[theory]") {
  const std::vector<Offered> offered = standing();
  const Outcome codel =
      OnePort<Classful<FifoScheduler>>(managed(DropRule::codel), one_class).serve(offered);
  const Outcome tail =
      OnePort<Classful<FifoScheduler>>(managed(DropRule::tail), one_class).serve(offered);
  const auto last_wait = [](const Outcome& o) {
    return o.sent.back().start - o.sent.back().packet.time;
  };
  CHECK(tail.dropped.empty());
  CHECK(last_wait(tail) == 20 * ms);
  CHECK(codel.sent.size() + codel.dropped.size() == offered.size());
  // It is shortened to just below the target, and then left alone.
  CHECK(last_wait(codel) < 5 * ms);
  CHECK(last_wait(codel) == 5 * ms - large);
  CHECK(codel.dropped.size() == 301);  // 301 x 50 us are just more than 15 ms

  // Above the target for half an interval: good queue, no drops.
  std::vector<Offered> burst(62'500, Offered{0, 0, 1000, 0});  // 50 ms of work at once
  const Outcome good =
      OnePort<Classful<FifoScheduler>>(managed(DropRule::codel), one_class).serve(burst);
  CHECK(good.dropped.empty());
}

TEST_CASE("CoDel: senders with ECN get marks where others get drops", "[theory]") {
  std::vector<Offered> offered;
  steady(offered, 0, 500 * ms, 1.2);
  using Managed = OnePort<Classful<FifoScheduler>>;
  const Outcome marks = Managed(managed(DropRule::codel), one_class, true).serve(offered);
  CHECK(marks.dropped.empty());
  CHECK(std::count_if(marks.sent.begin(), marks.sent.end(),
                      [](const Event& e) { return e.marked; }) > 5);
  Queueing deaf = managed(DropRule::codel);
  deaf.drop.ecn = false;
  const Outcome drops = Managed(deaf, one_class, true).serve(offered);
  CHECK(drops.dropped.size() > 5);
  CHECK(
      std::none_of(drops.sent.begin(), drops.sent.end(), [](const Event& e) { return e.marked; }));
}

TEST_CASE("RED: the chance of a drop and the spacing of drops", "[theory]") {
  // Floyd and Jacobson 1993, section 7, method 2: with the average held at p_b, packets between
  // drops are uniform on {1, ..., 1/p_b - 1}, so every 1/(2 p_b)-th is dropped on average.
  const packet::RedLimits limits{10'000, 30'000, 0.1};
  for (const auto& [average, p] : {std::pair(20'000.0, 0.05), std::pair(12'000.0, 0.01),
                                   std::pair(29'000.0, 0.095), std::pair(33'000.0, 0.19)}) {
    packet::Red red(1.0, ps_per_byte);  // a weight of 1: the average is the queue
    red.sample(0, static_cast<std::int64_t>(average), false);
    CHECK(red.average() == average);
    const auto cells = static_cast<std::size_t>(std::ceil(1 / p - 1e-9)) - 1;
    std::vector<std::uint64_t> gaps(cells + 2, 0);
    std::uint64_t drops = 0;
    std::size_t gap = 0;
    constexpr std::uint64_t packets = 2'000'000;
    for (std::uint64_t n = 0; n < packets; ++n) {
      ++gap;
      const auto decision = red.decide(limits, philox(5, 5, n).w[0]);
      if (decision == packet::Red::Decision::accept) continue;
      REQUIRE(gap < gaps.size());
      if (drops > 0) ++gaps[gap];  // the first has no drop before it
      ++drops;
      gap = 0;
    }
    INFO("p " << p << ", drops " << drops);
    // Each gap n <= 1/p - 1 has the chance p / (1 - p); what is left is the last one's.
    const double each = p / (1 - p);
    double mean = 0;
    double left = 1;
    for (std::size_t n = 1; n <= cells + 1 && left > 1e-9; ++n) {
      const double chance = std::min(each, left);
      left -= chance;
      mean += chance * static_cast<double>(n);
      const double expected = chance * static_cast<double>(drops - 1);
      CHECK(std::abs(static_cast<double>(gaps[n]) - expected) < 5 * std::sqrt(expected) + 1);
    }
    CHECK(static_cast<double>(packets) / static_cast<double>(drops) == Approx(mean).epsilon(0.01));
    if (p <= 0.05) CHECK(mean == Approx(1 / (2 * p)).epsilon(0.06));
  }
}

TEST_CASE("RED: thresholds, the gentle slope and the average", "[theory]") {
  const packet::RedLimits limits{10'000, 30'000, 0.1};
  const auto decided = [&](double average, std::uint32_t word) {
    packet::Red red(1.0, ps_per_byte);
    red.sample(0, static_cast<std::int64_t>(average), false);
    return red.decide(limits, word);
  };
  using Decision = packet::Red::Decision;
  CHECK(decided(9'999, 0) == Decision::accept);
  CHECK(decided(10'001, 0) == Decision::notify);
  CHECK(decided(59'999, 0xf0000000U) == Decision::notify);
  CHECK(decided(60'000, 0xffffffffU) == Decision::drop);  // no marks up there
  // Halfway up the gentle slope p is 0.55, which is below a word of 0.56 only.
  CHECK(decided(45'000, static_cast<std::uint32_t>(0.54 * 0x1p32)) == Decision::notify);
  CHECK(decided(45'000, static_cast<std::uint32_t>(0.56 * 0x1p32)) == Decision::accept);

  packet::Red red(0.25, ps_per_byte);
  red.sample(0, 8000, false);
  CHECK(red.average() == 2000);
  red.sample(0, 8000, false);
  CHECK(red.average() == 3500);
  // Idle for the time of three packets of 1000 bytes: as if it had seen an empty queue three times,
  // and a fourth now.
  red.idle_from(0);
  red.sample(3 * 1000 * ps_per_byte, 0, true);
  CHECK(red.average() == Approx(3500 * std::pow(0.75, 4)).epsilon(1e-12));
}

TEST_CASE("RED: an overloaded queue settles where drops meet the overload", "[theory]") {
  // 20 % too much: one in six must go. With 1/(2 p_b) packets a drop, p_b = 1/12.
  Queueing q = managed(DropRule::red);
  q.drop.red = {{QueueLimit::Kind::bytes, 100'000}, {QueueLimit::Kind::bytes, 300'000}, 0.1, 0.002};
  std::vector<Offered> offered;
  steady(offered, 0, 400 * ms, 1.2);
  const Outcome o = OnePort<Classful<FifoScheduler>>(q, one_class).serve(offered);
  double waiting = 0;
  std::size_t n = 0;
  for (const Event& e : o.sent) {
    if (e.start < 100 * ms || e.packet.time > 399 * ms) continue;
    waiting += static_cast<double>(e.start - e.packet.time) / ps_per_byte;
    ++n;
  }
  REQUIRE(n > 100'000);
  // The mean gap of the discrete spacing at p: (1 - p) / p cells of equal chance.
  double low = 0.001;
  double high = 0.5;
  for (int i = 0; i < 60; ++i) {
    const double p = (low + high) / 2;
    double mean = 0;
    double left = 1;
    for (int gap = 1; left > 0 && gap < 1000; ++gap) {
      const double chance = std::min(p / (1 - p), left);
      mean += chance * gap;
      left -= chance;
    }
    (mean > 6 ? low : high) = p;
  }
  const double average = 100'000 + 200'000 * low / 0.1;
  CHECK(waiting / static_cast<double>(n) == Approx(average).epsilon(0.05));
}

TEST_CASE("FQ-CoDel: a sparse flow does not wait for a fat one", "[theory]") {
  // RFC 8290, 6: a flow that sends less than a quantum in each round keeps coming in by the list of
  // new flows. It waits for the packet in transmission, and where it has just left the list of old
  // flows, for what is left of one quantum.
  Queueing q;
  q.discipline = Discipline::fq_codel;
  q.buffer.kind = QueueLimit::Kind::unlimited;
  q.drop.rule = DropRule::codel;
  std::vector<Offered> offered;
  steady(offered, 0, 300 * ms, 1.5, 1);    // fat
  for (std::int64_t i = 0; i < 2900; ++i)  // sparse: 100 bytes every 100 us, 0.08 %
    offered.push_back({5 * ms + i * 100'000'000 + i % 7 * 100'003, 0, 100, 2});
  in_time_order(offered);
  const Outcome o = OnePort<packet::FqCodel>(q, one_class).serve(offered);
  std::int64_t worst = 0;
  std::size_t sparse = 0;
  std::int64_t fat_wait = 0;
  for (const Event& e : o.sent) {
    std::int64_t& most = e.packet.flow == 2 ? worst : fat_wait;
    most = std::max(most, e.start - e.packet.time);
    sparse += e.packet.flow == 2 ? 1 : 0;
  }
  CHECK(sparse == 2900);  // none dropped
  CHECK(worst <= (1000 + 1514 + 1000) * ps_per_byte);
  CHECK(fat_wait > 20 * ms);
  CHECK_FALSE(o.dropped.empty());

  // Full: the fattest flow loses its oldest.
  q.buffer = {QueueLimit::Kind::packets, 100};
  const Outcome full = OnePort<packet::FqCodel>(q, one_class).serve(offered);
  CHECK(full.dropped.size() > 1000);
  CHECK(std::all_of(full.dropped.begin(), full.dropped.end(),
                    [](const Event& e) { return e.packet.flow == 1; }));
}

TEST_CASE("FQ-CoDel: flows share alike, whatever their packets", "[theory]") {
  Queueing q;
  q.discipline = Discipline::fq_codel;
  q.buffer.kind = QueueLimit::Kind::unlimited;
  q.drop.rule = DropRule::codel;
  std::vector<Offered> offered;
  for (int i = 0; i < 30'000; ++i) offered.push_back({0, 0, 1500, 1});
  for (int i = 0; i < 300'000; ++i) offered.push_back({0, 0, 150, 2});
  const Outcome o = OnePort<packet::FqCodel>(q, one_class).serve(offered);
  double difference = 0;
  for (const Event& e : o.sent) {
    if (e.end > 30 * ms) break;
    difference += e.packet.flow == 1 ? e.packet.bytes : -static_cast<double>(e.packet.bytes);
    CHECK(std::abs(difference) <= 2 * (1514 + 1500));
  }
}

}  // namespace longhaul
