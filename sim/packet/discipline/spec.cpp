#include "sim/packet/discipline/spec.hpp"

#include <algorithm>
#include <cmath>

#include "sim/packet/discipline/schedulers.hpp"

namespace longhaul::packet {

namespace {

constexpr std::int64_t full_frame = 1538;  ///< 1500 bytes and Ethernet's framing
/// Shares below a thousandth of the link count as that, so that virtual times stay small.
constexpr std::int64_t least_share = 1000;

std::int64_t to_bytes(const QueueLimit& limit, const QueueModel& queue) {
  if (limit.kind == QueueLimit::Kind::time)
    return static_cast<std::int64_t>(Int128{limit.value} * queue.ps_den / queue.ps_num);
  if (limit.kind == QueueLimit::Kind::packets) return limit.value * full_frame;
  return limit.value;
}

/// The setting of a class, or the default.
const ClassQueueing& of_class(const Queueing& queueing, std::size_t cls) {
  static const ClassQueueing none{};
  return cls < queueing.classes.size() ? queueing.classes[cls] : none;
}

ClassQueueLimit queue_spec(const Queueing& queueing, const QueueLimit& limit, const DropSpec& drop,
                           std::size_t classes, const QueueModel& queue) {
  ClassQueueLimit spec;
  if (limit.kind == QueueLimit::Kind::packets)
    spec.limit_packets = static_cast<std::size_t>(limit.value);
  else if (limit.kind != QueueLimit::Kind::unlimited)
    spec.limit_bytes = to_bytes(limit, queue);
  spec.rule = drop.rule;
  spec.ecn = drop.ecn;
  spec.red_weight = drop.red.weight;
  spec.codel_target = drop.codel.target.ps();
  spec.codel_interval = drop.codel.interval.ps();
  spec.ps_per_byte = static_cast<double>(queue.ps_num) / static_cast<double>(queue.ps_den);
  for (std::size_t c = 0; c < classes; ++c) {
    const auto& own = of_class(queueing, c).drop;
    const RedSpec& red = drop.rule == DropRule::wred && own ? own->red : drop.red;
    spec.red.push_back({static_cast<double>(to_bytes(red.least, queue)),
                        static_cast<double>(to_bytes(red.most, queue)), red.probability});
  }
  return spec;
}

/// Rank of each class's priority among those in use.
std::vector<std::uint8_t> priority_ranks(const std::vector<TrafficClass>& classes) {
  std::vector<int> levels;
  for (const TrafficClass& c : classes) levels.push_back(c.priority);
  std::sort(levels.begin(), levels.end());
  levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  std::vector<std::uint8_t> ranks;
  for (const TrafficClass& c : classes)
    ranks.push_back(static_cast<std::uint8_t>(
        std::lower_bound(levels.begin(), levels.end(), c.priority) - levels.begin()));
  return ranks;
}

/// Time of a burst that lets a full frame pass and lasts 1 ms at the rate.
std::int64_t burst_ps(std::int64_t bps) {
  const auto frame = static_cast<std::int64_t>(Int128{full_frame} * 8'000'000'000'000 / bps);
  return std::max<std::int64_t>(frame, Duration::ms(1).ps());
}

ShareSpec share_of(const ClassQueueing& cls, Rate link, std::size_t queues) {
  ShareSpec share;
  if (cls.guaranteed.given()) {
    share.guaranteed_bps = cls.guaranteed.at(link);
    share.guaranteed_burst_ps = burst_ps(share.guaranteed_bps);
  }
  share.ceiling_bps = cls.ceiling.given() ? std::min(cls.ceiling.at(link), link.bps()) : link.bps();
  // A ceiling as high as the link never holds anything back.
  share.ceiling_burst_ps = share.ceiling_bps == link.bps()
                               ? std::numeric_limits<std::int64_t>::max() / 4
                               : burst_ps(share.ceiling_bps);
  if (cls.parent) share.parent = static_cast<std::int64_t>(queues + *cls.parent);
  return share;
}

}  // namespace

PortSpec port_spec(const Queueing& queueing, const std::vector<TrafficClass>& classes,
                   const QueueModel& queue) {
  PortSpec spec;
  spec.discipline = queueing.discipline;
  spec.ps_num = queue.ps_num;
  spec.ps_den = queue.ps_den;
  const std::size_t n = classes.size();
  const std::vector<std::uint8_t> ranks = priority_ranks(classes);
  std::size_t queues = 1;
  if (queueing.discipline == Discipline::strict_priority)
    queues = static_cast<std::size_t>(*std::max_element(ranks.begin(), ranks.end())) + 1U;
  else if (queueing.discipline != Discipline::fifo && queueing.discipline != Discipline::fq_codel)
    queues = n;
  spec.queue_of.assign(n, 0);
  spec.strict.assign(queues, 255);
  spec.queues.resize(queues);
  for (std::size_t c = n;
       c-- > 0;) {  // of classes that share a queue, the first one's settings count
    const std::size_t q = queueing.discipline == Discipline::strict_priority ? ranks[c]
                          : queues == 1                                      ? 0
                                                                             : c;
    const ClassQueueing& own = of_class(queueing, c);
    const bool shared =
        queueing.discipline == Discipline::fifo || queueing.discipline == Discipline::fq_codel;
    spec.queue_of[c] = static_cast<std::uint8_t>(q);
    spec.queues[q] = queue_spec(queueing, own.buffer && !shared ? *own.buffer : queueing.buffer,
                                own.drop && !shared ? *own.drop : queueing.drop, n, queue);
    if (own.strict && queues == n) spec.strict[q] = ranks[c];
  }
  // Equal ranks among the strict would be one: they go by class.
  const Rate link = Rate::bps(
      static_cast<std::int64_t>(8'000'000'000'000.0 / (static_cast<double>(queue.ps_num) /
                                                       static_cast<double>(queue.ps_den)) +
                                0.5));
  double least = std::numeric_limits<double>::max();
  double all = 0;
  for (std::size_t q = 0; q < queues && queues == n; ++q) {
    const ClassQueueing& own = of_class(queueing, q);
    if (own.strict) continue;
    least = std::min(least, own.weight);
    all += own.weight;
  }
  for (std::size_t q = 0; q < queues && queues == n; ++q) {
    const ClassQueueing& own = of_class(queueing, q);
    spec.quantum.push_back(std::max<std::int64_t>(
        1, std::llround(static_cast<double>(full_frame) * own.weight / least)));
    spec.priority.push_back(ranks[q]);
    double share = own.weight / all;
    if (queueing.discipline == Discipline::hierarchical)
      share = own.guaranteed.given()
                  ? static_cast<double>(own.guaranteed.at(link)) / link.as_double()
                  : 0.0;
    share = std::clamp(share, 1.0 / least_share, 1.0);
    spec.inverse.push_back(std::llround(static_cast<double>(WfqScheduler::unit) / share));
    if (queueing.discipline == Discipline::hierarchical)
      spec.shares.push_back(share_of(own, link, n));
  }
  if (queueing.discipline == Discipline::hierarchical)
    for (const ClassQueueing& group : queueing.groups)
      spec.shares.push_back(share_of(group, link, n));
  return spec;
}

}  // namespace longhaul::packet
