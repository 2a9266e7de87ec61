#include "sim/report/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "sim/report/cells.hpp"
#include "sim/report/services_text.hpp"
#include "sim/report/table.hpp"

namespace longhaul::report {

namespace {

constexpr std::size_t shown_links = 6;
constexpr std::size_t shown_demands = 5;
constexpr std::size_t shown_faded = 4;   ///< microwave directions, each with its modulations
constexpr std::size_t shown_groups = 6;  ///< of one kind
constexpr std::size_t bar_width = 16;
constexpr std::size_t shown_class_links = 3;
constexpr std::size_t shown_classes = 8;

Tone tone_of_share(double utilization) {
  if (utilization > 0.95) return Tone::bad;
  return utilization > Congestion::threshold ? Tone::warn : Tone::plain;
}

std::string header(const Report& r, const Style& style) {
  const char* dot = style.utf8 ? "·" : "-";
  const std::string name = r.scenario.empty() ? r.topology : r.scenario;
  const std::string engine = fmt::format("{} {} {} measured after {} {} seed {}", r.fidelity, dot,
                                         seconds(r.duration_s), seconds(r.warmup_s), dot, r.seed);
  const std::string title = cut(style, name, static_cast<std::size_t>(std::max(style.width, 20)));
  return paint(style, Tone::bold, title) + "\n" + paint(style, Tone::dim, engine) + "\n";
}

std::string headline(const Report& r, const Style& style) {
  std::string text;
  if (!r.complete)
    text += paint(style, Tone::warn, "INTERRUPTED") + fmt::format("  {} of {} were measured\n",
                                                                  seconds(r.duration_s),
                                                                  seconds(r.duration_planned_s));
  const Verdict v = verdict(r);
  text += paint(style, v.tone, v.word) + "  " + v.sentence + "\n";
  const auto failed = std::count_if(r.expectations.begin(), r.expectations.end(),
                                    [](const ExpectationRow& e) { return !e.pass; });
  if (failed > 0)
    text += paint(style, Tone::bad, "FAILED") +
            fmt::format("  {} of {} expectations\n", failed, r.expectations.size());
  return text;
}

std::string links_section(const Report& r, const Style& style) {
  if (r.links.empty()) return {};
  Table table({{"link", true, true},
               {"capacity", false, false, 1},
               {"load", true, false, 3},
               {"mean", false},
               {"p95", false, false, 2},
               {"wait p99", false},
               {"queue max", false, false, 4},
               {"loss", false}});
  const auto order = worst(r.links.size(), shown_links, [&](std::size_t a, std::size_t b) {
    if (r.links[a].utilization_mean != r.links[b].utilization_mean)
      return r.links[a].utilization_mean > r.links[b].utilization_mean;
    return r.links[a].loss > r.links[b].loss;
  });
  for (const std::size_t i : order) {
    const LinkRow& link = r.links[i];
    const Tone tone = tone_of_share(link.utilization_mean);
    table.add({{direction(style, link.from, link.to)},
               {bits(link.capacity_bps)},
               {bar(style, link.utilization_mean, bar_width), tone},
               {percent(link.utilization_mean), tone},
               {percent(link.utilization_p95), tone_of_share(link.utilization_p95)},
               time_cell(link.wait, &DurationSummary::p99),
               {bytes(link.queue_bytes_max)},
               loss_cell(link.loss)});
  }
  return heading(style, fmt::format("Worst links (of {} directions)", r.links.size())) +
         table.render(style);
}

/// Who waited at the busiest links, and what became of them; nothing with plain FIFO.
std::string classes_section(const Report& r, const Style& style) {
  Table table({{"at", true, true},
               {"class", true, true},
               {"share"},
               {"sent", false, false, 3},
               {"wait p50", false, false, 1},
               {"wait p99"},
               {"loss"},
               {"marked", false, false, 2}});
  const auto order = worst(r.links.size(), shown_class_links, [&](std::size_t a, std::size_t b) {
    if (r.links[a].loss != r.links[b].loss) return r.links[a].loss > r.links[b].loss;
    return r.links[a].utilization_mean > r.links[b].utilization_mean;
  });
  bool any = false;
  for (const std::size_t i : order) {
    const LinkRow& link = r.links[i];
    const std::size_t classes = std::min(link.classes.size(), shown_classes);
    for (std::size_t c = 0; c < classes; ++c) {
      const ClassRow& row = link.classes[c];
      const double marked = row.arrived_packets == 0 ? 0.0
                                                     : static_cast<double>(row.marked_packets) /
                                                           static_cast<double>(row.arrived_packets);
      table.add({{c == 0 ? direction(style, link.from, link.to) : std::string()},
                 {row.name},
                 {percent(row.share)},
                 {amount(static_cast<double>(row.sent_packets))},
                 time_cell(row.wait, &DurationSummary::p50),
                 time_cell(row.wait, &DurationSummary::p99),
                 loss_cell(row.loss),
                 {percent(marked), marked > 0 ? Tone::warn : Tone::dim}});
      any = true;
    }
  }
  if (!any) return {};
  return heading(style, "Classes at the worst links") + table.render(style);
}

/// How much of the time a link was slower than in a clear sky.
double time_faded(const LinkRow& link) {
  if (!link.modulation || link.modulation->rows.empty()) return 0;
  const ModulationRow& fastest = link.modulation->rows.front();
  return fastest.capacity_bps < link.capacity_bps ? 1.0 : 1.0 - fastest.time;
}

/// The links that rain slowed the longest, with each of their modulations.
std::string modulations_section(const Report& r, const Style& style) {
  const auto adapts = std::count_if(r.links.begin(), r.links.end(),
                                    [](const LinkRow& l) { return l.modulation.has_value(); });
  if (adapts == 0) return {};
  Table table({{"microwave", true, true},
               {"modulation", true},
               {"capacity", false, false, 1},
               {"time"},
               {"wait p50", false, false, 2},
               {"p99"},
               {"max", false, false, 3}});
  const auto order = worst(r.links.size(), shown_faded, [&](std::size_t a, std::size_t b) {
    return time_faded(r.links[a]) > time_faded(r.links[b]);
  });
  for (const std::size_t i : order) {
    const LinkRow& link = r.links[i];
    if (time_faded(link) == 0) continue;
    std::string name = direction(style, link.from, link.to);
    for (const ModulationRow& m : link.modulation->rows)
      table.add({{std::exchange(name, {})},
                 {m.name},
                 {bits(m.capacity_bps)},
                 {percent(m.time)},
                 time_cell(m.wait, &DurationSummary::p50),
                 time_cell(m.wait, &DurationSummary::p99),
                 time_cell(m.wait, &DurationSummary::max)});
    if (link.modulation->down > 0)
      table.add({{std::exchange(name, {})},
                 {"down", Tone::bad},
                 {"-", Tone::dim},
                 {percent(link.modulation->down), Tone::bad},
                 {"-", Tone::dim},
                 {"-", Tone::dim},
                 {"-", Tone::dim}});
  }
  const std::string title = fmt::format("Modulations (of {} microwave directions)", adapts);
  if (table.empty()) return heading(style, title) + "  all at their highest all the time\n";
  return heading(style, title) + table.render(style);
}

void add_group(Table& table, const std::string& kind, const GroupRow& g) {
  const double busiest = g.max_utilization.value_or(0);
  table.add({{kind.empty() ? g.name : kind + " " + g.name},
             {bits(g.offered_bps)},
             {bits(g.delivered_bps)},
             loss_cell(g.loss),
             time_cell(g.latency, &DurationSummary::p50),
             time_cell(g.latency, &DurationSummary::p99),
             time_cell(g.latency, &DurationSummary::p999),
             time_cell(g.queueing, &DurationSummary::p99),
             {g.max_utilization ? percent(busiest) : "-", tone_of_share(busiest)}});
}

/// Rows of one kind, the ones that suffer most if there are many; a kind with one group says
/// nothing new.
void add_groups(Table& table, const std::string& kind, const std::vector<GroupRow>& groups) {
  if (groups.size() < 2) return;
  auto order = worst(groups.size(), shown_groups, [&](std::size_t a, std::size_t b) {
    if (groups[a].loss != groups[b].loss) return groups[a].loss > groups[b].loss;
    return groups[a].offered_bps > groups[b].offered_bps;
  });
  std::sort(order.begin(), order.end());
  for (const std::size_t i : order) add_group(table, kind, groups[i]);
  if (groups.size() > shown_groups) {
    std::vector<Cell> more(9);
    more[0] = {fmt::format("({} more)", groups.size() - shown_groups), Tone::dim};
    table.add(std::move(more));
  }
}

std::string groups_section(const Report& r, const Style& style) {
  Table table({{"from", true, true},
               {"offered"},
               {"delivered", false, false, 4},
               {"loss"},
               {"latency p50", false, false, 1},
               {"p99"},
               {"p99.9", false, false, 2},
               {"queueing p99"},
               {"busiest link", false, false, 3}});
  add_group(table, "", r.groups.all);
  add_groups(table, "tier", r.groups.tier);
  add_groups(table, "provider", r.groups.provider);
  add_groups(table, "class", r.groups.cls);
  add_groups(table, "region", r.groups.region);
  return heading(style, "Traffic") + table.render(style);
}

std::string demands_section(const Report& r, const Style& style) {
  if (r.demands.size() < 2) return {};
  Table table({{"demand", true, true},
               {"class", true, true, 2},
               {"offered"},
               {"hops", false, false, 3},
               {"loss"},
               {"latency p50", false, false, 1},
               {"p99"},
               {"queueing p99"},
               {"p99.9", false, false, 4}});
  const auto order = worst(r.demands.size(), shown_demands, [&](std::size_t a, std::size_t b) {
    const DemandRow& x = r.demands[a];
    const DemandRow& y = r.demands[b];
    if (x.loss != y.loss) return x.loss > y.loss;
    return x.queueing.p99 > y.queueing.p99;
  });
  for (const std::size_t i : order) {
    const DemandRow& d = r.demands[i];
    table.add({{direction(style, d.from, d.to)},
               {d.cls},
               {bits(d.offered_bps)},
               {d.latency.count == 0 ? "-" : fmt::format("{:.1f}", d.hops)},
               loss_cell(d.loss),
               time_cell(d.latency, &DurationSummary::p50),
               time_cell(d.latency, &DurationSummary::p99),
               time_cell(d.queueing, &DurationSummary::p99),
               time_cell(d.queueing, &DurationSummary::p999)});
  }
  return heading(style, fmt::format("Worst demands (of {})", r.demands.size())) +
         table.render(style);
}

/// TCP demands, those that send most again first.
std::string transport_section(const Report& r, const Style& style) {
  std::vector<const DemandRow*> rows;
  bool flows = false;
  for (const DemandRow& d : r.demands) {
    if (!d.transport) continue;
    rows.push_back(&d);
    flows = flows || !d.transport->endless;
  }
  if (rows.empty()) return {};
  std::vector<Column> columns{{"demand", true, true},
                              {"protocol", true},
                              {"connections", false, false, 3},
                              {"goodput"},
                              {"sent again"},
                              {"timeouts", false, false, 1},
                              {"RTT", false, false, 2},
                              {"fairness", false, false, 4}};
  if (flows) columns.insert(columns.end(), {{"flows done"}, {"in p50"}, {"p99"}});
  Table table(columns);
  const auto order = worst(rows.size(), shown_demands, [&](std::size_t a, std::size_t b) {
    return rows[a]->transport->resent > rows[b]->transport->resent;
  });
  for (const std::size_t i : order) {
    const DemandRow& d = *rows[i];
    const TransportRow& t = *d.transport;
    std::vector<Cell> cells{{direction(style, d.from, d.to)},
                            {t.protocol},
                            {fmt::format("{}", t.connections)},
                            {bits(t.goodput_bps)},
                            {percent(t.resent), t.resent > 0 ? Tone::warn : Tone::dim},
                            {fmt::format("{}", t.timeouts)},
                            {t.rtt_mean_s > 0 ? seconds(t.rtt_mean_s) : "-"},
                            {fmt::format("{:.2f}", t.fairness)}};
    if (flows) {
      cells.push_back({t.endless ? "-" : fmt::format("{}", t.completed_flows)});
      cells.push_back(time_cell(t.completion, &DurationSummary::p50));
      cells.push_back(time_cell(t.completion, &DurationSummary::p99));
    }
    table.add(std::move(cells));
  }
  return heading(style,
                 fmt::format("TCP (of {} demand{})", rows.size(), rows.size() == 1 ? "" : "s")) +
         table.render(style);
}

std::string quantity_text(Quantity quantity, double value) {
  switch (quantity) {
    case Quantity::fraction:
      return percent(value);
    case Quantity::seconds:
      return seconds(value);
    case Quantity::bits_per_second:
      return bits(value);
    case Quantity::bytes:
      return bytes(value);
    case Quantity::score:
      return score(value);
  }
  return {};
}

std::string expectations_section(const Report& r, const Style& style) {
  if (r.expectations.empty()) return {};
  Table table({{"", true}, {"expected", true, true}, {"measured"}});
  for (const ExpectationRow& e : r.expectations) {
    const Tone tone = e.pass ? Tone::good : Tone::bad;
    table.add({{e.pass ? "pass" : "FAIL", tone},
               {e.text},
               {e.value ? quantity_text(e.quantity, *e.value) : "nothing", tone}});
  }
  return heading(style, "Expectations") + table.render(style);
}

/// Memory per connection, of both its ends.
std::string tcp_cost(const Report& r) {
  if (r.cost.tcp_connections == 0) return {};
  const auto memory = static_cast<double>(r.cost.tcp_memory_bytes);
  return fmt::format("{} TCP connections in {}: {} each\n",
                     amount(static_cast<double>(r.cost.tcp_connections)), bytes(memory),
                     bytes(memory / static_cast<double>(r.cost.tcp_connections)));
}

/// A fluid waits only where more comes than goes: said, since queueing of 0 would mislead.
std::string fluid_cost(const Report& r) {
  return fmt::format(
      "a fluid: waits count what backlogs when links are full, not the waits of single packets\n"
      "{} packets' worth measured; {} changes of rates in {}, {}\nfingerprint {:016x}\n",
      amount(static_cast<double>(r.packets.sent)), amount(static_cast<double>(r.cost.rate_changes)),
      seconds(r.cost.wall_s), bytes(static_cast<double>(r.cost.peak_memory_bytes)), r.fingerprint);
}

/// What is known of the error, and why it may be larger.
std::string error_lines(const Report& r) {
  if (!r.error) return {};
  const ErrorBar& e = *r.error;
  std::string text = fmt::format(
      "a fluid and {} windows of packets, {} each: queueing within {:.0f} % (mean), {:.0f} % "
      "(p99), "
      "{:.0f} % (p99.9)\n",
      r.cost.windows, seconds(r.cost.window.seconds()), std::ceil(100 * e.mean),
      std::ceil(100 * e.p99), std::ceil(100 * e.p999));
  for (const std::string& why : e.beyond) text += "not validated: " + why + "\n";
  return text;
}

/// Demands that lost packets to failures, those that waited longest for a way first.
std::string repair_section(const Report& r, const Style& style) {
  std::vector<const DemandRow*> rows;
  for (const DemandRow& d : r.demands)
    if (d.repair) rows.push_back(&d);
  if (rows.empty()) return {};
  Table table({{"demand", true, true},
               {"repaired after"},
               {"lost in black holes"},
               {"in micro-loops"},
               {"without a route"}});
  const auto order = worst(rows.size(), shown_demands, [&](std::size_t a, std::size_t b) {
    return rows[a]->repair->max_s > rows[b]->repair->max_s;
  });
  for (const std::size_t i : order) {
    const RepairRow& repair = *rows[i]->repair;
    table.add({{direction(style, rows[i]->from, rows[i]->to)},
               {repair.repaired ? seconds(repair.max_s) : "never",
                repair.repaired ? Tone::plain : Tone::bad},
               {fmt::format("{}", repair.link_down)},
               {fmt::format("{}", repair.loop)},
               {fmt::format("{}", repair.no_route)}});
  }
  return heading(style, fmt::format("Failures (of {} demand{} that lost packets)", rows.size(),
                                    rows.size() == 1 ? "" : "s")) +
         table.render(style);
}

std::string footer(const Report& r, const Style& style) {
  if (r.fidelity == "fluid") return "\n" + paint(style, Tone::dim, fluid_cost(r));
  const auto hops = static_cast<double>(r.cost.packet_hops);
  const double speed = r.cost.wall_s > 0 ? hops / r.cost.wall_s : 0;
  const std::string text = fmt::format(
      "{} packets measured; {} packet-hops in {}: {} hops/s on {} thread{}, {}\nfingerprint "
      "{:016x}\n",
      amount(static_cast<double>(r.packets.sent)), amount(hops), seconds(r.cost.wall_s),
      amount(speed), r.cost.threads, r.cost.threads == 1 ? "" : "s",
      bytes(static_cast<double>(r.cost.peak_memory_bytes)), r.fingerprint);
  return "\n" + paint(style, Tone::dim, error_lines(r) + text + tcp_cost(r));
}

/// Packets dropped for want of a route by routers that had one again later; none if some demand has
/// none in the end.
std::uint64_t while_rerouted(const Report& r) {
  std::uint64_t packets = 0;
  for (const DemandRow& d : r.demands) {
    if (!d.repair) continue;
    if (!d.repair->repaired) return 0;
    packets += d.repair->no_route;
  }
  return packets;
}

}  // namespace

Verdict verdict(const Report& r) {
  const PacketTotals& p = r.packets;
  if (r.links.empty() || p.sent == 0) return {Tone::warn, "IDLE", "no packet was sent"};
  const LinkRow& busiest = r.links[*r.congestion.worst_link];
  std::string where = fmt::format("{} to {} is {} full", busiest.from, busiest.to,
                                  percent(busiest.utilization_mean));
  // After a failure the mean hides what came of it.
  if (busiest.utilization_p95 > busiest.utilization_mean + 0.1)
    where += fmt::format(" on average, {} for a twentieth of the time",
                         percent(busiest.utilization_p95));
  const std::size_t over = r.congestion.links_over_threshold;
  const std::string above =
      over == 0 ? std::string("no link above 80 %")
                : fmt::format("{} of {} link directions above 80 %", over, r.links.size());
  const auto share = [&](std::uint64_t n) {
    return percent(static_cast<double>(n) / static_cast<double>(p.sent));
  };
  if (p.dropped_buffer + p.dropped_aqm > 0) {
    std::string lost = share(p.dropped_buffer) + " of packets lost in full queues";
    if (p.dropped_buffer == 0)
      lost = share(p.dropped_aqm) + " of packets dropped early, by red or codel";
    else if (p.dropped_aqm > 0)
      lost += ", " + share(p.dropped_aqm) + " dropped early";
    return {Tone::bad, "CONGESTED", fmt::format("{}, {}; {}", where, above, lost)};
  }
  if (p.dropped() == p.dropped_policed && p.dropped() > 0)
    return {Tone::warn, "POLICED",
            fmt::format("{} of packets beyond what their policers let pass; {}",
                        share(p.dropped_policed), where)};
  if (p.dropped() > 0 && p.dropped() == p.dropped_link_down + p.dropped_loop + while_rerouted(r)) {
    const std::string loops =
        p.dropped_loop > 0 ? fmt::format(", {} of them in micro-loops", p.dropped_loop) : "";
    return {Tone::warn, "REROUTED",
            fmt::format("{} {} ({}) lost on links that failed{}; {}", p.dropped(),
                        p.dropped() == 1 ? "packet" : "packets", share(p.dropped()), loops, where)};
  }
  if (p.dropped() > 0)
    return {
        Tone::bad, "CUT OFF",
        fmt::format(
            "{} of packets found no way (no route {}, link down {}, micro-loop {}, policy {}); {}",
            share(p.dropped() - p.dropped_policed), share(p.dropped_no_route),
            share(p.dropped_link_down), share(p.dropped_loop), share(p.dropped_policy), where)};
  if (over > 0) return {Tone::warn, "TIGHT", fmt::format("{}, {}; nothing lost", where, above)};
  return {Tone::good, "HEALTHY",
          fmt::format("{} at most ({} to {}), nothing lost", percent(busiest.utilization_mean),
                      busiest.from, busiest.to)};
}

std::string to_text(const Report& r, const Style& style) {
  return header(r, style) + "\n" + headline(r, style) + links_section(r, style) +
         classes_section(r, style) + services_section(r, style) + modulations_section(r, style) +
         groups_section(r, style) + demands_section(r, style) + transport_section(r, style) +
         repair_section(r, style) + expectations_section(r, style) + footer(r, style);
}

}  // namespace longhaul::report
