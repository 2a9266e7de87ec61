// The core of disciplines with a queue per class (or one for all): a scheduler and, for each queue,
// a drop rule.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/packet/discipline/port_queue.hpp"
#include "sim/packet/discipline/schedulers.hpp"

namespace longhaul::packet {

template <class Scheduler>
class Classful {
 public:
  Classful(const PortSpec& spec, std::int64_t overhead, const Profiles& profiles)
      : spec_(spec),
        overhead_(overhead),
        profiles_(profiles),
        scheduler_(spec_),
        queues_(spec.queues.size()) {
    for (const ClassQueueLimit& q : spec.queues) {
      red_.emplace_back(q.red_weight, q.ps_per_byte);
      codel_.emplace_back(q.codel_target, q.codel_interval);
    }
  }
  Classful(const Classful&) = delete;
  Classful& operator=(const Classful&) = delete;

  bool empty() const { return count_ == 0; }
  std::int64_t bytes() const { return bytes_; }
  std::int64_t ready(std::int64_t now) const { return scheduler_.ready(now, queues_); }

  template <class Judge>
  void arrive(Packet& p, std::int64_t now, bool link_idle, Judge judge) {
    const std::size_t cls = profiles_.cls(p);
    const std::size_t q = spec_.queue_of[cls];
    const ClassQueueLimit& spec = spec_.queues[q];
    WaitingPackets& queue = queues_[q];
    const std::int64_t wire = p.size + overhead_;
    if (spec.rule == DropRule::red || spec.rule == DropRule::wred) {
      red_[q].sample(now, queue.bytes(), link_idle);
      const Red::Decision decision = red_[q].decide(spec.red[cls], judge.random());
      const bool marked = decision == Red::Decision::notify && spec.ecn && judge.mark(p);
      if (decision != Red::Decision::accept && !marked) return judge.drop(p, Drop::aqm);
    }
    // Alone at an idle link it does not wait: the limit is of what does.
    if ((!link_idle || count_ > 0) &&
        (queue.bytes() + wire > spec.limit_bytes || queue.size() >= spec.limit_packets))
      return judge.drop(p, Drop::buffer);
    const bool was_empty = queue.empty();
    queue.push(p, wire);
    ++count_;
    bytes_ += wire;
    if (was_empty) scheduler_.add(static_cast<int>(q), now);
  }

  template <class Judge>
  bool pull(std::int64_t now, Packet& out, Judge judge) {
    while (true) {
      picked_ = scheduler_.pick(now, queues_, overhead_);
      if (picked_ < 0) return false;
      const auto q = static_cast<std::size_t>(picked_);
      WaitingPackets& queue = queues_[q];
      const std::size_t count = queue.size();
      const std::int64_t bytes = queue.bytes();
      bool there = true;
      if (spec_.queues[q].rule == DropRule::codel && !judge.draining()) {
        there = codel_[q].dequeue(
            now, queue, overhead_, judge.largest(), out,
            [&](const Packet& p) { judge.drop(p, Drop::aqm); },
            [&](Packet& p) { return spec_.queues[q].ecn && judge.mark(p); });
      } else {
        out = queue.pop(overhead_);
      }
      count_ -= count - queue.size();
      bytes_ -= bytes - queue.bytes();
      if (queue.empty()) red_[q].idle_from(now);
      if (there) return true;
      scheduler_.sent(picked_, 0, now, true);
    }
  }
  /// After pull: what it found is sent from `now` on.
  void sent(std::int64_t bytes, std::int64_t now) {
    const bool empty = queues_[static_cast<std::size_t>(picked_)].empty();
    scheduler_.sent(picked_, bytes, now, empty);
  }

  /// f(packet) for all that wait, which are then gone.
  template <class F>
  void clear(std::int64_t now, F&& f) {
    for (std::size_t q = 0; q < queues_.size(); ++q) {
      if (queues_[q].empty()) continue;
      while (!queues_[q].empty()) f(queues_[q].pop(overhead_));
      scheduler_.flushed(static_cast<int>(q), now);
      red_[q].idle_from(now);
    }
    count_ = 0;
    bytes_ = 0;
  }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(scheduler_, queues_, count_, bytes_, picked_);
    for (Red& red : red_) archive(red);
    for (Codel& codel : codel_) archive(codel);
  }

  const PortSpec spec_;
  const std::int64_t overhead_;
  const Profiles& profiles_;
  Scheduler scheduler_;
  Queues queues_;
  std::vector<Red> red_;
  std::vector<Codel> codel_;
  std::size_t count_ = 0;
  std::int64_t bytes_ = 0;
  int picked_ = -1;
};

}  // namespace longhaul::packet
