#include "sim/hybrid/engine.hpp"

#include <malloc.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <vector>

#include "sim/base/archive.hpp"
#include "sim/base/random.hpp"
#include "sim/engine/input_hash.hpp"
#include "sim/engine/memory.hpp"
#include "sim/fluid/engine.hpp"
#include "sim/hybrid/crew.hpp"
#include "sim/hybrid/merge.hpp"
#include "sim/hybrid/plan.hpp"
#include "sim/hybrid/replicas.hpp"
#include "sim/hybrid/window.hpp"

namespace longhaul::hybrid {

namespace {

/// The fluid knows plain queues; disciplines act within windows.
engine::Config fluid_config(const Config& config) {
  engine::Config out = config;
  out.queueing = Queueing{};
  out.queueing.buffer = config.queueing.buffer;
  out.progress = nullptr;
  out.checkpoint = {};
  return out;
}

/// Windows take the same memory again and again: what is given back to the system must be zeroed
/// page by page when it is taken again, which took a third of the time of short windows.
void keep_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

/// The windows of a run.
class WindowPieces final : public Pieces {
 public:
  WindowPieces(const Windows& windows, const std::vector<Window>& all, Merge& merge)
      : windows_(windows), all_(all), merge_(merge) {}
  std::size_t count() const override { return all_.size(); }
  Measurements simulate(std::size_t i) const override { return windows_.simulate(all_[i]); }
  void add(std::size_t i, const Measurements& m) override { merge_.add(all_[i], m); }
  void save(SaveArchive& archive) override { archive(merge_); }
  void load(LoadArchive& archive) override { archive(merge_); }

 private:
  const Windows& windows_;
  const std::vector<Window>& all_;
  Merge& merge_;
};

std::uint64_t folded(std::uint64_t hash, std::uint64_t value) {
  return mix(hash * 0x9e3779b97f4a7c15ULL + value);
}

std::uint64_t fingerprint(const Measurements& m) {
  std::uint64_t hash = m.fingerprint;
  const auto fold = [&hash](const DurationStats& s) {
    hash = folded(hash, s.count);
    hash = folded(hash, static_cast<std::uint64_t>(s.sum_ps));
    hash = folded(hash, static_cast<std::uint64_t>(s.max_ps));
  };
  for (const PortMeasurement& p : m.ports) fold(p.wait), hash = folded(hash, p.dropped_packets);
  for (const DemandMeasurement& d : m.demands) {
    fold(d.latency);
    fold(d.queueing);
    hash = folded(hash, d.dropped_packets);
    hash = folded(hash, std::bit_cast<std::uint64_t>(d.jitter_ps));
  }
  return hash;
}

bool has_tcp(const engine::Input& input) {
  const auto& demands = input.demands->demands;
  return std::any_of(demands.begin(), demands.end(),
                     [](const Demand& d) { return d.transport.valid(); });
}

/// What belongs to a checkpoint of a run in so many pieces.
std::uint64_t hash_of(const engine::Input& input, const Config& config, std::size_t pieces) {
  if (!config.checkpoint.used()) return 0;
  return engine::input_hash(input, config,
                            {config.flows, std::bit_cast<std::uint64_t>(config.packet_hops),
                             std::bit_cast<std::uint64_t>(config.scale.value_or(0)), pieces});
}

/// Runs all pieces, from a checkpoint if there is one; false if stopped.
bool run_pieces(Pieces& pieces, const engine::Input& input, const Config& config) {
  engine::Checkpoints checkpoints(config.checkpoint, "hybrid",
                                  hash_of(input, config, pieces.count()));
  Crew crew(pieces, config, checkpoints);
  checkpoints.resume([&](std::istream& in) { crew.load(in); });
  return crew.run();
}

Measurements run_windows(const engine::Input& input, const Config& config) {
  const Plan plan = make_plan(input, config);
  Windows windows(input, config, plan);
  std::vector<Window> all;
  fluid::Observer observer;
  observer.times = plan.instants;
  observer.ignored = plan.shallow;
  observer.look = [&](std::size_t number, std::span<const fluid::PortLook> ports) {
    all.push_back(windows.look(number, ports));
  };
  const engine::Input slow = windows.fluid_input();
  const engine::Config slow_config = fluid_config(config);
  Measurements m = fluid::run(slow, slow_config, &observer);
  Merge merge(input, config, plan, windows.epochs());
  WindowPieces pieces(windows, all, merge);
  if (m.complete) m.complete = run_pieces(pieces, input, config);
  merge.finish(m);
  return m;
}

Measurements run_replicas(const engine::Input& input, const Config& config) {
  const ReplicaPlan plan = plan_replicas(input, config);
  Replicas replicas(input, config, plan);
  if (plan.count == 1)
    replicas.add(0, replicas.simulate(0));
  else
    run_pieces(replicas, input, config);
  return replicas.finish();
}

}  // namespace

std::string refusal(const engine::Input& input, const Config& config) {
  return fluid::refusal(input, fluid_config(config).queueing);
}

Measurements run(const engine::Input& input, const Config& config) {
  const auto start = std::chrono::steady_clock::now();
  keep_memory();
  Measurements m = has_tcp(input) ? run_replicas(input, config) : run_windows(input, config);
  m.fidelity = "hybrid";
  m.fingerprint = fingerprint(m);
  m.cost.threads = std::max(1U, config.threads);
  m.cost.peak_memory_bytes = engine::peak_memory();
  m.cost.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return m;
}

}  // namespace longhaul::hybrid
