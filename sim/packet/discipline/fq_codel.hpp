// FQ-CoDel (RFC 8290): packets hashed into 1024 flow queues, served by deficit round robin with new
// flows first, each with its own CoDel.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/packet/discipline/port_queue.hpp"

namespace longhaul::packet {

class FqCodel {
 public:
  static constexpr std::size_t flows = 1024;     ///< RFC 8290, 5.2.1
  static constexpr std::int64_t quantum = 1514;  ///< bytes; RFC 8290, 5.2.4

  FqCodel(const PortSpec& spec, std::int64_t overhead, const Profiles&)
      : spec_(spec.queues[0]),
        overhead_(overhead),
        flows_(flows, Flow{WaitingPackets{}, Codel(spec_.codel_target, spec_.codel_interval)}) {}

  bool empty() const { return count_ == 0; }
  std::int64_t bytes() const { return bytes_; }
  std::int64_t ready(std::int64_t now) const { return now; }

  template <class Judge>
  void arrive(Packet& p, std::int64_t, bool, Judge judge) {
    const std::int64_t wire = p.size + overhead_;
    const std::size_t f = mix(p.flow + std::uint64_t{0x5bd1e9955bd1e995}) % flows;
    Flow& flow = flows_[f];
    flow.packets.push(p, wire);
    ++count_;
    bytes_ += wire;
    if (flow.list == List::none) {
      flow.credit = quantum;
      append(List::new_flows, static_cast<int>(f));
    }
    while (bytes_ > spec_.limit_bytes || count_ > spec_.limit_packets) {
      // The flow with most bytes loses its oldest packet.
      std::size_t fattest = 0;
      for (std::size_t i = 1; i < flows; ++i)
        if (flows_[i].packets.bytes() > flows_[fattest].packets.bytes()) fattest = i;
      judge.drop(take(flows_[fattest]), Drop::buffer);
    }
  }

  template <class Judge>
  bool pull(std::int64_t now, Packet& out, Judge judge) {
    while (true) {
      const List list = head_[0] >= 0 ? List::new_flows : List::old_flows;
      const int f = head_[static_cast<int>(list)];
      if (f < 0) return false;
      Flow& flow = flows_[static_cast<std::size_t>(f)];
      if (flow.credit <= 0) {
        flow.credit += quantum;
        remove_head(list);
        append(List::old_flows, f);
        continue;
      }
      if (dequeue(flow, now, out, judge)) {
        flow.credit -= out.size + overhead_;
        return true;
      }
      // An empty new flow goes through the old ones once, so that none is starved by new flows.
      remove_head(list);
      if (list == List::new_flows && head_[1] >= 0)
        append(List::old_flows, f);
      else
        flow.list = List::none;
    }
  }
  void sent(std::int64_t, std::int64_t) {}

  template <class F>
  void clear(std::int64_t, F&& f) {
    for (Flow& flow : flows_)
      while (!flow.packets.empty()) f(take(flow));
  }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(raw(head_), raw(tail_), count_, bytes_);
    for (Flow& flow : flows_)
      archive(flow.packets, flow.codel, flow.credit, flow.next, raw(flow.list));
  }

  enum class List : std::int8_t { new_flows, old_flows, none };
  struct Flow {
    WaitingPackets packets;
    Codel codel;
    std::int64_t credit = 0;
    int next = -1;
    List list = List::none;
  };

  Packet take(Flow& flow) {
    const Packet p = flow.packets.pop(overhead_);
    --count_;
    bytes_ -= p.size + overhead_;
    return p;
  }
  template <class Judge>
  bool dequeue(Flow& flow, std::int64_t now, Packet& out, Judge& judge) {
    if (judge.draining()) {
      if (flow.packets.empty()) return false;
      out = take(flow);
      return true;
    }
    const std::size_t count = flow.packets.size();
    const std::int64_t bytes = flow.packets.bytes();
    const bool there = flow.codel.dequeue(
        now, flow.packets, overhead_, judge.largest(), out,
        [&](const Packet& p) { judge.drop(p, Drop::aqm); },
        [&](Packet& p) { return spec_.ecn && judge.mark(p); });
    count_ -= count - flow.packets.size();
    bytes_ -= bytes - flow.packets.bytes();
    return there;
  }
  void append(List list, int f) {
    const auto l = static_cast<std::size_t>(list);
    flows_[static_cast<std::size_t>(f)].next = -1;
    flows_[static_cast<std::size_t>(f)].list = list;
    if (tail_[l] >= 0)
      flows_[static_cast<std::size_t>(tail_[l])].next = f;
    else
      head_[l] = f;
    tail_[l] = f;
  }
  void remove_head(List list) {
    const auto l = static_cast<std::size_t>(list);
    head_[l] = flows_[static_cast<std::size_t>(head_[l])].next;
    if (head_[l] < 0) tail_[l] = -1;
  }

  const ClassQueueLimit spec_;
  const std::int64_t overhead_;
  std::vector<Flow> flows_;
  int head_[2] = {-1, -1};  ///< by List
  int tail_[2] = {-1, -1};
  std::size_t count_ = 0;
  std::int64_t bytes_ = 0;
};

}  // namespace longhaul::packet
