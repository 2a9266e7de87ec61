// A PortQueue with a core: what waits, in which order it goes, and what is dropped.
//
// A core has
//   void arrive(Packet&, now, link_idle, judge)   takes the packet or drops it
//   bool pull(now, out, judge)                    the packet to send now, if one may go
//   bool empty(), std::int64_t ready(now)         when one may go, if not now
//   void clear(now, f)                            f(packet) for all that wait, which are then gone
//   std::int64_t bytes()                          that wait, on the wire
// and calls judge.drop(packet, cause), judge.mark(packet), judge.random().
#pragma once

#include <algorithm>

#include "sim/base/archive.hpp"
#include "sim/base/random.hpp"
#include "sim/packet/discipline/port_queue.hpp"

namespace longhaul::packet {

template <class Core>
class DisciplineQueue final : public PortQueue {
 public:
  DisciplineQueue(const PortQueueSetup& setup, const PortSpec& spec)
      : PortQueue(setup), core_(spec, setup.model->overhead, *setup.profiles) {}

  void run(const Key* keys, std::size_t n, std::int64_t until, Context& context) override {
    for (const Key* key = keys; key != keys + n; ++key) {
      act_before(key->time + 1, context);
      arrive(*key->packet, key->time, context);
    }
    act_before(until, context);
  }

  std::int64_t next_action() const override {
    return core_.empty() ? never : std::min(wake_, fails_at());
  }

  void finish(Context& context) override {
    draining_ = true;
    act_before(never, context);
  }

  void save(SaveArchive& archive) override { serialize(archive); }
  void load(LoadArchive& archive) override { serialize(archive); }

 private:
  template <class Archive>
  void serialize(Archive& archive) {
    serialize_port(archive);
    archive(core_, wake_, draws_);
  }

  /// What the core asks of the port while it handles one event.
  struct Judge {
    DisciplineQueue& port;
    Context& context;
    std::int64_t now;
    void drop(const Packet& p, Drop cause) { port.PortQueue::drop(p, now, cause, context); }
    bool mark(Packet& p) { return port.PortQueue::mark(p); }
    bool draining() const { return port.draining_; }
    std::int64_t largest() const { return port.largest_; }
    std::uint32_t random() {
      return philox(port.setup_.seed, port.setup_.stream, port.draws_++).w[0];
    }
  };

  /// The link is free, or a ceiling lets go, or the link fails.
  void act_before(std::int64_t until, Context& context) {
    for (std::int64_t now = next_action(); now < until; now = next_action()) {
      if (wake_ <= now)
        send(now, context);
      else
        core_.clear(now, [&](const Packet& p) { drop(p, now, Drop::link_down, context); });
    }
  }

  void arrive(Packet p, std::int64_t now, Context& context) {
    count_arrival(p);
    if (down_at(now)) {
      drop(p, now, Drop::link_down, context);
      return;
    }
    core_.arrive(p, now, idle(now), Judge{*this, context, now});
    note_backlog(core_.bytes(), now);
    if (core_.empty()) return;
    if (idle(now))
      send(now, context);
    else
      wake_ = free_at_;
  }

  void send(std::int64_t now, Context& context) {
    Packet p;
    if (core_.pull(now, p, Judge{*this, context, now})) {
      core_.sent(transmit(p, now, context), now);
      wake_ = free_at_;
    } else if (!core_.empty()) {
      wake_ = core_.ready(now);
    }
    if (core_.empty()) wake_ = free_at_;
  }

  Core core_;
  std::int64_t wake_ = 0;  ///< when to send next, if something waits
  std::uint64_t draws_ = 0;
};

}  // namespace longhaul::packet
