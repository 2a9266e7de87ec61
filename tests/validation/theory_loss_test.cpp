// Finite buffers against theory: M/M/1/K, M/D/1/K and M/G/1/K where packets are counted, the finite
// dam where work is.
#include "tests/catch.hpp"
#include "tests/validation/lab.hpp"
#include "tests/validation/theory.hpp"

namespace longhaul {
namespace {

using namespace lab;
using packet::Buffer;

constexpr int seeds = 16;
const Rate speed = Rate::gbps(10);

std::vector<Measurements> lossy_runs(const SizeMix& mix, double load, Buffer buffer,
                                     double packets) {
  Lab lab;
  const NodeId a = lab.node();
  const NodeId b = lab.node();
  lab.link(a, b, speed);
  lab.demand(a, b, load * speed.as_double(), lab.sizes(mix));
  auto config = config_for(packets, load * speed.as_double() / 8 / theory::mean_bytes(mix));
  config.queueing.buffer = buffer;
  return replicate(lab, config, seeds);
}

double loss(const Measurements& m) {
  return static_cast<double>(m.ports[0].dropped_packets) /
         static_cast<double>(m.ports[0].arrived_packets);
}

/// Every drop is of the buffer, and every count of it agrees.
void check_counts(const std::vector<Measurements>& runs) {
  for (const Measurements& m : runs) {
    CHECK(m.packets.dropped() == m.packets.dropped_buffer);
    CHECK(m.demands[0].dropped_packets == m.packets.dropped_buffer);
    CHECK(m.ports[0].dropped_packets == m.packets.dropped_buffer);
  }
}

}  // namespace

TEST_CASE("Loss of a buffer counted in packets", "[theory]") {
  struct Case {
    const char* name;
    SizeMix mix;
    double load;
    int k;
  };
  const Case cases[] = {{"M/M/1/1", theory::exponential_sizes(500), 0.5, 1},
                        {"M/M/1/5", theory::exponential_sizes(500), 0.9, 5},
                        {"M/M/1/10", theory::exponential_sizes(500), 0.8, 10},
                        {"M/D/1/2", theory::fixed_size(1000), 0.7, 2},
                        {"M/D/1/6", theory::fixed_size(1000), 0.9, 6},
                        {"M/D/1/4, overloaded", theory::fixed_size(1000), 1.3, 4},
                        {"M/G/1/4 of IMIX", theory::imix(), 0.8, 4}};
  for (const Case& c : cases) {
    const auto runs = lossy_runs(c.mix, c.load, {Buffer::Kind::packets, c.k}, 150'000);
    check_mean(c.name, runs, loss, theory::loss_by_packets(c.mix, c.load, c.k), 0.08);
    check_counts(runs);
    // What is let in keeps the link busy.
    const double passed = c.load * (1 - theory::loss_by_packets(c.mix, c.load, c.k));
    check_mean(
        c.name, runs, [](const Measurements& m) { return m.ports[0].utilization_mean; }, passed,
        0.01);
  }
}

TEST_CASE("M/M/1/K's closed form", "[theory]") {
  const auto runs =
      lossy_runs(theory::exponential_sizes(500), 0.9, {Buffer::Kind::packets, 5}, 150'000);
  // The discretised exponential loses 0.1 % (relative) less.
  check_mean("M/M/1/5", runs, loss, theory::mm1k_loss(0.9, 5), 0.04, 0.001);
}

TEST_CASE("Loss of a buffer counted in time or in bytes", "[theory]") {
  const double ps_per_byte = 800;
  const double size = 1000;
  for (const double buffer_bytes : {3500.0, 6250.0}) {
    const double load = 0.9;
    const auto by_time = lossy_runs(
        theory::fixed_size(1000), load,
        {Buffer::Kind::time, static_cast<std::int64_t>(buffer_bytes * ps_per_byte)}, 150'000);
    check_mean("buffer of " + std::to_string(buffer_bytes) + " bytes", by_time, loss,
               theory::md1_loss_by_work(size, load, buffer_bytes), 0.06);
    check_counts(by_time);
    const auto by_bytes =
        lossy_runs(theory::fixed_size(1000), load,
                   {Buffer::Kind::bytes, static_cast<std::int64_t>(buffer_bytes)}, 150'000);
    for (std::size_t i = 0; i < by_time.size(); ++i)
      CHECK(by_time[i].fingerprint == by_bytes[i].fingerprint);
  }
}

}  // namespace longhaul
