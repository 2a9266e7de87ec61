#include "sim/run/fidelity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/base/parse.hpp"

namespace longhaul::run {

namespace {

constexpr Duration default_budget = Duration::s(60);

/// Nanoseconds of a packet-hop. Measured (docs/performance.md): 17 with 132 demands, 79 with 38,000
/// and 188 with 562,000, whose state is cold; queues with a discipline take twice as long, TCP some
/// 220.
double ns_per_hop(const engine::Input& input, const hybrid::Config& config) {
  const auto& demands = input.demands->demands;
  const double crowd = std::max(1.0, static_cast<double>(demands.size()) / 1000);
  double ns = 17 + 14 * std::log2(crowd);
  if (!config.queueing.plain()) ns *= 2;
  if (std::any_of(demands.begin(), demands.end(),
                  [](const Demand& d) { return d.transport.valid(); }))
    ns = std::max(ns, 220.0);
  return ns;
}

std::string about(double seconds) {
  if (seconds < 1) return "less than a second";
  if (seconds < 120) return fmt::format("about {:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("about {:.0f} minutes", seconds / 60);
  if (seconds < 2 * 86400) return fmt::format("about {:.0f} hours", seconds / 3600);
  return fmt::format("about {:.0f} days", seconds / 86400);
}

}  // namespace

double packet_seconds(const engine::Input& input, const hybrid::Config& config) {
  const auto hops = static_cast<double>(packet::estimate(input, config).packet_hops);
  return hops * ns_per_hop(input, config) * 1e-9;
}

double affordable_hops(const engine::Input& input, const hybrid::Config& config, Duration budget) {
  return budget.seconds() / (ns_per_hop(input, config) * 1e-9);
}

Choice choose(const EngineSpec& spec, const engine::Input& input, const hybrid::Config& config) {
  if (spec.fidelity != Fidelity::automatic) return {spec.fidelity, {}};
  const Duration budget = spec.budget.value_or(default_budget);
  const double seconds = packet_seconds(input, config);
  const bool fits_memory =
      packet::estimate(input, config).memory_bytes <= packet::memory_limit(config);
  if (seconds <= budget.seconds() && fits_memory)
    return {Fidelity::packet,
            fmt::format("packet: it should take {} on one core, and the budget is {}",
                        about(seconds), to_text(budget))};
  const std::string reason = hybrid::refusal(input, config);
  const std::string too_much =
      fits_memory ? fmt::format("packets should take {} on one core, and the budget is {}",
                                about(seconds), to_text(budget))
                  : std::string("packets would not fit into memory");
  if (!reason.empty())
    return {Fidelity::packet,
            fmt::format("packet, although {}: hybrid has no {} in this version", too_much, reason)};
  return {Fidelity::hybrid, fmt::format("hybrid: {}", too_much)};
}

}  // namespace longhaul::run
