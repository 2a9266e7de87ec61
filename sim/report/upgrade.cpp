#include "sim/report/upgrade.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/report/cells.hpp"
#include "sim/report/plan_names.hpp"
#include "sim/report/table.hpp"

namespace longhaul::report {

namespace {

/// Whole units with thousands apart: "1,234,500".
std::string money(double amount) {
  std::string digits = fmt::format("{:.0f}", amount);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string year_text(const plan::UpgradePlan& plan, const std::optional<std::size_t>& year) {
  return year ? std::to_string(plan.years[*year].year) : "-";
}

const std::string& name_of(const Network& network, LinkId link) { return network.link(link).id; }

std::string headline(const plan::UpgradePlan& plan, const Style& style) {
  if (plan.years.empty()) return "interrupted in the first year\n";
  const Planning& planning = plan.planning;
  const auto full = std::count_if(plan.links.begin(), plan.links.end(),
                                  [](const auto& link) { return link.full || link.full_failed; });
  std::string text = fmt::format(
      "{} links of {} are full by {}: above {} with nothing failed or {} with one thing failed\n",
      full, plan.links.size(), plan.years.back().year, percent(planning.threshold),
      percent(planning.failed_threshold));
  const std::string& unit = planning.prices.currency;
  if (full == 0) return text;
  text += paint(style, plan.enough() ? Tone::good : Tone::bad,
                fmt::format("{} {}", money(plan.cost), unit));
  if (plan.selection)
    text += fmt::format(
        " of a budget of {} avoids {} of the traffic above thresholds; {} {} would keep every link "
        "below that can be kept",
        money(*planning.budget), percent(1 - plan.risk_after_bit / plan.risk_before_bit),
        money(plan.full_cost), unit);
  else
    text += plan.enough() ? " keeps all of them below, the least that does"
                          : " is the most that helps: not all links can be kept below";
  text += "\n";
  if (plan.selection)
    text += plan.selection->exact
                ? "chosen exactly (branch and bound)\n"
                : fmt::format("chosen greedily, at most {} below the best choice\n",
                              percent(plan.selection->bound > 0
                                          ? 1 - plan.selection->value / plan.selection->bound
                                          : 0));
  if (!plan.complete) text += "interrupted: the years after are missing\n";
  return text;
}

std::string years_table(const Network& network, const plan::UpgradePlan& plan, const Style& style) {
  Table table({{"year"},
               {"offered", false, false, 1},
               {"busiest", true, true, 3},
               {"share"},
               {"one failed", true, true, 3},
               {"share"},
               {"after", false, false, 4},
               {"failed", false, false, 4},
               {"upgrades"},
               {"transit", false, false, 2}});
  const auto link = [&](LinkId id) { return id.valid() ? name_of(network, id) : "-"; };
  for (const plan::YearPlan& y : plan.years) {
    const std::string when =
        y.when.valid() ? failed_text(plan.causes, {y.when, plan::CauseId::none()}) : "nothing";
    table.add({{std::to_string(y.year)},
               {bits(y.offered_bps)},
               {link(y.worst)},
               {percent(y.max_utilization), tone_of(y.max_utilization)},
               {fmt::format("{} ({} down)", link(y.worst_failed), when)},
               {percent(y.max_failed_utilization), tone_of(y.max_failed_utilization)},
               {percent(y.max_utilization_after)},
               {percent(y.max_failed_utilization_after)},
               {money(y.upgrades_cost)},
               {money(y.transit_cost)}});
  }
  return heading(style, "Year by year, with today's capacity; after what is bought") +
         table.render(style);
}

std::string full_table(const Network& network, const plan::UpgradePlan& plan, const Style& style) {
  std::vector<const plan::LinkPlan*> full;
  for (const plan::LinkPlan& link : plan.links) {
    if (link.full || link.full_failed) full.push_back(&link);
  }
  if (full.empty()) return "";
  const auto first = [&](const plan::LinkPlan* link) {
    const std::size_t never = plan.years.size();
    return std::min(link->full.value_or(never), link->full_failed.value_or(never));
  };
  std::stable_sort(full.begin(), full.end(),
                   [&](const auto* a, const auto* b) { return first(a) < first(b); });
  Table table({{"link", true, true},
               {"capacity", false, false, 1},
               {fmt::format("over {}", percent(plan.planning.threshold))},
               {fmt::format("over {}", percent(plan.planning.failed_threshold))},
               {"when this fails", true, true},
               {"then", false, false, 2},
               {"full again"}});
  for (const plan::LinkPlan* link : full) {
    const std::size_t at = link->full_failed.value_or(plan.years.size() - 1);
    const plan::LinkYear& year = link->years[at];
    const double today = network.port(Network::forward(link->link)).rate().as_double();
    table.add({{name_of(network, link->link)},
               {bits(today)},
               {year_text(plan, link->full)},
               {year_text(plan, link->full_failed)},
               {failed_text(plan.causes, {year.when, plan::CauseId::none()})},
               {percent(year.failed_bps / today), tone_of(year.failed_bps / today)},
               {year_text(plan, link->full_after), link->full_after ? Tone::bad : Tone::plain}});
  }
  return heading(style, "Links that fill, the first one first") + table.render(style);
}

std::string purchases_table(const Network& network, const plan::UpgradePlan& plan,
                            const Style& style) {
  Table table({{"year"},
               {"link", true, true},
               {"buy", true},
               {"capacity"},
               {"ports", false, false, 1},
               {"transponders", false, false, 1},
               {"line", false, false, 1},
               {"work", false, false, 1},
               {plan.planning.prices.currency}});
  for (std::size_t y = 0; y < plan.years.size(); ++y) {
    for (const plan::LinkPlan& link : plan.links) {
      for (const plan::Purchase& p : link.purchases) {
        if (p.year != y) continue;
        table.add({{std::to_string(plan.years[y].year)},
                   {name_of(network, link.link)},
                   {action_text(p)},
                   {bits(p.after.total().as_double())},
                   {money(p.ports_cost)},
                   {money(p.transponders_cost)},
                   {money(p.line_cost)},
                   {money(p.work_cost)},
                   {money(p.cost())}});
      }
    }
  }
  return table.empty() ? "" : heading(style, "What to buy") + table.render(style);
}

std::string transit_table(const Network& network, const plan::UpgradePlan& plan,
                          const Style& style) {
  if (plan.years.empty() || plan.years.front().transit.empty()) return "";
  Table table({{"link", true, true},
               {"customer", true},
               {"of", true},
               {fmt::format("95 % in {}", plan.years.front().year)},
               {fmt::format("in {}", plan.years.back().year)}});
  for (std::size_t t = 0; t < plan.years.front().transit.size(); ++t) {
    const plan::TransitLink& first = plan.years.front().transit[t];
    table.add({{name_of(network, first.link)},
               {network.providers()[first.customer.index()].id},
               {network.providers()[first.seller.index()].id},
               {bits(first.billed_bps)},
               {bits(plan.years.back().transit[t].billed_bps)}});
  }
  return heading(style, "Transit, as billed") + table.render(style);
}

std::string closing(const Network& network, const plan::UpgradePlan& plan) {
  const std::string& unit = plan.planning.prices.currency;
  std::string text;
  for (const plan::LinkPlan& link : plan.links) {
    if (!link.possible)
      text +=
          fmt::format("\n{} cannot be kept below: no rate on sale is enough on one fibre pair\n",
                      name_of(network, link.link));
  }
  if (!plan.years.empty())
    text += fmt::format(
        "\n{:.0f} {} per Gb/s delivered and year: {} for upgrades and {} for "
        "transit in {} years\n",
        cost_per_gbps_year(plan), unit, money(plan.cost), money(plan.transit_cost),
        plan.years.size());
  if (plan.metrics_follow_capacity)
    text += "Routes are those of today's capacities, although metrics follow capacity.\n";
  return text +
         "Prices are assumptions: `longhaul catalogue` has them, `planning: prices:` "
         "replaces them.\n";
}

}  // namespace

double cost_per_gbps_year(const plan::UpgradePlan& plan) {
  double gbps_years = 0;
  for (const plan::YearPlan& y : plan.years) gbps_years += y.delivered_bps() / 1e9;
  return gbps_years > 0 ? (plan.cost + plan.transit_cost) / gbps_years : 0;
}

std::string action_text(const plan::Purchase& purchase) {
  return fmt::format("{} {} x {}", purchase.replaces ? "replace by" : "add", purchase.channels,
                     to_text(purchase.after.rate));
}

std::string upgrade_text(const Network& network, const plan::UpgradePlan& plan,
                         const Style& style) {
  std::string text = headline(plan, style);
  if (plan.years.empty()) return text;
  return text + years_table(network, plan, style) + full_table(network, plan, style) +
         purchases_table(network, plan, style) + transit_table(network, plan, style) +
         closing(network, plan);
}

}  // namespace longhaul::report
