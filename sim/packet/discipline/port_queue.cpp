#include "sim/packet/discipline/port_queue.hpp"

#include <algorithm>

#include "sim/packet/discipline/classful.hpp"
#include "sim/packet/discipline/discipline_queue.hpp"
#include "sim/packet/discipline/fq_codel.hpp"

namespace longhaul::packet {

PortQueue::PortQueue(const PortQueueSetup& setup)
    : setup_(setup), table_(*setup.forwarding), classes_(setup.classes) {
  stats_.series = BusySeries(0, setup.end, setup.end);  // until measuring starts
}

void PortQueue::start_measuring(std::int64_t time, std::int64_t interval) {
  stats_ = QueueStats{};
  stats_.series = BusySeries(time, interval, setup_.end);
  if (free_at_ > time) stats_.series.spill(time, free_at_);
  classes_.assign(setup_.classes, {});
  setup_.wait_counts.array->clear(setup_.wait_counts.first, setup_.classes * setup_.buckets->count);
  measured_from_ = time;
  level_waits_.clear();
}

void PortQueue::count_arrival(const Packet& p) {
  ++stats_.arrived;
  ++classes_[cls(p)].arrived;
  largest_ = std::max(largest_, wire_bytes(p));
}

void PortQueue::drop(const Packet& p, std::int64_t now, Drop cause, Context& context) {
  context.drops.push_back({p, now, cause, setup_.id});
  if (p.time < measured_from_) return;  // it arrived during the warm-up
  ++stats_.dropped;
  ++classes_[cls(p)].dropped;
}

void PortQueue::note_backlog(std::int64_t bytes, std::int64_t now) {
  const auto waiting = static_cast<std::int64_t>(UInt128{static_cast<std::uint64_t>(bytes)} *
                                                 model().ps_num / model().ps_den);
  std::int64_t sending = std::max<std::int64_t>(0, free_at_ - now);
  if (!model().paces.empty())  // in time at the port's own rate, like what waits
    sending = static_cast<std::int64_t>(UInt128{static_cast<std::uint64_t>(sending)} *
                                        model().paces[pace_.pace].bps / model().bps);
  stats_.work_max = std::max(stats_.work_max, waiting + sending);
}

bool PortQueue::mark(Packet& p) {
  if (!setup_.profiles->ecn(p)) return false;
  p.wait_hops |= Packet::congestion_experienced;
  if (p.time >= measured_from_) ++classes_[cls(p)].marked;
  return true;
}

bool PortQueue::down_at(std::int64_t now) {
  while (next_down_ < model().down.size() && model().down[next_down_].until <= now) {
    free_at_ = model().down[next_down_].until;  // what was being sent was lost
    pace_.remainder = 0;
    ++next_down_;
  }
  return fails_at() <= now;
}

std::int64_t PortQueue::transmit(const Packet& p, std::int64_t now, Context& context) {
  const QueueModel& model = *setup_.model;
  const std::int64_t bytes = wire_bytes(p);
  const std::int64_t departure = transmission_end(model, now, bytes, pace_);
  free_at_ = departure;
  if (departure > fails_at()) {
    stats_.series.spill(now, fails_at());
    drop(p, fails_at(), Drop::link_down, context);
    return bytes;
  }
  stats_.series.spill(now, departure);

  const std::int64_t wait = now - p.time;
  if (p.time >= measured_from_) {
    const std::size_t c = cls(p);
    ClassStats& own = classes_[c];
    ++own.sent;
    own.sent_bytes += static_cast<std::uint64_t>(bytes);
    own.wait_sum += wait;
    own.wait_max = std::max(own.wait_max, wait);
    if (!model.paces.empty()) level_waits_.add(model.paces[pace_.pace].level, wait);
    const std::size_t bucket = setup_.wait_counts.first + c * setup_.buckets->count +
                               bucket_index(wait, wait_histogram_bits);
    if (++setup_.wait_counts.array->data()[bucket] == 0) [[unlikely]]
      setup_.wait_counts.array->wrapped(bucket);
    stats_.wait_sum += wait;
    stats_.wait_max = std::max(stats_.wait_max, wait);
    stats_.byte_sojourn += static_cast<UInt128>(bytes) * static_cast<UInt128>(departure - p.time);
    stats_.sent_bytes += static_cast<std::uint64_t>(bytes);
    if (departure > setup_.end) {
      ++stats_.late;
      stats_.late_bytes += static_cast<std::uint64_t>(bytes);
    }
  }

  Packet next = p;
  next.time = departure + model.delay_ps;
  next.wait_hops += static_cast<std::uint64_t>(wait) + Packet::one_hop;
  ++context.hops;
  std::uint32_t out = table_.send(next, next.time, setup_.per_packet);
  const bool loops =
      setup_.hop_limit != 0 && next.expired(setup_.hop_limit) && out != setup_.sink_out;
  if (out == Forwarding::none || loops) {
    if (next.time < setup_.end) {
      const Drop cause = out == Forwarding::none ? Drop::no_route : Drop::loop;
      context.drops.push_back({next, next.time, cause, setup_.id});
      return bytes;
    }
    out = setup_.sink_out;  // still in flight at the end: it stays in the sink's lane, unread
  }
  setup_.lanes[out].append(next, context.pool);
  return bytes;
}

std::unique_ptr<PortQueue> make_port_queue(const PortQueueSetup& setup, const PortSpec& spec) {
  switch (spec.discipline) {
    case Discipline::fifo:
      return std::make_unique<DisciplineQueue<Classful<FifoScheduler>>>(setup, spec);
    case Discipline::strict_priority:
      return std::make_unique<DisciplineQueue<Classful<PriorityScheduler>>>(setup, spec);
    case Discipline::drr:
      return std::make_unique<DisciplineQueue<Classful<DrrScheduler>>>(setup, spec);
    case Discipline::wfq:
      return std::make_unique<DisciplineQueue<Classful<WfqScheduler>>>(setup, spec);
    case Discipline::hierarchical:
      return std::make_unique<DisciplineQueue<Classful<HierarchicalScheduler>>>(setup, spec);
    case Discipline::fq_codel:
      return std::make_unique<DisciplineQueue<FqCodel>>(setup, spec);
  }
  return nullptr;
}

}  // namespace longhaul::packet
