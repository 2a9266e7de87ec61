// `planning:` as written.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/base/yaml/fields.hpp"
#include "sim/network/prices.hpp"
#include "sim/scenario/planning.hpp"

namespace longhaul::scenario {

struct WrittenGrowth {
  std::optional<yaml::Located<std::string>> cls;
  std::optional<yaml::Located<std::string>> region;
  double rate = 0;
};

struct WrittenModule {
  yaml::Located<Rate> rate{Rate::zero(), {}};
  double port = 0;
  double transponder = 0;
};

struct WrittenPrices {
  std::string currency = catalogue::default_prices().currency;
  std::vector<WrittenModule> modules;  ///< empty: those of the catalogue
  double per_km = catalogue::default_prices().per_km;
  double work = catalogue::default_prices().work;
  double fall = catalogue::default_prices().fall;
  double transit = catalogue::default_prices().transit_per_mbps_month;
  double transit_fall = catalogue::default_prices().transit_fall;
};

struct WrittenPlanning {
  int from = Planning{}.from;
  std::optional<yaml::Located<int>> to;
  double growth = Planning{}.growth;
  std::vector<WrittenGrowth> growth_of;
  double threshold = Planning{}.threshold;
  double failed_threshold = Planning{}.failed_threshold;
  std::optional<double> budget;
  WrittenPrices prices;
};

const yaml::Fields<WrittenPlanning>& planning_fields();

}  // namespace longhaul::scenario
