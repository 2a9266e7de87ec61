// The state of one run and what threads do with it: running machines over windows, meeting at
// barriers.
#pragma once

#include <atomic>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/packet/discipline/port_queue.hpp"
#include "sim/packet/failure_losses.hpp"
#include "sim/packet/lane.hpp"
#include "sim/packet/machine.hpp"
#include "sim/packet/merge.hpp"
#include "sim/packet/model.hpp"
#include "sim/packet/queue.hpp"
#include "sim/packet/schedule.hpp"
#include "sim/packet/sink.hpp"
#include "sim/packet/source.hpp"
#include "sim/packet/tcp/host.hpp"

namespace longhaul::packet {

/// Waits until `value` is `target` or more: spins for some microseconds, then sleeps in the kernel,
/// so that more threads than cores cost little.
void wait_until(const std::atomic<std::uint64_t>& value, std::uint64_t target);

/// Where all threads meet; the last to come calls `then` and lets all go.
class Barrier {
 public:
  explicit Barrier(unsigned threads) : threads_(threads) {}
  template <class F>
  void wait(F&& then) {
    const std::uint64_t generation = generation_.load(std::memory_order_acquire);
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 < threads_) {
      wait_until(generation_, generation + 1);
      return;
    }
    arrived_.store(0, std::memory_order_relaxed);
    then();
    generation_.store(generation + 1, std::memory_order_release);
    if (threads_ > 1) generation_.notify_all();
  }

 private:
  const unsigned threads_;
  alignas(64) std::atomic<unsigned> arrived_{0};
  alignas(64) std::atomic<std::uint64_t> generation_{0};
};

/// How a reader learns how far a lane has been written.
enum class Visibility : std::uint8_t {
  live,         ///< the same thread writes it
  this_window,  ///< another thread, which has run this window already
  last_window,  ///< another thread, of which only the windows before count
};

struct InLane {
  Lane* lane;          ///< or, if null,
  SourceLane* source;  ///< a source's, which has run this window already
  Visibility visibility;
  std::uint32_t index;  ///< of the lane, for islands
};

/// One thread's part.
struct Worker {
  Worker(ChunkReserve& reserve, std::size_t demands, const std::vector<std::int64_t>& failures)
      : context(reserve), drops_of_demand(demands, 0), losses(failures) {}
  Context context;
  MergeBuffer merge;
  std::uint64_t fingerprint = 0;
  std::uint64_t dropped[drop_causes] = {};
  std::uint64_t acks_dropped = 0;
  std::vector<std::uint64_t> drops_of_demand;
  FailureLosses losses;
  std::vector<std::uint32_t> units;  ///< of the top group, in order
};

class RunState {
 public:
  /// `checkpoints` may be null; else it must outlive this.
  RunState(const Input& input, const Config& config, Islands islands,
           engine::Checkpoints* checkpoints = nullptr);

  /// All that a run has changed, between two windows; loaded into a state just made from the same
  /// input, for whatever threads and windows.
  void save(std::ostream& out);
  void load(std::istream& in);

  /// Runs to the end, or until config.stop; returns the time reached.
  std::int64_t run();
  Measurements collect(std::int64_t reached) const;
  const Group& schedule() const { return schedule_; }

 private:
  void build_machines();
  void build_queues();
  void build_sources();
  void watch_services();
  void build_hosts();
  /// Whether `p`, seen at `time`, was sent in the measured period.
  bool measured(const Packet& p, std::int64_t time) const;
  bool is_ack(const Packet& p) const;
  void build_lanes();
  void work(unsigned thread);
  bool plan_window();
  template <class Archive>
  void serialize(Archive& archive);
  void save_lanes(SaveArchive& archive) const;
  void load_lanes(LoadArchive& archive);
  void fetch_inputs(const Unit& unit);
  void run_unit(Worker& worker, const Unit& unit, std::int64_t from, std::int64_t until);
  void run_machine(Worker& worker, std::uint32_t machine, std::int64_t from, std::int64_t until);
  void deliver_directly(Worker& worker, std::uint32_t queue);
  std::size_t merge_inputs(Worker& worker, const std::vector<InLane>& inputs, std::int64_t until,
                           const Key*& keys);
  void run_source(Worker& worker, std::size_t node, std::int64_t from, std::int64_t until);
  void run_events(Worker& worker, const Unit& unit, std::int64_t until);
  bool refused(const DropRecord& drop) const;
  void settle_drops(Worker& worker);
  std::uint64_t visible(const InLane& in) const;
  PacketTotals totals() const;
  void finish();
  void collect_ports(Measurements& m, std::int64_t reached) const;
  void collect_demands(Measurements& m) const;
  void collect_losses(Measurements& m) const;

  const Input& input_;
  const Config& config_;
  const Model model_;
  const std::int64_t measure_from_;
  const std::int64_t end_;
  const std::int64_t interval_;
  const Group schedule_;
  const unsigned threads_;
  const std::vector<std::int64_t> failures_;  ///< when something goes down, ps

  std::vector<SizeTable> size_tables_;
  std::vector<Source> sources_;
  std::vector<ForwardingTable> source_tables_;  ///< by node
  std::vector<SentStats> sent_;                 ///< by demand
  Buckets wait_buckets_;
  std::size_t waits_per_queue_;          ///< histograms: one, or with a discipline one per class
  CountArray wait_counts_;               ///< by queue
  std::vector<Queue> queues_;            ///< with plain FIFO
  std::vector<PortQueue*> port_queues_;  ///< with another discipline: of active_
  Profiles profiles_;
  /// By machine: those that act by themselves; null for FIFO queues, sources and plain sinks.
  std::vector<std::unique_ptr<Machine>> active_;
  DemandTable demands_;
  std::vector<tcp::Endpoints> endpoints_;  ///< by demand; empty without TCP
  std::vector<tcp::Host*> hosts_;          ///< of active_
  ChunkReserve reserve_;
  std::vector<Lane> lanes_;  ///< of queues
  std::vector<SourceLane> source_lanes_;
  std::vector<std::vector<InLane>> in_lanes_;  ///< by machine, in tie order
  std::vector<std::vector<std::uint32_t>>
      sealed_lanes_;                        ///< by unit: lanes that another thread reads
  std::vector<std::uint32_t> lane_reader_;  ///< by lane: the machine that reads it
  std::vector<std::uint64_t>
      island_heads_;  ///< scratch of run_events, by lane: 1 if its head is in a heap
  std::vector<std::unique_ptr<Worker>> workers_;

  struct alignas(64) Done {
    std::atomic<std::uint64_t> windows{0};
  };
  std::vector<Done> done_;  ///< by unit: windows it has run
  Barrier barrier_;
  // The window being run; written by one thread while all others are at the barrier.
  std::int64_t from_ = 0;
  std::int64_t until_ = 0;
  std::uint64_t window_ = 0;
  std::int64_t last_progress_ns_ = 0;
  std::atomic<bool> out_of_memory_{false};
  engine::Checkpoints* const checkpoints_;
};

}  // namespace longhaul::packet
