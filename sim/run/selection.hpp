// Which demands and which ports an `expect:` line speaks of: sim/scenario decides, since reading a
// scenario already refuses lines that speak of nothing.
#pragma once

#include "sim/scenario/selection.hpp"

namespace longhaul::run {

using longhaul::is_link_metric;
using longhaul::matching_demands;
using longhaul::matching_ports;

}  // namespace longhaul::run
