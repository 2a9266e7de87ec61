// The tables that read `events:` and `failures:`.
#include <fmt/format.h>

#include <array>
#include <limits>

#include "sim/base/quantity.hpp"
#include "sim/base/text.hpp"
#include "sim/scenario/detail/rate_or_share.hpp"
#include "sim/scenario/detail/types.hpp"
#include "sim/scenario/detail/written.hpp"
#include "sim/topology/fields.hpp"

namespace longhaul::scenario {

namespace {

using yaml::Bound;
using yaml::Fields;
using yaml::located;
using yaml::Type;

/// A rate, or a share of what there is.
Type<WrittenRemainder> remainder() {
  return rate_or_share<WrittenRemainder>(
      "a rate such as 40G or a share of the capacity such as 50 %, above 0",
      std::numeric_limits<double>::infinity());
}

/// Hours; longer than a Duration can be.
Type<double> long_time(bool or_never) {
  static constexpr std::array<QuantityUnit, 5> units{
      {{"years", 8760 * 3600}, {"days", 86'400}, {"h", 3600}, {"min", 60}, {"s", 1}}};
  constexpr std::int64_t most_s = 1'000'000'000'000'000;
  const std::string expected =
      or_never ? "a time such as 3000 h or 20 years, or never" : "a time such as 12 h or 3 days";
  return yaml::scalar<double>({expected, R"({"type": "string"})", {}},
                              [=](std::string_view text) -> Parsed<double> {
                                if (or_never && text == "never") return 0.0;
                                const auto s = parse_quantity(text, units, 1, most_s, expected);
                                if (!s) return ParseError{s.error()};
                                return static_cast<double>(*s) / 3600;
                              });
}

Fields<WrittenRate> rate_fields(const std::string& name, const std::string& description,
                                const std::string& mtbf, const std::string& mttr) {
  return Fields<WrittenRate>(name, description)
      .optional("mtbf", &WrittenRate::mtbf_h, long_time(true), "Mean time that it works.", mtbf)
      .optional("mttr", &WrittenRate::mttr_h, long_time(false), "Mean time of a repair.", mttr);
}

const Fields<WrittenRate>& cable_rate_fields() {
  static const Fields<WrittenRate> fields =
      rate_fields("failing cable", "How often 1000 km of cable on land are cut.", "3211 h", "12 h");
  return fields;
}

const Fields<WrittenRate>& submarine_rate_fields() {
  static const Fields<WrittenRate> fields =
      rate_fields("failing submarine cable", "How often 1000 km of cable in the sea are cut.",
                  "46400 h", "540 h");
  return fields;
}

const Fields<WrittenRate>& link_rate_fields() {
  static const Fields<WrittenRate> fields = rate_fields(
      "failing link", "How often a link's equipment fails, whatever its length.", "40000 h", "2 h");
  return fields;
}

const Fields<WrittenRate>& node_rate_fields() {
  static const Fields<WrittenRate> fields =
      rate_fields("failing node", "How often a node fails.", "200000 h", "2 h");
  return fields;
}

/// Two providers.
Type<std::vector<Name>> two_providers() { return yaml::list(located_name(), 2, 2); }

void check_event(const WrittenEvent& event, const yaml::Node& node, Diagnostics& diagnostics) {
  constexpr std::array kinds{"fail",   "restore", "degrade", "drain", "undrain",
                             "metric", "add",     "depeer",  "peer",  "storm"};
  std::vector<std::string> said;
  for (const char* kind : kinds)
    if (node.find(kind) != nullptr) said.emplace_back(kind);
  if (said.size() != 1) {
    node.where.error(diagnostics,
                     said.empty()
                         ? fmt::format("an event needs one of {}", fmt::join(kinds, ", "))
                         : fmt::format("an event is one thing, not {}", fmt::join(said, " and ")));
    return;
  }
  for (const auto& [key, end] : {std::pair{"until", &event.until}, {"for", &event.lasts}})
    if (*end && event.add.empty())
      (*end)->where.error(diagnostics, fmt::format("`{}` only goes with `add`", key));
  if (event.until && event.lasts)
    event.lasts->where.error(diagnostics, "`until` or `for`, not both");
  if (event.until && event.until->value <= event.at.value)
    event.until->where.error(
        diagnostics, fmt::format("{} is not after {}, when it comes", to_text(event.until->value),
                                 to_text(event.at.value)));
}

}  // namespace

const Fields<WrittenDegrade>& degrade_fields() {
  static const Fields<WrittenDegrade> fields =
      Fields<WrittenDegrade>("degradation", "Less capacity, in both directions.")
          .required("what", &WrittenDegrade::what, located_name(),
                    "A link, two nodes as A-B, or whatever else can fail: all its links.")
          .required("to", &WrittenDegrade::to, located(remainder()),
                    "What each link has left: of a bundle, all members together.");
  return fields;
}

const Fields<WrittenMetric>& metric_event_fields() {
  static const Fields<WrittenMetric> fields =
      Fields<WrittenMetric>("metric change", "Another metric for a link.")
          .required("link", &WrittenMetric::link, located_name(), "A link, or two nodes as A-B.")
          .required("to", &WrittenMetric::to, topology_text::metric_type(),
                    "One, or [A to B, B to A] in the order of the link's endpoints.");
  return fields;
}

const Fields<WrittenFailures>& failures_fields() {
  static const Fields<WrittenFailures> fields =
      Fields<WrittenFailures>("set of failure rates",
                              "What fails at random, from streams of the engine's seed; {} takes "
                              "all the figures given here.")
          .optional("cable", &WrittenFailures::cable, yaml::object(cable_rate_fields()),
                    "Of 1000 km on land.")
          .optional("submarine", &WrittenFailures::submarine, yaml::object(submarine_rate_fields()),
                    "Of 1000 km in the sea.")
          .optional("link", &WrittenFailures::link, yaml::object(link_rate_fields()),
                    "Of a link's equipment.")
          .optional("node", &WrittenFailures::node, yaml::object(node_rate_fields()), "Of a node.")
          .place(&WrittenFailures::where);
  return fields;
}

const Fields<WrittenEvent>& event_fields() {
  static const Fields<WrittenEvent> fields =
      Fields<WrittenEvent>("event",
                           "A change at a time. What can fail or be drained: a link, two nodes as "
                           "A-B, a node, a risk group, a region or a provider (all its nodes); "
                           "link:, node:, risk:, region: or provider: before a name says which.")
          .required("at", &WrittenEvent::at, located(clock_time(Bound::not_negative)),
                    "From the start of the run, warm-up included.")
          .optional("fail", &WrittenEvent::fail, located_name(), "All its links go down.")
          .optional("restore", &WrittenEvent::restore, located_name(),
                    "What failed or was degraded before, by the same name.")
          .optional("degrade", &WrittenEvent::degrade, yaml::object(degrade_fields()),
                    "Less capacity, until it is restored.")
          .optional("drain", &WrittenEvent::drain, located_name(),
                    "It gets the largest metric: used only where there is no other way.")
          .optional("undrain", &WrittenEvent::undrain, located_name(), "What was drained before.")
          .optional("metric", &WrittenEvent::metric, located(yaml::object(metric_event_fields())),
                    "Another metric; with `routing: {metric: given}` or hops.")
          .optional("add", &WrittenEvent::add, yaml::one_or_list(yaml::object(traffic_fields())),
                    "Traffic that comes at this time.")
          .optional("until", &WrittenEvent::until, located(clock_time(Bound::positive)),
                    "When added traffic goes.")
          .optional("for", &WrittenEvent::lasts, located(clock_time(Bound::positive)),
                    "How long added traffic stays.")
          .optional("depeer", &WrittenEvent::depeer, located(two_providers()),
                    "Two providers that stop to route over the links between them.")
          .optional("peer", &WrittenEvent::peer, located(two_providers()),
                    "Two providers that parted before and make it up.")
          .optional("storm", &WrittenEvent::storm, yaml::object(storm_fields()),
                    "Rain that starts at this time.")
          .place(&WrittenEvent::where)
          .whole(&WrittenEvent::whole)
          .check(check_event);
  return fields;
}

}  // namespace longhaul::scenario
