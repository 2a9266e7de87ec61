// How the packets of a port wait: the discipline, its classes and its drop rule. One for all ports
// of a run; rates in shares of the link where written so.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/units.hpp"

namespace longhaul {

enum class Discipline { fifo, strict_priority, drr, wfq, hierarchical, fq_codel };
const char* to_string(Discipline);

enum class DropRule { tail, red, wred, codel };
const char* to_string(DropRule);

/// An amount of waiting data: at most one of the kinds; `value` in ps at the link's rate, bytes or
/// packets.
struct QueueLimit {
  enum class Kind { unlimited, time, bytes, packets };
  Kind kind = Kind::time;
  std::int64_t value = Duration::ms(50).ps();
  /// How long a queue of this much takes to send at `rate`, packets having `mean_bits` on average;
  /// infinite if it is unlimited.
  double seconds(Rate rate, double mean_bits) const {
    const auto amount = static_cast<double>(value);
    switch (kind) {
      case Kind::time:
        return amount * 1e-12;
      case Kind::bytes:
        return amount * 8 / rate.as_double();
      case Kind::packets:
        return amount * mean_bits / rate.as_double();
      case Kind::unlimited:
        break;
    }
    return std::numeric_limits<double>::infinity();
  }
};

/// Random early detection (Floyd and Jacobson, 1993), gentle. Thresholds of the average queue.
struct RedSpec {
  QueueLimit least{QueueLimit::Kind::time, Duration::ms(5).ps()};  ///< below: no drops
  QueueLimit most{QueueLimit::Kind::time, Duration::ms(15).ps()};  ///< > least, of the same kind
  double probability = 0.1;  ///< of a drop at `most`, in (0, 1]; at twice `most` it reaches 1
  double weight = 0.002;     ///< of the newest sample in the average, in (0, 1]
};

/// Controlled delay (RFC 8289).
struct CodelSpec {
  Duration target = Duration::ms(5);
  Duration interval = Duration::ms(100);
};

struct DropSpec {
  DropRule rule = DropRule::tail;
  RedSpec red;  ///< red, wred; with wred of classes without their own
  CodelSpec codel;
  bool ecn = true;  ///< packets of ECN-capable senders are marked instead of dropped early
};

/// A rate of its own or a share of the link's.
struct PortRate {
  std::optional<Rate> rate;
  double share = 0;  ///< of the link's rate, if `rate` is not given
  bool given() const { return rate.has_value() || share > 0; }
  /// In bit/s at a link of `link`, at least 1.
  std::int64_t at(Rate link) const {
    const std::int64_t bps =
        rate ? rate->bps() : static_cast<std::int64_t>(link.as_double() * share);
    return bps < 1 ? 1 : bps;
  }
};

/// A class at a port, or (hierarchical only) a group of classes.
struct ClassQueueing {
  double weight = 1;    ///< drr, wfq: relative; > 0
  bool strict = false;  ///< drr, wfq, hierarchical: served before all that are not, by priority
  PortRate guaranteed;  ///< hierarchical
  PortRate ceiling;     ///< hierarchical; none: the link's rate
  std::optional<std::size_t> parent;  ///< hierarchical: position in Queueing::groups
  std::optional<QueueLimit> buffer;   ///< of its queue; the port's if not given
  std::optional<DropSpec> drop;       ///< of its queue; the port's if not given
};

/// fifo with tail drop has no classes. strict_priority has a queue per priority (of the class),
/// drr, wfq and hierarchical a queue per class, fq_codel a queue per hashed flow.
struct Queueing {
  Discipline discipline = Discipline::fifo;
  QueueLimit buffer;  ///< of each queue; fq_codel: of all together
  DropSpec drop;
  std::vector<ClassQueueing> classes;  ///< by ClassId; shorter: defaults
  std::vector<ClassQueueing> groups;   ///< hierarchical; a parent stands before its children
  bool plain() const { return discipline == Discipline::fifo && drop.rule == DropRule::tail; }
};

}  // namespace longhaul
