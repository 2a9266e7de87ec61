#include "sim/stats/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "tests/catch.hpp"

using longhaul::Histogram;

namespace {

/// A stream of numbers that is the same everywhere (splitmix64).
class Stream {
 public:
  explicit Stream(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

std::vector<std::int64_t> exponential(std::uint64_t seed, std::size_t n, double mean_ps) {
  Stream stream(seed);
  std::vector<std::int64_t> values(n);
  for (auto& v : values) v = static_cast<std::int64_t>(-std::log(1 - stream.uniform()) * mean_ps);
  return values;
}

Histogram of(const std::vector<std::int64_t>& values, int bits = 6) {
  Histogram h(bits);
  for (const auto v : values) h.add(v);
  return h;
}

std::vector<std::vector<std::int64_t>> buckets(const Histogram& h) {
  std::vector<std::vector<std::int64_t>> all;
  h.for_each([&](std::int64_t low, std::int64_t high, std::uint64_t n) {
    all.push_back({low, high, static_cast<std::int64_t>(n)});
  });
  return all;
}

}  // namespace

TEST_CASE("bucket edges are continuous and contain their values") {
  for (const int bits : {1, 4, 6, 12}) {
    const Histogram h(bits);
    const std::size_t last = h.bucket_of(std::numeric_limits<std::int64_t>::max());
    for (std::size_t i = 0; i <= last; ++i) {
      const std::int64_t low = h.lower_edge(i);
      const std::int64_t high = h.lower_edge(i + 1);
      if (low >= high || h.bucket_of(low) != i || h.bucket_of(high - 1) != i)
        FAIL("bits " << bits << " bucket " << i << " is [" << low << ", " << high << ")");
      const double width = static_cast<double>(high - low);
      if (high - low > 1 && width > std::ldexp(static_cast<double>(low), -bits))
        FAIL("bits " << bits << " bucket " << i << " is wider than promised");
    }
    CHECK(h.lower_edge(0) == 0);
    CHECK(h.lower_edge(last + 1) == std::numeric_limits<std::int64_t>::max());
  }
}

TEST_CASE("quantiles of small values are exact") {
  Histogram h(6);
  for (int v = 1; v <= 100; ++v) h.add(v);
  CHECK(h.quantile_ps(0.5) == 50);
  CHECK(h.quantile_ps(0.99) == 99);
  CHECK(h.quantile_ps(1.0) == 100);
  CHECK(h.quantile_ps(0.0) == 1);
}

TEST_CASE("quantiles stay within the promised error of the sorted values") {
  for (const double mean : {5e2, 1e6, 3e9, 1e13}) {
    auto values = exponential(7, 100'000, mean);
    const Histogram h = of(values);
    std::sort(values.begin(), values.end());
    for (const double q : {0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
      const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size())));
      const auto exact = static_cast<double>(values[rank - 1]);
      CHECK(std::abs(h.quantile_ps(q) - exact) <= exact / 64 + 1);
    }
  }
}

TEST_CASE("an empty histogram and negative values") {
  Histogram h;
  CHECK(h.quantile_ps(0.5) == 0);
  CHECK(h.share_above(0) == 0);
  h.add(-5);
  CHECK(h.count() == 1);
  CHECK(h.quantile_ps(1.0) == 0);
}

TEST_CASE("merging in any order and grouping gives the same histogram as adding") {
  const auto a = exponential(1, 5'000, 1e6);
  const auto b = exponential(2, 3'000, 1e3);
  const auto c = exponential(3, 4'000, 1e10);
  std::vector<std::int64_t> all = a;
  all.insert(all.end(), b.begin(), b.end());
  all.insert(all.end(), c.begin(), c.end());
  const auto expected = buckets(of(all));

  Histogram left = of(a);  // (a + b) + c
  left.merge(of(b));
  left.merge(of(c));
  Histogram tail = of(b);  // a + (b + c)
  tail.merge(of(c));
  Histogram right = of(a);
  right.merge(tail);
  Histogram backwards = of(c);
  backwards.merge(of(b));
  backwards.merge(of(a));
  CHECK(buckets(left) == expected);
  CHECK(buckets(right) == expected);
  CHECK(buckets(backwards) == expected);
  CHECK(left.count() == all.size());
}

TEST_CASE("merging a finer histogram keeps the count and the quantiles") {
  const auto values = exponential(4, 50'000, 1e8);
  Histogram coarse(6);
  coarse.merge(of(values, 10));
  CHECK(coarse.count() == values.size());
  for (const double q : {0.5, 0.99}) {
    CHECK(coarse.quantile_ps(q) == Approx(of(values).quantile_ps(q)).epsilon(0.002));
  }
}

TEST_CASE("a shifted merge moves every value") {
  const auto values = exponential(5, 50'000, 1e6);
  std::vector<std::int64_t> moved = values;
  for (auto& v : moved) v += 2'000'000;
  Histogram shifted(10);
  shifted.merge_shifted(of(values), 2'000'000);
  CHECK(shifted.count() == values.size());
  CHECK(shifted.quantile_ps(0.99) == Approx(of(moved, 10).quantile_ps(0.99)).epsilon(0.01));
}

TEST_CASE("share above a value") {
  Histogram h;
  for (int v = 0; v < 100; ++v) h.add(v);
  CHECK(h.share_above(89) == Approx(0.10));
  CHECK(h.share_above(99) == 0);
  CHECK(h.share_above(-1) == 1);
}
