// The paths of demands under the routes of some time.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/engine/input.hpp"

namespace longhaul::engine {

struct Path {
  std::vector<PortId> ports;
  double share;           ///< of the demand's packets, under even splitting
  std::int64_t delay_ps;  ///< propagation and routers
  std::int64_t least_ps;  ///< that, and sending the smallest packet
  double mean_ps;         ///< and sending the mean packet
};

/// All of a demand's paths, or, of very many, some drawn by their shares. Empty without a route.
std::vector<Path> paths_of(const Input& input, const Routes& routes, DemandId demand);

/// By DemandId.
using Paths = std::vector<std::vector<Path>>;
Paths all_paths(const Input& input, const Routes& routes);

}  // namespace longhaul::engine
