// The packet engine's own view of a run: queues, forwarding tables and who feeds whom. Built once,
// then only read.
//
// Machines are what takes packets in and puts packets out:
//   source  one per node: the demands that start there
//   queue   one per LAG member of every port
//   sink    one per node: where packets are delivered
// A packet that a source or an incoming queue brings to a node leaves by one of the node's outs:
// its queues, or its sink.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/packet/engine.hpp"
#include "sim/packet/packet.hpp"

namespace longhaul::packet {

/// A half-open span of time in ps.
struct Interval {
  std::int64_t from;
  std::int64_t until;
};

/// The rate of transmissions that start at or after `from`.
struct Pace {
  std::int64_t from;     ///< ps
  std::uint64_t ps_num;  ///< picoseconds per byte as ps_num / ps_den in lowest terms
  std::uint64_t ps_den;
  std::uint64_t bps;
  std::uint32_t level;
};

/// `bytes` in 10^-12 bit, the unit of picoseconds x bit/s.
constexpr UInt128 picobits(std::int64_t bytes) {
  return static_cast<UInt128>(static_cast<std::uint64_t>(bytes)) * 8'000'000'000'000U;
}

/// What a queue is; its state lives in QueueState.
struct QueueModel {
  PortId port;
  NodeId from;
  NodeId to;
  std::int64_t delay_ps;  ///< propagation and the next node's pipeline latency
  std::uint64_t ps_num;   ///< picoseconds per byte as ps_num / ps_den in lowest terms
  std::uint64_t ps_den;
  std::int64_t overhead;       ///< framing bytes per packet
  std::int64_t work_limit_ps;  ///< most unfinished work, own transmission included, with which a
                               ///< packet is accepted
  std::int64_t packet_limit;   ///< most packets in the system; 0: not counted
  std::vector<Interval> down;  ///< when it sends nothing, ascending
  /// Ascending from time zero; empty where the rate is always the above (sim/packet/pace.hpp).
  std::vector<Pace> paces = {};
  std::uint64_t bps = 0;               ///< the rate above
  UInt128 unsent_limit = ~UInt128{0};  ///< with paces: most that is unsent, own bytes included, for
                                       ///< a packet to be accepted; picobits
};

/// Where a node sends what is bound for each destination, at all times. Outs 0 .. queues-1 are the
/// node's queues in port and member order, then the sink, then two pseudo-outs for packets that
/// have none. Read by way of a ForwardingTable.
class Forwarding {
 public:
  static constexpr std::uint32_t choice_flag = 0x8000;
  static constexpr std::uint32_t none = 0xffff;  ///< no route
  static constexpr std::uint16_t keep = 0xffff;  ///< a destination that does not turn
  static constexpr std::size_t most_choices = 0x7fff;

  /// The out for `p` when its entry is choice_flag or more.
  std::uint32_t choose(std::uint32_t entry, const Packet& p, bool per_packet) const {
    if (entry == none) return none;
    const Choice& choice = choices_[entry - choice_flag];
    // The flow's hash picks the LAG member; the port too, unless packets are sprayed.
    const std::uint64_t flow_hash = mix(p.flow + salt_);
    const std::uint64_t port_hash =
        per_packet
            ? mix(static_cast<std::uint64_t>(p.birth) + salt_ + p.flow * 0x9e3779b97f4a7c15ULL)
            : flow_hash;
    const Port& port = choice_ports_[choice.first + ((port_hash >> 32) * choice.ports >> 32)];
    return port.first_out +
           static_cast<std::uint32_t>((flow_hash & 0xffffffffU) * port.members >> 32);
  }
  /// What a packet for `destination` is for once it leaves by an entry of choice_flag or more, not
  /// none.
  std::uint16_t turned(std::uint32_t entry, std::uint16_t destination) const {
    const std::uint16_t turned = choices_[entry - choice_flag].turned;
    return turned == keep ? destination : turned;
  }

  /// For the builder.
  struct Port {
    std::uint16_t first_out;
    std::uint16_t members;
  };
  struct Choice {
    std::uint32_t first;
    std::uint16_t ports;
    std::uint16_t turned;
  };
  struct Update {
    std::int64_t at;
    std::uint16_t destination;
    std::uint16_t entry;
  };
  std::uint64_t salt_ = 0;  ///< of this node, so that routers in a row do not choose alike
  std::vector<std::uint16_t> initial_;  ///< an out per destination, or choice_flag + a choice
  std::vector<Update> updates_;         ///< in order of time
  std::vector<Choice> choices_;
  std::vector<Port> choice_ports_;
};

/// A node's table as one reader of it, who goes forward in time, sees it: all read the same until
/// it changes, then each has its own.
class ForwardingTable {
 public:
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

  explicit ForwardingTable(const Forwarding& forwarding)
      : forwarding_(&forwarding), entries_(forwarding.initial_.data()) {
    find_next_change();
  }
  ForwardingTable(ForwardingTable&&) = default;
  ForwardingTable& operator=(ForwardingTable&&) = default;
  const Forwarding& forwarding() const { return *forwarding_; }
  /// Valid until the next advance().
  const std::uint16_t* entries() const { return entries_; }
  /// When the table changes next; packets from then on are for the table after it.
  std::int64_t next_change() const { return next_change_; }
  /// To the table for packets at `time`, not before that of the last call.
  void advance(std::int64_t time) {
    if (time >= next_change_) [[unlikely]]
      apply(time);
  }

  /// The out for `p` at `time`, or Forwarding::none; turns its destination if need be.
  std::uint32_t send(Packet& p, std::int64_t time, bool per_packet) {
    advance(time);
    const std::uint32_t entry = entries_[p.destination];
    if (entry < Forwarding::choice_flag) return entry;
    const std::uint32_t out = forwarding_->choose(entry, p, per_packet);
    if (out != Forwarding::none) p.destination = forwarding_->turned(entry, p.destination);
    return out;
  }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    std::uint64_t done = next_;
    archive(done);
    if constexpr (Archive::is_loading::value) {
      next_ = 0;
      own_.clear();
      entries_ = forwarding_->initial_.data();
      if (done > 0) apply_to(done);
      find_next_change();
    }
  }
  void apply(std::int64_t time);
  void apply_to(std::size_t count);
  void find_next_change() {
    next_change_ = next_ < forwarding_->updates_.size() ? forwarding_->updates_[next_].at : never;
  }

  const Forwarding* forwarding_;
  const std::uint16_t* entries_;
  std::int64_t next_change_ = never;
  std::size_t next_ = 0;            ///< of its updates
  std::vector<std::uint16_t> own_;  ///< empty before the first
};

struct NodeModel {
  std::vector<std::uint32_t> queues;  ///< outs, by queue id
  std::vector<std::uint32_t>
      inputs;  ///< machines that bring packets, in tie order: incoming queues, then the source
  Forwarding forwarding;
  std::uint32_t sink_out() const { return static_cast<std::uint32_t>(queues.size()); }
};

/// `from`'s packets for `to` travel `lane`.
struct Edge {
  std::uint32_t from;
  std::uint32_t to;
  std::uint32_t lane;
  double pps = 0;  ///< expected packets a second
};

struct Model {
  std::vector<QueueModel> queues;
  std::vector<NodeModel> nodes;
  /// Hops at which a packet that has not arrived is dropped, as Packet::expired() takes it; 0 where
  /// none can come so far.
  std::uint64_t hop_limit = 0;
  std::vector<std::uint32_t>
      first_lane;  ///< by machine: lane to out 0; lane to out o follows at + o (sinks: hosts only)
  std::size_t lanes = 0;
  std::size_t first_source_lane = 0;  ///< those below are queues' and hosts'
  std::vector<bool> host;  ///< by node: some TCP connection ends there; its sink also sends
  /// By node: some demand may reach its sink by more than one lane, so that lanes must be merged
  /// for its packets to be delivered in order. Elsewhere each incoming queue delivers by itself and
  /// the sink has no edges.
  std::vector<bool> several_ways;
  std::vector<Edge> edges;       ///< lanes that some route uses, by (to, tie order)
  std::vector<double> load_pps;  ///< by machine: expected packets a second
  std::vector<double> cost;      ///< by machine: expected work a second, in packet-hops
  std::vector<std::int64_t>
      base_ps;  ///< by demand: least latency its smallest packet can have; 0 if unrouted
  std::vector<std::uint64_t> stream;        ///< by demand: its name in the random numbers
  std::vector<std::uint64_t> queue_stream;  ///< by queue: the same
  int flow_bits = 0;

  std::uint32_t source(std::size_t node) const {
    return static_cast<std::uint32_t>(queues.size() + node);
  }
  std::uint32_t sink(std::size_t node) const {
    return static_cast<std::uint32_t>(queues.size() + nodes.size() + node);
  }
  /// The node that a machine brings packets to.
  NodeId node(std::uint32_t machine) const {
    return machine < queues.size() ? queues[machine].to
                                   : NodeId((machine - queues.size()) % nodes.size());
  }
  /// Outs of that node.
  std::uint32_t outs(std::uint32_t machine) const {
    return nodes[node(machine).index()].sink_out() + 1;
  }
  std::size_t machines() const { return queues.size() + 2 * nodes.size(); }
  /// ps from a machine's handling of a packet to its arrival at the next: a queue's delay, none for
  /// a source.
  std::int64_t delay(std::uint32_t machine) const {
    return machine < queues.size() ? queues[machine].delay_ps : 0;
  }
};

/// Bits of a packet's `flow` that tell the flows, or TCP's connections, of one demand apart.
int flow_bits(const DemandSet& demands, const Config& config);

Model build_model(const Input& input, const Config& config);

}  // namespace longhaul::packet
