// The lines of `expect:`.
//
//   <metric> [of CLASS] [of service S | of provider P | of tier N | of region R] [from A] [to B]
//   [on LINK] <op> <value>
//
// "of" and a name is a class of that name or else a service. Clauses stand in any order, each at
// most once; the "of" before service, provider, tier and region may be left out. A name may hold
// spaces; one that is also a word of the grammar is put in double quotes. Metrics of links (max
// link utilization, max queue, and queueing, loss or throughput `on LINK`) take no class.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/network/network.hpp"
#include "sim/scenario/scenario.hpp"

namespace longhaul {

/// Reports a mistake at a byte offset of the line.
using ExpectationError =
    std::function<void(std::size_t offset, std::string message, std::string hint)>;

/// Reads one line; every mistake goes to `error`, and nothing is returned if there was one. Without
/// a network (it could not be read) names are taken as they are and left unresolved.
std::optional<Expectation> parse_expectation(std::string_view line, const Network* network,
                                             const std::vector<TrafficClass>& classes,
                                             const ExpectationError& error,
                                             const std::vector<Service>& services = {});

/// All metrics as written in a line.
const std::vector<std::string>& expectation_metrics();

}  // namespace longhaul
