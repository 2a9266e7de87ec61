// The tables that read `services:`.
#include <fmt/format.h>

#include "sim/scenario/detail/types.hpp"
#include "sim/scenario/detail/written_services.hpp"
#include "sim/stats/e_model.hpp"

namespace longhaul::scenario {

namespace {

using yaml::Bound;
using yaml::Fields;
using yaml::located;

std::string codec_names() {
  std::vector<std::string> names;
  for (const Codec& codec : codecs()) names.emplace_back(codec.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

const Fields<WrittenPath>& path_fields() {
  static const Fields<WrittenPath> fields =
      Fields<WrittenPath>("path", "Where the packets of a service may go.")
          .optional("avoid", &WrittenPath::avoid, yaml::one_or_list(located_name()),
                    "Links, pairs of nodes as A-B, nodes or risk groups that it must not use.")
          .optional("within", &WrittenPath::within, yaml::object(within_fields()),
                    "Regions and countries that it must not leave.")
          .place(&WrittenPath::where)
          .check([](const WrittenPath& path, const yaml::Node& node, Diagnostics& diagnostics) {
            if (path.avoid.empty() && !path.within)
              node.where.error(diagnostics, "`path` needs `avoid` or `within`");
          });
  return fields;
}

const Fields<WrittenSla>& sla_fields() {
  const auto time = [] { return located(clock_time(Bound::positive)); };
  static const Fields<WrittenSla> fields =
      Fields<WrittenSla>("sla",
                         "What is promised. Each line passes or fails, as those of `expect` do.")
          .optional("mean_latency", &WrittenSla::mean_latency, time(), "At most this.")
          .optional("p50_latency", &WrittenSla::p50_latency, time(), "At most this.")
          .optional("p99_latency", &WrittenSla::p99_latency, time(), "At most this.")
          .optional("p999_latency", &WrittenSla::p999_latency, time(), "At most this.")
          .optional("jitter", &WrittenSla::jitter, time(),
                    "At most this: mean difference of consecutive latencies (RFC 3393).")
          .optional("loss", &WrittenSla::loss, located(yaml::fraction()), "At most this share.")
          .optional("availability", &WrittenSla::availability, located(yaml::fraction()),
                    "At least this share of the time, of each pair of sites (ITU-T Y.1540).")
          .optional("mos", &WrittenSla::mos, located(yaml::number(1, 4.5)),
                    "At least this mean opinion score of the calls of each pair (ITU-T G.107).")
          .place(&WrittenSla::where)
          .check([](const WrittenSla&, const yaml::Node& node, Diagnostics& diagnostics) {
            if (node.entries.empty()) node.where.error(diagnostics, "`sla` promises nothing");
          });
  return fields;
}

const Fields<WrittenVoice>& voice_fields() {
  static const Fields<WrittenVoice> fields =
      Fields<WrittenVoice>("voice", "Telephone calls between each pair of sites, both ways.")
          .optional("codec", &WrittenVoice::codec, located_name(),
                    fmt::format("One of {}.", codec_names()), "g711")
          .optional("calls", &WrittenVoice::calls, yaml::integer(1, 10'000'000),
                    "At a time, of each pair.", "1")
          .optional("jitter_buffer", &WrittenVoice::jitter_buffer, clock_time(Bound::not_negative),
                    "Of receivers: packets that come later than this after the soonest are lost.",
                    "40 ms")
          .place(&WrittenVoice::where);
  return fields;
}

/// What the fields of a service ask of each other.
void check_service(const WrittenService& s, const yaml::Node& node, Diagnostics& diagnostics) {
  const auto error = [&](const yaml::Place& where, const std::string& what,
                         const std::string& hint = {}) { where.error(diagnostics, what, hint); };
  if (s.sites && s.among) error(s.among->where, "a service takes `sites` or `among`, not both");
  if (s.sites && s.sites->value.size() < 2 && !s.hub)
    error(s.sites->where, "a service needs at least two sites");
  if (s.type == ServiceType::vpn && !s.sites && !s.among)
    error(node.where, "a vpn needs `sites` (or `among`)");
  if (s.type == ServiceType::intranet && !s.provider)
    error(node.where, "an intranet needs `provider`, whose network it is");
  if (s.type != ServiceType::intranet && s.provider)
    error(s.provider->where,
          fmt::format("`provider` goes with type intranet, not with {}", to_string(s.type)));
  const bool spokes = s.shape && s.shape->value == ServiceShape::hub_and_spoke;
  if (spokes && !s.hub)
    error(s.shape->where, "shape hub-and-spoke needs `hub`, a site or a list of them");
  if (s.hub && s.shape && !spokes)
    error(s.hub->where, "`hub` goes with shape hub-and-spoke, not with any-to-any");
  if (s.matrix && s.hub)
    error(s.matrix->where, "`matrix` goes with any-to-any: spokes send by their weights");
  if (!s.total) {
    const auto refuse = [&](const char* key) {
      if (const yaml::Node* const found = node.find(key))
        error(found->where, fmt::format("`{}` needs `total`, the rate that it is about", key));
    };
    for (const char* key : {"matrix", "profile", "size", "arrivals", "ecn", "transport"})
      refuse(key);
  }
  if (s.arrivals.trace)
    error(s.arrivals.where, "a service's arrivals cannot be a trace",
          "give it as a `traffic` entry with `service`");
  if (s.transport && s.transport->endless())
    error(s.transport->where, "a service's TCP needs `flow`: endless connections have no total");
  if (s.transport)
    for (const char* key : {"size", "arrivals"})
      if (const yaml::Node* const found = node.find(key))
        error(found->where, fmt::format("`{}` does not go with transport {}", key,
                                        to_string(s.transport->protocol)));
  if (s.sla && s.sla->mos && !s.voice)
    error(s.sla->mos->where, "a mean opinion score is of calls, and this service has no `voice`");
}

}  // namespace

const Fields<WrittenService>& service_fields() {
  using Matrix = TrafficSpec::Matrix;
  static const Fields<WrittenService> fields =
      Fields<WrittenService>("service", "What is sold, and promised, as one thing.")
          .required("name", &WrittenService::name, located_name(),
                    "Its name, for `traffic`, `expect` and reports.")
          .required(
              "type", &WrittenService::type,
              yaml::choice_of({ServiceType::internet, ServiceType::intranet, ServiceType::vpn}),
              "vpn: among its sites; intranet: within one provider's network; internet: "
              "among all, or between all and gateways.")
          .optional("class", &WrittenService::cls, located_name(),
                    "The class of its packets; the class that is called like it, or the only one, "
                    "if not given.")
          .optional("sites", &WrittenService::sites, located(yaml::one_or_list(located_name())),
                    "Nodes; all (of an intranet: all of its provider) if neither these nor `among` "
                    "are given.")
          .optional("among", &WrittenService::among, located(yaml::object(among_fields())),
                    "Sites by what they are.")
          .optional("provider", &WrittenService::provider, located_name(),
                    "Whose intranet it is; its packets pass no other provider's nodes.")
          .optional(
              "shape", &WrittenService::shape,
              located(yaml::choice<ServiceShape>({{"any-to-any", ServiceShape::any_to_any},
                                                  {"hub-and-spoke", ServiceShape::hub_and_spoke}})),
              "Whether all sites send to each other or only to and from `hub`.",
              "any-to-any, with `hub` hub-and-spoke")
          .optional("hub", &WrittenService::hub, located(yaml::one_or_list(located_name())),
                    "The hubs of the spokes: head offices, data centres, gateways.")
          .optional("matrix", &WrittenService::matrix,
                    located(yaml::choice<Matrix>(
                        {{"uniform", Matrix::uniform}, {"gravity", Matrix::gravity}})),
                    "How `total` is shared by the pairs of sites.", "uniform; internet: gravity")
          .optional("total", &WrittenService::total, located(yaml::rate(Bound::positive)),
                    "What all its sites send together, calls not included.")
          .optional("voice", &WrittenService::voice, yaml::object(voice_fields()),
                    "Calls, besides `total`.")
          .optional("arrivals", &WrittenService::arrivals, arrivals(), "As of traffic.", "poisson")
          .optional("profile", &WrittenService::profile, located(profile()), "As of traffic.")
          .optional("transport", &WrittenService::transport, transport(), "As of traffic.")
          .optional("size", &WrittenService::size, located(yaml::text()), "As of traffic.", "imix")
          .optional("ecn", &WrittenService::ecn, yaml::boolean(), "As of traffic.", "false")
          .optional("guaranteed", &WrittenService::guaranteed, located(yaml::rate(Bound::positive)),
                    "What it may send over each link that it uses, come what may; `check` tells "
                    "if queues do not keep it. Hierarchical queues give a class without `rate` the "
                    "sum of its services' guarantees.")
          .optional("path", &WrittenService::path, yaml::object(path_fields()),
                    "Where its packets may go, besides what its class asks.")
          .optional("sla", &WrittenService::sla, yaml::object(sla_fields()), "What is promised.")
          .place(&WrittenService::where)
          .whole(&WrittenService::whole)
          .check(check_service);
  return fields;
}

}  // namespace longhaul::scenario
