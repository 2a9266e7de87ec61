#include "tests/packet/oracle_disciplines.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <list>
#include <map>
#include <set>

#include "sim/base/random.hpp"

namespace longhaul::packet::oracle {

namespace {

using Line = std::deque<Item>;

std::int64_t bytes_in(const Line& line) {
  std::int64_t sum = 0;
  for (const Item& i : line) sum += i.bytes;
  return sum;
}

std::int64_t limit_bytes(const QueueLimit& limit, std::int64_t bps) {
  if (limit.kind == QueueLimit::Kind::time)
    return static_cast<std::int64_t>(Int128{limit.value} * bps / 8'000'000'000'000);
  return limit.kind == QueueLimit::Kind::packets ? limit.value * 1538 : limit.value;
}

bool fits(const QueueLimit& limit, std::int64_t bps, const Line& line, const Item& item) {
  if (limit.kind == QueueLimit::Kind::unlimited) return true;
  if (limit.kind == QueueLimit::Kind::packets)
    return static_cast<std::int64_t>(line.size()) < limit.value;
  return bytes_in(line) + item.bytes <= limit_bytes(limit, bps);
}

/// RFC 8289, section 5.
struct TextbookCodel {
  std::int64_t target = 0;
  std::int64_t interval = 0;
  std::int64_t first_above_time = 0;
  std::int64_t drop_next = 0;
  std::uint64_t count = 0;
  std::uint64_t lastcount = 0;
  bool dropping = false;

  std::int64_t control_law(std::int64_t t) const {
    return t + static_cast<std::int64_t>(static_cast<double>(interval) /
                                         std::sqrt(static_cast<double>(count)));
  }
  std::optional<Item> dodequeue(std::int64_t now, Line& line, std::int64_t maxpacket, bool& ok) {
    ok = false;
    if (line.empty()) {
      first_above_time = 0;
      return std::nullopt;
    }
    const Item item = line.front();
    line.pop_front();
    if (now - item.arrival < target || bytes_in(line) <= maxpacket) {
      first_above_time = 0;
    } else if (first_above_time == 0) {
      first_above_time = now + interval;
    } else if (now >= first_above_time) {
      ok = true;
    }
    return item;
  }
  std::optional<Item> deque(std::int64_t now, Line& line, std::int64_t maxpacket, bool ecn,
                            std::vector<Lost>& lost) {
    bool ok = false;
    std::optional<Item> r = dodequeue(now, line, maxpacket, ok);
    if (dropping) {
      if (!ok) dropping = false;
      while (dropping && now >= drop_next) {
        ++count;
        if (ecn && r->ecn) {
          r->marked = true;
          drop_next = control_law(drop_next);
          return r;
        }
        lost.push_back({*r, Drop::aqm});
        r = dodequeue(now, line, maxpacket, ok);
        if (ok)
          drop_next = control_law(drop_next);
        else
          dropping = false;
      }
    } else if (ok) {
      if (ecn && r->ecn) {
        r->marked = true;
      } else {
        lost.push_back({*r, Drop::aqm});
        r = dodequeue(now, line, maxpacket, ok);
      }
      dropping = true;
      const std::uint64_t delta = count - lastcount;
      count = 1;
      if (delta > 1 && now - drop_next < 16 * interval) count = delta;
      drop_next = control_law(now);
      lastcount = count;
    }
    return r;
  }
};

/// Floyd and Jacobson 1993, gentle.
struct TextbookRed {
  double average = 0;
  std::int64_t count = -1;
  std::int64_t idle_since = 0;

  /// 0: accept, 1: notify, 2: drop.
  int judge(const RedSpec& red, std::int64_t bps, std::int64_t now, std::int64_t waiting, bool idle,
            std::uint32_t word) {
    if (idle && waiting == 0) {
      const double typical = 8e12 / static_cast<double>(bps) * 1000.0;
      const double m = static_cast<double>(now - idle_since) / typical;
      // (1 - w)^m, by the binary digits of m
      double base = 1.0 - red.weight;
      for (std::uint64_t n = m < 1e9 ? static_cast<std::uint64_t>(m) : 1'000'000'000U, bit = 1;
           bit != 0 && bit <= n; bit <<= 1U) {
        if ((n & bit) != 0) factor_ *= base;
        base *= base;
      }
      average *= factor_;
      factor_ = 1.0;
      idle_since = now;
    }
    average += red.weight * (static_cast<double>(waiting) - average);
    const auto least = static_cast<double>(limit_bytes(red.least, bps));
    const auto most = static_cast<double>(limit_bytes(red.most, bps));
    if (average < least) {
      count = -1;
      return 0;
    }
    ++count;
    double pb = 0;
    if (average >= 2.0 * most) {
      count = 0;
      return 2;
    }
    if (average < most)
      pb = red.probability * (average - least) / (most - least);
    else
      pb = red.probability + (1.0 - red.probability) * (average - most) / most;
    const double left = 1.0 - static_cast<double>(count) * pb;
    const double pa = left > pb ? pb / left : 1.0;
    if (static_cast<double>(word) / 4294967296.0 < pa) {
      count = 0;
      return 1;
    }
    return 0;
  }

 private:
  double factor_ = 1.0;
};

/// One line of waiting packets with its drop rule.
struct ClassLine {
  Line line;
  QueueLimit limit;
  DropSpec drop;
  TextbookRed red;
  TextbookCodel codel;
};

class ByClass : public Discipline {
 public:
  ByClass(const Queueing& queueing, const std::vector<TrafficClass>& classes, const Link& link,
          std::uint64_t seed, std::uint64_t stream)
      : queueing_(queueing), classes_(classes), link_(link), seed_(seed), stream_(stream) {
    queueing_.classes.resize(classes.size());
    std::set<int> levels;
    for (const TrafficClass& c : classes) levels.insert(c.priority);
    for (std::size_t c = 0; c < classes.size(); ++c) {
      rank_.push_back(std::distance(levels.begin(), levels.find(classes[c].priority)));
      line_of_.push_back(queueing.discipline == longhaul::Discipline::fifo ? 0
                         : queueing.discipline == longhaul::Discipline::strict_priority
                             ? static_cast<std::size_t>(rank_[c])
                             : c);
    }
    lines_.resize(queueing.discipline == longhaul::Discipline::fifo              ? 1
                  : queueing.discipline == longhaul::Discipline::strict_priority ? levels.size()
                                                                                 : classes.size());
    std::vector<bool> set(lines_.size(), false);
    for (std::size_t c = 0; c < classes.size(); ++c) {
      ClassLine& l = lines_[line_of_[c]];
      if (set[line_of_[c]]) continue;  // the first class of a line decides
      set[line_of_[c]] = true;
      const bool one = queueing.discipline == longhaul::Discipline::fifo;
      const ClassQueueing& own = queueing_.classes[c];
      l.limit = own.buffer && !one ? *own.buffer : queueing_.buffer;
      l.drop = own.drop && !one ? *own.drop : queueing_.drop;
      l.codel.target = l.drop.codel.target.ps();
      l.codel.interval = l.drop.codel.interval.ps();
    }
  }

  void arrive(Item item, std::int64_t now, bool idle, std::vector<Lost>& lost) override {
    const std::size_t at = line_of_[item.cls];
    ClassLine& l = lines_[at];
    if (l.drop.rule == DropRule::red || l.drop.rule == DropRule::wred) {
      const auto& own = queueing_.classes[item.cls].drop;
      RedSpec red = l.drop.rule == DropRule::wred && own ? own->red : l.drop.red;
      const double weight = l.drop.red.weight;
      red.weight = weight;
      const int verdict = l.red.judge(red, link_.bps, now, bytes_in(l.line), idle,
                                      philox(seed_, stream_, draws_++).w[0]);
      if (verdict == 1 && l.drop.ecn && item.ecn)
        item.marked = true;
      else if (verdict != 0)
        return lost.push_back({item, Drop::aqm});
    }
    if ((!idle || !empty()) && !fits(l.limit, link_.bps, l.line, item))
      return lost.push_back({item, Drop::buffer});
    l.line.push_back(item);
    if (l.line.size() == 1) became_busy(at, now);
  }

  std::optional<Item> pull(std::int64_t now, bool drain, std::vector<Lost>& lost) override {
    for (std::optional<std::size_t> at = choose(now); at; at = choose(now)) {
      ClassLine& l = lines_[*at];
      std::optional<Item> item;
      if (l.drop.rule == DropRule::codel && !drain) {
        item = l.codel.deque(now, l.line, link_.largest, l.drop.ecn, lost);
      } else {
        item = l.line.front();
        l.line.pop_front();
      }
      if (l.line.empty()) l.red.idle_since = now;
      served(*at, item ? item->bytes : 0, now);
      if (item) return item;
    }
    return std::nullopt;
  }

  std::int64_t ready(std::int64_t now) const override { return now; }
  bool empty() const override {
    return std::all_of(lines_.begin(), lines_.end(),
                       [](const ClassLine& l) { return l.line.empty(); });
  }
  std::vector<Item> flush() override {
    std::vector<Item> all;
    for (ClassLine& l : lines_) {
      all.insert(all.end(), l.line.begin(), l.line.end());
      l.line.clear();
    }
    flushed();
    return all;
  }

 protected:
  virtual void became_busy(std::size_t, std::int64_t) {}
  virtual std::optional<std::size_t> choose(std::int64_t now) = 0;
  virtual void served(std::size_t, std::int64_t, std::int64_t) {}
  virtual void flushed() {}

  bool strict(std::size_t line) const {
    return line_of_.size() == lines_.size() && lines_.size() == queueing_.classes.size() &&
           queueing_.discipline != longhaul::Discipline::strict_priority &&
           queueing_.discipline != longhaul::Discipline::fifo && queueing_.classes[line].strict;
  }
  /// The strict line to serve: by priority, then by class.
  std::optional<std::size_t> first_strict() const {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < lines_.size(); ++i)
      if (strict(i) && !lines_[i].line.empty() && may(i) && (!best || rank_[i] < rank_[*best]))
        best = i;
    return best;
  }
  virtual bool may(std::size_t) const { return true; }

  Queueing queueing_;
  std::vector<TrafficClass> classes_;
  const Link& link_;
  std::uint64_t seed_;
  std::uint64_t stream_;
  std::uint64_t draws_ = 0;
  std::vector<std::ptrdiff_t> rank_;
  std::vector<std::size_t> line_of_;
  std::vector<ClassLine> lines_;
};

/// fifo and strict priority: the first line that is not empty.
class InOrder final : public ByClass {
  using ByClass::ByClass;
  std::optional<std::size_t> choose(std::int64_t) override {
    for (std::size_t i = 0; i < lines_.size(); ++i)
      if (!lines_[i].line.empty()) return i;
    return std::nullopt;
  }
};

/// Shreedhar and Varghese 1996, figure 3.
class RoundRobin final : public ByClass {
 public:
  RoundRobin(const Queueing& q, const std::vector<TrafficClass>& c, const Link& l, std::uint64_t s,
             std::uint64_t t)
      : ByClass(q, c, l, s, t), deficit_(lines_.size(), 0) {
    double least = 1e300;
    for (std::size_t i = 0; i < lines_.size(); ++i)
      if (!strict(i)) least = std::min(least, queueing_.classes[i].weight);
    for (std::size_t i = 0; i < lines_.size(); ++i)
      quantum_.push_back(
          std::max<std::int64_t>(1, std::llround(1538.0 * queueing_.classes[i].weight / least)));
  }

 private:
  void became_busy(std::size_t i, std::int64_t) override {
    if (strict(i)) return;
    active_.push_back(i);
    deficit_[i] = 0;
  }
  std::optional<std::size_t> choose(std::int64_t) override {
    if (const auto s = first_strict()) return s;
    while (!active_.empty()) {
      const std::size_t i = active_.front();
      if (!visited_) deficit_[i] += quantum_[i];
      visited_ = true;
      if (lines_[i].line.front().bytes <= deficit_[i]) return i;
      active_.pop_front();
      active_.push_back(i);
      visited_ = false;
    }
    return std::nullopt;
  }
  void served(std::size_t i, std::int64_t bytes, std::int64_t) override {
    if (strict(i)) return;
    deficit_[i] -= bytes;
    if (!lines_[i].line.empty()) return;
    active_.pop_front();
    visited_ = false;
  }
  void flushed() override {
    active_.clear();
    visited_ = false;
  }

  std::vector<std::int64_t> quantum_;
  std::vector<std::int64_t> deficit_;
  std::deque<std::size_t> active_;
  bool visited_ = false;
};

/// WF2Q+ (Bennett and Zhang 1997) with virtual times in 128 bits.
class FairQueueing final : public ByClass {
 public:
  FairQueueing(const Queueing& q, const std::vector<TrafficClass>& c, const Link& l,
               std::uint64_t s, std::uint64_t t)
      : ByClass(q, c, l, s, t), start_(lines_.size(), 0), finish_(lines_.size(), 0) {
    double all = 0;
    for (std::size_t i = 0; i < lines_.size(); ++i)
      if (!strict(i)) all += queueing_.classes[i].weight;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const double share = std::clamp(queueing_.classes[i].weight / all, 0.001, 1.0);
      per_byte_.push_back(std::llround(65536.0 / share));
    }
  }

 private:
  Int128 time(std::int64_t now) const {
    const Int128 done = Int128{now - since_} * 65536 * link_.bps / 8'000'000'000'000;
    return base_ + std::min(done, sending_);
  }
  void became_busy(std::size_t i, std::int64_t now) override {
    if (strict(i)) return;
    const bool others = std::any_of(lines_.begin(), lines_.end(), [&](const ClassLine& l) {
      const auto j = static_cast<std::size_t>(&l - lines_.data());
      return j != i && !strict(j) && !l.line.empty();
    });
    if (!others && time(now) == base_ + sending_) {
      base_ = sending_ = 0;
      std::fill(finish_.begin(), finish_.end(), Int128{0});
    }
    start_[i] = std::max(time(now), finish_[i]);
  }
  std::optional<std::size_t> choose(std::int64_t) override {
    base_ += sending_;
    sending_ = 0;
    if (const auto s = first_strict()) return s;
    std::optional<Int128> least;
    for (std::size_t i = 0; i < lines_.size(); ++i)
      if (!strict(i) && !lines_[i].line.empty() && (!least || start_[i] < *least))
        least = start_[i];
    if (!least) return std::nullopt;
    base_ = std::max(base_, *least);
    std::optional<std::size_t> best;
    const auto end_of = [&](std::size_t i) {
      return start_[i] + Int128{lines_[i].line.front().bytes} * per_byte_[i];
    };
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (strict(i) || lines_[i].line.empty() || start_[i] > base_) continue;
      if (!best || end_of(i) < end_of(*best)) best = i;
    }
    return best;
  }
  void served(std::size_t i, std::int64_t bytes, std::int64_t now) override {
    if (strict(i)) return;
    finish_[i] = start_[i] + Int128{bytes} * per_byte_[i];
    start_[i] = finish_[i];
    sending_ = Int128{bytes} * 65536;
    since_ = now;
  }

  std::vector<std::int64_t> per_byte_;
  std::vector<Int128> start_;
  std::vector<Int128> finish_;
  Int128 base_ = 0;
  Int128 sending_ = 0;
  std::int64_t since_ = 0;
};

/// Guarantees first, then borrowing; ceilings.
class Hierarchy final : public ByClass {
 public:
  Hierarchy(const Queueing& q, const std::vector<TrafficClass>& c, const Link& l, std::uint64_t s,
            std::uint64_t t)
      : ByClass(q, c, l, s, t), finish_(lines_.size(), 0) {
    for (const ClassQueueing& leaf : queueing_.classes) add_share(leaf);
    for (const ClassQueueing& group : queueing_.groups) add_share(group);
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const double share =
          nodes_[i].rate > 0 ? static_cast<double>(nodes_[i].rate) / static_cast<double>(link_.bps)
                             : 0.0;
      per_byte_.push_back(std::llround(65536.0 / std::clamp(share, 0.001, 1.0)));
    }
  }

 private:
  struct Share {
    std::int64_t rate = 0;
    std::int64_t ceiling = 0;
    std::int64_t rate_tat = 0;
    std::int64_t ceiling_tat = 0;
    std::optional<std::size_t> parent;
  };
  static std::int64_t ps(std::int64_t bytes, std::int64_t bps) {
    return static_cast<std::int64_t>(Int128{bytes} * 8'000'000'000'000 / bps);
  }
  static std::int64_t burst(std::int64_t bps) {
    return std::max(ps(1538, bps), Duration::ms(1).ps());
  }
  void add_share(const ClassQueueing& c) {
    Share s;
    const Rate link = Rate::bps(link_.bps);
    if (c.guaranteed.given()) s.rate = c.guaranteed.at(link);
    s.ceiling = c.ceiling.given() ? std::min(c.ceiling.at(link), link_.bps) : link_.bps;
    if (c.parent) s.parent = queueing_.classes.size() + *c.parent;
    nodes_.push_back(s);
  }
  std::vector<std::size_t> path(std::size_t leaf) const {
    std::vector<std::size_t> out{leaf};
    while (nodes_[out.back()].parent) out.push_back(*nodes_[out.back()].parent);
    return out;
  }
  std::int64_t held_until(std::size_t leaf) const {
    std::int64_t until = 0;
    for (const std::size_t n : path(leaf))
      if (nodes_[n].ceiling < link_.bps)
        until = std::max(until, nodes_[n].ceiling_tat - burst(nodes_[n].ceiling));
    return until;
  }
  bool may(std::size_t line) const override { return held_until(line) <= now_; }
  std::optional<std::size_t> choose(std::int64_t now) override {
    now_ = now;
    if (const auto s = first_strict()) return s;
    std::map<std::tuple<std::size_t, std::ptrdiff_t, Int128, std::size_t>, std::size_t> ranked;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (strict(i) || lines_[i].line.empty() || held_until(i) > now) continue;
      const auto way = path(i);
      std::size_t level = 0;
      while (level < way.size() &&
             !(nodes_[way[level]].rate > 0 &&
               nodes_[way[level]].rate_tat <= now + burst(nodes_[way[level]].rate)))
        ++level;
      ranked[{level, rank_[i], std::max(virtual_, finish_[i]), i}] = i;
    }
    if (ranked.empty()) return std::nullopt;
    virtual_ = std::get<2>(ranked.begin()->first);
    return ranked.begin()->second;
  }
  void served(std::size_t i, std::int64_t bytes, std::int64_t now) override {
    if (!strict(i)) finish_[i] = std::max(virtual_, finish_[i]) + Int128{bytes} * per_byte_[i];
    for (const std::size_t n : path(i)) {
      Share& s = nodes_[n];
      if (s.rate > 0) s.rate_tat = std::max(s.rate_tat, now) + ps(bytes, s.rate);
      s.ceiling_tat = std::max(s.ceiling_tat, now) + ps(bytes, s.ceiling);
    }
  }
  std::int64_t ready(std::int64_t now) const override {
    std::int64_t first = INT64_MAX;
    for (std::size_t i = 0; i < lines_.size(); ++i)
      if (!lines_[i].line.empty()) first = std::min(first, held_until(i));
    return std::max(now, first);
  }

  std::vector<Share> nodes_;
  std::vector<std::int64_t> per_byte_;
  std::vector<Int128> finish_;
  Int128 virtual_ = 0;
  std::int64_t now_ = 0;
};

/// RFC 8290.
class FlowQueueing final : public Discipline {
 public:
  FlowQueueing(const Queueing& queueing, const Link& link) : queueing_(queueing), link_(link) {}

  void arrive(Item item, std::int64_t, bool, std::vector<Lost>& lost) override {
    const std::size_t f = mix(item.flow + 0x5bd1e9955bd1e995ULL) % 1024;
    Flow& flow = flows_[f];
    flow.codel.target = queueing_.drop.codel.target.ps();
    flow.codel.interval = queueing_.drop.codel.interval.ps();
    flow.line.push_back(item);
    if (!flow.listed) {
      flow.listed = true;
      flow.credit = 1514;
      new_.push_back(f);
    }
    while (over()) {
      auto fattest = flows_.begin();
      for (auto it = flows_.begin(); it != flows_.end(); ++it)
        if (bytes_in(it->second.line) > bytes_in(fattest->second.line)) fattest = it;
      lost.push_back({fattest->second.line.front(), Drop::buffer});
      fattest->second.line.pop_front();
    }
  }
  std::optional<Item> pull(std::int64_t now, bool drain, std::vector<Lost>& lost) override {
    while (!new_.empty() || !old_.empty()) {
      std::list<std::size_t>& list = new_.empty() ? old_ : new_;
      const bool fresh = &list == &new_;
      const std::size_t f = list.front();
      Flow& flow = flows_[f];
      if (flow.credit <= 0) {
        flow.credit += 1514;
        list.pop_front();
        old_.push_back(f);
        continue;
      }
      std::optional<Item> item;
      if (!drain) {
        item = flow.codel.deque(now, flow.line, link_.largest, queueing_.drop.ecn, lost);
      } else if (!flow.line.empty()) {
        item = flow.line.front();
        flow.line.pop_front();
      }
      if (item) {
        flow.credit -= item->bytes;
        return item;
      }
      list.pop_front();
      if (fresh && !old_.empty())
        old_.push_back(f);
      else
        flow.listed = false;
    }
    return std::nullopt;
  }
  std::int64_t ready(std::int64_t now) const override { return now; }
  bool empty() const override {
    return std::all_of(flows_.begin(), flows_.end(),
                       [](const auto& f) { return f.second.line.empty(); });
  }
  std::vector<Item> flush() override {
    std::vector<Item> all;
    for (auto& [number, flow] : flows_) {
      all.insert(all.end(), flow.line.begin(), flow.line.end());
      flow.line.clear();
    }
    return all;
  }

 private:
  struct Flow {
    Line line;
    TextbookCodel codel;
    std::int64_t credit = 0;
    bool listed = false;
  };
  bool over() const {
    const QueueLimit& limit = queueing_.buffer;
    std::int64_t packets = 0;
    std::int64_t bytes = 0;
    for (const auto& [number, flow] : flows_) {
      packets += static_cast<std::int64_t>(flow.line.size());
      bytes += bytes_in(flow.line);
    }
    if (limit.kind == QueueLimit::Kind::unlimited) return false;
    if (limit.kind == QueueLimit::Kind::packets) return packets > limit.value;
    return bytes > limit_bytes(limit, link_.bps);
  }

  Queueing queueing_;
  const Link& link_;
  std::map<std::size_t, Flow> flows_;
  std::list<std::size_t> new_;
  std::list<std::size_t> old_;
};

}  // namespace

std::unique_ptr<Discipline> make_discipline(const Queueing& queueing,
                                            const std::vector<TrafficClass>& classes,
                                            const Link& link, std::uint64_t seed,
                                            std::uint64_t stream) {
  switch (queueing.discipline) {
    case longhaul::Discipline::fifo:
    case longhaul::Discipline::strict_priority:
      return std::make_unique<InOrder>(queueing, classes, link, seed, stream);
    case longhaul::Discipline::drr:
      return std::make_unique<RoundRobin>(queueing, classes, link, seed, stream);
    case longhaul::Discipline::wfq:
      return std::make_unique<FairQueueing>(queueing, classes, link, seed, stream);
    case longhaul::Discipline::hierarchical:
      return std::make_unique<Hierarchy>(queueing, classes, link, seed, stream);
    case longhaul::Discipline::fq_codel:
      return std::make_unique<FlowQueueing>(queueing, link);
  }
  return nullptr;
}

}  // namespace longhaul::packet::oracle
