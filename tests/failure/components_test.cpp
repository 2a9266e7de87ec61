#include "sim/failure/components.hpp"

#include "tests/catch.hpp"
#include "tests/failure/networks.hpp"

using namespace longhaul;
using failure::Component;
using failure::Rates;

namespace {

/// 1000 km of cable fail every 1000 h on land and every 5000 h in the sea.
Rates cables_only() {
  Rates r;
  r.cable_mtbf_h_per_1000_km = 1000;
  r.cable_mttr_h = 12;
  r.submarine_mtbf_h_per_1000_km = 5000;
  r.submarine_mttr_h = 500;
  return r;
}

using Links = std::vector<LinkId>;

}  // namespace

TEST_CASE("the published figures: 4.39 cuts a year per 1000 miles") {
  const Rates r = failure::published_rates();
  const double per_year_and_1000_miles = 8760 / r.cable_mtbf_h_per_1000_km * 1.609344;
  CHECK(per_year_and_1000_miles == Approx(4.39));
}

TEST_CASE("a cable fails in proportion to its length, by its medium") {
  NetworkSpec spec = test::chain({500, 2000, 100, 100});
  spec.links[1].medium = Medium::submarine;
  spec.links[2].medium = Medium::microwave;
  spec.links[3].length.reset();
  spec.links[3].delay = Duration::us(4897);  // 1000 km of fibre
  const auto all = failure::components_of(Network(spec), cables_only());
  REQUIRE(all.size() == 3);
  CHECK(all[0].name == "cable A-B");
  CHECK(all[0].mtbf_h == Approx(2000));
  CHECK(all[0].mttr_h == 12);
  CHECK(all[1].name == "cable B-C");
  CHECK(all[1].mtbf_h == Approx(2500));
  CHECK(all[1].mttr_h == 500);
  CHECK(all[2].name == "cable D-E");
  CHECK(all[2].mtbf_h == Approx(1000).epsilon(1e-3));
}

TEST_CASE("links of a risk group share a cable as long as the shortest, and have the rest alone") {
  NetworkSpec spec = test::chain({400, 1000, 1000});
  spec.links[0].risk = {"duct"};
  spec.links[1].risk = {"duct"};
  const auto all = failure::components_of(Network(spec), cables_only());
  REQUIRE(all.size() == 3);
  CHECK(all[0].name == "cable B-C");  // A-B lies in the duct as a whole
  CHECK(all[0].mtbf_h == Approx(1000.0 / 0.6));
  CHECK(all[1].name == "cable C-D");
  CHECK(all[2].name == "cable of risk group duct");
  CHECK(all[2].links == Links{LinkId(0), LinkId(1)});
  CHECK(all[2].mtbf_h == Approx(2500));
}

TEST_CASE("equipment and nodes fail whatever lengths are, a node with all its links") {
  Rates r;
  r.link_mtbf_h = 100;
  r.link_mttr_h = 1;
  r.node_mtbf_h = 200;
  r.node_mttr_h = 2;
  const auto all = failure::components_of(Network(test::chain({1, 2})), r);
  REQUIRE(all.size() == 5);
  CHECK(all[1].name == "link B-C");
  CHECK(all[1].mtbf_h == 100);
  CHECK(all[3].name == "node B");
  CHECK(all[3].links == Links{LinkId(0), LinkId(1)});
  CHECK(all[3].mttr_h == 2);
}
