// The fields of `routing:`.
#include <fmt/format.h>

#include "sim/scenario/detail/types.hpp"
#include "sim/scenario/detail/written.hpp"
#include "sim/topology/fields.hpp"

namespace longhaul::scenario {

namespace {

using routing::Frr;
using yaml::Bound;
using yaml::Fields;
using yaml::located;
using yaml::Type;
using yaml::TypeDoc;

const char* const detection_expected = "light, bfd, or a time such as 50 ms";

/// How the ends of a link learn that it is down.
Type<WrittenDetection> detection() {
  const std::vector<std::string> words{"light", "bfd"};
  const Type<Duration> time = yaml::duration(Bound::not_negative);
  TypeDoc doc{detection_expected,
              yaml::json_object(
                  {{"anyOf", yaml::json_array({yaml::choice_doc(words).schema, time.doc.schema})}}),
              {}};
  return {std::move(doc),
          [=](const yaml::Node& node, Diagnostics& diagnostics) -> std::optional<WrittenDetection> {
            if (!node.is_scalar())
              return yaml::wrong_type(node, detection_expected, diagnostics), std::nullopt;
            if (node.scalar == "light") return WrittenDetection{};
            if (node.scalar == "bfd") return WrittenDetection{true, std::nullopt};
            const Parsed<Duration> parsed = parse_duration(node.scalar);
            if (parsed && *parsed >= Duration::zero()) return WrittenDetection{false, *parsed};
            node.where.error(diagnostics, fmt::format("expected {}, got \"{}\"", detection_expected,
                                                      node.scalar));
            return std::nullopt;
          }};
}

void check_bfd(const WrittenConvergence& written, const yaml::Node& node,
               Diagnostics& diagnostics) {
  if (written.detection.bfd) return;
  for (const char* key : {"bfd_interval", "bfd_multiplier"})
    if (const yaml::Node* value = node.find(key))
      value->where.error(diagnostics, fmt::format("{} without detection: bfd", key),
                         "detection: bfd");
}

const Fields<WrittenConvergence>& convergence_fields() {
  const auto time = [] { return yaml::duration(Bound::not_negative); };
  static const Fields<WrittenConvergence> fields =
      Fields<WrittenConvergence>("convergence", "How long routers take over a change.")
          .optional("detection", &WrittenConvergence::detection, detection(),
                    "From a failure until both ends know: loss of light (10 ms), or BFD.", "light")
          .optional("bfd_interval", &WrittenConvergence::bfd_interval,
                    yaml::duration(Bound::positive), "Between BFD's packets.", "50 ms")
          .optional("bfd_multiplier", &WrittenConvergence::bfd_multiplier, yaml::integer(1, 255),
                    "Packets that must fail to come.", "3")
          .optional("adjacency", &WrittenConvergence::adjacency, time(),
                    "From a repair until both ends use the link.", "1 s")
          .optional("origination", &WrittenConvergence::origination, time(),
                    "From there until a router's LSP leaves it.", "10 ms")
          .optional("flooding", &WrittenConvergence::flooding, time(),
                    "In each router that an LSP passes, besides the links' delay.", "2 ms")
          .optional("spf_delay", &WrittenConvergence::spf_delay, time(),
                    "From the first news until SPF starts.", "10 ms")
          .optional("spf_hold", &WrittenConvergence::spf_hold, time(),
                    "Between the starts of two SPFs; twice as long each time.", "20 ms")
          .optional("spf_max", &WrittenConvergence::spf_max, time(), "The longest such hold.",
                    "10 s")
          .optional("spf_per_node", &WrittenConvergence::spf_per_node, time(),
                    "That SPF takes for each node of the provider.", "40 us")
          .optional("fib_per_prefix", &WrittenConvergence::fib_per_prefix, time(),
                    "To write one prefix into the forwarding table.", "110 us")
          .optional("prefixes", &WrittenConvergence::prefixes, yaml::integer(1, 1'000'000),
                    "Of each node.", "1")
          .optional("bgp", &WrittenConvergence::bgp, time(),
                    "Until other providers, and a border's own, know of a change there.", "100 ms")
          .optional("local_delay", &WrittenConvergence::local_delay, time(),
                    "With frr: so much longer a router whose own link failed keeps its repairs, so "
                    "that others are ready for what it then sends.",
                    "0 s")
          .check(check_bfd);
  return fields;
}

/// `instant`, or the times.
Type<WrittenConvergence> convergence() {
  const std::vector<std::string> words{"instant"};
  const Type<WrittenConvergence> times = yaml::object(convergence_fields());
  TypeDoc doc{
      "instant, or {detection: ..., ...}",
      yaml::json_object(
          {{"anyOf", yaml::json_array({yaml::choice_doc(words).schema, times.doc.schema})}}),
      times.doc.objects};
  return {
      std::move(doc),
      [=](const yaml::Node& node, Diagnostics& diagnostics) -> std::optional<WrittenConvergence> {
        if (node.is_map()) return times.read(node, diagnostics);
        if (!yaml::read_choice(node, words, diagnostics)) return std::nullopt;
        WrittenConvergence out;
        out.instant = true;
        return out;
      }};
}

void check_frr(const WrittenRouting& written, const yaml::Node& node, Diagnostics& diagnostics) {
  if (!written.convergence.instant || written.frr == Frr::none) return;
  if (const yaml::Node* frr = node.find("frr"))
    frr->where.error(diagnostics, "frr with convergence: instant, which leaves it nothing to do",
                     "leave one of them out");
}

}  // namespace

namespace {

const Fields<WrittenSteer>& steer_fields() {
  static const Fields<WrittenSteer> fields =
      Fields<WrittenSteer>("segments entry", "Traffic that passes a node on its way.")
          .required("from", &WrittenSteer::from, located_name(), "The node that sends.")
          .required("to", &WrittenSteer::to, located_name(), "The node that receives.")
          .required("via", &WrittenSteer::via, located_name(),
                    "The node to pass: shortest paths lead to it, and on from it.")
          .place(&WrittenSteer::where);
  return fields;
}

const Fields<WrittenController>& controller_fields() {
  static const Fields<WrittenController> fields =
      Fields<WrittenController>(
          "controller", "Measures what is sent and steers it through nodes, again and again.")
          .required("interval", &WrittenController::interval,
                    located(yaml::duration(Bound::positive)),
                    "Over which it measures, and after which it decides.")
          .optional("reaction", &WrittenController::reaction, yaml::duration(Bound::not_negative),
                    "From the end of an interval until its changes hold.", "0 s")
          .optional("changes", &WrittenController::changes, yaml::integer(1, 1'000'000'000),
                    "Pairs of nodes whose way changes at one time, at most.", "20");
  return fields;
}

}  // namespace

const Fields<WrittenRouting>& routing_fields() {
  static const Fields<WrittenRouting> fields =
      Fields<WrittenRouting>("routing", "How packets find their way.")
          .optional("protocol", &WrittenRouting::protocol, protocol(),
                    "Both compute shortest paths; kept for the record.", "isis")
          .optional("metric", &WrittenRouting::metric,
                    yaml::choice_of(
                        {Metric::hops, Metric::inverse_capacity, Metric::delay, Metric::given}),
                    "What a link costs; given: its `metric`, or 10.", "given")
          .optional("ecmp", &WrittenRouting::ecmp,
                    yaml::choice_of({Ecmp::per_flow, Ecmp::per_packet, Ecmp::off}),
                    "How equal-cost paths are shared.", "per-flow")
          .optional("flows", &WrittenRouting::flows, flows(),
                    "Into how many flows each demand is hashed: a power of two.", "64")
          .optional(
              "exits", &WrittenRouting::exits,
              yaml::choice_of({Exits::hot_potato, Exits::cold_potato}),
              "Where a provider hands over what it carries to others: at the nearest exit, or "
              "where the rest of the way costs least.",
              "hot-potato")
          .optional("convergence", &WrittenRouting::convergence, convergence(),
                    "How routers get from the routes before a change to those after it; instant: "
                    "all at once.")
          .optional("frr", &WrittenRouting::frr,
                    yaml::choice_of({Frr::none, Frr::lfa, Frr::remote_lfa, Frr::ti_lfa}),
                    "What routers do by themselves until they have new routes.", "none")
          .optional("ttl", &WrittenRouting::ttl, yaml::integer(1, 255),
                    "Links that a packet may cross.", "64")
          .optional("metrics", &WrittenRouting::metrics,
                    yaml::map_of("a link", topology_text::metric_type()),
                    "Metrics of links, in place of those of the topology.")
          .optional("segments", &WrittenRouting::segments, yaml::list(yaml::object(steer_fields())),
                    "Traffic steered through a node each; the rest takes shortest paths.")
          .optional("controller", &WrittenRouting::controller,
                    located(yaml::object(controller_fields())),
                    "Steers traffic while it runs; none if not given.")
          .check(check_frr);
  return fields;
}

}  // namespace longhaul::scenario
