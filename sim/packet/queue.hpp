// A FIFO queue with drop-tail at work: one LAG member of one port.
//
// No events: a packet's departure is max(arrival, queue free) + its transmission time (Lindley,
// 1952), and it is dropped when the unfinished work it finds, with its own, exceeds the buffer.
// This loop is where a run spends its time.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/packet/lane.hpp"
#include "sim/packet/model.hpp"
#include "sim/packet/pace.hpp"
#include "sim/packet/recorder.hpp"

namespace longhaul::packet {

struct DropRecord {
  Packet packet;
  std::int64_t time;
  Drop cause;
  std::uint32_t machine;
};

/// What a thread brings to every machine that it runs.
struct Context {
  explicit Context(ChunkReserve& reserve) : pool(reserve) {}
  ChunkPool pool;
  std::vector<DropRecord> drops;
  std::uint64_t hops = 0;
  std::uint64_t fingerprint = 0;  ///< of what machines of their own delivered
  Lane* last_lane = nullptr;      ///< where the last packet went, for islands run packet by packet
};

class alignas(64) Queue {
 public:
  /// `lanes` are those to the outs of the node that the queue leads to, whose `forwarding` it uses.
  /// `hop_limit` as Model's.
  Queue(const QueueModel& model, std::uint32_t id, const NodeModel& next, Lane* lanes,
        std::uint64_t hop_limit, std::int64_t end, bool per_packet, CountSlice wait_counts,
        const Buckets& buckets);

  /// Serves `n` packets in the order given: arrival times ascending, none before those of the last
  /// call.
  void serve(const Key* keys, std::size_t n, Context& context);
  /// From now on count: the warm-up is over at `time`.
  void start_measuring(std::int64_t time, std::int64_t interval);

  const QueueStats& stats() const { return stats_; }
  const CountSlice& wait_counts() const { return wait_counts_; }
  const QueueModel& model() const { return *model_; }
  /// Null for queues of one rate.
  const PacedState* paced() const { return paced_.get(); }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(free_at_, remainder_, table_, next_down_, departures_, departures_head_,
            departures_count_, stats_);
    if (paced_) archive(*paced_);
    if constexpr (Archive::is_loading::value) set_limit();
  }

  /// How a transmission's length follows from its bytes.
  enum class Rates {
    whole,     ///< whole picoseconds a byte
    fraction,  ///< with a remainder
    paced,     ///< as whole or not, by the pace that holds when it starts
  };
  static constexpr std::size_t most_in_batch = 512;
  // 2^9 packets of less than 2^17 bytes and 2^37 ps (137 ms): their products add up within 64 bits.
  static constexpr std::int64_t most_work_in_batch = std::int64_t{1} << 37;
  void serve_batch(const Key* keys, std::size_t n, Context& context) {
    if (model_->down.empty()) [[likely]]
      (this->*serve_)(keys, n, context);
    else
      serve_between_failures(keys, n, context);
  }
  template <Rates rates, bool by_packets, bool may_loop>
  void serve_as(const Key* keys, std::size_t n, Context& context);
  /// Splits the batch where the link fails or comes back, so that packets between pay nothing for
  /// it.
  void serve_between_failures(const Key* keys, std::size_t n, Context& context);
  /// A departure past the end of the sampling interval, the end of the run, a failure of the link
  /// or the next change of the far end's table. Returns false if the packet is lost to the failure.
  bool pass_bound(std::int64_t start, std::int64_t departure, std::int64_t bytes);
  struct Batch;
  void add(const Batch& batch, std::size_t n);
  void set_limit();
  bool full(std::int64_t arrival);

  using Serve = void (Queue::*)(const Key*, std::size_t, Context&);
  template <Rates rates>
  static Serve serving(bool by_packets, bool may_loop);

  const QueueModel* model_;
  std::uint32_t id_;
  ForwardingTable table_;  ///< of the node that it leads to
  Lane* lanes_;
  std::uint32_t sink_out_;
  bool per_packet_;
  Serve serve_;
  std::int64_t free_at_ = 0;
  std::uint64_t remainder_ = 0;  ///< of a picosecond, in 1/ps_den
  std::int64_t limit_ = 0;
  std::int64_t end_;
  std::uint64_t hop_limit_;
  std::size_t next_down_ = 0;
  // Departures of packets that may still be in the system, for buffers counted in packets: a ring.
  std::vector<std::int64_t> departures_;
  std::size_t departures_head_ = 0;
  std::size_t departures_count_ = 0;

  QueueStats stats_;
  CountSlice wait_counts_;
  const Buckets buckets_;
  std::unique_ptr<PacedState> paced_;
};

}  // namespace longhaul::packet
