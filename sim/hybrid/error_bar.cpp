#include "sim/hybrid/error_bar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/base/parse.hpp"
#include "sim/hybrid/shrink.hpp"
#include "sim/stats/interval.hpp"

namespace longhaul::hybrid {

namespace {

/// What the table of docs/accuracy.md leaves to the method, beyond the sampling of both sides.
struct Validated {
  double mean, p99, p999, loss;
};
constexpr Validated calm{0.03, 0.04, 0.06, 0.10};
constexpr Validated busy{0.05, 0.10, 0.15, 0.10};
constexpr Validated full{0.25, 0.20, 0.30, 0.25};
/// Of TCP: all packets for less time than asked for, and fewer packets.
constexpr Validated shorter_tcp{0.10, 0.10, 0.15, 0.25};
constexpr Validated shrunk_tcp{0.35, 0.25, 0.30, 0.70};
constexpr double least_scale = 0.25;
constexpr double busy_from = 0.85;
constexpr double validated_to = 0.96;

/// Half a 95 % interval of a figure, relative to it, by the spread of batches (fewer where windows
/// are fewer).
template <class F>
double half_width(std::span<const DurationStats> batches, F figure) {
  std::vector<double> samples;
  for (const DurationStats& b : batches)
    if (b.count > 0) samples.push_back(figure(b));
  if (samples.size() < 2) return 0;
  const MeanInterval interval = mean_interval(samples, 0.95);
  return interval.mean > 0 ? interval.half_width / interval.mean : 0;
}

template <class F>
bool any_demand(const engine::Input& input, F is) {
  return std::any_of(input.demands->demands.begin(), input.demands->demands.end(), is);
}

/// Of any run.
std::vector<std::string> beyond(const engine::Input& input, const Config& config) {
  std::vector<std::string> out;
  if (!config.queueing.plain())
    out.push_back(std::string("queues are ") + to_string(config.queueing.discipline) +
                  (config.queueing.drop.rule == DropRule::tail ? "" : " with a drop rule") +
                  ", and the comparison was of fifo");
  if (any_demand(input, [](const Demand& d) { return d.arrivals == Arrivals::cbr; }))
    out.push_back("packets at even gaps were not part of the comparison");
  const auto other = [&](const Demand& d) {
    const ArrivalModel* model = input.demands->arrival_model(d);
    return model != nullptr && !std::holds_alternative<Mmpp>(*model);
  };
  if (any_demand(input, other))
    out.push_back("on/off sources and flows were not part of the comparison");
  return out;
}

std::vector<std::string> beyond(const engine::Input& input, const Config& config, const Plan& plan,
                                double busiest, bool congested) {
  std::vector<std::string> out = beyond(input, config);
  if (!config.queueing.plain() && congested)
    out.push_back(
        "links are full for a while: all their classes are said to wait and lose alike, as in "
        "fifo");
  if (busiest > validated_to && !congested)
    out.push_back(fmt::format("a link is {:.1f} % full, and 95 % was the most in the comparison",
                              100 * busiest));
  if (plan.length.seconds() < 5 * plan.longest_relaxation_s)
    out.push_back(fmt::format(
        "the slowest queue takes {} to settle, and a window lasts {}: give a longer --budget",
        to_display(Duration::ps(static_cast<std::int64_t>(plan.longest_relaxation_s * 1e12))),
        to_display(plan.length)));
  return out;
}

ErrorBar sampling_error(std::span<const DurationStats> batches) {
  ErrorBar bar;
  bar.sampling_mean = half_width(batches, [](const DurationStats& s) { return s.mean_ps(); });
  bar.sampling_p99 =
      half_width(batches, [](const DurationStats& s) { return s.quantile_ps(0.99); });
  bar.sampling_p999 =
      half_width(batches, [](const DurationStats& s) { return s.quantile_ps(0.999); });
  return bar;
}

void add_method(ErrorBar& bar, const Validated& method) {
  const auto both = [](double a, double b) { return std::sqrt(a * a + b * b); };
  bar.mean = both(bar.sampling_mean, method.mean);
  bar.p99 = both(bar.sampling_p99, method.p99);
  bar.p999 = both(bar.sampling_p999, method.p999);
  bar.loss = method.loss;
}

/// How far a share of a demand's connections may be rounded without being mentioned.
constexpr double rounded_to = 0.05;

bool rounded(const Transport& spec, double scale) {
  const double share = scale * spec.connections;
  return spec.endless() && std::abs(shrunk_connections(spec, scale) / share - 1) > rounded_to;
}

std::vector<std::string> beyond(const engine::Input& input, const Config& config,
                                const ReplicaPlan& plan, std::size_t replicas) {
  std::vector<std::string> out = beyond(input, config);
  const DemandSet& set = *input.demands;
  const auto any_transport = [&](const auto& is) {
    return any_demand(input, [&](const Demand& d) {
      const Transport* spec = set.transport(d);
      return spec != nullptr && is(*spec);
    });
  };
  if (any_transport([](const Transport& t) { return t.protocol == CongestionControl::bbr; }))
    out.push_back("BBR was not part of the comparison");
  if (replicas < 2)
    out.push_back("of one run nobody can tell how far another of its kind would be from it");
  if (plan.scale < least_scale)
    out.push_back(
        fmt::format("1/{:.3g} of the connections were simulated, and 1/{:.0f} was the "
                    "fewest in the comparison",
                    1 / plan.scale, 1 / least_scale));
  if (any_transport([&](const Transport& t) { return rounded(t, plan.scale); }))
    out.push_back(
        "connections are whole: some demands have more than their share of those that "
        "were simulated");
  return out;
}

}  // namespace

ErrorBar error_bar(const engine::Input& input, const Config& config, const Plan& plan,
                   std::span<const DurationStats> batches, double busiest, bool congested) {
  ErrorBar bar = sampling_error(batches);
  add_method(bar, congested ? full : busiest > busy_from ? busy : calm);
  bar.beyond = beyond(input, config, plan, busiest, congested);
  return bar;
}

ErrorBar replica_error_bar(const engine::Input& input, const Config& config,
                           const ReplicaPlan& plan, std::span<const DurationStats> batches) {
  ErrorBar bar = sampling_error(batches);
  add_method(bar, plan.scale < 1 ? shrunk_tcp : shorter_tcp);
  bar.beyond = beyond(input, config, plan, batches.size());
  return bar;
}

}  // namespace longhaul::hybrid
