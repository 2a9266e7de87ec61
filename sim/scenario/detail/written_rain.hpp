// Rain as written: storms among the events, series in files.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/base/yaml/fields.hpp"
#include "sim/network/network.hpp"

namespace longhaul::scenario {

struct WrittenStorm {
  std::vector<yaml::Located<std::string>> links;
  std::vector<yaml::Located<std::string>> regions;
  std::optional<yaml::Located<GeoPoint>> center;
  std::optional<Distance> radius;
  std::int64_t um_per_h = 0;
  Duration rise = Duration::zero();
  Duration hold = Duration::zero();
  Duration fall = Duration::zero();
  yaml::Place where;
  bool whole = true;  ///< read without a mistake
};

/// `rain: {file: F, ...}`.
struct WrittenRain {
  yaml::Node path;
  double speedup = 1;
};

const yaml::Fields<WrittenStorm>& storm_fields();
const yaml::Fields<WrittenRain>& rain_fields();

}  // namespace longhaul::scenario
