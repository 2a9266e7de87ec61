#include "sim/plan/modules.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace longhaul::plan {

namespace {

/// A capacity is enough if it is short by rounding only.
constexpr double rounding = 1e-9;

std::int64_t channels_for(double bps, Rate rate) {
  return static_cast<std::int64_t>(std::ceil(bps / rate.as_double() * (1 - rounding)));
}

const catalogue::ModulePrice& price_of(Rate rate, const catalogue::Prices& prices) {
  const auto found = std::find_if(prices.modules.begin(), prices.modules.end(),
                                  [&](const catalogue::ModulePrice& m) { return m.rate >= rate; });
  return found == prices.modules.end() ? prices.modules.back() : *found;
}

/// Channels in series that one end-to-end channel is made of: one more than regenerators.
std::int64_t sections(const LinkSite& link, Rate rate) {
  const auto reach = catalogue::channel_reach(rate, link.medium);
  if (!reach) return 1;
  return std::max<std::int64_t>(
      1, static_cast<std::int64_t>(std::ceil(link.length_km / reach->kilometres())));
}

/// Channels of each rate that some year asks for, and today's: where a cheapest way may pass.
std::vector<Capacity> levels(const LinkSite& link, std::span<const double> needed_bps,
                             const catalogue::Prices& prices) {
  std::vector<Rate> rates{link.capacity.rate};
  for (const catalogue::ModulePrice& m : prices.modules) rates.push_back(m.rate);
  std::sort(rates.begin(), rates.end());
  rates.erase(std::unique(rates.begin(), rates.end()), rates.end());
  std::vector<Capacity> out;
  for (const Rate rate : rates) {
    // More channels than a fibre pair holds are only there if they are there today.
    const std::int64_t most = catalogue::channels_of(rate, link.medium);
    std::vector<std::int64_t> counts;
    if (rate == link.capacity.rate) counts.push_back(link.capacity.members);
    for (const double bps : needed_bps) {
      const std::int64_t channels = channels_for(bps, rate);
      if (channels >= 1 && channels <= most) counts.push_back(channels);
    }
    std::sort(counts.begin(), counts.end());
    counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
    for (const std::int64_t count : counts)
      out.push_back({static_cast<std::uint32_t>(count), rate});
  }
  return out;
}

double bps_of(const Capacity& capacity) { return capacity.rate.as_double() * capacity.members; }

/// The step from one capacity to another; nothing if it cannot be made.
std::optional<Purchase> step(const LinkSite& link, std::size_t year, const Capacity& from,
                             const Capacity& to, const catalogue::Prices& prices) {
  const bool same_rate = from.rate == to.rate;
  if (same_rate && to.members < from.members) return std::nullopt;
  const std::uint32_t channels = same_rate ? to.members - from.members : to.members;
  Purchase purchase = priced(link, year, to.rate, channels, prices);
  purchase.replaces = !same_rate;
  purchase.after = to;
  return purchase;
}

}  // namespace

Purchase priced(const LinkSite& link, std::size_t year, Rate rate, std::uint32_t channels,
                const catalogue::Prices& prices) {
  Purchase out;
  out.year = year;
  out.channels = channels;
  out.after = {std::max(channels, 1U), rate};
  if (channels == 0) return out;
  const catalogue::ModulePrice& module = price_of(rate, prices);
  double fallen = 1;
  for (std::size_t y = 0; y < year; ++y) fallen *= 1 - prices.fall;
  const double ends = 2.0 * channels;
  out.ports_cost = fallen * ends * module.port;
  out.transponders_cost =
      fallen * ends * module.transponder * static_cast<double>(sections(link, rate));
  out.line_cost = channels * link.length_km * prices.per_km;
  out.work_cost = prices.work;
  return out;
}

double most_capacity_bps(const LinkSite& link, const catalogue::Prices& prices) {
  double most = bps_of(link.capacity);
  const auto consider = [&](Rate rate) {
    most = std::max(
        most, rate.as_double() * static_cast<double>(catalogue::channels_of(rate, link.medium)));
  };
  consider(link.capacity.rate);
  for (const catalogue::ModulePrice& m : prices.modules) consider(m.rate);
  return most;
}

std::optional<std::vector<Purchase>> cheapest_purchases(const LinkSite& link,
                                                        std::span<const double> needed_bps,
                                                        const catalogue::Prices& prices) {
  const std::vector<Capacity> all = levels(link, needed_bps, prices);
  constexpr double never = std::numeric_limits<double>::infinity();
  constexpr std::size_t nothing = std::numeric_limits<std::size_t>::max();
  // cost[l] of being at level l after the years so far; came[year][l] from which level.
  std::vector<double> cost(all.size(), never);
  const auto today =
      static_cast<std::size_t>(std::find(all.begin(), all.end(), link.capacity) - all.begin());
  cost[today] = 0;
  std::vector<std::vector<std::size_t>> came;
  for (std::size_t year = 0; year < needed_bps.size(); ++year) {
    std::vector<double> next(all.size(), never);
    std::vector<std::size_t> from(all.size(), nothing);
    for (std::size_t to = 0; to < all.size(); ++to) {
      if (bps_of(all[to]) < needed_bps[year] * (1 - rounding)) continue;
      for (std::size_t at = 0; at < all.size(); ++at) {
        if (cost[at] == never) continue;
        const auto purchase = step(link, year, all[at], all[to], prices);
        if (!purchase || cost[at] + purchase->cost() >= next[to]) continue;
        next[to] = cost[at] + purchase->cost();
        from[to] = at;
      }
    }
    cost = std::move(next);
    came.push_back(std::move(from));
  }
  std::size_t at = 0;  // of equal costs the highest capacity
  for (std::size_t l = 1; l < all.size(); ++l) {
    if (cost[l] < cost[at] || (cost[l] == cost[at] && bps_of(all[l]) > bps_of(all[at]))) at = l;
  }
  if (cost[at] == never) return std::nullopt;

  std::vector<Purchase> purchases;
  for (std::size_t year = needed_bps.size(); year-- > 0;) {
    const std::size_t before = came[year][at];
    const Purchase purchase = *step(link, year, all[before], all[at], prices);
    if (purchase.channels > 0) purchases.push_back(purchase);
    at = before;
  }
  std::reverse(purchases.begin(), purchases.end());
  return purchases;
}

std::vector<double> capacities(const LinkSite& link, std::span<const Purchase> purchases,
                               std::size_t years) {
  std::vector<double> out(years, bps_of(link.capacity));
  for (const Purchase& purchase : purchases) {
    for (std::size_t y = purchase.year; y < years; ++y) out[y] = bps_of(purchase.after);
  }
  return out;
}

}  // namespace longhaul::plan
