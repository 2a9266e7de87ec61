#include "sim/report/json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace longhaul::report {

namespace {

using Json = nlohmann::ordered_json;

Json durations(const DurationSummary& s) {
  if (s.count == 0)
    return {{"min", nullptr}, {"mean", nullptr}, {"p50", nullptr}, {"p90", nullptr},
            {"p99", nullptr}, {"p999", nullptr}, {"max", nullptr}};
  return {{"min", s.min}, {"mean", s.mean}, {"p50", s.p50}, {"p90", s.p90},
          {"p99", s.p99}, {"p999", s.p999}, {"max", s.max}};
}

Json waits(const DurationSummary& s) {
  Json all = durations(s);
  all.erase("min");
  all.erase("p90");
  return all;
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json scenario_json(const Report& r) {
  return {{"name", r.scenario},
          {"file", r.file},
          {"topology", r.topology},
          {"provider_tiers", r.provider_tiers},
          {"seed", r.seed},
          {"warmup_s", r.warmup_s},
          {"duration_s", r.duration_s}};
}

Json engine_json(const Report& r) {
  const double speed =
      r.cost.wall_s > 0 ? static_cast<double>(r.cost.packet_hops) / r.cost.wall_s : 0.0;
  return {{"fidelity", r.fidelity},
          {"threads", r.cost.threads},
          {"wall_s", r.cost.wall_s},
          {"packet_hops", r.cost.packet_hops},
          {"packet_hops_per_s", speed},
          {"peak_memory_bytes", r.cost.peak_memory_bytes},
          {"windows", r.cost.windows},
          {"window_s", r.cost.window.seconds()},
          {"rate_changes", r.cost.rate_changes},
          {"tcp_connections", r.cost.tcp_connections},
          {"tcp_memory_bytes", r.cost.tcp_memory_bytes},
          {"fingerprint", fmt::format("{:016x}", r.fingerprint)}};
}

Json error_json(const Report& r) {
  if (!r.error) return nullptr;
  const ErrorBar& e = *r.error;
  return {
      {"queueing_mean", e.mean},
      {"queueing_p99", e.p99},
      {"queueing_p999", e.p999},
      {"loss", e.loss},
      {"sampling", {{"mean", e.sampling_mean}, {"p99", e.sampling_p99}, {"p999", e.sampling_p999}}},
      {"beyond", e.beyond}};
}

Json packets_json(const PacketTotals& p) {
  return {{"sent", p.sent},
          {"acknowledgements",
           {{"sent", p.acks_sent}, {"delivered", p.acks_delivered}, {"dropped", p.acks_dropped}}},
          {"delivered", p.delivered},
          {"in_flight", p.in_flight},
          {"dropped",
           {{"buffer", p.dropped_buffer},
            {"no_route", p.dropped_no_route},
            {"link_down", p.dropped_link_down},
            {"policy", p.dropped_policy},
            {"policed", p.dropped_policed},
            {"aqm", p.dropped_aqm},
            {"loop", p.dropped_loop}}}};
}

Json class_json(const ClassRow& c) {
  return {{"class", c.name},
          {"share", c.share},
          {"arrived_packets", c.arrived_packets},
          {"sent_packets", c.sent_packets},
          {"sent_bytes", c.sent_bytes},
          {"dropped_packets", c.dropped_packets},
          {"marked_packets", c.marked_packets},
          {"loss", c.loss},
          {"wait_s", waits(c.wait)}};
}

Json modulation_json(const ModulationRows& m) {
  Json rows = Json::array();
  for (const ModulationRow& row : m.rows)
    rows.push_back({{"name", row.name},
                    {"capacity_bps", row.capacity_bps},
                    {"time", row.time},
                    {"sent_packets", row.wait.count},
                    {"wait_s", waits(row.wait)}});
  return {{"changes", m.changes}, {"down", m.down}, {"levels", std::move(rows)}};
}

Json link_json(const LinkRow& l) {
  Json classes = Json::array();
  for (const ClassRow& c : l.classes) classes.push_back(class_json(c));
  return {{"id", l.id},
          {"from", l.from},
          {"to", l.to},
          {"capacity_bps", l.capacity_bps},
          {"length_km", or_null(l.length_km)},
          {"medium", l.medium},
          {"provider", l.provider},
          {"utilization",
           {{"mean", l.utilization_mean}, {"p95", l.utilization_p95}, {"max", l.utilization_max}}},
          {"loss", l.loss},
          {"sent_packets", l.sent_packets},
          {"dropped_packets", l.dropped_packets},
          {"queue_bytes", {{"mean", l.queue_bytes_mean}, {"max", l.queue_bytes_max}}},
          {"wait_s", waits(l.wait)},
          {"modulation", l.modulation ? modulation_json(*l.modulation) : Json(nullptr)},
          {"classes", std::move(classes)}};
}

Json transport_json(const TransportRow& t) {
  const bool measured = t.rtt_mean_s > 0;
  return {{"protocol", t.protocol},
          {"connections", t.connections},
          {"goodput_bps", t.goodput_bps},
          {"resent_segments", t.resent_segments},
          {"timeouts", t.timeouts},
          {"reductions", t.reductions},
          {"rtt_s",
           {{"mean", measured ? Json(t.rtt_mean_s) : Json(nullptr)},
            {"max", measured ? Json(t.rtt_max_s) : Json(nullptr)}}},
          {"fairness", t.fairness},
          {"completed_flows", t.completed_flows},
          {"most_waiting_flows", t.most_waiting_flows},
          {"completion_s", durations(t.completion)}};
}

Json repair_json(const RepairRow& r) {
  return {{"failures", r.failures},
          {"time_s", {{"mean", r.mean_s}, {"max", r.max_s}}},
          {"lost", {{"link_down", r.link_down}, {"loop", r.loop}, {"no_route", r.no_route}}},
          {"repaired", r.repaired}};
}

Json demand_json(const DemandRow& d) {
  const bool measured = d.latency.count > 0;
  return {{"from", d.from},
          {"to", d.to},
          {"class", d.cls},
          {"service", d.service.empty() ? Json(nullptr) : Json(d.service)},
          {"provider", d.provider},
          {"tier", d.tier},
          {"offered_bps", d.offered_bps},
          {"delivered_bps", d.delivered_bps},
          {"loss", d.loss},
          {"hops", measured ? Json(d.hops) : Json(nullptr)},
          {"latency_s", durations(d.latency)},
          {"queueing_s", durations(d.queueing)},
          {"jitter_s", measured ? Json(d.jitter_s) : Json(nullptr)},
          {"transport", d.transport ? transport_json(*d.transport) : Json(nullptr)},
          {"repair", d.repair ? repair_json(*d.repair) : Json(nullptr)}};
}

Json group_json(const GroupRow& g) {
  const bool measured = g.latency.count > 0;
  return {{"name", g.name},
          {"demands", g.demands},
          {"links", g.links},
          {"offered_bps", g.offered_bps},
          {"delivered_bps", g.delivered_bps},
          {"loss", g.loss},
          {"hops", measured ? Json(g.hops) : Json(nullptr)},
          {"latency_s", durations(g.latency)},
          {"queueing_s", durations(g.queueing)},
          {"jitter_s", measured ? Json(g.jitter_s) : Json(nullptr)},
          {"max_utilization", or_null(g.max_utilization)},
          {"worst_link", g.worst_link.empty() ? Json(nullptr) : Json(g.worst_link)}};
}

std::string direction(const LinkRow& l) { return l.from + ">" + l.to; }

Json congestion_json(const Report& r) {
  const Congestion& c = r.congestion;
  Json bottlenecks = Json::array();
  for (const Bottleneck& b : c.bottlenecks) {
    const LinkRow& l = r.links[b.link];
    bottlenecks.push_back({{"link", direction(l)},
                           {"id", l.id},
                           {"utilization", l.utilization_mean},
                           {"loss", l.loss},
                           {"wait_p99_s", l.wait.count == 0 ? Json(nullptr) : Json(l.wait.p99)}});
  }
  return {{"links_over_80pct", c.links_over_threshold},
          {"worst_link", c.worst_link ? Json(direction(r.links[*c.worst_link])) : Json(nullptr)},
          {"max_utilization", c.max_utilization},
          {"bottlenecks", std::move(bottlenecks)}};
}

Json expectation_json(const ExpectationRow& e) {
  return {{"text", e.text}, {"value", or_null(e.value)}, {"bound", e.bound}, {"pass", e.pass}};
}

Json worst_json(const std::optional<WorstPair>& worst) {
  if (!worst) return nullptr;
  return {{"value", worst->value}, {"from", worst->from}, {"to", worst->to}};
}

Json hurt_json(const std::optional<Hurt>& hurt) {
  if (!hurt) return nullptr;
  Json senders = Json::array();
  for (const Hurt::Sender& s : hurt->senders)
    senders.push_back({{"name", s.name},
                       {"itself", s.itself},
                       {"share", s.share},
                       {"largest", {{"from", s.from}, {"to", s.to}}}});
  return {{"link", hurt->link},   {"by", hurt->by_loss ? "loss" : "waiting"},
          {"share", hurt->share}, {"wait_p99_s", hurt->wait_p99},
          {"loss", hurt->loss},   {"senders", std::move(senders)}};
}

Json service_json(const Report& r, const ServiceRow& s) {
  const bool measured = s.latency.count > 0;
  Json sla = Json::array();
  for (const std::size_t e : s.promises) sla.push_back(expectation_json(r.expectations[e]));
  return {{"name", s.name},
          {"type", s.type},
          {"shape", s.shape},
          {"class", s.cls},
          {"sites", s.sites},
          {"demands", s.demands},
          {"guaranteed_bps", or_null(s.guaranteed_bps)},
          {"offered_bps", s.offered_bps},
          {"delivered_bps", s.delivered_bps},
          {"loss", s.loss},
          {"latency_s", durations(s.latency)},
          {"queueing_s", durations(s.queueing)},
          {"jitter_s", measured ? Json(s.jitter_s) : Json(nullptr)},
          {"availability", worst_json(s.availability)},
          {"codec", s.codec.empty() ? Json(nullptr) : Json(s.codec)},
          {"mos", worst_json(s.mos)},
          {"sla", std::move(sla)},
          {"hurt", hurt_json(s.hurt)}};
}

/// Names come from files in any encoding: what is not UTF-8 is replaced rather than fatal.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// An array with one element a line, each made and dropped in turn: a large run has half a million
/// demands.
template <class Rows, class ToJson>
void append_rows(std::string& out, const Rows& rows, const char* indent, ToJson to_json) {
  out += "[";
  const char* separator = "\n";
  for (const auto& row : rows) {
    out.append(separator).append(indent).append("  ").append(dump(to_json(row)));
    separator = ",\n";
  }
  if (!rows.empty()) out.append("\n").append(indent);
  out += "]";
}

}  // namespace

std::string to_json(const Report& r) {
  std::string out = "{\n  \"schema\": \"longhaul.report/1\",\n";
  out += fmt::format("  \"complete\": {},\n", r.complete);
  out += "  \"scenario\": " + dump(scenario_json(r)) + ",\n";
  out += "  \"engine\": " + dump(engine_json(r)) + ",\n";
  out += "  \"error\": " + dump(error_json(r)) + ",\n";
  out += "  \"packets\": " + dump(packets_json(r.packets)) + ",\n  \"links\": ";
  append_rows(out, r.links, "  ", link_json);
  out += ",\n  \"demands\": ";
  append_rows(out, r.demands, "  ", demand_json);
  out += ",\n  \"groups\": {\n    \"tier\": ";
  append_rows(out, r.groups.tier, "    ", group_json);
  out += ",\n    \"provider\": ";
  append_rows(out, r.groups.provider, "    ", group_json);
  out += ",\n    \"class\": ";
  append_rows(out, r.groups.cls, "    ", group_json);
  out += ",\n    \"region\": ";
  append_rows(out, r.groups.region, "    ", group_json);
  out += "\n  },\n  \"congestion\": " + dump(congestion_json(r)) + ",\n  \"expectations\": ";
  append_rows(out, r.expectations, "  ", expectation_json);
  out += ",\n  \"services\": ";
  append_rows(out, r.services, "  ", [&](const ServiceRow& s) { return service_json(r, s); });
  return out + "\n}\n";
}

}  // namespace longhaul::report
