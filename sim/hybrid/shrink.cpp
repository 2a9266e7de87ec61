#include "sim/hybrid/shrink.hpp"

#include <algorithm>
#include <cmath>

namespace longhaul::hybrid {

namespace {

/// A link keeps this share of its delay however slow it is: without any, its two ends would have to
/// be simulated in step.
constexpr double least_delay = 0.1;
/// Connections that flows may take are more than the scale's share of them by so many standard
/// deviations: fewer flows vary more, and a limit that was never met is not to be met now.
constexpr double spare_deviations = 5;

Rate times(Rate rate, double scale) {
  return Rate::bps(
      std::max<std::int64_t>(1, static_cast<std::int64_t>(std::round(rate.as_double() * scale))));
}

/// Half of what a full segment and its acknowledgement take together, in bytes.
double mean_bytes(const DemandSet& set) {
  double sum = 0;
  for (const auto& t : set.transports)
    sum += 0.5 * static_cast<double>(t->packet_bytes() + Transport::header_bytes);
  return set.transports.empty() ? 0 : sum / static_cast<double>(set.transports.size());
}

NetworkPtr with_slow_links(const Network& network, double bytes, double scale) {
  NetworkSpec spec = network.spec();
  for (std::size_t l = 0; l < spec.links.size(); ++l) {
    Link& link = spec.links[l];
    const Port& port = network.port(Network::forward(LinkId(l)));
    const double longer_ps =
        (bytes + port.overhead) * 8e12 / link.capacity.rate.as_double() * (1 / scale - 1);
    const auto delay = static_cast<double>(link.delay.ps());
    link.delay = Duration::ps(
        static_cast<std::int64_t>(std::max(delay * least_delay, delay - longer_ps) + 0.5));
    link.capacity.rate = times(link.capacity.rate, scale);
  }
  return std::make_shared<const Network>(std::move(spec));
}

void shrink(QueueLimit& limit, double scale) {
  if (limit.kind != QueueLimit::Kind::bytes && limit.kind != QueueLimit::Kind::packets) return;
  const double value = static_cast<double>(limit.value) * scale;
  limit.value = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::round(value)));
}

void shrink(DropSpec& drop, double scale) {
  shrink(drop.red.least, scale);
  shrink(drop.red.most, scale);
  // The average forgets by packets, and there are fewer of them in the same time.
  drop.red.weight = std::min(1.0, drop.red.weight / scale);
}

void shrink(ClassQueueing& cls, double scale) {
  for (PortRate* rate : {&cls.guaranteed, &cls.ceiling})
    if (rate->rate) rate->rate = times(*rate->rate, scale);
  if (cls.buffer) shrink(*cls.buffer, scale);
  if (cls.drop) shrink(*cls.drop, scale);
}

}  // namespace

std::uint32_t shrunk_connections(const Transport& of, double scale) {
  const double share = of.connections * scale;
  const double kept =
      of.endless() ? std::round(share) : std::ceil(share + spare_deviations * std::sqrt(share));
  return static_cast<std::uint32_t>(std::clamp(kept, 1.0, static_cast<double>(of.connections)));
}

engine::Input shrunk(const engine::Input& input, double scale) {
  if (scale == 1) return input;
  engine::Input out = input;
  out.network = with_slow_links(*input.network, mean_bytes(*input.demands), scale);
  DemandSet set = *input.demands;
  for (Demand& d : set.demands) d.rate = times(d.rate, scale);
  for (auto& transport : set.transports) {
    Transport fewer = *transport;
    fewer.connections = shrunk_connections(fewer, scale);
    transport = std::make_shared<const Transport>(std::move(fewer));
  }
  out.demands = std::make_shared<const DemandSet>(std::move(set));
  for (auto& steps : out.rate_steps)
    for (engine::RateStep& step : steps) step.member_rate = times(step.member_rate, scale);
  return out;
}

Queueing shrunk(const Queueing& queueing, double scale) {
  Queueing out = queueing;
  if (scale == 1) return out;
  shrink(out.buffer, scale);
  shrink(out.drop, scale);
  for (ClassQueueing& c : out.classes) shrink(c, scale);
  for (ClassQueueing& c : out.groups) shrink(c, scale);
  return out;
}

}  // namespace longhaul::hybrid
