// What a topology looks like, for people: size, diameter, and what one failure would cut off.
#pragma once

#include <string>

#include "sim/network/network.hpp"
#include "sim/report/style.hpp"

namespace longhaul::report {

std::string topology_text(const Network& network, const Style& style);

}  // namespace longhaul::report
