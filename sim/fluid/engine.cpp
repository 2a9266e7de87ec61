#include "sim/fluid/engine.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <variant>

#include "sim/base/error.hpp"
#include "sim/base/random.hpp"
#include "sim/engine/input_hash.hpp"
#include "sim/engine/memory.hpp"
#include "sim/fluid/latencies.hpp"
#include "sim/fluid/simulation.hpp"

namespace longhaul::fluid {

namespace {

std::uint64_t folded(std::uint64_t hash, std::uint64_t value) {
  return mix(hash * 0x9e3779b97f4a7c15ULL + value);
}

std::uint64_t folded(std::uint64_t hash, double value) {
  return folded(hash, std::bit_cast<std::uint64_t>(value));
}

}  // namespace

std::string refusal(const engine::Input& input, const Queueing& queueing) {
  const DemandSet& set = *input.demands;
  const auto any = [&](const auto& is) {
    return std::any_of(set.demands.begin(), set.demands.end(), is);
  };
  if (!queueing.plain())
    return std::string("discipline ") + to_string(queueing.discipline) +
           (queueing.discipline == Discipline::fifo ? " with a drop rule" : "");
  if (any([](const Demand& d) { return d.bucket >= 0; })) return "`shape` and `police`";
  const auto trace = [&](const Demand& d) {
    const ArrivalModel* model = set.arrival_model(d);
    return model != nullptr && (std::holds_alternative<PacketTrace>(*model) ||
                                std::holds_alternative<FlowTrace>(*model));
  };
  if (any(trace)) return "traces";
  // Steps of one level are capacities that events change.
  const auto fades = [](const std::vector<engine::RateStep>& steps) {
    return std::any_of(steps.begin(), steps.end(), [&](const engine::RateStep& step) {
      return step.level != steps.front().level;
    });
  };
  if (std::any_of(input.rate_steps.begin(), input.rate_steps.end(), fades))
    return "microwave that fades in rain";
  return {};
}

Measurements run(const engine::Input& input, const engine::Config& config,
                 const Observer* observer) {
  const auto start = std::chrono::steady_clock::now();
  if (config.checkpoint.used())
    for (const Demand& d : input.demands->demands)
      if (d.transport.valid())
        throw InputError("fidelity fluid cannot write or resume checkpoints of TCP in this version",
                         "leave --checkpoint and --resume out, or use fidelity: packet");
  const std::uint64_t hash = config.checkpoint.used() ? engine::input_hash(input, config) : 0;
  engine::Checkpoints checkpoints(config.checkpoint, "fluid", hash);
  Simulation simulation(input, config, observer, &checkpoints);
  checkpoints.resume([&](std::istream& in) { simulation.load(in); });
  const std::int64_t reached = simulation.run();
  Measurements m = simulation.collect(reached);
  const auto wall = std::chrono::steady_clock::now() - start;
  m.cost.peak_memory_bytes = engine::peak_memory();
  m.cost.wall_s = std::chrono::duration<double>(wall).count();
  return m;
}

Measurements Simulation::collect(std::int64_t reached) {
  now_ = reached;
  for (std::size_t i = 0; i < sources_.size(); ++i) send(DemandId(i));
  count_all();
  if (watched_) boundary();
  Measurements m;
  m.fidelity = "fluid";
  m.complete = reached >= end_;
  m.warmup = config_.warmup;
  m.measured = Duration::ps(std::max<std::int64_t>(0, reached - measure_from_));
  m.interval = Duration::ps(interval_);
  m.cost.threads = 1;
  m.cost.rate_changes = rate_changes_;
  // Packets wait for each other long before a link is full; a fluid does not (docs/accuracy.md).
  m.error = ErrorBar{1, 1, 1, 0.5};
  m.error->beyond = {
      "the waits of single packets are left out: queueing may be too low by all of it"};
  for (const PortState& port : ports_) m.ports.push_back(port.queue.measurement(reached));
  elastic_.add_to_ports(m, reached);
  collect_demands(m, reached);
  for (const PortMeasurement& p : m.ports) {
    m.fingerprint = folded(m.fingerprint, p.utilization_mean);
    m.fingerprint = folded(m.fingerprint, p.queue_bytes_mean);
    m.fingerprint = folded(m.fingerprint, p.dropped_packets);
  }
  for (const Fates& f : fates_) {
    m.fingerprint = folded(m.fingerprint, f.delivered);
    m.fingerprint = folded(m.fingerprint, f.dropped());
  }
  return m;
}

void Simulation::count_open_loop(std::size_t demand, DemandMeasurement& d) const {
  const Fates& f = fates_[demand];
  const DemandSet& set = *input_.demands;
  const auto packets = [&](double of) {
    return static_cast<std::uint64_t>(std::max(0.0, of / sources_[demand].mean_bits) + 0.5);
  };
  // A full queue of bytes has no room for large packets first: of packets fewer are lost than of
  // bytes. What is lost with room for any share of the largest alike is in proportion to size.
  const SizeMix& sizes = set.sizes[set.demands[demand].sizes.index()];
  const double fewer = config_.queueing.buffer.kind == QueueLimit::Kind::packets
                           ? 1.0
                           : sizes.mean_bytes() / sizes.mean_bytes_of_a_byte();
  const double kept = f.lost_buffer * (1 - fewer);
  d.sent_packets = packets(f.sent);
  d.delivered_packets = std::min(d.sent_packets, packets(f.delivered + f.ignored + kept));
  d.dropped_packets = std::min(d.sent_packets - d.delivered_packets, packets(f.dropped() - kept));
  d.sent_bytes = static_cast<std::uint64_t>(f.sent / 8 + 0.5);
  d.delivered_bytes = static_cast<std::uint64_t>((f.delivered + f.ignored) / 8 + 0.5);
}

void Simulation::collect_demands(Measurements& m, std::int64_t reached) {
  m.demands.resize(fates_.size());
  elastic_.fill(m.demands, reached);
  const Latencies latencies(*this, reached);
  double lost_way = 0;
  for (std::size_t i = 0; i < fates_.size(); ++i) {
    const Fates& f = fates_[i];
    const double bits = sources_[i].mean_bits;
    const auto packets = [&](double of) {
      return static_cast<std::uint64_t>(std::max(0.0, of / bits) + 0.5);
    };
    DemandMeasurement& d = m.demands[i];
    if (!d.transport) count_open_loop(i, d);
    latencies.fill(i, d);
    if (!by_interval_.empty()) d.fates = by_interval_[i];
    // Each demand's losses by cause, in whole packets that add up to all of its own.
    const std::uint64_t down = std::min(d.dropped_packets, packets(f.lost_down));
    const std::uint64_t way = std::min(d.dropped_packets - down, packets(f.lost_way));
    m.packets.sent += d.sent_packets;
    m.packets.delivered += d.delivered_packets;
    m.packets.dropped_link_down += down;
    m.packets.dropped_no_route += way;
    m.packets.dropped_buffer += d.dropped_packets - down - way;
    lost_way += static_cast<double>(way);
    m.packets.in_flight += d.sent_packets - d.delivered_packets - d.dropped_packets;
  }
  const auto policy = static_cast<std::uint64_t>(std::min(lost_way, lost_policy_ + 0.5));
  m.packets.dropped_policy = policy;
  m.packets.dropped_no_route -= policy;
}

}  // namespace longhaul::fluid
