#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sim/report/csv.hpp"
#include "sim/report/plan_names.hpp"
#include "sim/report/upgrade.hpp"

namespace longhaul::report {

namespace {

using Json = nlohmann::ordered_json;

double today_bps(const Network& network, LinkId link) {
  return network.port(Network::forward(link)).rate().as_double();
}

std::vector<std::string> failed(const plan::UpgradePlan& plan, plan::CauseId when) {
  return failed_names(plan.causes, {when, plan::CauseId::none()});
}

Json year_or_null(const plan::UpgradePlan& plan, const std::optional<std::size_t>& year) {
  return year ? Json(plan.years[*year].year) : Json(nullptr);
}

Json name_or_null(const Network& network, LinkId link) {
  return link.valid() ? Json(network.link(link).id) : Json(nullptr);
}

Json assumptions(const plan::UpgradePlan& plan) {
  const Planning& p = plan.planning;
  Json modules = Json::array();
  for (const catalogue::ModulePrice& m : p.prices.modules)
    modules.push_back({{"rate_bps", m.rate.bps()},
                       {"port", m.port},
                       {"transponder", m.transponder},
                       {"source", m.source}});
  return {{"from", p.from},
          {"to", p.to},
          {"growth", p.growth},
          {"threshold", p.threshold},
          {"failed_threshold", p.failed_threshold},
          {"budget", p.budget ? Json(*p.budget) : Json(nullptr)},
          {"prices",
           {{"currency", p.prices.currency},
            {"modules", modules},
            {"km", p.prices.per_km},
            {"work", p.prices.work},
            {"fall", p.prices.fall},
            {"transit_per_mbps_month", p.prices.transit_per_mbps_month},
            {"transit_fall", p.prices.transit_fall}}}};
}

Json year_json(const Network& network, const plan::UpgradePlan& plan, const plan::YearPlan& y) {
  Json transit = Json::array();
  for (const plan::TransitLink& t : y.transit)
    transit.push_back({{"link", network.link(t.link).id},
                       {"customer", network.providers()[t.customer.index()].id},
                       {"provider", network.providers()[t.seller.index()].id},
                       {"mean_bps", t.mean_bps},
                       {"p95_bps", t.billed_bps}});
  return {{"year", y.year},
          {"offered_bps", y.offered_bps},
          {"unrouted_bps", y.unrouted_bps},
          {"max_utilization", y.max_utilization},
          {"worst_link", name_or_null(network, y.worst)},
          {"max_failed_utilization", y.max_failed_utilization},
          {"worst_failed_link", name_or_null(network, y.worst_failed)},
          {"failed", failed(plan, y.when)},
          {"max_utilization_after", y.max_utilization_after},
          {"max_failed_utilization_after", y.max_failed_utilization_after},
          {"upgrades_cost", y.upgrades_cost},
          {"transit_cost", y.transit_cost},
          {"transit", transit}};
}

Json purchase_json(const Network& network, const plan::UpgradePlan& plan, LinkId link,
                   const plan::Purchase& p) {
  return {{"year", plan.years[p.year].year},
          {"link", network.link(link).id},
          {"action", p.replaces ? "replace" : "add"},
          {"channels", p.channels},
          {"rate_bps", p.after.rate.bps()},
          {"capacity_bps", p.after.total().bps()},
          {"ports_cost", p.ports_cost},
          {"transponders_cost", p.transponders_cost},
          {"line_cost", p.line_cost},
          {"work_cost", p.work_cost},
          {"cost", p.cost()}};
}

Json link_json(const Network& network, const plan::UpgradePlan& plan, const plan::LinkPlan& link) {
  Json years = Json::array();
  for (std::size_t y = 0; y < link.years.size(); ++y) {
    const plan::LinkYear& at = link.years[y];
    years.push_back({{"year", plan.years[y].year},
                     {"load_bps", at.normal_bps},
                     {"failed_load_bps", at.failed_bps},
                     {"failed", failed(plan, at.when)},
                     {"capacity_bps", at.capacity_bps}});
  }
  return {{"id", network.link(link.link).id},
          {"capacity_bps", today_bps(network, link.link)},
          {"full_in", year_or_null(plan, link.full)},
          {"full_when_failed_in", year_or_null(plan, link.full_failed)},
          {"full_after_in", year_or_null(plan, link.full_after)},
          {"possible", link.possible},
          {"cost", link.full_cost},
          {"years", years}};
}

Json selection_json(const plan::UpgradePlan& plan) {
  if (!plan.selection) return {{"method", "each link by itself"}, {"exact", true}};
  const plan::Selection& s = *plan.selection;
  return {{"method", s.exact ? "branch and bound" : "greedy"},
          {"exact", s.exact},
          {"avoided_bit", s.value},
          {"bound_bit", s.bound},
          {"gap", s.bound > 0 ? 1 - s.value / s.bound : 0.0}};
}

}  // namespace

std::string upgrade_json(const Network& network, const plan::UpgradePlan& plan) {
  Json years = Json::array();
  for (const plan::YearPlan& y : plan.years) years.push_back(year_json(network, plan, y));
  Json links = Json::array();
  Json purchases = Json::array();
  for (const plan::LinkPlan& link : plan.links) links.push_back(link_json(network, plan, link));
  for (std::size_t y = 0; y < plan.years.size(); ++y) {
    for (const plan::LinkPlan& link : plan.links) {
      for (const plan::Purchase& p : link.purchases) {
        if (p.year == y) purchases.push_back(purchase_json(network, plan, link.link, p));
      }
    }
  }
  const Json out{{"complete", plan.complete},
                 {"enough", plan.enough()},
                 {"assumptions", assumptions(plan)},
                 {"years", years},
                 {"purchases", purchases},
                 {"cost", plan.cost},
                 {"full_cost", plan.full_cost},
                 {"transit_cost", plan.transit_cost},
                 {"cost_per_gbps_year", cost_per_gbps_year(plan)},
                 {"selection", selection_json(plan)},
                 {"risk_before_bit", plan.risk_before_bit},
                 {"risk_after_bit", plan.risk_after_bit},
                 {"links", links}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string upgrade_purchases_csv(const Network& network, const plan::UpgradePlan& plan) {
  std::string out =
      "year,link,action,channels,rate_bps,capacity_bps,ports_cost,transponders_cost,line_cost,"
      "work_cost,cost\n";
  for (std::size_t y = 0; y < plan.years.size(); ++y) {
    for (const plan::LinkPlan& link : plan.links) {
      for (const plan::Purchase& p : link.purchases) {
        if (p.year != y) continue;
        out += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", plan.years[y].year,
                           csv_field(network.link(link.link).id), p.replaces ? "replace" : "add",
                           p.channels, p.after.rate.bps(), p.after.total().bps(), p.ports_cost,
                           p.transponders_cost, p.line_cost, p.work_cost, p.cost());
      }
    }
  }
  return out;
}

std::string upgrade_years_csv(const Network& network, const plan::UpgradePlan& plan) {
  std::string out =
      "year,offered_bps,unrouted_bps,max_utilization,worst_link,max_failed_utilization,"
      "worst_failed_link,failed,max_utilization_after,max_failed_utilization_after,upgrades_cost,"
      "transit_cost\n";
  const auto name = [&](LinkId link) {
    return link.valid() ? csv_field(network.link(link).id) : std::string();
  };
  for (const plan::YearPlan& y : plan.years)
    out += fmt::format(
        "{},{},{},{},{},{},{},{},{},{},{},{}\n", y.year, y.offered_bps, y.unrouted_bps,
        y.max_utilization, name(y.worst), y.max_failed_utilization, name(y.worst_failed),
        csv_field(failed_text(plan.causes, {y.when, plan::CauseId::none()})),
        y.max_utilization_after, y.max_failed_utilization_after, y.upgrades_cost, y.transit_cost);
  return out;
}

std::string upgrade_links_csv(const Network& network, const plan::UpgradePlan& plan) {
  std::string out = "link,year,load_bps,failed_load_bps,failed,capacity_today_bps,capacity_bps\n";
  for (const plan::LinkPlan& link : plan.links) {
    for (std::size_t y = 0; y < link.years.size(); ++y) {
      const plan::LinkYear& at = link.years[y];
      out += fmt::format("{},{},{},{},{},{},{}\n", csv_field(network.link(link.link).id),
                         plan.years[y].year, at.normal_bps, at.failed_bps,
                         csv_field(failed_text(plan.causes, {at.when, plan::CauseId::none()})),
                         today_bps(network, link.link), at.capacity_bps);
    }
  }
  return out;
}

}  // namespace longhaul::report
