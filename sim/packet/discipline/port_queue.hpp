// A queue with a discipline: one LAG member of one port that decides which packet to send when its
// link is free. What all disciplines share: the link, its failures, routing, and what is counted.
// FIFO with tail drop needs none of it (sim/packet/queue.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/packet/discipline/spec.hpp"
#include "sim/packet/machine.hpp"
#include "sim/packet/pace.hpp"
#include "sim/packet/queue.hpp"

namespace longhaul::packet {

/// What a packet's demand says about it: the class, and whether its sender understands marks.
class Profiles {
 public:
  Profiles(std::size_t demands, int flow_bits) : flow_bits_(flow_bits), bits_(demands, 0) {}
  void set(std::size_t demand, ClassId cls, bool ecn) {
    bits_[demand] = static_cast<std::uint8_t>(cls.value() | (ecn ? ecn_bit : 0U));
  }
  std::size_t cls(const Packet& p) const { return bits_[p.flow >> flow_bits_] & (ecn_bit - 1U); }
  bool ecn(const Packet& p) const { return (bits_[p.flow >> flow_bits_] & ecn_bit) != 0; }

  static constexpr std::size_t most_classes = 128;

 private:
  static constexpr unsigned ecn_bit = 0x80;
  int flow_bits_;
  std::vector<std::uint8_t> bits_;
};

/// Counts of one class at one queue, over the packets that arrive in the measured period.
struct ClassStats {
  std::uint64_t arrived = 0;
  std::uint64_t dropped = 0;
  std::uint64_t marked = 0;
  std::uint64_t sent = 0;  ///< sending began, also after the end of the run
  std::uint64_t sent_bytes = 0;
  Int128 wait_sum = 0;
  std::int64_t wait_max = 0;
};

/// Where and with what a queue of a port works.
struct PortQueueSetup {
  const QueueModel* model;
  std::uint32_t id;
  const Forwarding* forwarding;  ///< of the node it leads to
  Lane* lanes;                   ///< to that node's outs
  std::uint32_t sink_out;
  std::uint64_t hop_limit;  ///< as Model's
  std::int64_t end;
  bool per_packet;
  const Profiles* profiles;
  std::size_t classes;
  CountSlice wait_counts;  ///< a histogram per class, one after another
  const Buckets* buckets;
  std::uint64_t seed;
  std::uint64_t stream;  ///< its name in the random numbers
};

class PortQueue : public Machine {
 public:
  void start_measuring(std::int64_t time, std::int64_t interval) final;

  const QueueStats& stats() const { return stats_; }
  const std::vector<ClassStats>& class_stats() const { return classes_; }
  /// Histogram of the waits of one class.
  CountSlice wait_counts(std::size_t cls) const {
    return {setup_.wait_counts.array, setup_.wait_counts.first + cls * setup_.buckets->count};
  }
  const QueueModel& model() const { return *setup_.model; }
  /// Of queues whose rate changes in time.
  const LevelWaits& level_waits() const { return level_waits_; }

 protected:
  explicit PortQueue(const PortQueueSetup& setup);

  bool idle(std::int64_t now) const { return free_at_ <= now; }
  std::size_t cls(const Packet& p) const { return setup_.profiles->cls(p); }
  std::int64_t wire_bytes(const Packet& p) const { return p.size + setup_.model->overhead; }
  void count_arrival(const Packet& p);
  void drop(const Packet& p, std::int64_t now, Drop cause, Context& context);
  /// So many bytes wait at `now`.
  void note_backlog(std::int64_t bytes, std::int64_t now);
  /// Marks `p` if its sender understands that.
  bool mark(Packet& p);
  /// Sends from `now` on; returns the bytes on the wire.
  std::int64_t transmit(const Packet& p, std::int64_t now, Context& context);
  /// The link's next failure, or `never`; while it is down, when that began.
  std::int64_t fails_at() const {
    return next_down_ < model().down.size() ? model().down[next_down_].from : never;
  }
  /// Whether the link is down at `now`; brings it back when its time has come.
  bool down_at(std::int64_t now);

  /// What a port has beside its core.
  template <class Archive>
  void serialize_port(Archive& archive) {
    archive(free_at_, largest_, raw(pace_), table_, next_down_, measured_from_, stats_,
            raw(classes_), level_waits_);
  }

  PortQueueSetup setup_;
  bool draining_ = false;  ///< the run is over: what waits is sent, but no longer judged
  std::int64_t free_at_ = 0;
  std::int64_t largest_ = 0;  ///< packet seen, on the wire

 private:
  PacePosition pace_;
  ForwardingTable table_;  ///< of the node that it leads to
  std::size_t next_down_ = 0;
  std::int64_t measured_from_ = 0;
  QueueStats stats_;
  std::vector<ClassStats> classes_;
  LevelWaits level_waits_;
};

/// The queue that `queueing` asks for.
std::unique_ptr<PortQueue> make_port_queue(const PortQueueSetup& setup, const PortSpec& spec);

}  // namespace longhaul::packet
