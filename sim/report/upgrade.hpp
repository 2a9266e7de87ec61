// `plan upgrade` as text, JSON and CSV.
#pragma once

#include <string>

#include "sim/network/network.hpp"
#include "sim/plan/upgrade.hpp"
#include "sim/report/style.hpp"

namespace longhaul::report {

std::string upgrade_text(const Network& network, const plan::UpgradePlan& plan, const Style& style);
std::string upgrade_json(const Network& network, const plan::UpgradePlan& plan);
/// A row for each purchase.
std::string upgrade_purchases_csv(const Network& network, const plan::UpgradePlan& plan);
/// A row for each year.
std::string upgrade_years_csv(const Network& network, const plan::UpgradePlan& plan);
/// A row for each link and year.
std::string upgrade_links_csv(const Network& network, const plan::UpgradePlan& plan);

/// All that is spent over all years, upgrades and transit, by what is delivered: per Gb/s and year.
double cost_per_gbps_year(const plan::UpgradePlan& plan);

/// "add 1 x 100G", "replace by 2 x 400G".
std::string action_text(const plan::Purchase& purchase);

}  // namespace longhaul::report
