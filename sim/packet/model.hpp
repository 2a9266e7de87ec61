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
#include <vector>

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

/// Where a node sends what is bound for each destination. Outs 0 .. queues-1 are the node's queues
/// in port and member order, then the sink, then two pseudo-outs for packets that have none.
class Forwarding {
 public:
  static constexpr std::uint32_t choice_flag = 0x8000;
  static constexpr std::uint32_t none = 0xffff;  ///< no route

  /// Table of an epoch: an out per destination, or choice_flag + a choice.
  const std::uint16_t* table(std::size_t epoch) const {
    return tables_.data() + epoch * destinations_;
  }

  /// The out for `p` under `table`, or `none`.
  std::uint32_t out(const std::uint16_t* table, const Packet& p, bool per_packet) const {
    const std::uint32_t entry = table[p.destination];
    return entry < choice_flag ? entry : choose(entry, p, per_packet);
  }
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

  /// For the builder.
  struct Port {
    std::uint16_t first_out;
    std::uint16_t members;
  };
  struct Choice {
    std::uint32_t first;
    std::uint32_t ports;
  };
  std::size_t destinations_ = 0;
  std::uint64_t salt_ = 0;  ///< of this node, so that routers in a row do not choose alike
  std::vector<std::uint16_t> tables_;
  std::vector<Choice> choices_;
  std::vector<Port> choice_ports_;
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
  std::vector<std::int64_t> epochs;  ///< start of each routing epoch, ps; epochs[0] == 0
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
