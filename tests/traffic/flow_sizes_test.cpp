// Flow sizes: the tables' own figures, and what is drawn from them.
#include "sim/traffic/flow_sizes.hpp"

#include <cmath>
#include <cstdint>
#include <string>

#include "tests/catch.hpp"

using namespace longhaul;

namespace {

/// The middle of slot `i` of `n` equal slots of the words: a mean over all is exact but for the
/// slots' width.
std::uint64_t slot(std::uint64_t i, std::uint64_t n) {
  return static_cast<std::uint64_t>((static_cast<double>(i) + 0.5) / static_cast<double>(n) *
                                    18446744073709551616.0);
}

}  // namespace

TEST_CASE("flow size tables have the means and quantiles of their sources") {
  // pFabric's scripts: 1138 and 5117 packets of 1460 bytes on average.
  const auto web = find_flow_sizes("web-search");
  const auto mining = find_flow_sizes("data-mining");
  REQUIRE(web != nullptr);
  REQUIRE(mining != nullptr);
  CHECK(web->mean_bytes() / 1460 == Approx(1138).epsilon(0.005));
  CHECK(mining->mean_bytes() / 1460 == Approx(5117).epsilon(0.0001));
  CHECK(web->at(0.9) == 3333 * 1460);
  CHECK(web->at(0.1) == 6 * 1460);
  CHECK(mining->at(0.25) == 1460);
  CHECK(mining->at(0.85) == 137 * 1460);
  CHECK(mining->largest() == 666'667LL * 1460);
  CHECK(find_flow_sizes("websearch") == nullptr);
  const auto imix = find_flow_sizes("imix-flows");
  REQUIRE(imix != nullptr);
  CHECK(imix->at(0.8) == 10'000);
  // The tenth of the largest flows carries most bytes: by hand, 0.1 x 5.05 MB of 514.5 kB.
  CHECK(imix->mean_bytes() == Approx(0.8 * 5050 + 0.1 * 55'000 + 0.1 * 5'050'000));
}

TEST_CASE("drawn flow sizes have the table's mean and second moment") {
  constexpr std::uint64_t n = 200'000;
  for (const FlowSizeTable& table : flow_size_tables()) {
    const FlowSizes& sizes = *table.sizes;
    INFO(sizes.name());
    double sum = 0;
    double squares = 0;
    double by_bytes = 0;
    for (std::uint64_t i = 0; i < n; ++i) {
      const auto x = static_cast<double>(sizes.pick(slot(i, n)));
      sum += x;
      squares += x * x;
      by_bytes += static_cast<double>(sizes.pick_by_bytes(slot(i, n)));
      CHECK_FALSE(x < 1);
    }
    CHECK(sum / n == Approx(sizes.mean_bytes()).epsilon(1e-4));
    // The flow of a random byte has mean E[X^2] / E[X].
    CHECK(by_bytes / n == Approx(squares / sum).epsilon(1e-4));
    CHECK(sizes.pick(~std::uint64_t{0}) <= sizes.largest());
    CHECK(sizes.pick_by_bytes(~std::uint64_t{0}) <= sizes.largest());
  }
}

TEST_CASE("flows of one size") {
  const FlowSizes sizes = FlowSizes::fixed("1 MB", 1'000'000);
  CHECK(sizes.mean_bytes() == 1'000'000);
  for (const std::uint64_t word : {std::uint64_t{0}, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    CHECK(sizes.pick(word) == 1'000'000);
    CHECK(sizes.pick_by_bytes(word) == 1'000'000);
  }
}
