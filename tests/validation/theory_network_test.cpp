// Queues in a row, split and merged, against theory. Packets keep their sizes from hop to hop, as
// they do in life, so Jackson's product form (sizes redrawn at each hop) does not apply; what does
// is tested here: Friedman's and Boxma's tandems, thinning, merging, and Burke's theorem by the
// counts of departures.
#include <cmath>

#include "tests/catch.hpp"
#include "tests/validation/lab.hpp"
#include "tests/validation/theory.hpp"

namespace longhaul {
namespace {

using namespace lab;

constexpr int seeds = 16;
constexpr double ps_per_byte = 800;  // of 10 Gb/s
const Rate speed = Rate::gbps(10);
const Rate fast = Rate::gbps(1600);  // 5 ps a byte: a wait there is nanoseconds at most

double pps(double load, const SizeMix& mix) {
  return load * speed.as_double() / 8 / theory::mean_bytes(mix);
}

/// Packets of one demand over links of the given rates in a row.
Lab row(const std::vector<Rate>& rates, double bits_per_second, const SizeMix& mix) {
  Lab lab;
  const NodeId first = lab.node();
  const NodeId last = lab.node();  // named alike in every row, so that arrivals are the same
  NodeId at = first;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const NodeId next = i + 1 == rates.size() ? last : lab.node();
    lab.link(at, next, rates[i]);
    at = next;
  }
  lab.demand(first, last, bits_per_second, lab.sizes(mix));
  return lab;
}

}  // namespace

TEST_CASE("Equal packets off an equal link never wait again", "[theory]") {
  const SizeMix mix = theory::fixed_size(1000);
  const double load = 0.8;
  const Lab lab = row({speed, speed, speed}, load * speed.as_double(), mix);
  const auto runs = replicate(lab, config_for(200'000, pps(load, mix)), seeds);
  check_mean(
      "wait at the first hop", runs,
      [](const Measurements& m) { return m.ports[0].wait.mean_ps(); },
      theory::mean_wait(mix, load) * ps_per_byte, 0.04);
  for (const Measurements& m : runs) {
    CHECK(m.ports[2].wait.count > 100'000);
    CHECK(m.ports[2].wait.max_ps == 0);
    CHECK(m.ports[4].wait.max_ps == 0);
    CHECK(m.ports[2].queue_bytes_max == 1000);
  }
}

TEST_CASE("Tandem of M/D/1: all waiting together is that of the slowest link alone", "[theory]") {
  // Friedman 1965: with equal packets the time to pass servers in a row does not depend on their
  // order, and the total wait is that of the slowest alone, packet by packet.
  const SizeMix mix = theory::fixed_size(1000);
  const double bps = 0.7 * speed.as_double();
  const auto config = config_for(200'000, pps(0.7, mix));
  const auto alone = replicate(row({speed}, bps, mix), config, 4);
  const Rate r25 = Rate::gbps(25);
  const Rate r40 = Rate::gbps(40);
  for (const auto& rates : {std::vector{r40, speed}, {speed, r40}, {r40, r25, speed, r25}}) {
    const auto tandem = replicate(row(rates, bps, mix), config, 4);
    for (std::size_t i = 0; i < alone.size(); ++i) {
      const DurationStats& a = alone[i].demands[0].queueing;
      const DurationStats& t = tandem[i].demands[0].queueing;
      // A few packets more are in flight at the end of the longer row.
      CHECK(a.count - t.count < 1000);
      CHECK(t.max_ps == a.max_ps);
      CHECK(t.mean_ps() == Approx(a.mean_ps()).epsilon(1e-3));
      for (const double q : {0.5, 0.9, 0.99, 0.999})
        CHECK(t.quantile_ps(q) == Approx(a.quantile_ps(q)).epsilon(0.01));
    }
  }
}

TEST_CASE("Tandem with kept sizes: the wait at the second of two equal links", "[theory]") {
  for (const double load : {0.5, 0.8}) {
    const SizeMix mix = theory::imix();
    const Lab lab = row({speed, speed}, load * speed.as_double(), mix);
    const auto runs = replicate(lab, config_for(400'000, pps(load, mix)), seeds);
    const theory::SecondHop second(mix, load);
    INFO("load " << load);
    check_mean(
        "mean wait", runs, [](const Measurements& m) { return m.ports[2].wait.mean_ps(); },
        second.mean_wait() * ps_per_byte, 0.03);
    check_distribution(
        "wait", runs, [](const Measurements& m) -> const DurationStats& { return m.ports[2].wait; },
        [&](double ps) { return second.wait_cdf(ps / ps_per_byte); }, 0.03);
    // Were the hops independent, the second would wait like the first; theory says otherwise by
    // far more than the precision asked for.
    const theory::WaitDistribution first(mix, load, 1e4, 2);
    CHECK(std::abs(second.wait_cdf(500) - first.at(500)) > 0.05);
  }
}

TEST_CASE("Merged Poisson streams make an M/D/1", "[theory]") {
  // Eight routers, each sending its own Poisson streams over a link so fast that it disturbs them
  // by less than a nanosecond, meet at one 10 Gb/s link.
  const SizeMix mix = theory::fixed_size(1000);
  const double load = 0.8;
  Lab lab;
  const NodeId far = lab.node();
  const NodeId hub = lab.node();
  const PortId bottleneck = lab.link(hub, far, speed);
  const SizeMixId sizes = lab.sizes(mix);
  for (int i = 0; i < 8; ++i) {
    const NodeId router = lab.node();
    lab.link(router, hub, fast, Framing::none, Duration::us(10 + 7 * i));
    for (int share = 1; share <= 2; ++share)
      lab.demand(router, far, load * speed.as_double() * share / 24, sizes);
  }
  const auto runs = replicate(lab, config_for(300'000, pps(load, mix)), seeds);
  const auto wait = [&](const Measurements& m) -> const DurationStats& {
    return m.ports[bottleneck.index()].wait;
  };
  const theory::WaitDistribution w(mix, load, 2e5, 1);
  check_mean(
      "mean wait", runs, [&](const Measurements& m) { return wait(m).mean_ps(); },
      theory::mean_wait(mix, load) * ps_per_byte, 0.04);
  check_distribution(
      "wait", runs, wait, [&](double ps) { return w.at(ps / ps_per_byte); }, 0.04);
  // Poisson arrivals see time averages, so each stream sees the same queue, small or large.
  for (const std::size_t d : {0U, 1U, 7U, 15U})
    check_mean(
        "wait seen by stream " + std::to_string(d), runs,
        [&](const Measurements& m) { return m.demands[d].queueing.mean_ps(); },
        theory::mean_wait(mix, load) * ps_per_byte, 0.06);
}

TEST_CASE("A Poisson stream split by ECMP stays Poisson", "[theory]") {
  // One demand over a fast link, then over four equal 10 Gb/s links: sprayed packet by packet, or
  // by flow, of which each packet draws one of 64; both thin at random, so each link is an M/D/1
  // of its share.
  const SizeMix mix = theory::fixed_size(1000);
  const double load = 0.8;
  for (const Ecmp ecmp : {Ecmp::per_packet, Ecmp::per_flow}) {
    Lab lab;
    const NodeId from = lab.node();
    const NodeId split = lab.node();
    const NodeId to = lab.node();
    lab.link(from, split, fast);
    std::vector<PortId> ways;
    for (int i = 0; i < 4; ++i) {
      const NodeId middle = lab.node();
      ways.push_back(lab.link(split, middle, speed));
      lab.link(middle, to, fast);
    }
    lab.demand(from, to, 4 * load * speed.as_double() * 0.75, lab.sizes(mix));
    auto config = config_for(800'000, 3 * pps(load, mix));
    config.ecmp = ecmp;
    const auto runs = replicate(lab, config, seeds);
    double total = 0;
    for (const PortId way : ways) {
      const auto& port = [&](const Measurements& m) -> const PortMeasurement& {
        return m.ports[way.index()];
      };
      const double share = interval_of(runs, [&](const Measurements& m) {
                             return static_cast<double>(port(m).arrived_packets) /
                                    static_cast<double>(m.packets.sent);
                           }).mean;
      total += share;
      // Per flow a link has k of the 64 flows; which k, the hash decides.
      const double expected = ecmp == Ecmp::per_packet ? 0.25 : std::round(share * 64) / 64;
      INFO("link " << way.index() << ", share " << share);
      CHECK(share == Approx(expected).epsilon(0.004));
      const double own_load = 3 * load * expected;
      REQUIRE(own_load < 0.95);
      check_mean(
          "mean wait", runs, [&](const Measurements& m) { return port(m).wait.mean_ps(); },
          theory::mean_wait(mix, own_load) * ps_per_byte, 0.06);
    }
    CHECK(total == Approx(1.0).epsilon(1e-3));
  }
}

namespace {

/// What leaves a queue, counted in windows of time: after it come two links so fast that they only
/// count, one with Ethernet's 24 bytes a packet and one without. The difference of what they send
/// is 24 bytes a packet, whatever the sizes. The queue is slow, so that hardly a packet is split by
/// the end of a window.
struct Departures {
  double mean = 0;
  double dispersion = 0;   ///< variance / mean
  double correlation = 0;  ///< of adjacent windows
};

Departures departures(const Measurements& m, PortId framed, PortId plain, Rate rate) {
  const auto& with = m.ports[framed.index()].utilization;
  const auto& without = m.ports[plain.index()].utilization;
  const double bytes = rate.as_double() / 8 * m.interval.seconds();
  std::vector<double> counts;
  for (std::size_t i = 0; i < with.size(); ++i)
    counts.push_back((double{with[i]} - double{without[i]}) * bytes / 24);
  Departures d;
  const auto n = static_cast<double>(counts.size());
  for (const double c : counts) d.mean += c / n;
  double variance = 0;
  double covariance = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    variance += (counts[i] - d.mean) * (counts[i] - d.mean) / n;
    if (i > 0) covariance += (counts[i] - d.mean) * (counts[i - 1] - d.mean) / n;
  }
  d.dispersion = variance / d.mean;
  d.correlation = covariance / variance;
  return d;
}

struct DepartureFigures {
  MeanInterval dispersion;
  MeanInterval correlation;
};

DepartureFigures departures_of(const SizeMix& mix, double load, double packets_per_window) {
  Lab lab;
  const NodeId nodes[] = {lab.node(), lab.node(), lab.node(), lab.node()};
  const Rate slow = Rate::mbps(10);
  const Rate counting = Rate::gbps(8'000);  // a picosecond a byte, and no delay
  lab.link(nodes[0], nodes[1], slow);
  const PortId framed = lab.link(nodes[1], nodes[2], counting, Framing::ethernet, Duration::zero());
  const PortId plain = lab.link(nodes[2], nodes[3], counting, Framing::none, Duration::zero());
  lab.demand(nodes[0], nodes[3], load * slow.as_double(), lab.sizes(mix));
  const double packets_per_second = load * slow.as_double() / 8 / theory::mean_bytes(mix);
  auto config = config_for(150'000, packets_per_second);
  config.interval = Duration::from_seconds(packets_per_window / packets_per_second);
  const auto runs = replicate(lab, config, seeds);
  const auto figure = [&](auto member) {
    return interval_of(runs, [&](const Measurements& m) {
      const Departures d = departures(m, framed, plain, counting);
      CHECK(d.mean == Approx(packets_per_window).epsilon(0.02));
      return d.*member;
    });
  };
  return {figure(&Departures::dispersion), figure(&Departures::correlation)};
}

}  // namespace

TEST_CASE("Burke: what leaves an M/M/1 is Poisson", "[theory]") {
  // Counts of departures in windows of 0.5 to 20 mean gaps: variance equal to the mean, adjacent
  // windows uncorrelated. The queue's relaxation time is some 40 gaps, so these would show it.
  const double load = 0.7;
  const double discretisation = 1.0 / 200;  // of sizes: their variance is 1/mean too small
  for (const double packets : {0.5, 2.0, 5.0, 20.0}) {
    const auto [dispersion, correlation] =
        departures_of(theory::exponential_sizes(200), load, packets);
    INFO("windows of " << packets << " packets: dispersion " << dispersion.mean << " +- "
                       << dispersion.half_width << ", correlation " << correlation.mean << " +- "
                       << correlation.half_width);
    CHECK(std::abs(dispersion.mean - 1.0) <= dispersion.half_width + discretisation);
    CHECK(dispersion.half_width < 0.04);
    CHECK(std::abs(correlation.mean) <= correlation.half_width + discretisation);
    CHECK(correlation.half_width < 0.04);
  }
  // The same look at an M/D/1 and at IMIX sees that those are not Poisson.
  CHECK(departures_of(theory::fixed_size(500), load, 5.0).dispersion.mean < 0.7);
  CHECK(departures_of(theory::imix(), load, 5.0).dispersion.mean > 1.05);
}

}  // namespace longhaul
