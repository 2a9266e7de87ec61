// The cheapest way to give one link the capacity it needs, year after year, from modules on sale
// (docs/models/upgrades.md).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/base/parse.hpp"
#include "sim/network/network.hpp"
#include "sim/network/prices.hpp"

namespace longhaul::plan {

/// What is bought for a link in one year: channels added beside those there are, or new ones in
/// their place.
struct Purchase {
  std::size_t year = 0;  ///< from the first, 0
  bool replaces = false;
  std::uint32_t channels = 0;  ///< bought
  Capacity after{1, Rate::gbps(1)};
  double ports_cost = 0;
  double transponders_cost = 0;  ///< regenerators included
  double line_cost = 0;          ///< by length
  double work_cost = 0;
  double cost() const { return ports_cost + transponders_cost + line_cost + work_cost; }
};

/// What a link is to a shop.
struct LinkSite {
  Capacity capacity;  ///< today, each way
  double length_km = 0;
  Medium medium = Medium::fiber;
};

/// Purchases that keep the capacity at or above needed_bps[year] in every year, at the least total
/// cost, of equal costs with the most capacity in the end; none if today's does. Nothing if no rate
/// on sale fits into one fibre pair. Prices of modules fall by prices.fall a year; what is replaced
/// is worth nothing.
///
/// Exact: a shortest path over years and capacities, where the number of channels is always the
/// least that some year asks for.
std::optional<std::vector<Purchase>> cheapest_purchases(const LinkSite& link,
                                                        std::span<const double> needed_bps,
                                                        const catalogue::Prices& prices);

/// The most that `link` can have of one rate on sale or of its own, in bit/s.
double most_capacity_bps(const LinkSite& link, const catalogue::Prices& prices);

/// So many new channels of a rate in a year. A rate that is not on sale costs what the next higher
/// one does, or the highest.
Purchase priced(const LinkSite& link, std::size_t year, Rate rate, std::uint32_t channels,
                const catalogue::Prices& prices);

/// Capacity after each year's purchases, in bit/s.
std::vector<double> capacities(const LinkSite& link, std::span<const Purchase> purchases,
                               std::size_t years);

}  // namespace longhaul::plan
