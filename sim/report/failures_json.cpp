#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "sim/report/csv.hpp"
#include "sim/report/failures.hpp"
#include "sim/report/plan_names.hpp"

namespace longhaul::report {

namespace {

using Json = nlohmann::ordered_json;

double worst_utilization(const Network& network, PortId port, const plan::WorstLoad& worst) {
  return worst.load_bps / network.port(port).rate().as_double();
}

const char* kind_of(const plan::FailurePlan& plan, const plan::CaseResult& c) {
  if (!c.first.valid()) return "none";
  if (c.second.valid()) return "pair of links";
  return to_string(plan.causes[c.first.index()].kind);
}

Json case_json(const Network& network, const plan::FailurePlan& plan, const plan::CaseResult& c) {
  const bool loaded = c.worst.valid();
  return {{"failed", failed_names(plan.causes, {c.first, c.second})},
          {"kind", kind_of(plan, c)},
          {"max_utilization", c.max_utilization},
          {"worst_link", loaded ? Json(link_name(network, c.worst)) : Json(nullptr)},
          {"worst_from", loaded ? Json(from_name(network, c.worst)) : Json(nullptr)},
          {"worst_to", loaded ? Json(to_name(network, c.worst)) : Json(nullptr)},
          {"unrouted_bps", c.unrouted_bps},
          {"at_failed_node_bps", c.at_failed_node_bps},
          {"pairs_cut", c.groups_cut},
          {"probability", c.probability},
          {"cuts_only_together", c.cuts_only_together},
          {"overloads_only_together", c.overloads_only_together}};
}

Json link_json(const Network& network, const plan::FailurePlan& plan, const plan::LinkLoad& l) {
  const plan::LinkUnderFailures& under = plan.links[l.port.index()];
  Json hours = Json::object();
  for (std::size_t m = 0; m < plan::marks.size(); ++m)
    hours[fmt::format("{:.0f}pct", 100 * plan::marks[m])] = under.share[m] * plan::hours_per_year;
  const auto failed = [&](const plan::WorstLoad& w) {
    return failed_names(plan.causes, {w.first, w.second});
  };
  return {{"id", link_name(network, l.port)},
          {"from", from_name(network, l.port)},
          {"to", to_name(network, l.port)},
          {"capacity_bps", l.capacity_bps},
          {"load_bps", l.load_bps},
          {"utilization", l.utilization},
          {"worst_single_utilization", worst_utilization(network, l.port, under.worst_single)},
          {"worst_single_failed", failed(under.worst_single)},
          {"worst_utilization", worst_utilization(network, l.port, under.worst)},
          {"worst_failed", failed(under.worst)},
          {"hours_per_year_above", hours}};
}

Json demand_json(const Network& network, const plan::FailurePlan& plan, std::size_t g) {
  const plan::DemandGroup& group = plan.groups[g];
  const plan::GroupUnderFailures& under = plan.under[g];
  Json by = Json::array();
  for (const Failed& failed : under.cut_by) by.push_back(failed_names(plan.causes, failed));
  const double unswept = std::max(0.0, 1 - plan.swept_share);
  return {{"from", network.node(group.pair.from).id},
          {"to", network.node(receiver(network, group.pair)).id},
          {"rate_bps", group.bps},
          {"availability",
           {{"lower", 1 - under.down_share - unswept}, {"upper", 1 - under.down_share}}},
          {"cases_cut", under.cases_cut},
          {"cut_by", by}};
}

/// One array of the document, a line for each element: documents of many cases need no second copy
/// as a tree.
template <class Elements, class Render>
std::string array(const char* key, const Elements& elements, Render render) {
  std::string out = fmt::format("  \"{}\": [", key);
  const char* separator = "\n    ";
  for (const auto& element : elements) {
    out += separator + render(element).dump(-1, ' ', false, Json::error_handler_t::replace);
    separator = ",\n    ";
  }
  return out + (elements.empty() ? "],\n" : "\n  ],\n");
}

std::string field(const char* key, const Json& value) {
  return fmt::format("  \"{}\": ", key) +
         value.dump(-1, ' ', false, Json::error_handler_t::replace) + ",\n";
}

Json histogram(const plan::FailurePlan& plan) {
  Json bins = Json::array();
  for (std::size_t b = 0; b < plan.histogram.size(); ++b) {
    const bool last = b == plan::histogram_bounds.size();
    bins.push_back({{"up_to_utilization", last ? Json(nullptr) : Json(plan::histogram_bounds[b])},
                    {"cases", plan.histogram[b]},
                    {"hours_per_year", plan.histogram_share[b] * plan::hours_per_year}});
  }
  return bins;
}

}  // namespace

std::string failures_json(const Network& network, const plan::FailurePlan& plan, std::size_t top,
                          bool all_demands) {
  std::vector<std::size_t> demands = least_available(plan, top);
  if (all_demands) {
    demands.resize(plan.groups.size());
    std::iota(demands.begin(), demands.end(), std::size_t{0});
  }
  std::string out = "{\n";
  out += array("links", plan.normal.links,
               [&](const plan::LinkLoad& l) { return link_json(network, plan, l); });
  out += field("max_utilization", plan.normal.max_utilization);
  out += field("unrouted_bps", plan.normal.unrouted_bps);
  out += field("complete", plan.complete);
  out += field("cases_total", plan.cases_total);
  out += field("cases_swept", plan.cases_swept);
  out += field("pairs_swept", plan.pairs_swept);
  out +=
      field("hours_per_year_not_swept", std::max(0.0, 1 - plan.swept_share) * plan::hours_per_year);
  out += array("cases", plan.cases,
               [&](const plan::CaseResult& c) { return case_json(network, plan, c); });
  if (!plan.cases.empty()) {
    out += field("worst", case_json(network, plan, plan.cases[plan.worst]));
    out += field("worst_unrouted", case_json(network, plan, plan.cases[plan.worst_unrouted]));
  }
  out += field("cases_above_100pct", plan.overloads);
  out += field("cases_that_cut_off", plan.cuts);
  out += field("never_together",
               {{"cut_off", plan.cut_together}, {"overload", plan.overload_together}});
  out += field("histogram", histogram(plan));
  out += array("demands", demands, [&](std::size_t g) { return demand_json(network, plan, g); });
  out += array("causes", plan.causes, [&](const plan::Cause& cause) {
    return Json{{"kind", to_string(cause.kind)},
                {"name", cause.name},
                {"unavailability", cause.unavailability}};
  });
  out.erase(out.size() - 2, 1);  // the last comma
  return out + "}\n";
}

std::string failure_cases_csv(const Network& network, const plan::FailurePlan& plan) {
  std::string out =
      "kind,failed_1,failed_2,max_utilization,worst_link,worst_from,worst_to,unrouted_bps,"
      "at_failed_node_bps,pairs_cut,probability,cuts_only_together,overloads_only_together\n";
  for (const plan::CaseResult& c : plan.cases) {
    auto names = failed_names(plan.causes, {c.first, c.second});
    names.resize(2);
    out += fmt::format("{},{},{},{},", kind_of(plan, c), csv_field(names[0]), csv_field(names[1]),
                       c.max_utilization);
    if (c.worst.valid())
      out +=
          fmt::format("{},{},{},", csv_field(link_name(network, c.worst)),
                      csv_field(from_name(network, c.worst)), csv_field(to_name(network, c.worst)));
    else
      out += ",,,";
    out += fmt::format("{},{},{},{},{},{}\n", c.unrouted_bps, c.at_failed_node_bps, c.groups_cut,
                       c.probability, c.cuts_only_together, c.overloads_only_together);
  }
  return out;
}

std::string failure_links_csv(const Network& network, const plan::FailurePlan& plan) {
  std::string out =
      "id,from,to,capacity_bps,load_bps,utilization,worst_single_utilization,worst_single_failed,"
      "worst_utilization,worst_failed,hours_per_year_above_80pct,hours_per_year_above_90pct,"
      "hours_per_year_above_100pct\n";
  const auto failed = [&](const plan::WorstLoad& w) {
    return csv_field(failed_text(plan.causes, {w.first, w.second}));
  };
  for (const plan::LinkLoad& l : plan.normal.links) {
    const plan::LinkUnderFailures& under = plan.links[l.port.index()];
    out += fmt::format("{},{},{},{},{},{},{},{},{},{}", csv_field(link_name(network, l.port)),
                       csv_field(from_name(network, l.port)), csv_field(to_name(network, l.port)),
                       l.capacity_bps, l.load_bps, l.utilization,
                       worst_utilization(network, l.port, under.worst_single),
                       failed(under.worst_single), worst_utilization(network, l.port, under.worst),
                       failed(under.worst));
    for (const double share : under.share) out += fmt::format(",{}", share * plan::hours_per_year);
    out += "\n";
  }
  return out;
}

std::string failure_demands_csv(const Network& network, const plan::FailurePlan& plan) {
  std::string out = "from,to,rate_bps,availability_lower,availability_upper,cases_cut\n";
  const double unswept = std::max(0.0, 1 - plan.swept_share);
  for (std::size_t g = 0; g < plan.groups.size(); ++g) {
    const plan::DemandGroup& group = plan.groups[g];
    const plan::GroupUnderFailures& under = plan.under[g];
    out += fmt::format("{},{},{},{},{},{}\n", csv_field(network.node(group.pair.from).id),
                       csv_field(network.node(receiver(network, group.pair)).id), group.bps,
                       1 - under.down_share - unswept, 1 - under.down_share, under.cases_cut);
  }
  return out;
}

}  // namespace longhaul::report
