#include "sim/report/failures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "sim/report/cells.hpp"
#include "sim/report/plan_names.hpp"
#include "sim/report/table.hpp"

namespace longhaul::report {

namespace {

constexpr std::size_t shown = 10;

std::string hours(double share) {
  const double h = share * plan::hours_per_year;
  if (h == 0) return "0";
  if (h < 0.1) return "< 0.1";
  return h < 10 ? fmt::format("{:.1f}", h) : fmt::format("{:.0f}", h);
}

std::string headline(const Network& network, const plan::FailurePlan& plan, const Style& style) {
  const plan::CaseResult& worst = plan.cases[plan.worst];
  const Tone tone = tone_of(worst.max_utilization);
  std::string text =
      paint(style, tone == Tone::plain ? Tone::good : tone, percent(worst.max_utilization)) +
      fmt::format(" at worst, on {} with {} failed; {} with nothing failed\n",
                  port_text(network, worst.worst, style),
                  failed_text(plan.causes, {worst.first, worst.second}),
                  percent(plan.normal.max_utilization));
  text += fmt::format("{} cases", plan.cases_swept);
  if (!plan.complete) text += fmt::format(" of {}, then interrupted", plan.cases_total);
  text +=
      fmt::format(" ({} of single failures, {} of pairs): {} overload a link, {} cut demands off\n",
                  plan.cases_swept - plan.pairs_swept, plan.pairs_swept, plan.overloads, plan.cuts);
  if (plan.pairs_swept > 0)
    text +=
        fmt::format("pairs that do so though neither link alone does: {} overload, {} cut off\n",
                    plan.overload_together, plan.cut_together);
  return text;
}

void add_case(Table& table, const Network& network, const plan::FailurePlan& plan,
              const plan::CaseResult& c, const Style& style) {
  table.add({{failed_text(plan.causes, {c.first, c.second})},
             {port_text(network, c.worst, style)},
             {percent(c.max_utilization), tone_of(c.max_utilization)},
             {bits(c.unrouted_bps), c.unrouted_bps > 0 ? Tone::bad : Tone::dim},
             {hours(c.probability), Tone::dim}});
}

template <class Worse>
std::string case_table(const Network& network, const plan::FailurePlan& plan, const Style& style,
                       std::string_view title, Worse worse,
                       const std::function<bool(const plan::CaseResult&)>& wanted) {
  std::vector<std::size_t> chosen;
  for (std::size_t c = 0; c < plan.cases.size(); ++c) {
    if (wanted(plan.cases[c])) chosen.push_back(c);
  }
  if (chosen.empty()) return "";
  Table table({{"failed", true, true},
               {"busiest link", true, true, 2},
               {"share"},
               {"no route"},
               {"h/year", false, false, 1}});
  for (const std::size_t c : worst(chosen.size(), shown, [&](std::size_t a, std::size_t b) {
         return worse(plan.cases[chosen[a]], plan.cases[chosen[b]]);
       }))
    add_case(table, network, plan, plan.cases[chosen[c]], style);
  return heading(style, title) + table.render(style);
}

std::string links_table(const Network& network, const plan::FailurePlan& plan, const Style& style) {
  Table table({{"link", true, true},
               {"capacity", false, false, 2},
               {"normal"},
               {"worst"},
               {"when", true, true},
               {"h/year >80 %", false, false, 1},
               {">100 %", false, false, 1}});
  const auto utilization = [&](const plan::LinkLoad& l) {
    return plan.links[l.port.index()].worst.load_bps / l.capacity_bps;
  };
  const std::vector<plan::LinkLoad>& links = plan.normal.links;
  for (const std::size_t i : worst(links.size(), shown, [&](std::size_t a, std::size_t b) {
         return utilization(links[a]) > utilization(links[b]);
       })) {
    const plan::LinkUnderFailures& under = plan.links[links[i].port.index()];
    const double at_worst = utilization(links[i]);
    table.add({{port_text(network, links[i].port, style)},
               {bits(links[i].capacity_bps)},
               {percent(links[i].utilization), tone_of(links[i].utilization)},
               {percent(at_worst), tone_of(at_worst)},
               {failed_text(plan.causes, {under.worst.first, under.worst.second})},
               {hours(under.share.front())},
               {hours(under.share.back())}});
  }
  return heading(style, "Links at their worst") + table.render(style);
}

std::string demands_table(const Network& network, const plan::FailurePlan& plan,
                          const Style& style) {
  const auto chosen = least_available(plan, shown);
  if (chosen.empty()) return "";
  Table table({{"demand", true, true},
               {"rate", false, false, 1},
               {"availability"},
               {"at most"},
               {"cut by", true, true}});
  const double unswept = std::max(0.0, 1 - plan.swept_share);
  for (const std::size_t g : chosen) {
    const plan::GroupUnderFailures& under = plan.under[g];
    std::string by;
    for (const auto& failed : under.cut_by)
      by += (by.empty() ? "" : "; ") + failed_text(plan.causes, failed);
    if (under.cases_cut > under.cut_by.size())
      by += fmt::format("; and {} more", under.cases_cut - under.cut_by.size());
    table.add({{direction(style, network.node(plan.groups[g].pair.from).id,
                          network.node(receiver(network, plan.groups[g].pair)).id)},
               {bits(plan.groups[g].bps)},
               {fmt::format("{:.5f} %", 100 * (1 - under.down_share - unswept))},
               {fmt::format("{:.5f} %", 100 * (1 - under.down_share))},
               {by}});
  }
  return heading(style, "Least available demands") + table.render(style);
}

std::string closing(const plan::FailurePlan& plan) {
  return fmt::format(
      "\nThese cases make up {:.4f} % of the time; in the rest ({} h/year) more is down at once.\n",
      100 * plan.swept_share, hours(std::max(0.0, 1 - plan.swept_share)));
}

}  // namespace

std::vector<std::size_t> least_available(const plan::FailurePlan& plan, std::size_t top) {
  std::vector<std::size_t> cut;
  for (std::size_t g = 0; g < plan.under.size(); ++g) {
    if (plan.under[g].cases_cut > 0) cut.push_back(g);
  }
  std::stable_sort(cut.begin(), cut.end(), [&](std::size_t a, std::size_t b) {
    return plan.under[a].down_share > plan.under[b].down_share;
  });
  cut.resize(std::min(cut.size(), top));
  return cut;
}

std::string failures_text(const Network& network, const plan::FailurePlan& plan,
                          const Style& style) {
  if (plan.cases.empty()) return "interrupted before the first case\n";
  const auto busier = [](const plan::CaseResult& a, const plan::CaseResult& b) {
    return a.max_utilization > b.max_utilization;
  };
  const auto cuts_more = [](const plan::CaseResult& a, const plan::CaseResult& b) {
    return a.unrouted_bps > b.unrouted_bps;
  };
  std::string text = headline(network, plan, style);
  text += case_table(network, plan, style, "Worst cases", busier,
                     [](const plan::CaseResult&) { return true; });
  text += case_table(network, plan, style, "Cases that cut off the most", cuts_more,
                     [](const plan::CaseResult& c) { return c.unrouted_bps > 0; });
  text += case_table(
      network, plan, style, "Must never fail together", cuts_more,
      [](const plan::CaseResult& c) { return c.cuts_only_together || c.overloads_only_together; });
  text += links_table(network, plan, style);
  text += demands_table(network, plan, style);
  return text + closing(plan);
}

}  // namespace longhaul::report
