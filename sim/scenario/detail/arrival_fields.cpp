// The fields of `arrivals:` and of tables of flow sizes.
#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.hpp"
#include "sim/scenario/detail/types.hpp"
#include "sim/scenario/detail/written_arrivals.hpp"

namespace longhaul::scenario {

namespace {

using yaml::Bound;
using yaml::Fields;
using yaml::located;
using yaml::Type;
using yaml::TypeDoc;

/// The key that tells the models apart.
template <class T>
Fields<T> model_fields(const char* word, std::string description) {
  Fields<T> fields(fmt::format("{} model", word), std::move(description));
  fields.required("model", &T::model, yaml::choice<std::string>({{word, word}}), "Which model.");
  return fields;
}

template <class T>
void add_packets(Fields<T>& fields) {
  fields.optional("packets", &T::packets, yaml::choice_of({Arrivals::poisson, Arrivals::cbr}),
                  "How they follow each other while the rate is the same.", "poisson");
}

const Fields<WrittenMmppState>& state_fields() {
  static const Fields<WrittenMmppState> fields =
      Fields<WrittenMmppState>("state", "A state of an MMPP.")
          .required("rate", &WrittenMmppState::rate, yaml::number(0, 1e9),
                    "Relative to the other states; the demand keeps its mean rate.")
          .required("mean", &WrittenMmppState::mean, clock_time(Bound::positive),
                    "Of the exponential time that it lasts.")
          .optional("to", &WrittenMmppState::to, located(yaml::list(yaml::number(0, 1e9))),
                    "Weights of the state that follows, one for each state, 0 for this one; any "
                    "other alike if not given.");
  return fields;
}

void check_states(const WrittenMmpp& written, const yaml::Node& node, Diagnostics& diagnostics) {
  Mmpp mmpp;
  bool sound = true;
  double most = 0;
  for (std::size_t i = 0; i < written.states.size(); ++i) {
    const WrittenMmppState& state = written.states[i];
    most = std::max(most, state.rate);
    mmpp.states.push_back({state.rate, state.mean});
    if (!state.to) continue;
    const std::vector<double>& to = state.to->value;
    const bool right = to.size() == written.states.size() && to[i] == 0 &&
                       std::any_of(to.begin(), to.end(), [](double w) { return w > 0; });
    if (!right) {
      sound = false;
      state.to->where.error(
          diagnostics,
          fmt::format("expected {} weights, one for each state, 0 for the state itself "
                      "and one of the others above 0",
                      written.states.size()));
    }
    mmpp.states.back().to = to;
  }
  const yaml::Node* const list = node.find("states");
  const yaml::Place& where = list != nullptr ? list->where : node.where;
  if (most == 0) where.error(diagnostics, "expected a rate above 0 in one of the states");
  if (sound && !all_reachable(mmpp))
    where.error(diagnostics, "each state must be reachable from every other by `to`");
}

const Fields<WrittenMmpp>& mmpp_fields() {
  static const Fields<WrittenMmpp> fields = [] {
    auto f = model_fields<WrittenMmpp>(
        "mmpp", "A Markov chain whose state sets the rate (Markov-modulated Poisson process).");
    f.required("states", &WrittenMmpp::states, yaml::list(yaml::object(state_fields()), 2, 100),
               "Two or more.");
    add_packets(f);
    f.check(check_states);
    return f;
  }();
  return fields;
}

void check_periods(const WrittenOnOff& written, const yaml::Node& node, Diagnostics& diagnostics) {
  if (!written.pareto) {
    for (const auto* shape : {&written.alpha, &written.hurst})
      if (*shape)
        (*shape)->where.error(diagnostics, "`alpha` and `hurst` only go with periods: pareto");
    return;
  }
  if (written.alpha && written.hurst) {
    written.hurst->where.error(diagnostics,
                               "`alpha` or `hurst`, not both: hurst is (3 - alpha) / 2");
  } else if (!written.alpha && !written.hurst) {
    node.where.error(diagnostics, "missing key \"alpha\" of Pareto periods (or hurst)");
  }
  if (written.alpha && !(written.alpha->value > 1 && written.alpha->value < 2)) {
    written.alpha->where.error(
        diagnostics,
        fmt::format("expected an alpha above 1 and below 2, got {}", written.alpha->value),
        "at 1 periods have no mean, at 2 their sum is no longer self-similar");
  }
  if (written.hurst && !(written.hurst->value > 0.5 && written.hurst->value < 1)) {
    written.hurst->where.error(
        diagnostics,
        fmt::format("expected a Hurst parameter above 0.5 and below 1, got {}",
                    written.hurst->value),
        "0.5 is traffic without memory: periods: exponential");
  }
}

const Fields<WrittenOnOff>& on_off_fields() {
  static const Fields<WrittenOnOff> fields = [] {
    auto f = model_fields<WrittenOnOff>(
        "on-off", "The sum of independent sources that send and rest in turn.");
    f.required("on", &WrittenOnOff::on, clock_time(Bound::positive), "Mean time that one sends.")
        .required("off", &WrittenOnOff::off, clock_time(Bound::positive),
                  "Mean time that one rests.")
        .optional("periods", &WrittenOnOff::pareto,
                  yaml::choice<bool>({{"exponential", false}, {"pareto", true}}),
                  "Of what kind these times are; pareto makes the sum self-similar.", "exponential")
        .optional("alpha", &WrittenOnOff::alpha, located(yaml::number()),
                  "Shape of Pareto periods, between 1 and 2.")
        .optional("hurst", &WrittenOnOff::hurst, located(yaml::number()),
                  "Instead of alpha: the sum's Hurst parameter, (3 - alpha) / 2.")
        .optional("sources", &WrittenOnOff::sources, yaml::integer(1, 100'000),
                  "How many make up each demand.", "1");
    add_packets(f);
    f.check(check_periods);
    return f;
  }();
  return fields;
}

const Fields<WrittenFlows>& flows_fields() {
  static const Fields<WrittenFlows> fields = [] {
    auto f = model_fields<WrittenFlows>(
        "flows", "Flows start at random, each with a size from a table, and send at an even rate.");
    f.required("sizes", &WrittenFlows::sizes, located(yaml::text()),
               fmt::format("A size such as 1 MB, one of the tables {}, or one of `flow_sizes`.",
                           flow_size_names()))
        .required("flow_rate", &WrittenFlows::flow_rate, yaml::rate(Bound::positive),
                  "Of each flow while it sends.");
    return f;
  }();
  return fields;
}

Type<Duration> time_unit() {
  return yaml::choice<Duration>({{"s", Duration::s(1)},
                                 {"ms", Duration::ms(1)},
                                 {"us", Duration::us(1)},
                                 {"ns", Duration::ns(1)},
                                 {"ps", Duration::ps(1)}});
}

const Fields<WrittenTrace>& trace_fields() {
  static const Fields<WrittenTrace> fields = [] {
    auto f = model_fields<WrittenTrace>("trace", "Packets or flows as recorded.");
    f.required("file", &WrittenTrace::file,
               yaml::any({"the path of a file", R"({"type": "string"})", {}}),
               "CSV with the columns time and size (packets) or time and bytes (flows), and "
               "perhaps from, to and flow; or pcap. Relative to this file.")
        .optional("time_unit", &WrittenTrace::time_unit, located(time_unit()),
                  "What a plain number in the column time means.")
        .optional("flow_rate", &WrittenTrace::flow_rate, located(yaml::rate(Bound::positive)),
                  "Of each flow while it sends; for traces of flows.")
        .optional("repeat", &WrittenTrace::repeat, yaml::boolean(),
                  "Whether it starts anew when it is over.", "false")
        .optional("speed", &WrittenTrace::speed, yaml::positive_number(),
                  "2 plays it twice as fast.", "1");
    return f;
  }();
  return fields;
}

const Fields<WrittenFlowSize>& flow_size_fields() {
  static const Fields<WrittenFlowSize> fields =
      Fields<WrittenFlowSize>("flow size", "A point of a distribution of flow sizes.")
          .required("size", &WrittenFlowSize::size, yaml::size(Bound::positive),
                    "Of a flow; between two points sizes are spread evenly.")
          .required("share", &WrittenFlowSize::share, located(yaml::fraction()),
                    "How many of the flows are of at most this size; the last one is 100 %.")
          .place(&WrittenFlowSize::where);
  return fields;
}

}  // namespace

std::string flow_size_names() {
  std::string out;
  for (const FlowSizeTable& table : flow_size_tables())
    out += (out.empty() ? "" : ", ") + table.sizes->name();
  return out;
}

Type<std::vector<WrittenFlowSize>> flow_size_points() {
  return yaml::list(yaml::object(flow_size_fields()), 1);
}

Type<WrittenArrivals> arrivals() {
  const std::vector<std::string> words{"poisson", "cbr"};
  const std::vector<std::string> models{"mmpp", "on-off", "flows", "trace"};
  const Type<WrittenMmpp> mmpp = yaml::object(mmpp_fields());
  const Type<WrittenOnOff> on_off = yaml::object(on_off_fields());
  const Type<WrittenFlows> flows = yaml::object(flows_fields());
  const Type<WrittenTrace> trace = yaml::object(trace_fields());
  const std::string expected = "poisson or cbr, or {model: mmpp|on-off|flows|trace, ...}";
  TypeDoc doc{
      expected,
      yaml::json_object(
          {{"anyOf", yaml::json_array({yaml::choice_doc(words).schema, mmpp.doc.schema,
                                       on_off.doc.schema, flows.doc.schema, trace.doc.schema})}}),
      {}};
  for (const TypeDoc& model : {mmpp.doc, on_off.doc, flows.doc, trace.doc})
    doc.objects.insert(doc.objects.end(), model.objects.begin(), model.objects.end());
  return {
      std::move(doc),
      [=](const yaml::Node& node, Diagnostics& diagnostics) -> std::optional<WrittenArrivals> {
        WrittenArrivals out;
        out.where = node.where;
        if (node.is_map()) {
          const yaml::Node* model = node.find("model");
          if (model == nullptr) {
            node.where.error(diagnostics, fmt::format("missing key \"model\": expected one of {}",
                                                      fmt::join(models, ", ")));
            return std::nullopt;
          }
          const auto which = yaml::read_choice(*model, models, diagnostics);
          if (!which) return std::nullopt;
          if (*which == 0) out.mmpp = mmpp.read(node, diagnostics);
          if (*which == 1) out.on_off = on_off.read(node, diagnostics);
          if (*which == 2) out.flows = flows.read(node, diagnostics);
          if (*which == 3) out.trace = trace.read(node, diagnostics);
          if (out.mmpp) out.packets = out.mmpp->packets;
          if (out.on_off) out.packets = out.on_off->packets;
          return out;
        }
        if (node.is_scalar() && (node.scalar == "poisson" || node.scalar == "cbr")) {
          out.packets = node.scalar == "cbr" ? Arrivals::cbr : Arrivals::poisson;
          return out;
        }
        const bool model = std::find(models.begin(), models.end(), node.scalar) != models.end();
        node.where.error(diagnostics, fmt::format("expected {}, got {}", expected, node.describe()),
                         model ? fmt::format("{{model: {}, ...}} with its parameters", node.scalar)
                               : did_you_mean(node.scalar, words));
        return std::nullopt;
      }};
}

}  // namespace longhaul::scenario
