#include "sim/stats/measurements.hpp"

#include <array>

#include "sim/stats/interval.hpp"
#include "tests/catch.hpp"

using longhaul::DurationStats;

namespace {

DurationStats of(std::initializer_list<std::int64_t> values) {
  DurationStats s;
  for (const auto v : values) {
    DurationStats one;
    one.histogram.add(v);
    one.count = 1;
    one.min_ps = one.max_ps = v;
    one.sum_ps = v;
    s.merge(one);
  }
  return s;
}

}  // namespace

TEST_CASE("merged statistics are those of all values together") {
  DurationStats s = of({5'000'000, 7'000'000});
  s.merge(of({1'000'000}));
  s.merge(DurationStats{});
  CHECK(s.count == 3);
  CHECK(s.min_ps == 1'000'000);
  CHECK(s.max_ps == 7'000'000);
  CHECK(s.mean_ps() == Approx(13e6 / 3));
  CHECK(s.histogram.count() == 3);
  DurationStats empty;
  empty.merge(of({4, 6}));
  CHECK(empty.min_ps == 4);
}

TEST_CASE("a quantile never leaves the exact minimum and maximum") {
  // All values at the lower edge of a wide bucket: interpolation alone would overshoot by up to 1.6
  // %.
  const DurationStats s = of({1'048'576, 1'048'576, 1'048'576});
  CHECK(s.quantile_ps(0.99) == 1'048'576);
  CHECK(DurationStats{}.quantile_ps(0.99) == 0);
}

TEST_CASE("a shifted merge keeps count, extremes and sum exact") {
  DurationStats s = of({10});
  s.merge_shifted(of({1'000'000, 3'000'000}), 500);
  CHECK(s.count == 3);
  CHECK(s.min_ps == 10);
  CHECK(s.max_ps == 3'000'500);
  CHECK(s.sum_ps == 4'001'010);
}

TEST_CASE("Student's interval of a textbook sample") {
  // t(0.975, 4) = 2.776; mean 3, s = sqrt(2.5), so 2.776 * sqrt(2.5 / 5) = 1.963.
  const std::array<double, 5> samples{1, 2, 3, 4, 5};
  const auto interval = longhaul::mean_interval(samples);
  CHECK(interval.mean == Approx(3));
  CHECK(interval.half_width == Approx(1.9633).epsilon(1e-3));
  CHECK(interval.contains(4.9));
  CHECK_FALSE(interval.contains(5.0));
}
