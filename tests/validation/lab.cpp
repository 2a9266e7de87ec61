#include "tests/validation/lab.hpp"

#include <cmath>
#include <utility>

#include "tests/catch.hpp"

namespace longhaul::lab {

Lab::Lab() {
  spec_.providers.push_back({"p", 1, 0, ""});
  set_.classes.push_back({"default", 0});
}

NodeId Lab::node() {
  Node node;
  node.id = "n" + std::to_string(spec_.nodes.size());
  spec_.nodes.push_back(node);
  return NodeId(spec_.nodes.size() - 1);
}

PortId Lab::link(NodeId a, NodeId b, Rate rate, Framing framing, Duration delay) {
  Link link;
  link.id = "l" + std::to_string(spec_.links.size());
  link.a = a;
  link.b = b;
  link.capacity = {1, rate};
  link.delay = delay;
  link.framing = framing;
  spec_.links.push_back(link);
  return Network::forward(LinkId(spec_.links.size() - 1));
}

SizeMixId Lab::sizes(SizeMix mix) {
  set_.sizes.push_back(std::move(mix));
  return SizeMixId(set_.sizes.size() - 1);
}

DemandId Lab::demand(NodeId from, NodeId to, Rate rate, SizeMixId sizes) {
  set_.demands.push_back({from, to, ClassId(0), rate, Arrivals::poisson, sizes});
  return DemandId(set_.demands.size() - 1);
}

DemandId Lab::demand(NodeId from, NodeId to, double bits_per_second, SizeMixId sizes) {
  return demand(from, to, Rate::bps(std::llround(bits_per_second)), sizes);
}

ClassId Lab::cls(int priority) {
  set_.classes.push_back({"c" + std::to_string(set_.classes.size()), priority});
  return ClassId(set_.classes.size() - 1);
}

packet::Input Lab::input() const {
  const auto network = std::make_shared<const Network>(spec_);
  RoutingSpec routing;
  routing.metric = longhaul::Metric::hops;
  return {network,
          std::make_shared<const DemandSet>(set_),
          std::make_shared<const Routes>(compute_routes(*network, routing)),
          {},
          {}};
}

packet::Config config_for(double packets, double packets_per_second) {
  packet::Config config;
  config.duration = Duration::from_seconds(packets / packets_per_second);
  config.warmup = config.duration / 20;
  config.queueing.buffer.kind = packet::Buffer::Kind::unlimited;
  return config;
}

std::vector<Measurements> replicate(const Lab& lab, packet::Config config, int n) {
  const packet::Input input = lab.input();
  std::vector<Measurements> runs;
  for (int seed = 1; seed <= n; ++seed) {
    config.seed = static_cast<std::uint64_t>(seed);
    runs.push_back(packet::run(input, config));
    const Measurements& m = runs.back();
    INFO("seed " << seed);
    CHECK(m.packets.sent == m.packets.delivered + m.packets.dropped() + m.packets.in_flight);
    std::uint64_t sent = 0;
    std::uint64_t delivered = 0;
    std::uint64_t dropped = 0;
    for (const DemandMeasurement& d : m.demands) {
      sent += d.sent_packets;
      delivered += d.delivered_packets;
      dropped += d.dropped_packets;
    }
    CHECK(sent == m.packets.sent);
    CHECK(delivered == m.packets.delivered);
    CHECK(dropped == m.packets.dropped());
    CHECK(sent > 0);
  }
  return runs;
}

MeanInterval interval_of(const std::vector<Measurements>& runs, const Figure& metric) {
  std::vector<double> samples;
  samples.reserve(runs.size());
  for (const Measurements& m : runs) samples.push_back(metric(m));
  return mean_interval(samples, confidence);
}

void check_mean(const std::string& what, const std::vector<Measurements>& runs,
                const Figure& metric, double theory, double precision, double slack) {
  const MeanInterval interval = interval_of(runs, metric);
  INFO(what << ": theory " << theory << ", measured " << interval.mean << " +- "
            << interval.half_width << " (" << 100 * interval.half_width / theory << " %)");
  CHECK(std::abs(interval.mean - theory) <= interval.half_width + slack * theory);
  CHECK(interval.half_width <= precision * theory);
}

void check_distribution(const std::string& what, const std::vector<Measurements>& runs,
                        const Stats& stats, const std::function<double(double)>& cdf,
                        double precision_at_half) {
  const Histogram& shape = stats(runs.front()).histogram;
  std::int64_t last_edge = 0;
  int points = 0;
  for (const double q :
       {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999}) {
    if (cdf(0) >= q) continue;
    double low = 0;
    double high = 1;
    while (cdf(high) < q) high *= 2;
    for (int i = 0; i < 60; ++i) (cdf((low + high) / 2) < q ? low : high) = (low + high) / 2;
    const std::int64_t edge = shape.lower_edge(shape.bucket_of(static_cast<std::int64_t>(high)));
    if (edge == last_edge) continue;  // the quantile lies in the same atom
    last_edge = edge;
    const double theory = 1.0 - cdf(static_cast<double>(edge));
    const auto share = [&](const Measurements& m) {
      std::uint64_t above = 0;
      stats(m).histogram.for_each([&](std::int64_t from, std::int64_t, std::uint64_t count) {
        if (from >= edge) above += count;
      });
      return static_cast<double>(above) / static_cast<double>(stats(m).count);
    };
    check_mean(what + ", P(>= " + std::to_string(edge) + " ps)", runs, share, theory,
               precision_at_half * std::sqrt(0.5 / theory));
    ++points;
  }
  CHECK(points >= 3);
}

}  // namespace longhaul::lab
