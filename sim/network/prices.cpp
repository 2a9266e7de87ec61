#include "sim/network/prices.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/network/catalogue.hpp"

namespace longhaul::catalogue {

namespace {

constexpr const char* port_source =
    "assumption: 20 to 100 USD per Gb/s of a router's port, less per bit at higher rates, and a "
    "coherent pluggable at about as much; ask your supplier";

/// The wavelengths of a rate, or of 100G for rates without any.
template <class Use>
void each_wavelength(Rate rate, Medium medium, Use use) {
  const auto of = [&](Rate wanted) {
    bool any = false;
    for (const Wavelength& w : wavelengths()) {
      if (w.medium != medium || w.rate != wanted) continue;
      use(w);
      any = true;
    }
    return any;
  };
  if (!of(rate)) of(Rate::gbps(100));
}

}  // namespace

const Prices& default_prices() {
  static const Prices prices{
      "USD",
      {{Rate::gbps(10), 1'000, 1'500, port_source},
       {Rate::gbps(100), 3'000, 5'000, port_source},
       {Rate::gbps(200), 4'500, 6'500, port_source},
       {Rate::gbps(400), 8'000, 9'000, port_source},
       {Rate::gbps(800), 14'000, 15'000, port_source}},
      20,
      5'000,
      0.2,
      0.10,
      0.15,
  };
  return prices;
}

std::optional<Distance> channel_reach(Rate rate, Medium medium) {
  std::optional<Distance> reach;
  each_wavelength(rate, medium, [&](const Wavelength& w) {
    reach = std::max(reach.value_or(Distance::zero()), w.reach);
  });
  return reach;
}

std::int64_t channels_of(Rate rate, Medium medium) {
  std::int64_t channels = 0;
  each_wavelength(rate, medium, [&](const Wavelength& w) {
    channels = std::max(channels, channels_per_fibre(w));
  });
  // Radio links of a kind stand side by side; so many are never built.
  constexpr std::int64_t most_parallel = 96;
  return channels > 0 ? channels : most_parallel;
}

void add_price_rows(std::vector<Row>& rows) {
  const Prices& prices = default_prices();
  const std::string& unit = prices.currency;
  for (const ModulePrice& m : prices.modules)
    rows.push_back({"prices", to_text(m.rate),
                    fmt::format("{:.0f} {} a router port, {:.0f} {} a transponder", m.port, unit,
                                m.transponder, unit),
                    m.source});
  rows.push_back({"prices", "km",
                  fmt::format("{:g} {} per km of a channel, once", prices.per_km, unit),
                  "assumption: a fibre pair and its amplifiers at 2000 USD per km, 96 channels"});
  rows.push_back({"prices", "work", fmt::format("{:.0f} {} a link and visit", prices.work, unit),
                  "assumption: two technicians' days and planning"});
  rows.push_back({"prices", "fall", fmt::format("{:.0f} % a year", 100 * prices.fall),
                  "Cignal AI, Coherent Port Pricing Trends 1Q24: slightly more than 20 % a year "
                  "forecast per Gb/s"});
  rows.push_back({"prices", "transit",
                  fmt::format("{:.2f} {} per Mb/s and month", prices.transit_per_mbps_month, unit),
                  "assumption: 1.00 USD in London in 2015 (TeleGeography), carried on at a fall of "
                  "19 % a year"});
  rows.push_back({"prices", "transit fall",
                  fmt::format("{:.0f} % a year", 100 * prices.transit_fall),
                  "TeleGeography: London 15 % a year from 2015 to 2018"});
}

}  // namespace longhaul::catalogue
