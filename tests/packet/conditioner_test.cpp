// Token buckets: what a shaper lets out conforms, what a policer drops is exactly the excess.
#include "sim/packet/conditioner.hpp"

#include <algorithm>

#include "tests/catch.hpp"

using namespace longhaul;
using namespace longhaul::packet;

namespace {

/// 8 Mb/s: a byte each microsecond.
constexpr std::int64_t us = 1'000'000;

TokenBucketSpec bucket(TokenBucketSpec::Action action, std::int64_t burst, Duration delay) {
  TokenBucketSpec spec;
  spec.action = action;
  spec.rate = Rate::mbps(8);
  spec.burst_bytes = burst;
  spec.max_delay = delay;
  return spec;
}

std::vector<Packet> packets(const std::vector<std::pair<std::int64_t, int>>& us_and_bytes) {
  std::vector<Packet> out;
  for (const auto& [at, bytes] : us_and_bytes)
    out.push_back({at * us, at * us, 0, 0, static_cast<std::uint16_t>(bytes), 0});
  return out;
}

std::vector<std::int64_t> times_us(const std::vector<Packet>& packets) {
  std::vector<std::int64_t> out;
  for (const Packet& p : packets) out.push_back(p.time / us);
  return out;
}

}  // namespace

TEST_CASE("a policer drops exactly what exceeds its bucket") {
  // Bucket of 1000 bytes. At 0: 600 pass, 400 are left; 600 do not, 400 do, empty. At 300: 300
  // tokens, 301 do not pass, 300 do. At 5000 it is full again and no fuller.
  Conditioner c(bucket(TokenBucketSpec::Action::police, 1000, Duration::zero()), Rate::gbps(1));
  std::vector<Packet> drawn = packets({{0, 600},
                                       {0, 600},
                                       {0, 400},
                                       {300, 301},
                                       {300, 300},
                                       {5000, 700},
                                       {5000, 301},
                                       {5000, 300}});
  std::vector<Packet> policed;
  c.pass(drawn, 0, 10'000 * us, policed);
  CHECK(times_us(drawn) == std::vector<std::int64_t>{0, 0, 300, 5000, 5000});
  REQUIRE(policed.size() == 3);
  CHECK(policed[0].size == 600);
  CHECK(policed[1].size == 301);
  CHECK(policed[2].size == 301);
  CHECK(c.next_time() == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("a shaper delays what exceeds its bucket, in order, and drops what would wait too long") {
  Conditioner c(bucket(TokenBucketSpec::Action::shape, 1000, Duration::us(1500)), Rate::gbps(1));
  // 1000 at once; 500 more wait 500 us; 64 behind them wait for their own tokens, not before.
  std::vector<Packet> drawn = packets({{0, 1000}, {0, 500}, {0, 64}, {0, 1000}, {100, 800}});
  std::vector<Packet> policed;
  c.pass(drawn, 0, 550 * us, policed);
  CHECK(times_us(drawn) == std::vector<std::int64_t>{0, 500});
  CHECK(drawn[1].birth == 0);
  // 1000 bytes more would go at 1564 us: longer than 1500 us; 800 at 1364 go.
  REQUIRE(policed.size() == 1);
  CHECK(policed[0].size == 1000);
  CHECK(c.next_time() == 564 * us);
  int waiting = 0;
  c.for_each_waiting([&](const Packet&) { ++waiting; });
  CHECK(waiting == 2);
  drawn.clear();
  c.pass(drawn, 0, 10'000 * us, policed);
  CHECK(times_us(drawn) == std::vector<std::int64_t>{564, 1364});
  CHECK(drawn[1].birth == 100 * us);
}

TEST_CASE("no span of time holds more than burst + rate x time, at any rate") {
  for (const std::int64_t bps : {1'000'003LL, 9'953'280'000LL, 64'000LL}) {
    TokenBucketSpec spec = bucket(TokenBucketSpec::Action::shape, 3000, Duration::s(100'000));
    spec.rate = Rate::bps(bps);
    Conditioner c(spec, Rate::gbps(1));
    std::vector<Packet> drawn;
    std::uint64_t state = 1;
    for (int i = 0; i < 500; ++i) {
      state = mix(state + 0x9e3779b97f4a7c15ULL);
      drawn.push_back({i, i, 0, 0, static_cast<std::uint16_t>(1 + state % 1500), 0});
    }
    std::vector<Packet> policed;
    c.pass(drawn, 0, std::numeric_limits<std::int64_t>::max(), policed);
    REQUIRE(drawn.size() == 500);
    Int128 closest = Int128{1} << 100;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      Int128 bytes = 0;
      for (std::size_t j = i; j < drawn.size(); ++j) {
        bytes += drawn[j].size;
        // bytes <= burst + rate x time, in 1 / 8e12 bytes.
        const Int128 left = Int128{3000} * 8'000'000'000'000 +
                            Int128{drawn[j].time - drawn[i].time} * bps - bytes * 8'000'000'000'000;
        REQUIRE(left >= 0);
        closest = std::min(closest, left);
      }
    }
    // Always busy, so it never lets go of a picosecond: less than one ps of tokens is left.
    CHECK(closest < bps);
  }
}
