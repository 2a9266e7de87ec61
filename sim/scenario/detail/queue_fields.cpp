// The tables that read `queues:`.
#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.hpp"
#include "sim/scenario/detail/rate_or_share.hpp"
#include "sim/scenario/detail/types.hpp"
#include "sim/scenario/detail/written_queues.hpp"

namespace longhaul::scenario {

namespace {

using yaml::Bound;
using yaml::Fields;
using yaml::located;
using yaml::Type;
using yaml::TypeDoc;

/// Weights and quanta stay integers of 64 bits at any port.
constexpr double least_weight = 0.001;
constexpr double most_weight = 1000;

Type<double> class_weight() {
  const std::string expected = fmt::format("a weight from {} to {}", least_weight, most_weight);
  return yaml::scalar<double>(
      {expected, yaml::number(least_weight, most_weight).doc.schema, {}},
      [expected](std::string_view text) -> Parsed<double> {
        const auto number = parse_number(text);
        if (number && *number >= least_weight && *number <= most_weight) return number;
        return ParseError{fmt::format("expected {}, got {}", expected, quote(text))};
      });
}

/// A share in (0, 1].
Type<double> positive_share(const std::string& expected) {
  return yaml::scalar<double>(
      {expected, yaml::fraction().doc.schema, {}},
      [expected](std::string_view text) -> Parsed<double> {
        const auto share = parse_fraction(text);
        if (share && *share > 0 && *share <= 1) return share;
        return ParseError{fmt::format("expected {}, got {}", expected, quote(text))};
      });
}

Type<PortRate> port_rate() {
  return rate_or_share<PortRate>(
      "a rate such as 2G or a share of the link such as 30 %, above 0 and up to 100 %", 1);
}

/// A buffer, but never `none`.
Type<QueueLimit> threshold() {
  Type<QueueLimit> type = buffer();
  type.doc.expected = "a queue length such as 5 ms, 1 MB or 100 packets";
  const std::string expected = type.doc.expected;
  type.read = [inner = type.read, expected](const yaml::Node& node,
                                            Diagnostics& diagnostics) -> std::optional<QueueLimit> {
    if (!node.is_scalar() || node.scalar == "none") {
      yaml::wrong_type(node, expected, diagnostics);
      return std::nullopt;
    }
    return inner(node, diagnostics);
  };
  return type;
}

Type<DropRule> drop_rule() {
  return yaml::choice_of({DropRule::tail, DropRule::red, DropRule::wred, DropRule::codel});
}

/// A parameter that the rule does not have is a mistake.
void check_drop(const WrittenDrop& drop, const yaml::Node&, Diagnostics& diagnostics) {
  const bool red = drop.rule.value == DropRule::red || drop.rule.value == DropRule::wred;
  const bool codel = drop.rule.value == DropRule::codel;
  const auto refuse = [&](const auto& written, const char* key, bool used, const char* of) {
    if (written && !used)
      written->where.error(diagnostics, fmt::format("`{}` goes with {}, not with {}", key, of,
                                                    to_string(drop.rule.value)));
  };
  refuse(drop.min, "min", red, "red and wred");
  refuse(drop.max, "max", red, "red and wred");
  refuse(drop.probability, "probability", red, "red and wred");
  refuse(drop.weight, "weight", red, "red and wred");
  refuse(drop.target, "target", codel, "codel");
  refuse(drop.interval, "interval", codel, "codel");
  if (red) {
    const RedSpec defaults;
    const QueueLimit least = drop.min ? drop.min->value : defaults.least;
    const QueueLimit most = drop.max ? drop.max->value : defaults.most;
    const yaml::Place& where = drop.min   ? drop.min->where
                               : drop.max ? drop.max->where
                                          : drop.rule.where;
    if (least.kind != most.kind)
      where.error(diagnostics,
                  "`min` and `max` are of different kinds: give both as times, sizes "
                  "or packets (they are 5 ms and 15 ms if not given)");
    else if (least.value >= most.value)
      where.error(diagnostics, "`min` must be less than `max` (5 ms and 15 ms if not given)");
  }
  if (codel) {
    const CodelSpec defaults;
    const Duration target = drop.target ? drop.target->value : defaults.target;
    const Duration interval = drop.interval ? drop.interval->value : defaults.interval;
    if (target >= interval)
      (drop.target ? drop.target : drop.interval)
          ->where.error(diagnostics,
                        fmt::format("a target of {} is not shorter than the interval of {}",
                                    to_text(target), to_text(interval)));
  }
}

const Fields<WrittenDrop>& drop_fields() {
  static const Fields<WrittenDrop> fields =
      Fields<WrittenDrop>("drop rule", "When a packet is dropped, or marked, and its parameters.")
          .required("rule", &WrittenDrop::rule, located(drop_rule()), "Which.")
          .optional("min", &WrittenDrop::min, located(threshold()),
                    "red, wred: average queue below which nothing is dropped.", "5 ms")
          .optional("max", &WrittenDrop::max, located(threshold()),
                    "red, wred: average queue at which `probability` is reached; at twice this "
                    "all is dropped.",
                    "15 ms")
          .optional("probability", &WrittenDrop::probability,
                    located(positive_share("a probability above 0 and up to 1, such as 10 %")),
                    "red, wred: of a drop at `max`.", "10 %")
          .optional("weight", &WrittenDrop::weight,
                    located(positive_share("a weight above 0 and up to 1, such as 0.002")),
                    "red, wred: of the newest sample in the average.", "0.002")
          .optional("target", &WrittenDrop::target, located(clock_time(Bound::positive)),
                    "codel: wait that is always acceptable.", "5 ms")
          .optional("interval", &WrittenDrop::interval, located(clock_time(Bound::positive)),
                    "codel: how long waits may exceed it; about a round-trip time.", "100 ms")
          .check(check_drop);
  return fields;
}

/// A rule's word, or a map with its parameters.
Type<WrittenDrop> drop() {
  const Type<DropRule> word = drop_rule();
  const Type<WrittenDrop> map = yaml::object(drop_fields());
  TypeDoc doc{word.doc.expected + ", or {rule: ...} with parameters",
              yaml::json_object({{"anyOf", yaml::json_array({word.doc.schema, map.doc.schema})}}),
              map.doc.objects};
  return {std::move(doc),
          [=](const yaml::Node& node, Diagnostics& diagnostics) -> std::optional<WrittenDrop> {
            if (node.is_map()) return map.read(node, diagnostics);
            const auto rule = word.read(node, diagnostics);
            if (!rule) return std::nullopt;
            WrittenDrop out;
            out.rule = {*rule, node.where};
            return out;
          }};
}

const Fields<WrittenClassQueue>& group_fields() {
  static const Fields<WrittenClassQueue> fields =
      Fields<WrittenClassQueue>("group", "Classes that share a rate, with discipline hierarchical.")
          .optional("rate", &WrittenClassQueue::rate, located(port_rate()),
                    "Guaranteed to its classes together, of which they borrow.")
          .optional("ceiling", &WrittenClassQueue::ceiling, located(port_rate()),
                    "Most that they get together; the link's rate if not given.")
          .optional("parent", &WrittenClassQueue::parent, located(yaml::name()),
                    "A group that this one belongs to.")
          .whole(&WrittenClassQueue::whole);
  return fields;
}

const Fields<WrittenClassQueue>& class_queue_fields() {
  static const Fields<WrittenClassQueue> fields =
      Fields<WrittenClassQueue>("queue of a class", "How a class is served at every port.")
          .optional("weight", &WrittenClassQueue::weight, located(class_weight()),
                    "drr, wfq: its share, relative to the others.", "1")
          .optional("strict", &WrittenClassQueue::strict, located(yaml::boolean()),
                    "drr, wfq, hierarchical: served before all that are not strict, by priority.",
                    "false")
          .optional("rate", &WrittenClassQueue::rate, located(port_rate()),
                    "hierarchical: guaranteed to it; more is borrowed from groups and the link.")
          .optional("ceiling", &WrittenClassQueue::ceiling, located(port_rate()),
                    "hierarchical: most that it gets; the link's rate if not given.")
          .optional("parent", &WrittenClassQueue::parent, located(yaml::name()),
                    "hierarchical: its group; the link itself if not given.")
          .optional("buffer", &WrittenClassQueue::buffer, located(buffer()),
                    "Of its queue; that of the port if not given.")
          .optional("drop", &WrittenClassQueue::drop, located(drop()),
                    "Of its queue (wred: its thresholds); that of the port if not given.")
          .whole(&WrittenClassQueue::whole);
  return fields;
}

}  // namespace

const Fields<WrittenQueues>& queue_fields() {
  static const Fields<WrittenQueues> fields =
      Fields<WrittenQueues>("queues", "The queues in front of every link.")
          .optional("discipline", &WrittenQueues::discipline,
                    located(yaml::choice_of({Discipline::fifo, Discipline::strict_priority,
                                             Discipline::drr, Discipline::wfq,
                                             Discipline::hierarchical, Discipline::fq_codel})),
                    "Who is sent next: fifo has one queue, strict-priority one per priority, drr, "
                    "wfq and hierarchical one per class, fq-codel one per hashed flow.",
                    "fifo")
          .optional("buffer", &WrittenQueues::buffer, located(buffer()),
                    "Limit of each queue (fq-codel: of all together), in time at the link's rate, "
                    "bytes or packets, framing included. The packet being sent counts with fifo "
                    "and tail drop only.",
                    "50 ms")
          .optional("drop", &WrittenQueues::drop, located(drop()),
                    "What is dropped: tail, only what does not fit; red, wred and codel also "
                    "earlier.",
                    "tail, with fq-codel codel")
          .optional("ecn", &WrittenQueues::ecn, located(yaml::boolean()),
                    "Whether red, wred and codel mark packets of senders with ECN instead of "
                    "dropping them.",
                    "true")
          .optional("classes", &WrittenQueues::classes,
                    yaml::map_of("the name of a class", yaml::object(class_queue_fields())),
                    "Classes that are served otherwise than by default.")
          .optional("groups", &WrittenQueues::groups,
                    yaml::map_of("the name of a group", yaml::object(group_fields())),
                    "hierarchical: groups, which may be `parent` of classes and groups.")
          .whole(&WrittenQueues::whole);
  return fields;
}

}  // namespace longhaul::scenario
