// What only scenarios write: times on the clock, priorities, buffers, expectation lines.
#pragma once

#include <string>

#include "sim/base/yaml/types.hpp"
#include "sim/scenario/detail/written.hpp"

namespace longhaul::scenario {

/// A duration on the simulated clock, which ends after `longest_run`.
yaml::Type<Duration> clock_time(yaml::Bound bound);
/// high, medium, low, or a number; 0 is served first.
yaml::Type<int> priority();
/// 1 B to 65,000 B.
yaml::Type<Size> packet_size();
/// What a 1 in a file means: "Mb/s".
yaml::Type<Rate> unit();
/// A utilization to scale to.
yaml::Type<double> target();
/// A power of two.
yaml::Type<std::uint32_t> flows();
/// 50 ms, 100 MB, 1000 packets or none.
yaml::Type<QueueLimit> buffer();
yaml::Type<std::string> protocol();
/// A path, or a whole topology.
yaml::Type<yaml::Node> topology();
yaml::Type<WrittenLine> expectation_line();

/// The built-in mixes, for messages: "imix, trimodal".
std::string mix_names();

constexpr std::int64_t largest_packet_bytes = 65'000;

}  // namespace longhaul::scenario
