// The tables that read a scenario's fields, and from which its JSON Schema and reference page come.
#include "sim/topology/fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.hpp"
#include "sim/scenario/detail/preset_fields.hpp"
#include "sim/scenario/detail/types.hpp"
#include "sim/scenario/detail/written.hpp"

namespace longhaul::scenario {

namespace {

using yaml::Bound;
using yaml::Fields;
using yaml::located;
using yaml::Type;
using yaml::TypeDoc;

const Fields<WrittenEngine>& engine_fields() {
  static const Fields<WrittenEngine> fields =
      Fields<WrittenEngine>("engine", "How the scenario is simulated, and for how long.")
          .optional("fidelity", &WrittenEngine::fidelity,
                    located(yaml::choice_of({Fidelity::packet, Fidelity::fluid, Fidelity::hybrid,
                                             Fidelity::automatic})),
                    "packet moves every packet; fluid moves rates that change now and then; hybrid "
                    "is a fluid with short spans of packets, for rates and times at which packets "
                    "are too many; auto is packet if that fits the budget, else hybrid.",
                    "packet")
          .optional("seed", &WrittenEngine::seed,
                    yaml::converted<std::uint64_t>(
                        yaml::integer(0, std::numeric_limits<std::int64_t>::max())),
                    "Of the random arrivals and sizes; equal seeds give equal results.", "1")
          .optional("warmup", &WrittenEngine::warmup, clock_time(Bound::not_negative),
                    "Simulated first and not measured.", "100 ms")
          .optional("duration", &WrittenEngine::duration, located(clock_time(Bound::positive)),
                    "Measured, after the warm-up.", "1 s")
          .optional("interval", &WrittenEngine::interval, located(clock_time(Bound::positive)),
                    "Of the samples of link utilization; a hundredth of the duration if not given.")
          .optional("budget", &WrittenEngine::budget, clock_time(Bound::positive),
                    "Wall-clock time, about, on one core: what auto may spend on packets (60 s if "
                    "not given), and hybrid on its spans of packets (3 s if not given).")
          .place(&WrittenEngine::where);
  return fields;
}

const Fields<WrittenClass>& class_fields() {
  static const Fields<WrittenClass> fields =
      Fields<WrittenClass>("class", "A class of traffic.")
          .required("name", &WrittenClass::name, located_name(),
                    "Its name, for `traffic` and `expect`.")
          .optional("priority", &WrittenClass::priority, priority(),
                    "Who is served first where the discipline knows priorities (fifo does not).",
                    "medium")
          .optional("within", &WrittenClass::within, yaml::object(within_fields()),
                    "Residency: its packets never pass a node elsewhere; what cannot be routed so "
                    "is dropped by policy.");
  return fields;
}

const Fields<WrittenSize>& size_fields() {
  static const Fields<WrittenSize> fields =
      Fields<WrittenSize>("size", "One packet size of a mix.")
          .required("size", &WrittenSize::size, packet_size(),
                    "Of the packet, without preamble, FCS and gap (see `framing` of links).")
          .optional("weight", &WrittenSize::weight, yaml::positive_number(),
                    "How many packets have it, relative to the others.", "1");
  return fields;
}

const Fields<WrittenFile>& file_fields() {
  static const Fields<WrittenFile> fields =
      Fields<WrittenFile>("matrix file",
                          "Demands from a file: CSV with the columns from, to and "
                          "rate, or a matrix of a format that topologies are imported from.")
          .required("file", &WrittenFile::path,
                    yaml::any({"the path of a file", R"({"type": "string"})", {}}),
                    "Its path, relative to this file.")
          .optional("scale", &WrittenFile::scale, yaml::positive_number(), "Multiplies its rates.",
                    "1")
          .optional("unit", &WrittenFile::unit, located(unit()),
                    "What a number in a CSV file means.")
          .optional("row", &WrittenFile::row, located(yaml::integer(0, 1'000'000'000)),
                    "Which line, from 0, of a file with a whole matrix in each line.", "0");
  return fields;
}

/// A model's name, or a file.
Type<WrittenMatrix> matrix() {
  using Matrix = TrafficSpec::Matrix;
  const std::vector<std::string> words{"gravity", "uniform", "hub"};
  const std::vector<Matrix> models{Matrix::gravity, Matrix::uniform, Matrix::hub};
  const Type<WrittenFile> file = yaml::object(file_fields());
  const TypeDoc word_doc = yaml::choice_doc(words);
  TypeDoc doc{word_doc.expected + ", or {file: PATH}",
              yaml::json_object({{"anyOf", yaml::json_array({word_doc.schema, file.doc.schema})}}),
              file.doc.objects};
  const std::string expected = doc.expected;
  return {std::move(doc),
          [=](const yaml::Node& node, Diagnostics& diagnostics) -> std::optional<WrittenMatrix> {
            WrittenMatrix out;
            if (node.is_map()) {
              out.file = file.read(node, diagnostics);
              return out.file ? std::optional(out) : std::nullopt;
            }
            const auto found = std::find(words.begin(), words.end(), node.scalar);
            if (node.is_scalar() && found != words.end()) {
              out.model = models[static_cast<std::size_t>(found - words.begin())];
              return out;
            }
            node.where.error(diagnostics,
                             fmt::format("expected {}, got {}", expected, node.describe()),
                             did_you_mean(node.scalar, words));
            return std::nullopt;
          }};
}

const Fields<WrittenDemand>& demand_fields() {
  static const Fields<WrittenDemand> fields =
      Fields<WrittenDemand>("demand", "What one node sends to another.")
          .required("from", &WrittenDemand::from, located_name(), "The node that sends.")
          .required("to", &WrittenDemand::to, located_name(), "The node that receives.")
          .required("rate", &WrittenDemand::rate, yaml::rate(Bound::positive),
                    "Of packet bytes, without framing.");
  return fields;
}

/// A trace says how much is sent, and perhaps by whom.
void check_trace(const WrittenTraffic& entry, Diagnostics& diagnostics) {
  const auto refuse = [&](const auto& field, const char* name) {
    if (field)
      field->where.error(
          diagnostics, fmt::format("`{}` does not go with a trace, which says what is sent", name));
  };
  refuse(entry.matrix, "matrix");
  refuse(entry.demands, "demands");
  refuse(entry.rate, "rate");
  refuse(entry.total, "total");
  refuse(entry.max_utilization, "max_utilization");
  refuse(entry.hubs, "hubs");
  refuse(entry.among, "among");
  refuse(entry.profile, "profile");
  if (entry.scale != 1)
    entry.where.error(diagnostics, "`scale` does not go with a trace, which says what is sent");
  if (entry.from.has_value() != entry.to.has_value())
    entry.where.error(diagnostics,
                      fmt::format("missing key \"{}\" of a pair", entry.from ? "to" : "from"));
}

/// Which of its forms an entry is written in. Only asked when all its fields could be read.
void check_form(const WrittenTraffic& entry, const yaml::Node& node, Diagnostics& diagnostics) {
  if (entry.arrivals.trace) {
    check_trace(entry, diagnostics);
    return;
  }
  const bool pair = entry.from || entry.to || entry.rate;
  const int forms = (entry.matrix ? 1 : 0) + (entry.demands ? 1 : 0) + (pair ? 1 : 0);
  if (forms != 1) {
    node.where.error(diagnostics,
                     forms == 0
                         ? "a traffic entry needs `matrix`, `demands`, or `from`, `to` and `rate`"
                         : "a traffic entry takes one of `matrix`, `demands`, or `from` and "
                           "`to`, not several");
    return;
  }
  const bool scaled = entry.total || entry.max_utilization;
  if (entry.total && entry.max_utilization) {
    entry.max_utilization->where.error(
        diagnostics, "a traffic entry takes `total` or `max_utilization`, not both");
  }
  if (pair && !(entry.from && entry.to)) {
    node.where.error(diagnostics,
                     fmt::format("missing key \"{}\" of a pair", entry.from ? "to" : "from"));
  }
  const bool endless = entry.transport && entry.transport->endless();
  if (pair && entry.from && entry.to && !entry.rate && !scaled && !endless) {
    node.where.error(diagnostics, "missing key \"rate\" of a pair (or max_utilization)");
  }
  const bool model = entry.matrix && !entry.matrix->value.file;
  if (model && !scaled) {
    entry.matrix->where.error(
        diagnostics, "how much? a model needs `total` (a rate) or `max_utilization` (a share)");
  }
  const bool hub = model && entry.matrix->value.model == TrafficSpec::Matrix::hub;
  if (hub && !entry.hubs)
    entry.matrix->where.error(diagnostics, "matrix hub needs `hubs`, a list of nodes");
  if (!hub && entry.hubs) entry.hubs->where.error(diagnostics, "`hubs` only goes with matrix hub");
  if (!hub && entry.direction)
    entry.direction->where.error(diagnostics, "`direction` only goes with matrix hub");
  if (!model && entry.among) {
    entry.among->where.error(diagnostics, "`among` only goes with matrix gravity, uniform or hub");
  }
}

/// A preset divides rates, so there must be some.
void check_part(const WrittenTraffic& entry, const yaml::Node& node, Diagnostics& diagnostics) {
  if (!entry.part) return;
  if (entry.arrivals.trace)
    node.find("arrivals")
        ->where.error(diagnostics, "a preset does not go with a trace, which says what is sent");
  if (entry.transport && entry.transport->endless())
    entry.transport->where.error(
        diagnostics, "a preset does not go with endless connections, which have no rate to divide",
        "give `flow`, the size of the flows that come at the preset's rate");
}

/// TCP makes packets of its own.
void check_transport(const WrittenTraffic& entry, const yaml::Node& node,
                     Diagnostics& diagnostics) {
  if (!entry.transport) return;
  const auto refuse = [&](const char* key, const std::string& why, const std::string& hint) {
    const yaml::Node* const found = node.find(key);
    if (found == nullptr) return;
    found->where.error(diagnostics,
                       fmt::format("`{}` does not go with transport {}: {}", key,
                                   to_string(entry.transport->protocol), why),
                       hint);
  };
  refuse("arrivals", "its segments leave when the window allows",
         "flows come as Poisson arrivals: transport: {protocol: ..., flow: web-search}");
  refuse("size", "its segments are full but for a flow's last one",
         "transport: {protocol: ..., mss: 1448 B}");
  for (const char* const bucket : {"shape", "police"})
    refuse(bucket, "its connections share the bottleneck by themselves",
           "limit a class at ports: queues: {discipline: hierarchical, ...}");
  if (entry.transport->endless())
    refuse("profile", "endless connections always send",
           "give `flow`, the size of the flows that come at the profile's rate");
}

}  // namespace

const Fields<WrittenTraffic>& traffic_fields() {
  static const Fields<WrittenTraffic> fields =
      Fields<WrittenTraffic>("traffic entry", "Demands: one pair, a list, a model or a file.")
          .optional("preset", &WrittenTraffic::part, preset(),
                    "What an industry or a workload sends (`longhaul catalogue`): the entry says "
                    "where and how much, and what else it says goes before the preset.")
          .optional("class", &WrittenTraffic::cls, located_name(),
                    "Its class; may be left out where there is only one, and with a preset.")
          .optional(
              "matrix", &WrittenTraffic::matrix, located(matrix()),
              "gravity: in proportion to the product of the nodes' weights; uniform: the same for "
              "every pair; hub: every node to and from each of `hubs`, by its weight.")
          .optional("from", &WrittenTraffic::from, located_name(), "Of a single pair.")
          .optional("to", &WrittenTraffic::to, located_name(), "Of a single pair.")
          .optional("rate", &WrittenTraffic::rate, located(yaml::rate(Bound::positive)),
                    "Of a single pair; packet bytes, without framing.")
          .optional("demands", &WrittenTraffic::demands,
                    located(yaml::list(yaml::object(demand_fields()), 1)), "A list of pairs.")
          .optional("total", &WrittenTraffic::total, located(yaml::rate(Bound::positive)),
                    "Scales all rates of the entry so that they add up to this.")
          .optional("max_utilization", &WrittenTraffic::max_utilization, located(target()),
                    "Scales all rates of the entry so that it alone brings the most loaded link to "
                    "this share of its rate, framing included.")
          .optional("scale", &WrittenTraffic::scale, yaml::positive_number(),
                    "Multiplies the rates, after `total` and `max_utilization`.", "1")
          .optional("hubs", &WrittenTraffic::hubs, located(yaml::one_or_list(located_name())),
                    "Nodes, for matrix hub.")
          .optional("direction", &WrittenTraffic::direction,
                    located(yaml::choice_of({TrafficSpec::Direction::both,
                                             TrafficSpec::Direction::from_hubs,
                                             TrafficSpec::Direction::to_hubs})),
                    "Who sends with matrix hub.", "both, or the preset's")
          .optional("among", &WrittenTraffic::among, located(yaml::object(among_fields())),
                    "Which nodes a model takes; all if not given.")
          .optional("arrivals", &WrittenTraffic::arrivals, arrivals(),
                    "Of the packets of each demand.", "poisson")
          .optional("profile", &WrittenTraffic::profile, located(profile()),
                    "The rate over time; `rate` is that at a factor of 1.")
          .optional("transport", &WrittenTraffic::transport, transport(),
                    "TCP: senders react to loss and delay; open loop if not given.")
          .optional(
              "size", &WrittenTraffic::size, located(yaml::text()),
              fmt::format("A packet size such as 400 B, one of the mixes {}, or one of `sizes`.",
                          mix_names()),
              "imix")
          .optional("ecn", &WrittenTraffic::ecn, yaml::boolean(),
                    "Its packets may be marked instead of dropped early (RFC 3168).", "false")
          .optional("shape", &WrittenTraffic::shape, located(yaml::object(shape_fields())),
                    "A token bucket for each demand; what exceeds it waits at the source.")
          .optional("police", &WrittenTraffic::police, located(yaml::object(police_fields())),
                    "A token bucket for each demand; what exceeds it is dropped at the source.")
          .optional("service", &WrittenTraffic::service, located_name(),
                    "The service of `services` that it belongs to, besides what that sends.")
          .place(&WrittenTraffic::where)
          .whole(&WrittenTraffic::whole)
          .check(check_form)
          .check(check_transport)
          .check(check_part);
  return fields;
}

const Fields<WrittenScenario>& scenario_fields() {
  static const Fields<WrittenScenario> fields =
      Fields<WrittenScenario>("scenario", "A network, its traffic, and what is expected of it.")
          .optional("name", &WrittenScenario::name, yaml::text(),
                    "For reports; the file's name if not given.")
          .optional("description", &WrittenScenario::description, yaml::text(),
                    "The question it answers.")
          .optional("include", &WrittenScenario::include, yaml::one_or_list(yaml::name()),
                    "Files merged in first: maps by key, lists joined.")
          .required("topology", &WrittenScenario::topology, topology(),
                    "A file, relative to this one, or a whole topology inline.")
          .optional("engine", &WrittenScenario::engine, yaml::object(engine_fields()),
                    "How it is simulated.")
          .optional("classes", &WrittenScenario::classes,
                    yaml::list(yaml::object(class_fields()), 1),
                    "Classes of traffic; one called default if not given.")
          .optional("sizes", &WrittenScenario::sizes,
                    yaml::map_of("the name of a mix", yaml::list(yaml::object(size_fields()), 1)),
                    "Mixes of packet sizes.")
          .optional("flow_sizes", &WrittenScenario::flow_sizes,
                    yaml::map_of("the name of a table", flow_size_points()),
                    "Distributions of flow sizes.")
          .optional("traffic", &WrittenScenario::traffic,
                    yaml::list(yaml::object(traffic_fields()), 1),
                    "Who sends how much to whom; needed where no `services` send.")
          .optional("services", &WrittenScenario::services,
                    yaml::list(yaml::object(service_fields()), 1),
                    "VPNs, intranets and the internet, with what is promised of them.")
          .optional("routing", &WrittenScenario::routing, yaml::object(routing_fields()),
                    "How packets find their way.")
          .optional("queues", &WrittenScenario::queues, yaml::object(queue_fields()),
                    "What happens where links are full.")
          .optional("events", &WrittenScenario::events, yaml::list(yaml::object(event_fields())),
                    "What changes while it runs.")
          .optional("failures", &WrittenScenario::failures, yaml::object(failures_fields()),
                    "Failures at random, besides `events`; none if not given.")
          .optional("rain", &WrittenScenario::rain, yaml::one_or_list(yaml::object(rain_fields())),
                    "Rain over time, from files.")
          .optional("expect", &WrittenScenario::expect, yaml::list(expectation_line()),
                    "Pass or fail lines: METRIC [of CLASS|service S|provider P|tier N|region R] "
                    "[from A] [to B] "
                    "[on LINK] < VALUE.")
          .place(&WrittenScenario::where)
          .needs_any_of({"traffic", "services"});
  return fields;
}

}  // namespace longhaul::scenario
