// What capacity and transit cost: assumptions, each with where it comes from, that a scenario's
// `planning: prices:` replaces (docs/models/upgrades.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/base/units.hpp"
#include "sim/network/network.hpp"

namespace longhaul::catalogue {

/// What one end of a channel of this rate needs.
struct ModulePrice {
  Rate rate;
  double port;         ///< of the router
  double transponder;  ///< or coherent pluggable, of the line
  std::string source;
};

/// In `currency`; of the first year unless a yearly fall is given.
struct Prices {
  std::string currency;
  std::vector<ModulePrice> modules;  ///< ascending rates
  double per_km = 0;                 ///< once, of a channel: its share of fibre and amplifiers
  double work = 0;                   ///< each time that something is installed on a link
  double fall = 0;                   ///< of modules, a year: 0.2 for 20 %
  double transit_per_mbps_month = 0;
  double transit_fall = 0;  ///< a year
};

/// The assumptions.
const Prices& default_prices();

/// How far a channel of this rate goes before it must be regenerated: the longest reach of the
/// wavelengths in the catalogue, or that of 100G for rates without any; nothing through the air.
std::optional<Distance> channel_reach(Rate rate, Medium medium);

/// Channels of this rate that one fibre pair holds.
std::int64_t channels_of(Rate rate, Medium medium);

struct Row;
/// For `longhaul catalogue`.
void add_price_rows(std::vector<Row>& rows);

}  // namespace longhaul::catalogue
