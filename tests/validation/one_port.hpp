// One port served packet by packet, so that bounds that hold for every packet can be checked on
// every packet.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "sim/base/random.hpp"
#include "sim/packet/discipline/classful.hpp"
#include "sim/packet/discipline/fq_codel.hpp"

namespace longhaul::one_port {

/// 10 Gb/s: 800 ps a byte.
inline constexpr std::int64_t ps_per_byte = 800;
inline const Rate link_rate = Rate::gbps(10);

struct Offered {
  std::int64_t time;  ///< ps
  std::uint32_t cls;
  std::uint16_t bytes;  ///< on the wire: there is no framing
  std::uint32_t flow = 0;
};

struct Event {
  Offered packet;
  std::int64_t start;  ///< of its transmission, or when it was dropped
  std::int64_t end;    ///< the link is free again
  bool marked;
};

struct Outcome {
  std::vector<Event> sent;     ///< in order
  std::vector<Event> dropped;  ///< in order
};

/// Serves what is offered (in time order) by `Core`, a core of sim/packet/discipline.
template <class Core>
class OnePort {
 public:
  OnePort(const Queueing& queueing, const std::vector<TrafficClass>& classes, bool ecn = false)
      : profiles_(classes.size(), flow_bits), core_(spec(queueing, classes), 0, profiles_) {
    for (std::size_t c = 0; c < classes.size(); ++c) profiles_.set(c, ClassId(c), ecn);
  }

  Outcome serve(const std::vector<Offered>& offered) {
    offered_ = &offered;
    for (std::size_t i = 0; i < offered.size(); ++i) {
      const Offered& o = offered[i];
      act_before(o.time + 1);
      largest_ = std::max<std::int64_t>(largest_, o.bytes);
      packet::Packet p{
          o.time, static_cast<std::int64_t>(i), 0, o.cls << flow_bits | o.flow, o.bytes, 0};
      core_.arrive(p, o.time, free_at_ <= o.time, Judge{*this, o.time});
      wake_ = std::max(free_at_, o.time);
    }
    act_before(std::numeric_limits<std::int64_t>::max());
    return outcome_;
  }

 private:
  static constexpr int flow_bits = 10;

  struct Judge {
    OnePort& port;
    std::int64_t now;
    void drop(const packet::Packet& p, packet::Drop) {
      port.outcome_.dropped.push_back({port.packet(p), now, now, p.marked()});
    }
    bool mark(packet::Packet& p) {
      if (!port.profiles_.ecn(p)) return false;
      p.wait_hops |= packet::Packet::congestion_experienced;
      return true;
    }
    bool draining() const { return false; }
    std::int64_t largest() const { return port.largest_; }
    std::uint32_t random() { return philox(1, 1, port.draws_++).w[0]; }
  };

  static packet::PortSpec spec(const Queueing& queueing, const std::vector<TrafficClass>& classes) {
    packet::QueueModel model{PortId(0), NodeId(0), NodeId(1), 0, ps_per_byte, 1, 0, 0, 0, {}};
    model.bps = static_cast<std::uint64_t>(link_rate.bps());
    return packet::port_spec(queueing, classes, model);
  }
  const Offered& packet(const packet::Packet& p) const {
    return (*offered_)[static_cast<std::size_t>(p.birth)];
  }
  void act_before(std::int64_t until) {
    while (!core_.empty() && wake_ < until) {
      packet::Packet p;
      if (core_.pull(wake_, p, Judge{*this, wake_})) {
        core_.sent(p.size, wake_);
        free_at_ = wake_ + p.size * ps_per_byte;
        outcome_.sent.push_back({packet(p), wake_, free_at_, p.marked()});
        wake_ = free_at_;
      } else if (!core_.empty()) {
        wake_ = core_.ready(wake_);
      }
    }
  }

  packet::Profiles profiles_;
  Core core_;
  const std::vector<Offered>* offered_ = nullptr;
  Outcome outcome_;
  std::int64_t largest_ = 0;
  std::int64_t free_at_ = 0;
  std::int64_t wake_ = 0;
  std::uint64_t draws_ = 0;
};

}  // namespace longhaul::one_port
