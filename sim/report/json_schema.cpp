#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "sim/report/json.hpp"

namespace longhaul::report {

namespace {

using Json = nlohmann::ordered_json;

Json type(const char* name, const char* description = "") {
  Json t{{"type", name}};
  if (*description != '\0') t["description"] = description;
  return t;
}

/// Null where nothing was measured.
Json nullable(const char* name, const char* description = "") {
  Json t{{"type", {name, "null"}}};
  if (*description != '\0') t["description"] = description;
  return t;
}

/// An object that has exactly these keys.
Json object(std::initializer_list<std::pair<const char*, Json>> keys) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const auto& [key, schema] : keys) {
    properties[key] = schema;
    required.push_back(key);
  }
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

Json array(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }

const Json number = type("number");
const Json integer = type("integer");
const Json text = type("string");

Json reference(const char* name) { return {{"$ref", std::string("#/$defs/") + name}}; }

Json durations() {
  const Json s = nullable("number", "seconds");
  return object(
      {{"min", s}, {"mean", s}, {"p50", s}, {"p90", s}, {"p99", s}, {"p999", s}, {"max", s}});
}

Json link_class() {
  const Json s = nullable("number", "seconds");
  return object(
      {{"class", text},
       {"share", type("number", "of the bytes that the link sent")},
       {"arrived_packets", integer},
       {"sent_packets", integer},
       {"sent_bytes", type("integer", "with framing")},
       {"dropped_packets", integer},
       {"marked_packets", type("integer", "congestion experienced (RFC 3168)")},
       {"loss", number},
       {"wait_s", object({{"mean", s}, {"p50", s}, {"p99", s}, {"p999", s}, {"max", s}})}});
}

/// Of a microwave link that adapts its modulation; else null.
Json modulation() {
  const Json s = nullable("number", "seconds");
  Json of = object(
      {{"changes", type("integer", "how often one modulation followed another")},
       {"down", type("number", "share of the measured time in which the link was down")},
       {"levels",
        array(object(
            {{"name", type("string", "fastest first; only those that it had")},
             {"capacity_bps", type("number", "of all members of a bundle together")},
             {"time", type("number", "share of the measured time; with `down` they add up to 1")},
             {"sent_packets", type("integer", "whose transmission began at this modulation")},
             {"wait_s",
              object({{"mean", s}, {"p50", s}, {"p99", s}, {"p999", s}, {"max", s}})}}))}});
  of["type"] = {"object", "null"};
  of["description"] = "of a microwave link that adapts its modulation";
  return of;
}

Json link() {
  const Json s = nullable("number", "seconds");
  return object(
      {{"id", type("string", "of the link; both directions have it")},
       {"from", text},
       {"to", text},
       {"capacity_bps", type("number", "of all members of a bundle together")},
       {"length_km", nullable("number", "of the cable; null where only a delay is known")},
       {"medium", text},
       {"provider", type("string", "of the sending node")},
       {"utilization", object({{"mean", type("number", "share of time it was sending, 0 to 1")},
                               {"p95", type("number", "over the sampling intervals")},
                               {"max", number}})},
       {"loss", type("number", "packets dropped / packets that arrived at the port")},
       {"sent_packets", integer},
       {"dropped_packets", integer},
       {"queue_bytes",
        object({{"mean", type("number", "time average, packet in transmission included")},
                {"max", number}})},
       {"wait_s", object({{"mean", s}, {"p50", s}, {"p99", s}, {"p999", s}, {"max", s}})},
       {"modulation", modulation()},
       {"classes", Json{{"type", "array"},
                        {"items", reference("link_class")},
                        {"description", "those that packets arrived of; empty with plain fifo"}}}});
}

/// Of a TCP demand; else null.
Json transport() {
  const Json s = nullable("number", "seconds");
  Json of =
      object({{"protocol", Json{{"enum", {"newreno", "cubic", "bbr"}}}},
              {"connections", type("integer", "of the demand; with flows, the most at one time")},
              {"goodput_bps", type("number", "data that was acknowledged, without headers")},
              {"resent_segments", integer},
              {"timeouts", type("integer", "retransmission timeouts (RFC 6298)")},
              {"reductions", type("integer", "of windows, for loss or marks; timeouts apart")},
              {"rtt_s", object({{"mean", s}, {"max", s}})},
              {"fairness", type("number", "Jain's index of its connections, 0 to 1")},
              {"completed_flows", type("integer", "that came and were done in the measured time")},
              {"most_waiting_flows", type("integer", "for a free connection, at one time")},
              {"completion_s", reference("durations")}});
  of["type"] = {"object", "null"};
  of["description"] = "what the senders of a TCP demand saw";
  return of;
}

/// Of a demand that lost packets to failures; else null.
Json repair() {
  Json of = object(
      {{"failures", type("integer", "to which it lost packets")},
       {"time_s", object({{"mean", type("number", "from a failure to the last packet lost to it")},
                          {"max", number}})},
       {"lost", object({{"link_down", type("integer", "sent into dead links")},
                        {"loop", type("integer", "in circles between routers that disagreed")},
                        {"no_route", integer}})},
       {"repaired", type("boolean", "in the end it has a route")}});
  of["type"] = {"object", "null"};
  of["description"] = "what failures cost the demand, and for how long";
  return of;
}

Json demand() {
  return object(
      {{"from", text},
       {"to", text},
       {"class", text},
       {"service", nullable("string", "that it belongs to")},
       {"provider", type("string", "of the source node")},
       {"tier", type("integer", "of that provider: 1, 2 or 3")},
       {"offered_bps", type("number", "sent, without framing")},
       {"delivered_bps", type("number", "delivered before the end, without framing")},
       {"loss", type("number", "packets dropped / packets sent")},
       {"hops", nullable("number", "links crossed, mean over delivered packets")},
       {"latency_s", reference("durations")},
       {"queueing_s", reference("durations")},
       {"jitter_s", nullable("number", "mean |difference| of consecutive latencies (RFC 3393)")},
       {"transport", transport()},
       {"repair", repair()}});
}

Json group() {
  return object(
      {{"name", text},
       {"demands", type("integer", "whose source node is in the group (or of the class)")},
       {"links", type("integer", "directions whose sending node is in the group; 0 for a class")},
       {"offered_bps", number},
       {"delivered_bps", number},
       {"loss", number},
       {"hops", nullable("number")},
       {"latency_s", reference("durations")},
       {"queueing_s", reference("durations")},
       {"jitter_s", nullable("number")},
       {"max_utilization", nullable("number", "mean over time of its busiest link")},
       {"worst_link", nullable("string", "that link, from>to")}});
}

Json congestion() {
  return object(
      {{"links_over_80pct", type("integer", "directions above 80 % mean utilization")},
       {"worst_link", nullable("string", "the most used one, from>to")},
       {"max_utilization", type("number", "its mean utilization")},
       {"bottlenecks",
        array(object({{"link", type("string", "from>to; above 80 % or dropping; worst first")},
                      {"id", text},
                      {"utilization", number},
                      {"loss", number},
                      {"wait_p99_s", nullable("number")}}))}});
}

/// With null in its place where there is none.
Json or_null(Json of, const char* description) {
  of["type"] = {"object", "null"};
  of["description"] = description;
  return of;
}

Json expectation() {
  return object({{"text", text},
                 {"value", nullable("number", "SI; null when nothing was measured")},
                 {"bound", number},
                 {"pass", type("boolean")}});
}

Json hurt() {
  return or_null(
      object({{"link", type("string", "from>to")},
              {"by", Json{{"enum", {"loss", "waiting"}}}},
              {"share", type("number", "of the service's loss in queues, or of its waiting")},
              {"wait_p99_s", type("number", "of its class at that link")},
              {"loss", type("number", "of its class at that link")},
              {"senders",
               array(object({{"name", type("string", "a service, or the class of other traffic")},
                             {"itself", type("boolean")},
                             {"share", type("number", "of what could delay it at that link")},
                             {"largest", object({{"from", text}, {"to", text}})}}))}}),
      "where it waited or lost most, and whose packets it met there");
}

Json service() {
  const Json worst = object({{"value", number}, {"from", text}, {"to", text}});
  return object(
      {{"name", text},
       {"type", Json{{"enum", {"internet", "intranet", "vpn"}}}},
       {"shape", Json{{"enum", {"any-to-any", "hub-and-spoke"}}}},
       {"class", text},
       {"sites", integer},
       {"demands", integer},
       {"guaranteed_bps", nullable("number")},
       {"offered_bps", number},
       {"delivered_bps", number},
       {"loss", number},
       {"latency_s", reference("durations")},
       {"queueing_s", reference("durations")},
       {"jitter_s", nullable("number")},
       {"availability", or_null(worst, "of its worst pair of sites, 0 to 1 (ITU-T Y.1540)")},
       {"codec", nullable("string", "of its calls")},
       {"mos", or_null(worst, "of the calls of its worst pair, 1 to 4.5 (ITU-T G.107)")},
       {"sla", array(reference("expectation"))},
       {"hurt", hurt()}});
}

Json engine() {
  return object(
      {{"fidelity", Json{{"enum", {"packet", "fluid", "hybrid"}}}},
       {"threads", type("integer", "may differ between runs of the same input")},
       {"wall_s", type("number", "may differ between runs of the same input")},
       {"packet_hops", type("integer", "packets sent by ports, warm-up included")},
       {"packet_hops_per_s", type("number", "may differ between runs of the same input")},
       {"peak_memory_bytes", type("integer", "may differ between runs of the same input")},
       {"windows", type("integer", "hybrid: short spans simulated packet by packet")},
       {"window_s", type("number", "each of them")},
       {"rate_changes", type("integer", "fluid, hybrid: of a demand at a port")},
       {"tcp_connections", integer},
       {"tcp_memory_bytes", type("integer", "of their endpoints at the end, both sides")},
       {"fingerprint", Json{{"type", "string"},
                            {"pattern", "^[0-9a-f]{16}$"},
                            {"description",
                             "hash of every packet's fate; equal inputs, equal "
                             "fingerprints, on any number of threads"}}}});
}

Json error() {
  Json out =
      object({{"queueing_mean", type("number", "of all demands: share that it may be off by")},
              {"queueing_p99", number},
              {"queueing_p999", number},
              {"loss", type("number", "where it is above 1e-4")},
              {"sampling", object({{"mean", number}, {"p99", number}, {"p999", number}})},
              {"beyond", Json{{"type", "array"},
                              {"items", text},
                              {"description", "why the run lies outside of what was compared"}}}});
  out["type"] = {"object", "null"};
  out["description"] = "null: every packet was followed";
  return out;
}

}  // namespace

std::string json_schema() {
  Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
              {"$id", "longhaul.report/1"},
              {"title", "Report of one longhaul run"}};
  schema.update(object(
      {{"schema", Json{{"const", "longhaul.report/1"}}},
       {"complete", type("boolean", "false if interrupted: figures cover what was simulated")},
       {"scenario", object({{"name", text},
                            {"file", text},
                            {"topology", text},
                            {"provider_tiers", array(integer)},
                            {"seed", integer},
                            {"warmup_s", number},
                            {"duration_s", type("number", "measured, after the warm-up")}})},
       {"engine", engine()},
       {"error", error()},
       {"packets",
        object({{"sent", type("integer", "acknowledgements included")},
                {"acknowledgements",
                 object({{"sent", integer}, {"delivered", integer}, {"dropped", integer}})},
                {"delivered", integer},
                {"in_flight", integer},
                {"dropped", object({{"buffer", integer},
                                    {"no_route", integer},
                                    {"link_down", integer},
                                    {"policy", integer},
                                    {"policed", type("integer", "beyond a policer")},
                                    {"aqm", type("integer", "early: red, codel")},
                                    {"loop", type("integer", "in circles until their TTL")}})}})},
       {"links", array(link())},
       {"demands", array(demand())},
       {"groups", object({{"tier", array(reference("group"))},
                          {"provider", array(reference("group"))},
                          {"class", array(reference("group"))},
                          {"region", array(reference("group"))}})},
       {"congestion", congestion()},
       {"expectations", array(reference("expectation"))},
       {"services", array(service())}}));
  schema["$defs"] = Json{{"durations", durations()},
                         {"group", group()},
                         {"link_class", link_class()},
                         {"expectation", expectation()}};
  return schema.dump(2) + "\n";
}

}  // namespace longhaul::report
