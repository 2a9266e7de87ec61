#include "sim/report/csv.hpp"

#include <fmt/format.h>

namespace longhaul::report {

namespace {

/// What was not measured is an empty field.
std::string durations(const DurationSummary& s) {
  if (s.count == 0) return ",,,,,,";
  return fmt::format("{},{},{},{},{},{},{}", s.min, s.mean, s.p50, s.p90, s.p99, s.p999, s.max);
}

std::string duration_header(const char* name) {
  return fmt::format("{0}_min_s,{0}_mean_s,{0}_p50_s,{0}_p90_s,{0}_p99_s,{0}_p999_s,{0}_max_s",
                     name);
}

void append_group(std::string& out, const char* kind, const GroupRow& g) {
  out += fmt::format(
      "{},{},{},{},{},{},{},{},{},{},{},{},{}\n", kind, csv_field(g.name), g.demands, g.links,
      g.offered_bps, g.delivered_bps, g.loss, g.latency.count == 0 ? "" : fmt::format("{}", g.hops),
      durations(g.latency), durations(g.queueing),
      g.latency.count == 0 ? "" : fmt::format("{}", g.jitter_s),
      g.max_utilization ? fmt::format("{}", *g.max_utilization) : "", csv_field(g.worst_link));
}

}  // namespace

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string links_csv(const Report& r) {
  std::string out =
      "id,from,to,capacity_bps,length_km,medium,provider,utilization_mean,utilization_p95,"
      "utilization_max,loss,sent_packets,dropped_packets,queue_mean_bytes,queue_max_bytes," +
      duration_header("wait") + "\n";
  for (const LinkRow& l : r.links)
    out += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", csv_field(l.id),
                       csv_field(l.from), csv_field(l.to), l.capacity_bps,
                       l.length_km ? fmt::format("{}", *l.length_km) : "", l.medium,
                       csv_field(l.provider), l.utilization_mean, l.utilization_p95,
                       l.utilization_max, l.loss, l.sent_packets, l.dropped_packets,
                       l.queue_bytes_mean, l.queue_bytes_max, durations(l.wait));
  return out;
}

std::string link_classes_csv(const Report& r) {
  std::string rows;
  for (const LinkRow& l : r.links)
    for (const ClassRow& c : l.classes)
      rows += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\n", csv_field(l.id),
                          csv_field(l.from), csv_field(l.to), csv_field(c.name), c.share,
                          c.arrived_packets, c.sent_packets, c.sent_bytes, c.dropped_packets,
                          c.marked_packets, c.loss, durations(c.wait));
  if (rows.empty()) return {};
  return "id,from,to,class,share,arrived_packets,sent_packets,sent_bytes,dropped_packets,"
         "marked_packets,loss," +
         duration_header("wait") + "\n" + rows;
}

std::string modulations_csv(const Report& r) {
  std::string rows;
  for (const LinkRow& l : r.links) {
    if (!l.modulation) continue;
    const std::string link =
        fmt::format("{},{},{}", csv_field(l.id), csv_field(l.from), csv_field(l.to));
    for (const ModulationRow& m : l.modulation->rows)
      rows += fmt::format("{},{},{},{},{},{}\n", link, m.name, m.capacity_bps, m.time, m.wait.count,
                          durations(m.wait));
    rows += fmt::format("{},down,0,{},0,{}\n", link, l.modulation->down, durations({}));
  }
  if (rows.empty()) return {};
  return "id,from,to,modulation,capacity_bps,time,sent_packets," + duration_header("wait") + "\n" +
         rows;
}

std::string demands_csv(const Report& r) {
  std::string out =
      "from,to,class,provider,tier,offered_bps,delivered_bps,loss,sent_packets,dropped_packets,"
      "hops," +
      duration_header("latency") + "," + duration_header("queueing") +
      ",jitter_s,service,repair_s,lost_link_down,lost_loop,lost_no_route\n";
  for (const DemandRow& d : r.demands) {
    const bool measured = d.latency.count > 0;
    out += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", csv_field(d.from),
                       csv_field(d.to), csv_field(d.cls), csv_field(d.provider), d.tier,
                       d.offered_bps, d.delivered_bps, d.loss, d.sent_packets, d.dropped_packets,
                       measured ? fmt::format("{}", d.hops) : "", durations(d.latency),
                       durations(d.queueing), measured ? fmt::format("{}", d.jitter_s) : "",
                       csv_field(d.service),
                       d.repair ? fmt::format("{},{},{},{}", d.repair->max_s, d.repair->link_down,
                                              d.repair->loop, d.repair->no_route)
                                : std::string(",,,"));
  }
  return out;
}

std::string transports_csv(const Report& r) {
  std::string rows;
  for (const DemandRow& d : r.demands) {
    if (!d.transport) continue;
    const TransportRow& t = *d.transport;
    const bool measured = t.rtt_mean_s > 0;
    rows += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", csv_field(d.from),
                        csv_field(d.to), csv_field(d.cls), t.protocol, t.connections, t.goodput_bps,
                        t.resent_segments, t.timeouts, t.reductions,
                        measured ? fmt::format("{}", t.rtt_mean_s) : "",
                        measured ? fmt::format("{}", t.rtt_max_s) : "", t.fairness,
                        t.completed_flows, t.most_waiting_flows, durations(t.completion));
  }
  if (rows.empty()) return {};
  return "from,to,class,protocol,connections,goodput_bps,resent_segments,timeouts,reductions,"
         "rtt_mean_s,rtt_max_s,fairness,completed_flows,most_waiting_flows," +
         duration_header("completion") + "\n" + rows;
}

std::string services_csv(const Report& r) {
  if (r.services.empty()) return {};
  const auto worst = [](const std::optional<WorstPair>& w) {
    return w ? fmt::format("{},{},{}", w->value, csv_field(w->from), csv_field(w->to))
             : std::string(",,");
  };
  std::string out =
      "name,type,shape,class,sites,demands,guaranteed_bps,offered_bps,delivered_bps,loss," +
      duration_header("latency") + "," + duration_header("queueing") +
      ",jitter_s,availability,availability_from,availability_to,codec,mos,mos_from,mos_to,"
      "promises,missed,hurt_link,hurt_by,hurt_share,hurt_by_name,hurt_by_share\n";
  for (const ServiceRow& s : r.services) {
    std::size_t missed = 0;
    for (const std::size_t e : s.promises) missed += r.expectations[e].pass ? 0 : 1;
    out += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},", csv_field(s.name),
                       s.type, s.shape, csv_field(s.cls), s.sites, s.demands,
                       s.guaranteed_bps ? fmt::format("{}", *s.guaranteed_bps) : "", s.offered_bps,
                       s.delivered_bps, s.loss, durations(s.latency), durations(s.queueing),
                       s.latency.count == 0 ? "" : fmt::format("{}", s.jitter_s),
                       worst(s.availability), s.codec, worst(s.mos), s.promises.size(), missed);
    if (!s.hurt) {
      out += ",,,,\n";
      continue;
    }
    const Hurt::Sender& first = s.hurt->senders.front();
    out += fmt::format("{},{},{},{},{}\n", csv_field(s.hurt->link),
                       s.hurt->by_loss ? "loss" : "waiting", s.hurt->share, csv_field(first.name),
                       first.share);
  }
  return out;
}

std::string groups_csv(const Report& r) {
  std::string out = "kind,name,demands,links,offered_bps,delivered_bps,loss,hops," +
                    duration_header("latency") + "," + duration_header("queueing") +
                    ",jitter_s,max_utilization,worst_link\n";
  append_group(out, "all", r.groups.all);
  for (const GroupRow& g : r.groups.tier) append_group(out, "tier", g);
  for (const GroupRow& g : r.groups.provider) append_group(out, "provider", g);
  for (const GroupRow& g : r.groups.cls) append_group(out, "class", g);
  for (const GroupRow& g : r.groups.region) append_group(out, "region", g);
  return out;
}

}  // namespace longhaul::report
