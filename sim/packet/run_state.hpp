// The state of one run and what threads do with it: running machines over windows, meeting at
// barriers.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/packet/lane.hpp"
#include "sim/packet/merge.hpp"
#include "sim/packet/model.hpp"
#include "sim/packet/queue.hpp"
#include "sim/packet/schedule.hpp"
#include "sim/packet/sink.hpp"
#include "sim/packet/source.hpp"

namespace longhaul::packet {

/// Where all threads meet; the last to come lets all go. Spins briefly, then sleeps.
class Barrier {
 public:
  explicit Barrier(unsigned threads) : threads_(threads) {}
  void wait();

 private:
  const unsigned threads_;
  std::atomic<unsigned> arrived_{0};
  std::atomic<std::uint64_t> generation_{0};
};

/// How a reader learns how far a lane has been written.
enum class Visibility : std::uint8_t {
  live,         ///< the same thread writes it
  this_window,  ///< another thread, which has run this window already
  last_window,  ///< another thread, of which only the windows before count
};

struct InLane {
  Lane* lane;
  Visibility visibility;
  std::uint32_t index;  ///< of the lane, for islands
};

/// One thread's part.
struct Worker {
  explicit Worker(ChunkReserve& reserve, std::size_t demands)
      : context(reserve), drops_of_demand(demands, 0) {}
  Context context;
  MergeBuffer merge;
  std::uint64_t fingerprint = 0;
  std::uint64_t dropped[drop_causes] = {};
  std::vector<std::uint64_t> drops_of_demand;
  std::vector<std::uint32_t> units;  ///< of the top group, in order
};

class RunState {
 public:
  RunState(const Input& input, const Config& config, Islands islands);

  /// Runs to the end, or until config.stop; returns the time reached.
  std::int64_t run();
  Measurements collect(std::int64_t reached) const;
  const Group& schedule() const { return schedule_; }

 private:
  void build_machines();
  void build_lanes();
  void work(unsigned thread);
  bool plan_window();
  void run_unit(Worker& worker, const Unit& unit, std::int64_t from, std::int64_t until);
  void run_machine(Worker& worker, std::uint32_t machine, std::int64_t from, std::int64_t until);
  std::size_t merge_inputs(Worker& worker, const std::vector<InLane>& inputs, std::int64_t until,
                           const Key*& keys);
  void run_source(Worker& worker, std::size_t node, std::int64_t from, std::int64_t until);
  void run_events(Worker& worker, const Unit& unit, std::int64_t until);
  void settle_drops(Worker& worker);
  std::uint64_t visible(const InLane& in) const;
  PacketTotals totals() const;
  void collect_ports(Measurements& m, std::int64_t reached) const;
  void collect_demands(Measurements& m) const;

  const Input& input_;
  const Config& config_;
  const Model model_;
  const std::int64_t measure_from_;
  const std::int64_t end_;
  const std::int64_t interval_;
  unsigned threads_;
  Group schedule_;

  std::vector<SizeTable> size_tables_;
  std::vector<Source> sources_;
  std::vector<std::size_t> source_epoch_;
  std::vector<SentStats> sent_;  ///< by demand
  Buckets wait_buckets_;
  CountArray wait_counts_;  ///< by queue
  std::vector<Queue> queues_;
  DemandTable demands_;
  ChunkReserve reserve_;
  std::vector<Lane> lanes_;
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
  // The window being run; written by thread 0 between barriers.
  std::int64_t from_ = 0;
  std::int64_t until_ = 0;
  std::uint64_t window_ = 0;
  std::int64_t last_progress_ns_ = 0;
  std::atomic<bool> out_of_memory_{false};
};

}  // namespace longhaul::packet
