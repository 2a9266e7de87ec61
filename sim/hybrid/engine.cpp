#include "sim/hybrid/engine.hpp"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "sim/base/archive.hpp"
#include "sim/base/random.hpp"
#include "sim/engine/input_hash.hpp"
#include "sim/engine/memory.hpp"
#include "sim/fluid/engine.hpp"
#include "sim/hybrid/merge.hpp"
#include "sim/hybrid/plan.hpp"
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

/// Simulates windows with all threads and merges them in order.
class Crew {
 public:
  Crew(const Windows& windows, const std::vector<Window>& all, const Config& config, Merge& merge,
       engine::Checkpoints& checkpoints)
      : windows_(windows), all_(all), config_(config), merge_(merge), checkpoints_(checkpoints) {}

  /// Takes over what was merged before.
  void load(std::istream& in) {
    LoadArchive archive(in);
    archive(merged_, hops_, merge_);
    next_ = merged_;
  }

  /// False if stopped before all were done.
  bool run() {
    std::vector<std::thread> others;
    const std::size_t threads = std::min<std::size_t>(std::max(1U, config_.threads), all_.size());
    for (std::size_t t = 1; t < threads; ++t) others.emplace_back([this] { work(); });
    work();
    for (std::thread& t : others) t.join();
    if (error_) std::rethrow_exception(error_);
    if (merged_ < all_.size() && checkpoints_.writes()) write();
    return merged_ == all_.size();
  }

 private:
  bool stopped() const { return config_.stop != nullptr && *config_.stop; }

  void work() {
    while (!stopped()) {
      const std::size_t i = next_++;
      if (i >= all_.size()) return;
      try {
        Measurements m = windows_.simulate(all_[i]);
        if (!m.complete) return;
        const std::lock_guard lock(mutex_);
        done_.emplace(i, std::move(m));
        merge_ready();
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = std::current_exception();
        next_ = all_.size();
        return;
      }
    }
  }

  void merge_ready() {
    for (auto it = done_.find(merged_); it != done_.end(); it = done_.find(merged_)) {
      merge_.add(all_[merged_], it->second);
      hops_ += it->second.cost.packet_hops;
      done_.erase(it);
      ++merged_;
    }
    if (checkpoints_.due()) write();
    if (config_.progress) config_.progress({reached(), end(), hops_});
  }

  void write() {
    checkpoints_.write(reached(), end(), [this](std::ostream& out) {
      SaveArchive archive(out);
      archive(merged_, hops_, merge_);
    });
  }

  Time end() const { return Time::zero() + config_.warmup + config_.duration; }
  /// As if windows were the run.
  Time reached() const {
    const auto run = static_cast<double>(end().ps());
    const double share = static_cast<double>(merged_) / static_cast<double>(all_.size());
    return Time::ps(static_cast<std::int64_t>(run * share));
  }

  const Windows& windows_;
  const std::vector<Window>& all_;
  const Config& config_;
  Merge& merge_;
  engine::Checkpoints& checkpoints_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::map<std::size_t, Measurements> done_;
  std::size_t merged_ = 0;
  std::uint64_t hops_ = 0;
  std::exception_ptr error_;
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

}  // namespace

std::string refusal(const engine::Input& input, const Config& config) {
  const auto& demands = input.demands->demands;
  if (std::any_of(demands.begin(), demands.end(),
                  [](const Demand& d) { return d.transport.valid(); }))
    return "TCP (`transport`)";
  return fluid::refusal(input, fluid_config(config).queueing);
}

Measurements run(const engine::Input& input, const Config& config) {
  const auto start = std::chrono::steady_clock::now();
  keep_memory();
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
  const std::uint64_t hash =
      config.checkpoint.used()
          ? engine::input_hash(
                input, config,
                {config.flows, std::bit_cast<std::uint64_t>(config.packet_hops), all.size()})
          : 0;
  engine::Checkpoints checkpoints(config.checkpoint, "hybrid", hash);
  Crew crew(windows, all, config, merge, checkpoints);
  if (m.complete) {
    checkpoints.resume([&](std::istream& in) { crew.load(in); });
    m.complete = crew.run();
  }
  merge.finish(m);
  m.fidelity = "hybrid";
  m.fingerprint = fingerprint(m);
  m.cost.threads = std::max(1U, config.threads);
  m.cost.peak_memory_bytes = engine::peak_memory();
  m.cost.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return m;
}

}  // namespace longhaul::hybrid
