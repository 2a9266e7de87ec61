// One queue with Poisson arrivals against M/M/1, M/D/1 and M/G/1: mean waits, whole distributions,
// Little's law.
#include "tests/catch.hpp"
#include "tests/validation/lab.hpp"
#include "tests/validation/theory.hpp"

namespace longhaul {
namespace {

using namespace lab;

constexpr int seeds = 16;
constexpr double ps_per_byte = 800;  // of 10 Gb/s
const Rate speed = Rate::gbps(10);

struct OneQueue {
  Lab lab;
  PortId port = PortId::none();
  double packets_per_second = 0;

  OneQueue(const SizeMix& mix, double load) {
    const NodeId a = lab.node();
    const NodeId b = lab.node();
    port = lab.link(a, b, speed);
    lab.demand(a, b, load * speed.as_double(), lab.sizes(mix));
    packets_per_second = load * speed.as_double() / 8 / theory::mean_bytes(mix);
  }
  std::vector<Measurements> runs(double packets) const {
    return replicate(lab, config_for(packets, packets_per_second), seeds);
  }
  const PortMeasurement& at(const Measurements& m) const { return m.ports[port.index()]; }
};

void check_little(const OneQueue& q, const std::vector<Measurements>& runs, const SizeMix& mix,
                  double load) {
  // Bytes in the system = arrival rate x mean of bytes x sojourn: load (W + E[S^2] / E[S]), for a
  // packet's wait does not depend on its own size.
  const double sojourn =
      theory::mean_wait(mix, load) + theory::mean_square_bytes(mix) / theory::mean_bytes(mix);
  check_mean(
      "Little: bytes in the system", runs,
      [&](const Measurements& m) { return q.at(m).queue_bytes_mean; }, load * sojourn, 0.05);
  check_mean(
      "busy share", runs, [&](const Measurements& m) { return q.at(m).utilization_mean; }, load,
      0.01);
  for (const Measurements& m : runs) {
    // What the demand sees is what the port saw: nothing else delays it.
    CHECK(m.demands[0].queueing.mean_ps() ==
          Approx(q.at(m).wait.mean_ps()).epsilon(3e-3));  // edges of the measured period
  }
}

}  // namespace

TEST_CASE("Formulas agree with each other", "[theory]") {
  // Franx's sum against Takacs' equation; Pollaczek-Khinchine's mean as the area above the cdf.
  for (const double load : {0.3, 0.7, 0.95}) {
    const SizeMix fixed = theory::fixed_size(100);
    const theory::WaitDistribution w(fixed, load, 1000, 20);
    for (const double x : {0.0, 37.0, 99.9, 100.0, 250.0, 701.5, 999.0})
      CHECK(w.at(x) == Approx(theory::md1_wait_cdf(100, load, x)).epsilon(1e-5));
  }
  const theory::WaitDistribution w(theory::imix(), 0.7, 60'000, 2);
  double area = 0;
  for (int i = 0; i < 120'000; ++i) {
    const double x = i * 0.5;
    area += (2.0 - w.at(x) - w.at(x + 0.5)) / 2 * 0.5;
  }
  CHECK(area == Approx(theory::mean_wait(theory::imix(), 0.7)).epsilon(1e-5));
  // M/M/1/K by the embedded chain of the discretised exponential against its closed form.
  for (const int k : {1, 2, 5, 10})
    CHECK(theory::loss_by_packets(theory::exponential_sizes(500), 0.8, k) ==
          Approx(theory::mm1k_loss(0.8, k)).epsilon(0.002));
  const auto n = theory::numbers_in_system(theory::exponential_sizes(500), 0.5, 8);
  for (int k = 0; k < 8; ++k)
    CHECK(n[static_cast<std::size_t>(k)] == Approx(std::pow(0.5, k + 1)).epsilon(0.01));
}

TEST_CASE("M/M/1: mean and distribution of the wait", "[theory]") {
  const double mean = 500;
  const SizeMix mix = theory::exponential_sizes(500);
  for (const double load : {0.5, 0.8}) {
    const OneQueue q(mix, load);
    const auto runs = q.runs(400'000);
    INFO("load " << load);
    const auto wait = [&](const Measurements& m) { return q.at(m).wait.mean_ps(); };
    const double exact = theory::mean_wait(mix, load) * ps_per_byte;
    check_mean("mean wait (Pollaczek-Khinchine of the table)", runs, wait, exact, 0.04);
    // The closed form is 1/(2 mean) = 0.1 % above the table's own.
    const double closed = load / (1 - load) * mean * ps_per_byte;
    CHECK(exact == Approx(closed * (1 - 1 / (2 * mean))).epsilon(1e-9));
    check_mean("mean wait (M/M/1)", runs, wait, closed, 0.04, 1 / (2 * mean));
    check_distribution(
        "wait", runs, [&](const Measurements& m) -> const DurationStats& { return q.at(m).wait; },
        [&](double ps) { return 1.0 - load * std::exp(-(1.0 - load) * ps / (mean * ps_per_byte)); },
        0.05);
    check_little(q, runs, mix, load);
  }
}

TEST_CASE("M/D/1: mean and distribution of the wait", "[theory]") {
  const SizeMix mix = theory::fixed_size(1000);
  for (const double load : {0.3, 0.7, 0.85}) {
    const OneQueue q(mix, load);
    const auto runs = q.runs(load > 0.8 ? 600'000 : 300'000);
    const theory::WaitDistribution exact(mix, load, 2e5, 1);
    INFO("load " << load);
    check_mean(
        "mean wait", runs, [&](const Measurements& m) { return q.at(m).wait.mean_ps(); },
        theory::mean_wait(mix, load) * ps_per_byte, 0.05);
    check_distribution(
        "wait", runs, [&](const Measurements& m) -> const DurationStats& { return q.at(m).wait; },
        [&](double ps) { return exact.at(ps / ps_per_byte); }, 0.03);
    check_little(q, runs, mix, load);
    // All sizes are equal, so bytes x sojourn is an integer identity, not a mean.
    for (const Measurements& m : runs) {
      const DurationStats& w = q.at(m).wait;
      const double sojourns =
          static_cast<double>(w.sum_ps) + static_cast<double>(w.count) * 1000 * ps_per_byte;
      CHECK(q.at(m).queue_bytes_mean * static_cast<double>(m.measured.ps()) ==
            Approx(1000 * sojourns).epsilon(1e-12));
    }
  }
}

TEST_CASE("M/G/1 of IMIX: mean and distribution of the wait", "[theory]") {
  const SizeMix mix = theory::imix();
  for (const double load : {0.5, 0.8}) {
    const OneQueue q(mix, load);
    const auto runs = q.runs(500'000);
    const theory::WaitDistribution w(mix, load, 1e5, 2);
    INFO("load " << load);
    check_mean(
        "mean wait", runs, [&](const Measurements& m) { return q.at(m).wait.mean_ps(); },
        theory::mean_wait(mix, load) * ps_per_byte, 0.04);
    check_distribution(
        "wait", runs, [&](const Measurements& m) -> const DurationStats& { return q.at(m).wait; },
        [&](double ps) { return w.at(ps / ps_per_byte); }, 0.04);
    check_little(q, runs, mix, load);
  }
}

TEST_CASE("A queue with Ethernet framing serves packets 24 bytes longer", "[theory]") {
  Lab lab;
  const NodeId a = lab.node();
  const NodeId b = lab.node();
  const PortId port = lab.link(a, b, speed, Framing::ethernet);
  const double load = 0.7;
  lab.demand(a, b, load * speed.as_double() * 500 / 524, lab.sizes(theory::fixed_size(500)));
  const auto runs = replicate(lab, config_for(300'000, load * speed.as_double() / 8 / 524), seeds);
  check_mean(
      "busy share", runs,
      [&](const Measurements& m) { return m.ports[port.index()].utilization_mean; }, load, 0.01);
  check_mean(
      "mean wait", runs,
      [&](const Measurements& m) { return m.ports[port.index()].wait.mean_ps(); },
      theory::mean_wait(theory::fixed_size(524), load) * ps_per_byte, 0.04);
}

}  // namespace longhaul
