#include "sim/report/optimum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "sim/report/report.hpp"
#include "sim/report/table.hpp"

namespace longhaul::report {

namespace {

using Json = nlohmann::ordered_json;
using plan::Engineered;

constexpr std::size_t shown_links = 12;

Tone tone_of(double utilization) {
  if (utilization > 1.0) return Tone::bad;
  return utilization > 0.8 ? Tone::warn : Tone::plain;
}

std::string headline(const Engineered& e, const Style& style) {
  const double bound = e.optimum.lower_bound;
  std::string text = fmt::format(
      "{} on the busiest link as configured, {} at best",
      paint(style, tone_of(e.configured_utilization), percent(e.configured_utilization)),
      percent(e.optimum.max_utilization));
  if (e.optimum.method == plan::OptimumMethod::approximation)
    text += fmt::format(" (no routing gets below {}: {} of doubt)", percent(bound),
                        percent(e.optimum.gap()));
  text += "\n" + bits(e.problem.offered_bps) + " offered";
  if (e.problem.unrouted_bps > 0)
    text += ", " + paint(style, Tone::bad, bits(e.problem.unrouted_bps) + " that no link carries");
  return text + "\n\n";
}

std::string methods_table(const Engineered& e, const Style& style) {
  Table table({{"method", true}, {"busiest link"}, {"above the bound"}, {"changes"}, {"CPU time"}});
  for (const plan::MethodRow& row : e.rows)
    table.add({{row.method},
               {percent(row.max_utilization), tone_of(row.max_utilization)},
               {percent(row.gap)},
               {fmt::format("{}", row.changes)},
               {seconds(row.cpu_s)}});
  return table.render(style);
}

std::string links_table(const Network& network, const Engineered& e, const Style& style) {
  const auto share = [&](const std::vector<double>& load, std::size_t a) {
    return load[a] / e.problem.arcs[a].capacity_bps;
  };
  std::vector<std::size_t> arcs(e.problem.arcs.size());
  std::iota(arcs.begin(), arcs.end(), std::size_t{0});
  std::stable_sort(arcs.begin(), arcs.end(), [&](std::size_t a, std::size_t b) {
    return share(e.configured_load_bps, a) > share(e.configured_load_bps, b);
  });
  arcs.resize(std::min(arcs.size(), shown_links));
  Table table({{"link", true, true}, {"capacity"}, {"configured"}, {"optimum"}});
  for (const std::size_t a : arcs) {
    const plan::Arc& arc = e.problem.arcs[a];
    const double now = share(e.configured_load_bps, a);
    const double best = share(e.optimum.load_bps, a);
    table.add({{network.node(NodeId(arc.from)).id + (style.utf8 ? " → " : " > ") +
                network.node(NodeId(arc.to)).id},
               {bits(arc.capacity_bps)},
               {percent(now), tone_of(now)},
               {percent(best), tone_of(best)}});
  }
  return table.render(style);
}

Json links_json(const Network& network, const Engineered& e) {
  Json links = Json::array();
  for (std::size_t a = 0; a < e.problem.arcs.size(); ++a) {
    const plan::Arc& arc = e.problem.arcs[a];
    Json link{{"id", network.link(network.port(arc.port).link).id},
              {"from", network.node(NodeId(arc.from)).id},
              {"to", network.node(NodeId(arc.to)).id},
              {"capacity_bps", arc.capacity_bps},
              {"load_bps", e.configured_load_bps[a]},
              {"optimal_load_bps", e.optimum.load_bps[a]},
              {"metric", e.configured_metric[a]}};
    if (e.metrics) link["tuned_metric"] = e.metrics->metric[a];
    if (e.segments) link["segments_load_bps"] = e.segments->load_bps[a];
    links.push_back(std::move(link));
  }
  return links;
}

Json segments_json(const Network& network, const Engineered& e) {
  Json list = Json::array();
  for (std::size_t p = 0; p < e.pairs.size(); ++p) {
    const std::uint32_t via = e.segments->via[p];
    if (via == plan::direct) continue;
    list.push_back({{"from", network.node(NodeId(e.pairs[p].from)).id},
                    {"to", network.node(NodeId(e.pairs[p].to)).id},
                    {"via", network.node(NodeId(via)).id},
                    {"offered_bps", e.pairs[p].bps}});
  }
  return list;
}

}  // namespace

std::string optimum_text(const Network& network, const Engineered& engineered, const Style& style) {
  std::string text = headline(engineered, style);
  if (engineered.rows.size() > 2) text += methods_table(engineered, style) + "\n";
  return text + links_table(network, engineered, style);
}

std::string optimum_json(const Network& network, const Engineered& e) {
  Json out{{"max_utilization", e.configured_utilization},
           {"optimal_max_utilization", e.optimum.max_utilization},
           {"lower_bound", e.optimum.lower_bound},
           {"gap", e.optimum.gap()},
           {"method", plan::to_string(e.optimum.method)},
           {"offered_bps", e.problem.offered_bps},
           {"unrouted_bps", e.problem.unrouted_bps}};
  Json methods = Json::array();
  for (const plan::MethodRow& row : e.rows)
    methods.push_back({{"method", row.method},
                       {"max_utilization", row.max_utilization},
                       {"gap", row.gap},
                       {"changes", row.changes},
                       {"cpu_s", row.cpu_s}});
  out["methods"] = std::move(methods);
  if (e.segments) out["segments"] = segments_json(network, e);
  out["links"] = links_json(network, e);
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string optimum_csv(const Engineered& engineered) {
  std::string out = "method,max_utilization,gap,changes,cpu_s\n";
  for (const plan::MethodRow& row : engineered.rows)
    out += fmt::format("{},{},{},{},{}\n", row.method, row.max_utilization, row.gap, row.changes,
                       row.cpu_s);
  return out;
}

SimulatedRow simulated_row(const std::string& method, std::size_t changes,
                           const run::Result& result) {
  const Report report = make_report(result);
  const GroupRow& all = report.groups.all;
  return {method,   changes,         report.congestion.max_utilization,
          all.loss, all.latency.p99, all.queueing.p99};
}

namespace {

/// Of the plan; none for the controller, which plans as it goes.
const plan::MethodRow* planned(const Engineered& engineered, const std::string& method) {
  const auto found = std::find_if(engineered.rows.begin(), engineered.rows.end(),
                                  [&](const plan::MethodRow& row) { return row.method == method; });
  return found == engineered.rows.end() ? nullptr : &*found;
}

}  // namespace

std::string simulated_text(const Engineered& engineered, const std::vector<SimulatedRow>& rows,
                           const Style& style) {
  Table table({{"method", true},
               {"changes"},
               {"planned"},
               {"measured"},
               {"loss"},
               {"latency p99"},
               {"queueing p99"}});
  for (const SimulatedRow& row : rows) {
    const plan::MethodRow* const plan = planned(engineered, row.method);
    table.add({{row.method},
               {fmt::format("{}", row.changes)},
               {plan == nullptr ? "-" : percent(plan->max_utilization)},
               {percent(row.max_utilization), tone_of(row.max_utilization)},
               {percent(row.loss), row.loss > 0 ? Tone::bad : Tone::plain},
               {seconds(row.latency_p99_s)},
               {seconds(row.queueing_p99_s)}});
  }
  table.add({{"optimum"},
             {"-"},
             {percent(engineered.optimum.max_utilization)},
             {"-"},
             {"-"},
             {"-"},
             {"-"}});
  return "Busiest link, planned from rates and measured in simulation (framing counted)\n" +
         table.render(style);
}

std::string simulated_json(const Engineered& engineered, const std::vector<SimulatedRow>& rows) {
  Json out{{"optimal_max_utilization", engineered.optimum.max_utilization},
           {"lower_bound", engineered.optimum.lower_bound}};
  Json methods = Json::array();
  for (const SimulatedRow& row : rows) {
    Json entry{{"method", row.method}, {"changes", row.changes}};
    if (const plan::MethodRow* const plan = planned(engineered, row.method))
      entry["max_utilization"] = plan->max_utilization;
    entry["measured_max_utilization"] = row.max_utilization;
    entry["loss"] = row.loss;
    entry["latency_p99_s"] = row.latency_p99_s;
    entry["queueing_p99_s"] = row.queueing_p99_s;
    methods.push_back(std::move(entry));
  }
  out["methods"] = std::move(methods);
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace longhaul::report
