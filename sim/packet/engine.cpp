#include "sim/packet/engine.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <bit>
#include <chrono>
#include <new>

#include "sim/base/error.hpp"
#include "sim/base/parse.hpp"
#include "sim/engine/input_hash.hpp"
#include "sim/engine/memory.hpp"
#include "sim/packet/packet_maker.hpp"
#include "sim/packet/run_state.hpp"
#include "sim/routing/loads.hpp"

namespace longhaul::packet {

namespace {

std::uint64_t machine_memory() {
  return static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::uint64_t>(sysconf(_SC_PAGE_SIZE));
}

/// Refuses what the records' fields cannot hold, saying what would fit.
void check_limits(const Input& input, const Config& config) {
  const Network& net = *input.network;
  const std::size_t demands = input.demands->demands.size();
  if (input.routes->destination_count() > 65'535)
    throw RunError(
        fmt::format("{} destinations (nodes, and again for every path constraint), and packets can "
                    "tell 65,535 apart",
                    input.routes->destination_count()));
  if ((demands << flow_bits(*input.demands, config)) > (std::uint64_t{1} << 32))
    throw RunError(fmt::format(
        "{} demands of {} flows each are more than the 4,294,967,296 flows that packets can tell "
        "apart; lower `routing: {{flows: ...}}` or the `connections` of `transport`",
        demands, std::uint64_t{1} << flow_bits(*input.demands, config)));
  if (!config.queueing.plain() && input.demands->classes.size() > Profiles::most_classes)
    throw RunError(fmt::format("{} classes, and queues with a discipline know {} at most",
                               input.demands->classes.size(), Profiles::most_classes));
  for (std::size_t n = 0; n < net.nodes().size(); ++n) {
    std::size_t outs = 0;
    for (const PortId p : net.ports_from(NodeId(n))) outs += net.port(p).members;
    if (outs >= Forwarding::choice_flag - 1)
      throw RunError(
          fmt::format("node {} has {} outgoing links (LAG members apart), and 32,766 are the limit",
                      net.nodes()[n].id, outs));
  }
}

}  // namespace

namespace {

/// The slowest that the port ever sends, all members together.
Rate slowest_rate(const Input& input, std::size_t port) {
  Rate rate = input.network->ports()[port].member_rate;
  if (!input.rate_steps.empty())
    for (const RateStep& step : input.rate_steps[port]) rate = std::min(rate, step.member_rate);
  return rate * input.network->ports()[port].members;
}

double intervals_of(const Config& config) {
  return config.interval ? config.duration.seconds() / config.interval->seconds() : 100;
}

}  // namespace

Estimate estimate(const Input& input, const Config& config) {
  const Network& net = *input.network;
  const DemandSet& set = *input.demands;
  double bits = 0;
  double packets = 0;
  double makers = 0;
  double watched = 0;  ///< demands whose fates are kept by interval
  for (const Demand& d : set.demands) {
    makers += packet_maker_bytes(set.arrival_model(d), d.rate);
    watched += d.service.valid() ? 1 : 0;
    bits += d.rate.as_double();
    packets += d.rate.as_double() / (8.0 * set.sizes[d.sizes.index()].mean_bytes());
  }
  if (packets == 0) return {0, 0};
  const double bits_per_packet = bits / packets;
  const Loads loads = expected_loads(net, *input.routes, set, false);
  double hops_per_s = 0;
  double in_flight = 0;
  double lanes = 0;
  for (std::size_t p = 0; p < net.ports().size(); ++p) {
    const Port& port = net.ports()[p];
    if (!port.exists) continue;
    const double offered = loads.load_bps[p];
    const double sent = std::min(offered, port.rate().as_double());
    hops_per_s += sent / bits_per_packet;
    // On the wire, and, where more comes than goes, in the buffer.
    double seconds = port.delay.seconds();
    const double slowest = slowest_rate(input, p).as_double();
    if (offered > slowest) {
      const double run = (config.warmup + config.duration).seconds();
      const double excess_s = (offered - slowest) / port.rate().as_double() * run;
      const double buffer_s = config.queueing.buffer.seconds(port.member_rate, bits_per_packet);
      seconds += std::min(buffer_s, excess_s);
    }
    in_flight += sent / bits_per_packet * seconds;
    lanes += static_cast<double>(net.ports_from(port.to).size()) * port.members;
  }
  // Both histograms' counters, and what a demand needs besides.
  const Buckets buckets(demand_histogram_bits(set.demands.size()));
  const double per_demand =
      8.0 * static_cast<double>(buckets.count) + (set.demands.size() > 50'000 ? 700 : 1800);
  const double bytes = in_flight * 33.0 + makers +
                       watched * intervals_of(config) * sizeof(IntervalFates) +
                       lanes * (sizeof(Chunk) + sizeof(Lane)) +
                       static_cast<double>(set.demands.size()) * per_demand +
                       static_cast<double>(net.nodes().size() * net.nodes().size()) * 10.0 + 32e6;
  return {static_cast<std::uint64_t>(hops_per_s * (config.warmup + config.duration).seconds()),
          static_cast<std::uint64_t>(bytes)};
}

std::uint64_t memory_limit(const Config& config) {
  return config.memory_limit_bytes > 0 ? config.memory_limit_bytes : machine_memory() / 4 * 3;
}

Measurements run(const Input& input, const Config& config) {
  const auto start = std::chrono::steady_clock::now();
  check_limits(input, config);
  const std::uint64_t limit = memory_limit(config);
  const Estimate need = estimate(input, config);
  if (need.memory_bytes > limit)
    throw RunError(fmt::format(
        "this run would need about {} of memory, mostly for packets in flight, and {} is the "
        "limit; shorten the "
        "links or lower the rates by scaling capacities and demands alike, or use `plan loads`",
        to_display(Size::bytes(static_cast<std::int64_t>(need.memory_bytes))),
        to_display(Size::bytes(static_cast<std::int64_t>(limit)))));
  try {
    const std::uint64_t hash =
        config.checkpoint.used() ? engine::input_hash(input, config, {config.flows}) : 0;
    engine::Checkpoints checkpoints(config.checkpoint, "packet", hash);
    RunState state(input, config, config.islands, &checkpoints);
    checkpoints.resume([&](std::istream& in) { state.load(in); });
    const std::int64_t reached = state.run();
    Measurements m = state.collect(reached);
    m.cost.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    m.cost.peak_memory_bytes = engine::peak_memory();
    return m;
  } catch (const std::bad_alloc&) {
    throw RunError(
        "out of memory; shorten the run's links or lower its rates, or use `plan loads`");
  }
}

}  // namespace longhaul::packet
