// What leaves queues, up to the next queues or to its end: without events on ports that cannot fill
// (docs/models/fluid.md).
//
// What a queue lets pass is one share for all demands at it. So what comes from a queue to a port
// further on is the sum of its demands' rates, as they are when they enter, times that share: a
// change of the share is one change at each of those ports, however many demands there are.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/engine/input.hpp"
#include "sim/fluid/lines.hpp"
#include "sim/fluid/ways.hpp"

namespace longhaul::fluid {

/// A way into a hop at a queue, and what comes over it.
struct Feed {
  HopIndex hop;
  std::uint32_t next = UINT32_MAX;  ///< of the same hop
  Flow flow = {};
};

/// What reaches a feed after a time.
struct Forward {
  std::uint32_t feed;
  std::int64_t delay;
  double share;
};

/// A flow that is to reach a feed.
struct Sent {
  std::int64_t time;
  std::uint32_t feed;
  Flow flow;
};

class Tails {
 public:
  explicit Tails(const engine::Input& input, Lines& lines);

  /// A steady demand that meets at least one of the `queues`; sets Hop::tail of its hops there. Its
  /// source's forwards are those of the position returned.
  std::uint32_t add(DemandId demand, Ways& ways, const std::vector<bool>& queues);
  std::span<const Forward> source(std::uint32_t position) const {
    return {forwards_.data() + sources_[position].first, sources_[position].count};
  }
  /// Its hops, by queue.
  const std::vector<HopIndex>& hops_at(std::uint32_t port) const { return queues_[port].hops; }

  /// What comes over a feed is now `flow`; what then comes to its hop.
  struct Coming {
    HopIndex hop;
    Flow flow;
  };
  Coming come(std::uint32_t feed, const Flow& flow, const Ways& ways);

  /// From `time` on (not before earlier ones of the port) `passing` of what entered leaves the
  /// port, and what entered of `changed` hops is what these say. Adds what is thereby sent to
  /// feeds. False, and nothing, if that is as it was.
  bool leave(std::uint32_t port, std::int64_t time, double passing,
             std::span<const HopIndex> changed, const Ways& ways, std::vector<Sent>& sent);
  /// Adds to lines what leaves so much before `now` that all of it has come where it goes.
  void advance(std::int64_t now);
  /// The same for all that comes before `reached`; once, at the end.
  void finish(std::int64_t reached);
  /// Bits sent in the measured period that came to their end from a queue, by DemandId.
  const std::vector<double>& delivered() const { return delivered_; }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(raw(feeds_), raw(tails_), delivered_);
    for (Queue& queue : queues_) archive(queue);
  }

 private:
  struct Range {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
  };
  /// What all hops of a queue bring to a port after a time, if the queue lets pass everything.
  struct Cell {
    std::uint32_t port;
    std::int64_t delay;
    double bps;  ///< on the wire
    double packets_per_s;
  };
  /// What one bit of a hop is in a cell.
  struct Part {
    std::uint32_t cell;
    double bits;
    double packets;
  };
  struct End {
    std::int64_t delay;
    double share;
  };
  /// A hop at a queue.
  struct Tail {
    std::uint32_t demand;
    Range parts = {};
    Range ends = {};
    Range forwards = {};
    std::uint32_t feed = UINT32_MAX;  ///< the first
    Flow in = {};                     ///< as far as leaves were added
    std::int64_t since = 0;           ///< ps, of what left
    double passed_s = 0;              ///< Step::passed_s at `since`
  };
  /// From `time` on `passing` leaves; before, it came to an integral of `passed_s`.
  struct Step {
    std::int64_t time = 0;
    double passing = 1;
    double passed_s = 0;
  };
  struct Leave {
    std::int64_t time;
    double passing;
    std::uint64_t changes;
  };
  struct Change {
    std::uint32_t tail;
    Flow in;
  };
  struct Queue {
    std::vector<Cell> cells{};
    std::map<std::pair<std::uint32_t, std::int64_t>, std::uint32_t> cell_at{};
    std::vector<HopIndex> hops{};
    std::vector<std::uint32_t> tails{};  ///< of hops
    std::vector<HopIndex> forwarding{};  ///< those that lead to further queues
    std::uint64_t parts = 0;             ///< of all hops
    double passing = 1;                  ///< at the last leave
    std::vector<Leave> leaves{};         ///< not yet added
    std::vector<Change> changes{};
    std::uint64_t next_leave = 0;
    std::uint64_t next_change = 0;
    std::vector<Step> steps{Step{}};  ///< the present one, and in finish() those before it

    template <class Archive>
    void serialize(Archive& archive) {
      archive(raw(cells), passing, raw(leaves), raw(changes), next_leave, next_change, raw(steps));
    }
  };

  std::uint32_t cell_of(Queue& queue, std::uint32_t port, std::int64_t delay);
  void add_tail(std::uint32_t port, HopIndex hop, DemandId demand, const Ways& ways,
                const std::vector<bool>& queues);
  std::uint32_t add_feed(HopIndex hop, const Ways& ways);
  void add_leave(Queue& queue, const Leave& leave, std::int64_t reached);
  void add_change(Queue& queue, const Change& change, std::int64_t time, std::int64_t reached);
  void deliver(const Queue& queue, Tail& tail, std::int64_t time, std::int64_t reached);

  const engine::Input& input_;
  Lines& lines_;
  std::vector<Tail> tails_;
  std::vector<Range> sources_;
  std::vector<Part> parts_;
  std::vector<End> ends_;
  std::vector<Forward> forwards_;
  std::vector<Feed> feeds_;
  std::vector<Queue> queues_;  ///< by PortId
  std::vector<double> delivered_;
};

}  // namespace longhaul::fluid
