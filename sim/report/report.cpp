#include "sim/report/report.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "sim/report/aggregate.hpp"
#include "sim/report/expectations.hpp"
#include "sim/report/groups.hpp"
#include "sim/report/services.hpp"

namespace longhaul::report {

namespace {

/// Nearest-rank 95th percentile and maximum of the sampling intervals; the mean where there are
/// none.
void summarize_utilization(const PortMeasurement& port, LinkRow& row) {
  row.utilization_mean = port.utilization_mean;
  row.utilization_p95 = row.utilization_max = port.utilization_mean;
  if (port.utilization.empty()) return;
  std::vector<float> sorted = port.utilization;
  std::sort(sorted.begin(), sorted.end());
  const auto rank = static_cast<std::size_t>(std::ceil(0.95 * static_cast<double>(sorted.size())));
  row.utilization_p95 = static_cast<double>(sorted[rank - 1]);
  row.utilization_max = static_cast<double>(sorted.back());
}

/// A link that never changed its modulation had the highest all the time.
ModulationRows modulation_rows(const Radio& radio, const LinkRow& link,
                               const PortMeasurement& measured, Duration duration) {
  ModulationRows out;
  const auto name = [](std::uint32_t m) { return microwave::modulations()[m].name; };
  const auto share = [&](Duration d) {
    return duration > Duration::zero()
               ? static_cast<double>(d.ps()) / static_cast<double>(duration.ps())
               : 0.0;
  };
  out.changes = measured.level_changes;
  out.down = share(measured.down);
  for (auto level = measured.levels.rbegin(); level != measured.levels.rend(); ++level)
    if (level->time > Duration::zero() || level->wait.count > 0)
      out.rows.push_back({name(level->level), level->rate.as_double(), share(level->time),
                          summarize(level->wait)});
  if (measured.levels.empty())
    out.rows.push_back({name(radio.highest), link.capacity_bps, 1 - out.down, link.wait});
  return out;
}

std::vector<ClassRow> class_rows(const std::vector<TrafficClass>& classes,
                                 const PortMeasurement& port) {
  std::vector<ClassRow> rows;
  std::uint64_t all_bytes = 0;
  for (const ClassMeasurement& c : port.classes) all_bytes += c.sent_bytes;
  for (std::size_t c = 0; c < port.classes.size(); ++c) {
    const ClassMeasurement& m = port.classes[c];
    if (m.arrived_packets == 0) continue;
    rows.push_back({classes[c].name, ratio(m.sent_bytes, all_bytes), m.arrived_packets,
                    m.sent_packets, m.sent_bytes, m.dropped_packets, m.marked_packets,
                    ratio(m.dropped_packets, m.arrived_packets), summarize(m.wait)});
  }
  return rows;
}

LinkRow link_row(const Scenario& scenario, PortId id, const PortMeasurement& measured,
                 Duration duration) {
  const Network& network = *scenario.network;
  const Port& port = network.port(id);
  const Link& link = network.link(port.link);
  LinkRow row;
  row.id = link.id;
  row.from = network.node(port.from).id;
  row.to = network.node(port.to).id;
  row.capacity_bps = port.rate().as_double();
  if (link.length) row.length_km = link.length->kilometres();
  row.medium = to_string(link.medium);
  row.provider = network.providers()[network.node(port.from).provider.index()].id;
  summarize_utilization(measured, row);
  row.loss = ratio(measured.dropped_packets, measured.arrived_packets);
  row.sent_packets = measured.sent_packets;
  row.dropped_packets = measured.dropped_packets;
  row.queue_bytes_mean = measured.queue_bytes_mean;
  row.queue_bytes_max = static_cast<double>(measured.queue_bytes_max);
  row.wait = summarize(measured.wait);
  row.classes = class_rows(scenario.classes, measured);
  if (link.radio) row.modulation = modulation_rows(*link.radio, row, measured, duration);
  return row;
}

DurationSummary shifted(DurationSummary s, double by) {
  for (double* v : {&s.min, &s.mean, &s.p50, &s.p90, &s.p99, &s.p999, &s.max}) *v += by;
  return s;
}

TransportRow transport_row(const Transport& spec, const TransportMeasurement& measured,
                           Duration over) {
  TransportRow row;
  row.protocol = to_string(spec.protocol);
  row.connections = measured.connections;
  row.goodput_bps = bits_per_second(measured.acknowledged_bytes, over);
  row.resent = ratio(measured.resent_segments, measured.acknowledged_segments);
  row.resent_segments = measured.resent_segments;
  row.timeouts = measured.timeouts;
  row.reductions = measured.reductions;
  row.rtt_mean_s = measured.rtt_mean_s;
  row.rtt_max_s = in_seconds(measured.rtt_max);
  row.fairness = measured.fairness;
  row.endless = spec.endless();
  row.completed_flows = measured.completed_flows;
  row.most_waiting_flows = measured.most_waiting_flows;
  row.completion = summarize(measured.completion);
  return row;
}

DemandRow demand_row(const run::Result& result, std::size_t i) {
  const Network& network = *result.scenario->network;
  const Demand& demand = result.demands->demands[i];
  const DemandMeasurement& measured = result.measurements.demands[i];
  const Duration over = result.measurements.measured;
  const Provider& provider = network.providers()[network.node(demand.from).provider.index()];
  DemandRow row;
  row.from = network.node(demand.from).id;
  row.to = network.node(demand.to).id;
  row.cls = result.demands->classes[demand.cls.index()].name;
  if (demand.service.valid()) row.service = result.scenario->services[demand.service.index()].name;
  row.provider = provider.id;
  row.tier = provider.tier;
  row.offered_bps = bits_per_second(measured.sent_bytes, over);
  row.delivered_bps = bits_per_second(measured.delivered_bytes, over);
  row.loss = ratio(measured.dropped_packets, measured.sent_packets);
  row.hops = measured.hops_mean;
  row.sent_packets = measured.sent_packets;
  row.dropped_packets = measured.dropped_packets;
  row.latency = shifted(summarize(measured.latency), in_seconds(measured.base));
  row.queueing = summarize(measured.queueing);
  row.jitter_s = measured.jitter_ps / 1e12;
  if (measured.repair) {
    const RepairMeasurement& m = *measured.repair;
    row.repair = RepairRow{m.failures,
                           in_seconds(m.sum) / m.failures,
                           in_seconds(m.longest),
                           m.link_down,
                           m.no_route,
                           m.loop,
                           !m.open};
  }
  if (measured.transport)
    row.transport = transport_row(*result.demands->transport(demand), *measured.transport, over);
  return row;
}

Congestion congestion_of(const std::vector<LinkRow>& links) {
  Congestion c;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const LinkRow& link = links[i];
    const bool busy = link.utilization_mean > Congestion::threshold;
    if (busy) ++c.links_over_threshold;
    if (busy || link.dropped_packets > 0) c.bottlenecks.push_back({i});
    if (!c.worst_link || link.utilization_mean > links[*c.worst_link].utilization_mean)
      c.worst_link = i;
  }
  if (c.worst_link) c.max_utilization = links[*c.worst_link].utilization_mean;
  std::stable_sort(c.bottlenecks.begin(), c.bottlenecks.end(), [&](Bottleneck x, Bottleneck y) {
    const LinkRow& a = links[x.link];
    const LinkRow& b = links[y.link];
    if (a.loss != b.loss) return a.loss > b.loss;
    return a.utilization_mean > b.utilization_mean;
  });
  return c;
}

std::string topology_name(const Scenario& scenario) {
  return scenario.topology_file.empty() ? scenario.network->name() : scenario.topology_file;
}

}  // namespace

bool Report::passed() const {
  return std::all_of(expectations.begin(), expectations.end(),
                     [](const ExpectationRow& e) { return e.pass; });
}

Report make_report(const run::Result& result) {
  const Scenario& scenario = *result.scenario;
  const Measurements& m = result.measurements;
  Report r;
  r.complete = m.complete;
  r.scenario = scenario.name;
  r.file = scenario.file;
  r.topology = topology_name(scenario);
  std::set<int> tiers;
  for (const Provider& p : scenario.network->providers()) tiers.insert(p.tier);
  r.provider_tiers.assign(tiers.begin(), tiers.end());
  r.seed = scenario.engine.seed;
  r.warmup_s = in_seconds(m.warmup);
  r.duration_s = in_seconds(m.measured);
  r.duration_planned_s = in_seconds(scenario.engine.duration);
  r.fidelity = m.fidelity;
  r.fingerprint = m.fingerprint;
  r.cost = m.cost;
  r.packets = m.packets;
  r.error = m.error;

  const auto& ports = scenario.network->ports();
  for (std::size_t i = 0; i < ports.size(); ++i)
    if (ports[i].exists) r.links.push_back(link_row(scenario, PortId(i), m.ports[i], m.measured));
  r.demands.reserve(result.demands->demands.size());
  for (std::size_t i = 0; i < result.demands->demands.size(); ++i)
    r.demands.push_back(demand_row(result, i));
  r.groups = make_groups(result, r.links);
  r.congestion = congestion_of(r.links);
  r.expectations = evaluate_expectations(result);
  r.services = make_services(result, r.expectations);
  return r;
}

}  // namespace longhaul::report
