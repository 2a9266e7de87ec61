#include "sim/packet/queue.hpp"

#include <algorithm>
#include <limits>

namespace longhaul::packet {

template <Queue::Rates rates>
Queue::Serve Queue::serving(bool by_packets, bool may_loop) {
  if (by_packets)
    return may_loop ? &Queue::serve_as<rates, true, true> : &Queue::serve_as<rates, true, false>;
  return may_loop ? &Queue::serve_as<rates, false, true> : &Queue::serve_as<rates, false, false>;
}

Queue::Queue(const QueueModel& model, std::uint32_t id, const NodeModel& next, Lane* lanes,
             std::uint64_t hop_limit, std::int64_t end, bool per_packet, CountSlice wait_counts,
             const Buckets& buckets)
    : model_(&model),
      id_(id),
      table_(next.forwarding),
      lanes_(lanes),
      sink_out_(next.sink_out()),
      per_packet_(per_packet),
      end_(end),
      hop_limit_(hop_limit),
      departures_(static_cast<std::size_t>(model.packet_limit), 0),
      wait_counts_(wait_counts),
      buckets_(buckets) {
  const bool counted = model.packet_limit > 0;
  const bool may_loop = hop_limit != 0;
  if (!model.paces.empty()) {
    paced_ = std::make_unique<PacedState>(model);
    serve_ = serving<Rates::paced>(counted, may_loop);
  } else if (model.ps_den == 1) {
    serve_ = serving<Rates::whole>(counted, may_loop);
  } else {
    serve_ = serving<Rates::fraction>(counted, may_loop);
  }
  stats_.series = BusySeries(0, end, end);  // until measuring starts
  set_limit();
}

void Queue::start_measuring(std::int64_t time, std::int64_t interval) {
  stats_ = QueueStats{};
  stats_.series = BusySeries(time, interval, end_);
  // What is in transmission or waiting keeps the link busy into the measured period.
  if (free_at_ > time) stats_.series.spill(time, free_at_);
  wait_counts_.array->clear(wait_counts_.first, buckets_.count);
  if (paced_) paced_->clear_waits();
}

void Queue::set_limit() {
  limit_ = end_;
  limit_ = std::min(limit_, table_.next_change() - model_->delay_ps - 1);
  if (next_down_ < model_->down.size()) limit_ = std::min(limit_, model_->down[next_down_].from);
}

bool Queue::pass_bound(std::int64_t start, std::int64_t departure, std::int64_t bytes) {
  if (next_down_ < model_->down.size() && departure > model_->down[next_down_].from) {
    // It was let in, but the link fails before it is sent. Until then it takes its place in the
    // queue.
    const std::int64_t failure = model_->down[next_down_].from;
    if (start < failure) stats_.series.spill(start, failure);
    return false;
  }
  stats_.series.spill(start, departure);
  table_.advance(departure + model_->delay_ps);
  set_limit();
  if (departure > end_) {
    ++stats_.late;
    stats_.late_bytes += static_cast<std::uint64_t>(bytes);
  }
  return true;
}

void Queue::serve(const Key* keys, std::size_t n, Context& context) {
  for (; n > most_in_batch; keys += most_in_batch, n -= most_in_batch)
    serve_batch(keys, most_in_batch, context);
  serve_batch(keys, n, context);
}

void Queue::serve_between_failures(const Key* keys, std::size_t n, Context& context) {
  const Key* const end = keys + n;
  const auto first_at = [&](const Key* from, std::int64_t time) {
    return std::lower_bound(from, end, time,
                            [](const Key& k, std::int64_t t) { return k.time < t; });
  };
  while (keys != end) {
    if (next_down_ == model_->down.size()) {
      (this->*serve_)(keys, static_cast<std::size_t>(end - keys), context);
      return;
    }
    const Interval& down = model_->down[next_down_];
    const Key* const fails = first_at(keys, down.from);
    (this->*serve_)(keys, static_cast<std::size_t>(fails - keys), context);
    const Key* const back = first_at(fails, down.until);
    for (const Key* k = fails; k != back; ++k)
      context.drops.push_back({*k->packet, k->time, Drop::link_down, id_});
    stats_.arrived += static_cast<std::uint64_t>(back - fails);
    stats_.dropped += static_cast<std::uint64_t>(back - fails);
    keys = back;
    if (keys != end) {  // the link is back, its queue empty
      ++next_down_;
      free_at_ = down.until;
      remainder_ = 0;
      departures_head_ = departures_count_ = 0;
      if (paced_) paced_->restart();
      set_limit();
    }
  }
}

bool Queue::full(std::int64_t arrival) {
  const std::size_t capacity = departures_.size();
  while (departures_count_ > 0 && departures_[departures_head_] <= arrival) {
    departures_head_ = departures_head_ + 1 == capacity ? 0 : departures_head_ + 1;
    --departures_count_;
  }
  return departures_count_ == capacity;
}

/// What serve_as adds up over a batch; in registers, then added to the queue's counts once.
struct Queue::Batch {
  std::int64_t wait_max;
  std::int64_t work_max;
  std::int64_t wait_sum = 0;       // most_in_batch waits of at most 54 bits fit
  std::uint64_t byte_sojourn = 0;  // of packets with at most most_work_in_batch
  std::uint64_t sent_bytes = 0;
  std::int64_t busy = 0;
  std::size_t lost = 0;
};

void Queue::add(const Batch& batch, std::size_t n) {
  stats_.arrived += n;
  stats_.dropped += batch.lost;
  stats_.wait_max = batch.wait_max;
  stats_.work_max = batch.work_max;
  stats_.wait_sum += batch.wait_sum;
  stats_.byte_sojourn += batch.byte_sojourn;
  stats_.sent_bytes += batch.sent_bytes;
  stats_.series.add(batch.busy);
}

// Everything the loop needs is in locals: what it stores into lanes could alias any member.
template <Queue::Rates rates, bool by_packets, bool may_loop>
void Queue::serve_as(const Key* keys, std::size_t n, Context& context) {
  constexpr bool whole_ps = rates == Rates::whole;
  constexpr bool paced = rates == Rates::paced;
  const auto ps_num = model_->ps_num;
  const auto ps_den = model_->ps_den;
  const std::int64_t overhead = model_->overhead;
  const std::int64_t delay = model_->delay_ps;
  const std::int64_t work_limit = model_->work_limit_ps;
  std::uint32_t* const wait_counts = wait_counts_.array->data() + wait_counts_.first;
  Lane* const lanes = lanes_;
  const std::uint16_t* table = table_.entries();
  // One comparison a packet covers all that is rare: a sampling interval's end, a change of the far
  // end's table, a failure, the run's end.
  std::int64_t bound = std::min(limit_, stats_.series.interval_end());
  std::int64_t free_at = free_at_;
  Lane* last = nullptr;
  Batch batch{stats_.wait_max, stats_.work_max};
  // With whole picoseconds a byte, busy time follows from the bytes sent since the interval began.
  std::uint64_t interval_bytes = 0;
  const auto busy_since = [&](std::uint64_t bytes_before) {
    return static_cast<std::int64_t>((batch.sent_bytes - bytes_before) * ps_num);
  };
  for (std::size_t i = 0; i < n; ++i) {
    const Packet p = *keys[i].packet;
    const std::int64_t arrival = keys[i].time;
    const std::int64_t start = std::max(arrival, free_at);
    const std::int64_t bytes = p.size + overhead;
    std::uint64_t remainder = 0;
    PacePosition position;
    std::int64_t departure;
    if constexpr (paced) {
      position = paced_->position;
      departure = transmission_end(*model_, start, bytes, position);
    } else if constexpr (whole_ps) {
      departure = start + bytes * static_cast<std::int64_t>(ps_num);
    } else {
      const std::uint64_t scaled = static_cast<std::uint64_t>(bytes) * ps_num + remainder_;
      departure = start + static_cast<std::int64_t>(scaled / ps_den);
      remainder = scaled % ps_den;
    }
    const std::int64_t work = departure - arrival;
    std::int64_t filled = work;  // at the port's own rate
    bool dropped = work > work_limit;
    if constexpr (paced) {
      const UInt128 unsent = paced_->unsent(arrival) + picobits(bytes);
      dropped = unsent > model_->unsent_limit;
      filled = static_cast<std::int64_t>(unsent / model_->bps);
    }
    if constexpr (by_packets) dropped = full(arrival);
    if (dropped) [[unlikely]] {
      context.drops.push_back({p, arrival, Drop::buffer, id_});
      ++batch.lost;
      continue;
    }
    if constexpr (rates == Rates::fraction) remainder_ = remainder;
    if constexpr (paced) {
      paced_->position = position;
      paced_->push(departure, bytes);
    }
    if constexpr (by_packets) {
      const std::size_t tail = departures_head_ + departures_count_;
      departures_[tail < departures_.size() ? tail : tail - departures_.size()] = departure;
      ++departures_count_;
    }
    free_at = departure;
    if (departure > bound) [[unlikely]] {
      if constexpr (whole_ps) batch.busy = busy_since(interval_bytes);
      stats_.series.add(batch.busy);  // to the interval it was gathered in
      batch.busy = 0;
      const bool sent = pass_bound(start, departure, bytes);
      bound = std::min(limit_, stats_.series.interval_end());
      table = table_.entries();
      if (!sent) {
        context.drops.push_back({p, model_->down[next_down_].from, Drop::link_down, id_});
        ++batch.lost;
        interval_bytes = batch.sent_bytes;
        continue;
      }
      interval_bytes = batch.sent_bytes + static_cast<std::uint64_t>(bytes);
    } else if constexpr (!whole_ps) {
      batch.busy += departure - start;
    }

    const std::int64_t wait = start - arrival;
    const std::size_t bucket = bucket_index(wait, wait_histogram_bits);
    if (++wait_counts[bucket] == 0) [[unlikely]]
      wait_counts_.array->wrapped(wait_counts_.first + bucket);
    if constexpr (paced) paced_->count_wait(wait);
    batch.wait_sum += wait;
    if (wait > batch.wait_max) [[unlikely]]
      batch.wait_max = wait;
    if (filled > batch.work_max) [[unlikely]]
      batch.work_max = filled;
    batch.sent_bytes += static_cast<std::uint64_t>(bytes);
    if (work <= most_work_in_batch) [[likely]]
      batch.byte_sojourn += static_cast<std::uint64_t>(bytes * work);
    else
      stats_.byte_sojourn += static_cast<UInt128>(bytes) * static_cast<UInt128>(work);

    Packet next{departure + delay,
                p.birth,
                p.wait_hops + static_cast<std::uint64_t>(wait) + Packet::one_hop,
                p.flow,
                p.size,
                p.destination};
    std::uint32_t out = table[p.destination];
    if (out >= Forwarding::choice_flag) [[unlikely]] {
      const std::uint32_t entry = out;
      out = table_.forwarding().choose(entry, p, per_packet_);
      if (out != Forwarding::none) {
        next.destination = table_.forwarding().turned(entry, p.destination);
      } else {
        if (next.time < end_) {
          context.drops.push_back({next, next.time, Drop::no_route, id_});
          last = nullptr;
          continue;
        }
        out = sink_out_;  // still in flight at the end: it stays in the sink's lane, unread
      }
    }
    if constexpr (may_loop)
      if (next.expired(hop_limit_) && out != sink_out_) [[unlikely]] {
        if (next.time < end_) {
          context.drops.push_back({next, next.time, Drop::loop, id_});
          last = nullptr;
          continue;
        }
        out = sink_out_;
      }
    last = lanes + out;
    last->append(next, context.pool);
  }
  if constexpr (whole_ps) batch.busy = busy_since(interval_bytes);
  free_at_ = free_at;
  context.hops += n - batch.lost;
  context.last_lane = last;
  add(batch, n);
}

}  // namespace longhaul::packet
