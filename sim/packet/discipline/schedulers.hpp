// Schedulers: which queue of a port sends next. Each offers
//   void add(q, now)       queue q, which was empty, has a packet now
//   int pick(now, queues, overhead)  the queue to send from as the link is free, or -1 if none may
//   void sent(q, bytes, now, empty)  q sends so many bytes on the wire from now on (0: its packets
//                          were all dropped instead); whether it is empty now
//   void flushed(q, now)   all that waited in q is gone, the link having failed
//   std::int64_t ready(now, queues)  when a pick will find one, after a pick found none
// All are integers (docs/models/queue-disciplines.md defines them to the bit).
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/packet/discipline/class_queue.hpp"
#include "sim/packet/discipline/spec.hpp"

namespace longhaul::packet {

using Queues = std::vector<WaitingPackets>;

/// Queues that go before all others, in their order.
class StrictFirst {
 public:
  explicit StrictFirst(const std::vector<std::uint8_t>& rank) : rank_(rank) {
    for (std::uint8_t r = 0; r < 255; ++r)
      for (std::size_t q = 0; q < rank.size(); ++q)
        if (rank[q] == r) order_.push_back(static_cast<int>(q));
  }
  bool has(int q) const { return rank_[static_cast<std::size_t>(q)] != 255; }
  int pick(const Queues& queues) const {
    return pick_if(queues, [](int) { return true; });
  }
  /// The first that waits and for which `may`.
  template <class F>
  int pick_if(const Queues& queues, F&& may) const {
    for (const int q : order_)
      if (!queues[static_cast<std::size_t>(q)].empty() && may(q)) return q;
    return -1;
  }

 private:
  std::vector<std::uint8_t> rank_;
  std::vector<int> order_;
};

/// One queue.
class FifoScheduler {
 public:
  explicit FifoScheduler(const PortSpec&) {}
  void add(int, std::int64_t) {}
  int pick(std::int64_t, const Queues& queues, std::int64_t) { return queues[0].empty() ? -1 : 0; }
  void sent(int, std::int64_t, std::int64_t, bool) {}
  void flushed(int, std::int64_t) {}
  std::int64_t ready(std::int64_t now, const Queues&) const { return now; }
  template <class Archive>
  void serialize(Archive&) {}
};

/// Strict priority: queue 0 before queue 1 before ...; what is being sent is not interrupted.
class PriorityScheduler {
 public:
  explicit PriorityScheduler(const PortSpec&) {}
  void add(int, std::int64_t) {}
  int pick(std::int64_t, const Queues& queues, std::int64_t) {
    for (std::size_t q = 0; q < queues.size(); ++q)
      if (!queues[q].empty()) return static_cast<int>(q);
    return -1;
  }
  void sent(int, std::int64_t, std::int64_t, bool) {}
  void flushed(int, std::int64_t) {}
  std::int64_t ready(std::int64_t now, const Queues&) const { return now; }
  template <class Archive>
  void serialize(Archive&) {}
};

/// Deficit round robin (Shreedhar and Varghese, IEEE/ACM ToN 4(3), 1996).
class DrrScheduler {
 public:
  explicit DrrScheduler(const PortSpec& spec)
      : strict_(spec.strict),
        quantum_(spec.quantum),
        deficit_(quantum_.size(), 0),
        next_(quantum_.size(), -1) {}

  void add(int q, std::int64_t) {
    if (strict_.has(q)) return;
    deficit_[at(q)] = 0;
    append(q);
  }
  int pick(std::int64_t, const Queues& queues, std::int64_t overhead) {
    const int first = strict_.pick(queues);
    if (first >= 0 || head_ < 0) return first;
    while (true) {
      const int q = head_;
      if (!turn_) deficit_[at(q)] += quantum_[at(q)];
      turn_ = true;
      if (deficit_[at(q)] >= queues[at(q)].front().size + overhead) return q;
      rotate();
    }
  }
  void sent(int q, std::int64_t bytes, std::int64_t, bool empty) {
    if (strict_.has(q)) return;
    deficit_[at(q)] -= bytes;
    if (!empty) return;
    // It was at the head: only the head is picked.
    head_ = next_[at(q)];
    if (head_ < 0) tail_ = -1;
    turn_ = false;
  }
  /// All queues are flushed together.
  void flushed(int, std::int64_t) {
    head_ = tail_ = -1;
    turn_ = false;
  }
  std::int64_t ready(std::int64_t now, const Queues&) const { return now; }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(deficit_, next_, head_, tail_, turn_);
  }

  static std::size_t at(int q) { return static_cast<std::size_t>(q); }
  void append(int q) {
    next_[at(q)] = -1;
    if (tail_ >= 0)
      next_[at(tail_)] = q;
    else
      head_ = q;
    tail_ = q;
  }
  void rotate() {
    const int q = head_;
    turn_ = false;
    if (next_[at(q)] < 0) return;
    head_ = next_[at(q)];
    append(q);
  }

  StrictFirst strict_;
  std::vector<std::int64_t> quantum_;
  std::vector<std::int64_t> deficit_;
  std::vector<int> next_;  ///< the round: a list of the queues that wait
  int head_ = -1;
  int tail_ = -1;
  bool turn_ = false;  ///< the head has had its quantum of this round
};

/// Worst-case fair weighted fair queueing, WF2Q+ (Bennett and Zhang, IEEE/ACM ToN 5(5), 1997): of
/// the queues whose head would have started in the fluid system, the one that would finish first.
class WfqScheduler {
 public:
  explicit WfqScheduler(const PortSpec& spec)
      : strict_(spec.strict),
        inverse_(spec.inverse),
        ps_num_(spec.ps_num),
        ps_den_(spec.ps_den),
        start_(inverse_.size(), 0),
        finish_(inverse_.size(), 0),
        waits_(inverse_.size(), 0) {}

  void add(int q, std::int64_t now) {
    if (strict_.has(q)) return;
    const auto i = static_cast<std::size_t>(q);
    const std::int64_t done = work_done(now);
    if (waiting_ == 0 && done == sending_) restart();
    ++waiting_;
    waits_[i] = 1;
    start_[i] = std::max(virtual_ + std::min(done, sending_), finish_[i]);
  }
  int pick(std::int64_t, const Queues& queues, std::int64_t overhead) {
    virtual_ += sending_;
    sending_ = 0;
    const int first = strict_.pick(queues);
    if (first >= 0 || waiting_ == 0) return first;
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    for (std::size_t q = 0; q < waits_.size(); ++q)
      if (waits_[q] != 0) least = std::min(least, start_[q]);
    virtual_ = std::max(virtual_, least);
    int best = -1;
    std::int64_t soonest = std::numeric_limits<std::int64_t>::max();
    for (std::size_t q = 0; q < waits_.size(); ++q) {
      if (waits_[q] == 0 || start_[q] > virtual_) continue;
      const std::int64_t finish = start_[q] + (queues[q].front().size + overhead) * inverse_[q];
      if (finish < soonest) soonest = finish, best = static_cast<int>(q);
    }
    return best;
  }
  void sent(int q, std::int64_t bytes, std::int64_t now, bool empty) {
    if (strict_.has(q)) return;
    const auto i = static_cast<std::size_t>(q);
    start_[i] = finish_[i] = start_[i] + bytes * inverse_[i];
    sending_ = bytes * unit;
    since_ = now;
    if (empty) {
      waits_[i] = 0;
      --waiting_;
    }
    if (virtual_ > renewal) renew();
  }
  void flushed(int q, std::int64_t) {
    if (strict_.has(q)) return;
    waits_[static_cast<std::size_t>(q)] = 0;
    --waiting_;
  }
  std::int64_t ready(std::int64_t now, const Queues&) const { return now; }

  /// Virtual time of one byte of the whole link; a queue's is unit x all weights / its weight.
  static constexpr std::int64_t unit = 1 << 16;

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(start_, finish_, waits_, waiting_, virtual_, sending_, since_);
  }

  static constexpr std::int64_t renewal = std::int64_t{1} << 60;

  /// Virtual time of what has been sent of the current packet.
  std::int64_t work_done(std::int64_t now) const {
    const UInt128 done =
        UInt128{static_cast<std::uint64_t>(now - since_)} * unit * ps_den_ / ps_num_;
    return done < static_cast<UInt128>(sending_) ? static_cast<std::int64_t>(done) : sending_;
  }
  /// A new busy period.
  void restart() {
    virtual_ = sending_ = 0;
    std::fill(finish_.begin(), finish_.end(), 0);
  }
  /// Only differences count: all times back, before they overflow.
  void renew() {
    for (std::int64_t& s : start_) s = std::max<std::int64_t>(0, s - virtual_);
    for (std::int64_t& f : finish_) f = std::max<std::int64_t>(0, f - virtual_);
    virtual_ = 0;
  }

  StrictFirst strict_;
  std::vector<std::int64_t> inverse_;
  std::uint64_t ps_num_;
  std::uint64_t ps_den_;
  std::vector<std::int64_t> start_;   ///< of the head
  std::vector<std::int64_t> finish_;  ///< of the packet sent last
  std::vector<std::uint8_t> waits_;
  int waiting_ = 0;
  std::int64_t virtual_ = 0;  ///< when the current packet began
  std::int64_t sending_ = 0;  ///< what it adds
  std::int64_t since_ = 0;    ///< when it began
};

/// Class-based and hierarchical, in the manner of HTB (M. Devera, 2002): classes within their
/// guaranteed rate first, then those that borrow from the nearest group that has something to lend,
/// by priority; equals share in proportion to their guarantees. None exceeds its ceiling or that of
/// a group around it.
class HierarchicalScheduler {
 public:
  explicit HierarchicalScheduler(const PortSpec& spec)
      : strict_(spec.strict),
        spec_(spec),
        guaranteed_(spec.shares.size(), 0),
        ceiling_(spec.shares.size(), 0),
        finish_(spec.inverse.size(), 0) {}

  void add(int, std::int64_t) {}

  int pick(std::int64_t now, const Queues& queues, std::int64_t) {
    const int first = strict_.pick_if(
        queues, [&](int q) { return ceiling_end(static_cast<std::size_t>(q)) <= now; });
    if (first >= 0) return first;
    int best = -1;
    Rank rank{};
    for (std::size_t q = 0; q < queues.size(); ++q) {
      if (queues[q].empty() || strict_.has(static_cast<int>(q)) || ceiling_end(q) > now) continue;
      const Rank own{lender(q, now), spec_.priority[q], std::max(virtual_, finish_[q])};
      if (best >= 0 && !(own < rank)) continue;
      best = static_cast<int>(q);
      rank = own;
    }
    if (best >= 0) virtual_ = rank.start;
    return best;
  }
  void sent(int q, std::int64_t bytes, std::int64_t now, bool) {
    const auto i = static_cast<std::size_t>(q);
    if (!strict_.has(q)) finish_[i] = std::max(virtual_, finish_[i]) + bytes * spec_.inverse[i];
    if (virtual_ > renewal) {  // only differences count
      for (std::int64_t& f : finish_) f = std::max<std::int64_t>(0, f - virtual_);
      virtual_ = 0;
    }
    for (auto s = static_cast<std::int64_t>(q); s >= 0; s = share(s).parent) {
      const ShareSpec& own = share(s);
      if (own.guaranteed_bps > 0)
        charge(guaranteed_[static_cast<std::size_t>(s)], bytes, own.guaranteed_bps, now);
      charge(ceiling_[static_cast<std::size_t>(s)], bytes, own.ceiling_bps, now);
    }
  }
  void flushed(int, std::int64_t) {}
  std::int64_t ready(std::int64_t now, const Queues& queues) const {
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    for (std::size_t q = 0; q < queues.size(); ++q)
      if (!queues[q].empty()) least = std::min(least, ceiling_end(q));
    return std::max(now, least);
  }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(guaranteed_, ceiling_, finish_, virtual_);
  }

  static constexpr std::int64_t renewal = std::int64_t{1} << 60;

  struct Rank {
    int level;
    std::uint8_t priority;
    std::int64_t start;
    bool operator<(const Rank& o) const {
      if (level != o.level) return level < o.level;
      return priority != o.priority ? priority < o.priority : start < o.start;
    }
  };
  const ShareSpec& share(std::int64_t s) const { return spec_.shares[static_cast<std::size_t>(s)]; }
  /// 0: within its own guarantee; k: the k-th group around it lends; large: the link does.
  int lender(std::size_t q, std::int64_t now) const {
    int level = 0;
    for (auto s = static_cast<std::int64_t>(q); s >= 0; s = share(s).parent, ++level) {
      const ShareSpec& own = share(s);
      if (own.guaranteed_bps > 0 &&
          guaranteed_[static_cast<std::size_t>(s)] <= now + own.guaranteed_burst_ps)
        return level;
    }
    return level;
  }
  /// When no ceiling of the class or a group around it holds it back.
  std::int64_t ceiling_end(std::size_t q) const {
    std::int64_t end = 0;
    for (auto s = static_cast<std::int64_t>(q); s >= 0; s = share(s).parent)
      end = std::max(end, ceiling_[static_cast<std::size_t>(s)] - share(s).ceiling_burst_ps);
    return end;
  }
  /// GCRA (ITU-T I.371): the theoretical arrival time after so many bytes at so many bit/s.
  static void charge(std::int64_t& tat, std::int64_t bytes, std::int64_t bps, std::int64_t now) {
    const auto ps = static_cast<std::int64_t>(UInt128{static_cast<std::uint64_t>(bytes)} *
                                              8'000'000'000'000U / static_cast<std::uint64_t>(bps));
    tat = std::max(tat, now) + ps;
  }

  StrictFirst strict_;
  const PortSpec& spec_;
  std::vector<std::int64_t> guaranteed_;  ///< theoretical arrival times, by share
  std::vector<std::int64_t> ceiling_;
  std::vector<std::int64_t> finish_;  ///< virtual, by queue
  std::int64_t virtual_ = 0;
};

}  // namespace longhaul::packet
