#include "sim/network/catalogue.hpp"

#include <algorithm>
#include <set>

#include "tests/catch.hpp"

using namespace longhaul;
using namespace longhaul::catalogue;

TEST_CASE("Ethernet rates ascend, from 1G to 1.6T, and are whole picoseconds per byte") {
  const auto table = ethernet_rates();
  REQUIRE(table.size() == 10);
  CHECK(table.front().rate == Rate::gbps(1));
  CHECK(table.back().rate == Rate::gbps(1600));
  for (std::size_t i = 1; i < table.size(); ++i) CHECK(table[i - 1].rate < table[i].rate);
  for (const EthernetRate& e : table) CHECK(8'000'000'000'000 % e.rate.bps() == 0);
}

TEST_CASE("the best wavelength falls with the length") {
  const auto rate_at = [](std::int64_t km, Medium medium) {
    const Wavelength* best = best_wavelength(Distance::km(km), medium);
    return best == nullptr ? Rate::zero() : best->rate;
  };
  CHECK(rate_at(80, Medium::fiber) == Rate::gbps(800));
  CHECK(rate_at(120, Medium::fiber) == Rate::gbps(800));
  CHECK(best_wavelength(Distance::mm(120'000'001), Medium::fiber)->rate == Rate::gbps(400));
  CHECK(rate_at(450, Medium::fiber) == Rate::gbps(400));
  CHECK(rate_at(451, Medium::fiber) == Rate::gbps(200));
  CHECK(rate_at(2000, Medium::fiber) == Rate::gbps(100));
  CHECK(rate_at(2501, Medium::fiber) == Rate::zero());
  CHECK(rate_at(100, Medium::submarine) == Rate::gbps(200));
  CHECK(rate_at(6'600, Medium::submarine) == Rate::gbps(200));
  CHECK(rate_at(9'000, Medium::submarine) == Rate::gbps(100));
  CHECK(rate_at(9'001, Medium::submarine) == Rate::zero());
  CHECK(rate_at(1, Medium::microwave) == Rate::zero());
  CHECK(rate_at(1, Medium::satellite) == Rate::zero());
  for (std::int64_t km = 1; km < 3000; ++km)
    CHECK(rate_at(km + 1, Medium::fiber) <= rate_at(km, Medium::fiber));
}

TEST_CASE("a fibre pair carries what its grid holds") {
  // 4.8 THz: 32 slots of 150 GHz, 64 of 75, 96 of 50.
  CHECK(line_capacity(Distance::km(100), Medium::fiber) == Capacity{32, Rate::gbps(800)});
  CHECK(line_capacity(Distance::km(400), Medium::fiber) == Capacity{64, Rate::gbps(400)});
  CHECK(line_capacity(Distance::km(2000), Medium::fiber) == Capacity{96, Rate::gbps(100)});
  CHECK(line_capacity(Distance::km(6600), Medium::submarine) == Capacity{96, Rate::gbps(200)});
  CHECK_FALSE(line_capacity(Distance::km(20'000), Medium::submarine));
}

TEST_CASE("so many wavelengths are a bundle of the best rate") {
  CHECK(wavelength_capacity(40, Distance::km(400), Medium::fiber) == Capacity{40, Rate::gbps(400)});
  CHECK(wavelength_capacity(64, Distance::km(400), Medium::fiber).has_value());
  CHECK_FALSE(wavelength_capacity(65, Distance::km(400), Medium::fiber));
  CHECK_FALSE(wavelength_capacity(0, Distance::km(400), Medium::fiber));
  CHECK_FALSE(wavelength_capacity(1, Distance::km(10), Medium::microwave));
}

TEST_CASE("packet mixes are found by name") {
  const PacketMix* imix = find_packet_mix("imix");
  REQUIRE(imix != nullptr);
  REQUIRE(imix->parts.size() == 3);
  CHECK(imix->parts[1].bytes == 594);
  CHECK(imix->parts[1].weight == 4);
  CHECK(find_packet_mix("imixx") == nullptr);
  for (const PacketMix& mix : packet_mixes()) {
    for (const PacketMix::Part& part : mix.parts) {
      CHECK(part.bytes >= 1);
      CHECK(part.weight >= 1);
    }
  }
}

TEST_CASE("every role has one pipeline latency") {
  std::set<Role> roles;
  for (const PipelineLatency& p : pipeline_latencies()) {
    CHECK(roles.insert(p.role).second);
    CHECK(p.latency > Duration::zero());
  }
  CHECK(roles.size() == 6);
}

TEST_CASE("every row of the catalogue has a value and a source; names are unique per section") {
  const std::vector<Row> all = rows();
  std::set<std::pair<std::string, std::string>> names;
  std::vector<std::string> sections;
  for (const Row& row : all) {
    CHECK_FALSE(row.value.empty());
    CHECK_FALSE(row.source.empty());
    CHECK(names.emplace(row.section, row.name).second);
    if (sections.empty() || sections.back() != row.section) sections.push_back(row.section);
  }
  // Grouped: no section comes back.
  CHECK(std::set<std::string>(sections.begin(), sections.end()).size() == sections.size());
  const auto fibre =
      std::find_if(all.begin(), all.end(), [](const Row& r) { return r.name == "fiber delay"; });
  REQUIRE(fibre != all.end());
  CHECK(fibre->value == "4.897 us/km (n_g 1.4682)");
}
