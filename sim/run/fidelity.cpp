#include "sim/run/fidelity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
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

/// The rough estimate settles it where it is so many times the budget, or so small a part of it.
constexpr double clearly = 30;
/// Packet-hops of the first trial, and of the second, longer one, if the first took less than
/// `long_trial_s`. What the second one takes more is what hops cost, without setting up.
constexpr double first_trial = 1e5;
constexpr double second_trial = 2e6;
constexpr double long_trial_s = 0.1;

bool has_tcp(const engine::Input& input) {
  const auto& demands = input.demands->demands;
  return std::any_of(demands.begin(), demands.end(),
                     [](const Demand& d) { return d.transport.valid(); });
}

/// Packet-hops of the whole run.
double packet_hops(const engine::Input& input, const hybrid::Config& config) {
  if (!has_tcp(input)) return static_cast<double>(packet::estimate(input, config).packet_hops);
  return hybrid::tcp_hops_per_s(input, config) * (config.warmup + config.duration).seconds();
}

struct Trial {
  double seconds = 0;
  double hops = 0;
};

/// The run's first part, about `share` of it.
Trial try_out(const engine::Input& input, const hybrid::Config& config, double share,
              const Clock& clock) {
  packet::Config part = config;
  const auto whole = static_cast<double>((config.warmup + config.duration).ps());
  part.warmup = Duration::zero();
  part.duration = Duration::ps(std::max<std::int64_t>(1, static_cast<std::int64_t>(whole * share)));
  part.interval = part.duration;
  part.threads = 1;
  part.progress = nullptr;
  part.checkpoint = {};
  const double start = clock();
  const Measurements m = packet::run(input, part);
  return {clock() - start, static_cast<double>(m.cost.packet_hops)};
}

std::string about(double seconds) {
  if (seconds < 1) return "less than a second";
  if (seconds < 120) return fmt::format("about {:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("about {:.0f} minutes", seconds / 60);
  if (seconds < 2 * 86400) return fmt::format("about {:.0f} hours", seconds / 3600);
  return fmt::format("about {:.0f} days", seconds / 86400);
}

}  // namespace

Clock wall_clock() {
  return [] {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double>(now).count();
  };
}

double packet_seconds(const engine::Input& input, const hybrid::Config& config) {
  return packet_hops(input, config) * ns_per_hop(input, config) * 1e-9;
}

double measured_packet_seconds(const engine::Input& input, const hybrid::Config& config,
                               const Clock& clock) {
  const double hops = packet_hops(input, config);
  const Trial first = try_out(input, config, std::min(1.0, first_trial / hops), clock);
  if (hops <= first_trial) return first.seconds;
  if (first.hops == 0) return packet_seconds(input, config);
  Trial more = first;
  if (first.seconds < long_trial_s) {
    const Trial second = try_out(input, config, std::min(1.0, second_trial / hops), clock);
    if (second.hops > first.hops && second.seconds > first.seconds)
      more = {second.seconds - first.seconds, second.hops - first.hops};
  }
  return first.seconds + (hops - first.hops) * more.seconds / more.hops;
}

double affordable_hops(const engine::Input& input, const hybrid::Config& config, Duration budget) {
  return budget.seconds() / (ns_per_hop(input, config) * 1e-9);
}

Choice choose(const EngineSpec& spec, const engine::Input& input, const hybrid::Config& config,
              const Clock& clock) {
  if (spec.fidelity != Fidelity::automatic) return {spec.fidelity, {}};
  const Duration budget = spec.budget.value_or(default_budget);
  const bool fits_memory =
      packet::estimate(input, config).memory_bytes <= packet::memory_limit(config);
  double seconds = packet_seconds(input, config);
  const double share = seconds / budget.seconds();
  if (fits_memory && share < clearly && share > 1 / clearly)
    seconds = measured_packet_seconds(input, config, clock);
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
