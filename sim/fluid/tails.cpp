#include "sim/fluid/tails.hpp"

#include <algorithm>

namespace longhaul::fluid {

namespace {

constexpr double ps_per_s = 1e12;
constexpr std::uint32_t none = UINT32_MAX;

double seconds(std::int64_t ps) { return static_cast<double>(ps) / ps_per_s; }

/// The integral of what steps let pass, up to `time`, which the first does not come after.
template <class Steps>
double passed_s(const Steps& steps, std::int64_t time) {
  const auto after = std::upper_bound(steps.begin(), steps.end(), time,
                                      [](std::int64_t t, const auto& s) { return t < s.time; });
  const auto& step = *(after - 1);
  return step.passed_s + step.passing * seconds(time - step.time);
}

}  // namespace

Tails::Tails(const engine::Input& input, Lines& lines)
    : input_(input),
      lines_(lines),
      queues_(input.network->ports().size()),
      delivered_(input.demands->demands.size(), 0.0) {}

std::uint32_t Tails::add(DemandId demand, Ways& ways, const std::vector<bool>& queues) {
  const StopIndex first = ways.start[demand.index()];
  const StopIndex behind = first + stops_of_way(ways, first);
  const auto at_queue = [&](const auto& f) {
    for (StopIndex s = first; s < behind; ++s)
      for (HopIndex h = ways.stops[s].first; h < ways.stops[s].first + ways.stops[s].hops; ++h)
        if (queues[ways.hops[h].port.index()]) f(h);
  };
  at_queue([&](HopIndex h) {
    ways.hops[h].tail = static_cast<std::uint32_t>(tails_.size());
    tails_.push_back({demand.value()});
  });
  at_queue([&](HopIndex h) { add_tail(ways.hops[h].port.value(), h, demand, ways, queues); });
  Range source{static_cast<std::uint32_t>(forwards_.size()), 0};
  for (const Reach& r : reach(*input_.network, ways, first, 0, queues))
    if (r.what == Reach::What::queue) {
      forwards_.push_back({add_feed(r.hop, ways), r.delay, r.share});
      ++source.count;
    }
  sources_.push_back(source);
  return static_cast<std::uint32_t>(sources_.size() - 1);
}

void Tails::add_tail(std::uint32_t port, HopIndex hop, DemandId demand, const Ways& ways,
                     const std::vector<bool>& queues) {
  const Demand& d = input_.demands->demands[demand.index()];
  const double mean_bits = 8 * input_.demands->sizes[d.sizes.index()].mean_bytes();
  Queue& queue = queues_[port];
  Tail& tail = tails_[ways.hops[hop].tail];
  tail.parts.first = static_cast<std::uint32_t>(parts_.size());
  tail.ends.first = static_cast<std::uint32_t>(ends_.size());
  tail.forwards.first = static_cast<std::uint32_t>(forwards_.size());
  const std::int64_t delay = std::max<std::int64_t>(1, input_.network->ports()[port].delay.ps());
  for (const Reach& r : reach(*input_.network, ways, ways.hops[hop].to, delay, queues)) {
    switch (r.what) {
      case Reach::What::port: {
        const Hop& there = ways.hops[r.hop];
        parts_.push_back({cell_of(queue, there.port.value(), r.delay), r.share * there.framing,
                          r.share / mean_bits});
        ++tail.parts.count;
        lines_.use(there.port.value(), r.delay);
        break;
      }
      case Reach::What::queue:
        forwards_.push_back({add_feed(r.hop, ways), r.delay, r.share});
        ++tail.forwards.count;
        break;
      case Reach::What::end:
        lines_.wait_for(r.delay);
        ends_.push_back({r.delay, r.share});
        ++tail.ends.count;
        break;
    }
  }
  queue.hops.push_back(hop);
  queue.tails.push_back(ways.hops[hop].tail);
  queue.parts += tail.parts.count;
  if (tail.forwards.count > 0) queue.forwarding.push_back(hop);
}

std::uint32_t Tails::cell_of(Queue& queue, std::uint32_t port, std::int64_t delay) {
  const auto [it, added] =
      queue.cell_at.try_emplace({port, delay}, static_cast<std::uint32_t>(queue.cells.size()));
  if (added) queue.cells.push_back({port, delay, 0, 0});
  return it->second;
}

std::uint32_t Tails::add_feed(HopIndex hop, const Ways& ways) {
  Tail& tail = tails_[ways.hops[hop].tail];
  feeds_.push_back({hop, tail.feed});
  tail.feed = static_cast<std::uint32_t>(feeds_.size() - 1);
  return tail.feed;
}

Tails::Coming Tails::come(std::uint32_t feed, const Flow& flow, const Ways& ways) {
  feeds_[feed].flow = flow;
  const HopIndex hop = feeds_[feed].hop;
  Flow all;
  for (std::uint32_t f = tails_[ways.hops[hop].tail].feed; f != none; f = feeds_[f].next) {
    all.bps += feeds_[f].flow.bps;
    all.measured_bps += feeds_[f].flow.measured_bps;
  }
  return {hop, all};
}

bool Tails::leave(std::uint32_t port, std::int64_t time, double passing,
                  std::span<const HopIndex> changed, const Ways& ways, std::vector<Sent>& sent) {
  Queue& queue = queues_[port];
  if (queue.hops.empty()) return false;
  const bool all = passing != queue.passing;
  Leave leave{time, passing, 0};
  for (const HopIndex h : changed) {
    if (ways.hops[h].tail == none) continue;
    queue.changes.push_back({ways.hops[h].tail, ways.hops[h].in});
    ++leave.changes;
  }
  if (!all && leave.changes == 0) return false;
  queue.passing = passing;
  queue.leaves.push_back(leave);
  for (const HopIndex h : all ? std::span<const HopIndex>(queue.forwarding) : changed) {
    const Hop& hop = ways.hops[h];
    if (hop.tail == none) continue;
    const Range& to = tails_[hop.tail].forwards;
    for (std::uint32_t f = to.first; f < to.first + to.count; ++f) {
      const double share = passing * forwards_[f].share;
      sent.push_back({time + forwards_[f].delay,
                      forwards_[f].feed,
                      {hop.in.bps * share, hop.in.measured_bps * share}});
    }
  }
  return true;
}

void Tails::advance(std::int64_t now) {
  for (Queue& queue : queues_) {
    while (queue.next_leave < queue.leaves.size() &&
           queue.leaves[queue.next_leave].time + lines_.longest() < now)
      add_leave(queue, queue.leaves[queue.next_leave++], never);
    const auto so_far = [](auto& all, std::uint64_t& next) {
      all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(next));
      next = 0;
    };
    so_far(queue.leaves, queue.next_leave);
    so_far(queue.changes, queue.next_change);
  }
}

void Tails::finish(std::int64_t reached) {
  for (Queue& queue : queues_) {
    while (queue.next_leave < queue.leaves.size())
      add_leave(queue, queue.leaves[queue.next_leave++], reached);
    for (const std::uint32_t t : queue.tails) deliver(queue, tails_[t], never, reached);
  }
}

/// With `reached` not `never`: only what comes before it.
void Tails::add_leave(Queue& queue, const Leave& leave, std::int64_t reached) {
  const Step& last = queue.steps.back();
  const double more = leave.passing - last.passing;
  if (more != 0) {
    for (const Cell& cell : queue.cells)
      lines_.bring(cell.port, leave.time + cell.delay, cell.bps * more, cell.packets_per_s * more,
                   reached);
    lines_.count_changes(queue.parts);
    const Step step{leave.time, leave.passing,
                    last.passed_s + last.passing * seconds(leave.time - last.time)};
    if (reached == never)
      queue.steps.back() = step;
    else
      queue.steps.push_back(step);
  }
  for (std::uint64_t i = 0; i < leave.changes; ++i)
    add_change(queue, queue.changes[queue.next_change++], leave.time, reached);
}

void Tails::add_change(Queue& queue, const Change& change, std::int64_t time,
                       std::int64_t reached) {
  Tail& tail = tails_[change.tail];
  deliver(queue, tail, time, reached);
  const double more = change.in.bps - tail.in.bps;
  tail.in = change.in;
  const double passing = queue.steps.back().passing;
  for (std::uint32_t p = tail.parts.first; p < tail.parts.first + tail.parts.count; ++p) {
    const Part& part = parts_[p];
    Cell& cell = queue.cells[part.cell];
    cell.bps += part.bits * more;
    cell.packets_per_s += part.packets * more;
    lines_.bring(cell.port, time + cell.delay, part.bits * more * passing,
                 part.packets * more * passing, reached);
  }
  lines_.count_changes(tail.parts.count);
}

/// Counts what left up to `time` and came before `reached`.
void Tails::deliver(const Queue& queue, Tail& tail, std::int64_t time, std::int64_t reached) {
  const double now_s = time == never ? 0 : passed_s(queue.steps, time);
  if (tail.in.measured_bps > 0)
    for (std::uint32_t e = tail.ends.first; e < tail.ends.first + tail.ends.count; ++e) {
      // What leaves later than this does not come before `reached`.
      const std::int64_t last =
          reached == never ? never : std::max<std::int64_t>(0, reached - ends_[e].delay);
      const double from_s = tail.since <= last ? tail.passed_s : passed_s(queue.steps, last);
      const double until_s = time <= last ? now_s : passed_s(queue.steps, last);
      delivered_[tail.demand] += tail.in.measured_bps * ends_[e].share * (until_s - from_s);
    }
  tail.since = time;
  tail.passed_s = now_s;
}

}  // namespace longhaul::fluid
