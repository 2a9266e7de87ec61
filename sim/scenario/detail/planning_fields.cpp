#include <fmt/format.h>

#include <algorithm>

#include "sim/base/parse.hpp"
#include "sim/scenario/detail/lookup.hpp"
#include "sim/scenario/detail/resolve.hpp"
#include "sim/scenario/detail/types.hpp"
#include "sim/scenario/detail/written_planning.hpp"

namespace longhaul::scenario {

namespace {

using yaml::Bound;
using yaml::Fields;
using yaml::located;

/// Demands that double every month are no forecast.
constexpr double most_growth = 100;
constexpr int longest_plan_years = 50;

yaml::Type<int> year() { return yaml::converted<int>(yaml::integer(1900, 2200)); }
yaml::Type<double> price() { return yaml::number(0, 1e15); }

const Fields<WrittenGrowth>& growth_fields() {
  static const Fields<WrittenGrowth> fields =
      Fields<WrittenGrowth>("growth", "The growth of some demands.")
          .optional("class", &WrittenGrowth::cls, located(yaml::name()), "Those of this class.")
          .optional("region", &WrittenGrowth::region, located(yaml::name()),
                    "Those that nodes of this region send.")
          .required("rate", &WrittenGrowth::rate, yaml::fraction(-1, most_growth),
                    "A year, compound.")
          .check([](const WrittenGrowth& g, const yaml::Node& node, Diagnostics& diagnostics) {
            if (!g.cls && !g.region)
              node.where.error(diagnostics, "whose growth? give `class`, `region` or both");
          });
  return fields;
}

const Fields<WrittenModule>& module_fields() {
  static const Fields<WrittenModule> fields =
      Fields<WrittenModule>("module", "What each end of a channel needs.")
          .required("rate", &WrittenModule::rate, located(yaml::rate(Bound::positive)),
                    "Of the channel.")
          .required("port", &WrittenModule::port, price(), "Of the router.")
          .required("transponder", &WrittenModule::transponder, price(), "Of the line.");
  return fields;
}

const Fields<WrittenPrices>& price_fields() {
  static const Fields<WrittenPrices> fields =
      Fields<WrittenPrices>("prices",
                            "What capacity and transit cost; `longhaul catalogue` has the "
                            "assumptions that these replace.")
          .optional("currency", &WrittenPrices::currency, yaml::text(), "Its name.", "USD")
          .optional("modules", &WrittenPrices::modules,
                    yaml::list(yaml::object(module_fields()), 1),
                    "The rates on sale; those of the catalogue if not given.")
          .optional("km", &WrittenPrices::per_km, price(), "Of a channel, per km, once.", "20")
          .optional("work", &WrittenPrices::work, price(),
                    "Each time that something is installed on a link.", "5000")
          .optional("fall", &WrittenPrices::fall, yaml::fraction(0, 0.99),
                    "Of the prices of modules, a year.", "20 %")
          .optional("transit", &WrittenPrices::transit, price(),
                    "Per Mb/s of the 95th percentile and month.", "0.10")
          .optional("transit_fall", &WrittenPrices::transit_fall, yaml::fraction(0, 0.99),
                    "Of the price of transit, a year.", "15 %");
  return fields;
}

catalogue::Prices resolve(const WrittenPrices& written, Diagnostics& diagnostics) {
  catalogue::Prices prices = catalogue::default_prices();
  prices.currency = written.currency;
  prices.per_km = written.per_km;
  prices.work = written.work;
  prices.fall = written.fall;
  prices.transit_per_mbps_month = written.transit;
  prices.transit_fall = written.transit_fall;
  if (written.modules.empty()) return prices;
  prices.modules.clear();
  for (const WrittenModule& m : written.modules) {
    const bool again = std::any_of(
        prices.modules.begin(), prices.modules.end(),
        [&](const catalogue::ModulePrice& other) { return other.rate == m.rate.value; });
    if (again) {
      m.rate.where.error(diagnostics, fmt::format("{} is priced twice", to_text(m.rate.value)));
      continue;
    }
    prices.modules.push_back({m.rate.value, m.port, m.transponder, "the scenario"});
  }
  std::sort(prices.modules.begin(), prices.modules.end(),
            [](const auto& a, const auto& b) { return a.rate < b.rate; });
  return prices;
}

}  // namespace

const Fields<WrittenPlanning>& planning_fields() {
  static const Fields<WrittenPlanning> fields =
      Fields<WrittenPlanning>("planning", "What `plan upgrade` assumes about the years to come.")
          .optional("from", &WrittenPlanning::from, year(), "The year of the demands as written.",
                    "2026")
          .optional("to", &WrittenPlanning::to, located(year()), "The last year planned for.",
                    "four years later")
          .optional("growth", &WrittenPlanning::growth, yaml::fraction(-1, most_growth),
                    "Of all demands, a year, compound.", "30 %")
          .optional("growth_of", &WrittenPlanning::growth_of,
                    yaml::list(yaml::object(growth_fields())),
                    "Of some demands instead; the first entry that names a demand counts.")
          .optional("threshold", &WrittenPlanning::threshold, yaml::fraction(0.01, 10),
                    "A link is full above this utilization with nothing failed.", "80 %")
          .optional("failed_threshold", &WrittenPlanning::failed_threshold,
                    yaml::fraction(0.01, 10), "And above this with one thing failed.", "100 %")
          .optional("budget", &WrittenPlanning::budget, yaml::positive_number(),
                    "For the upgrades of all years together; no limit if not given.")
          .optional("prices", &WrittenPlanning::prices, yaml::object(price_fields()),
                    "Instead of the catalogue's.");
  return fields;
}

void resolve_planning(const WrittenScenario& written, Scenario& out, Diagnostics& diagnostics) {
  const WrittenPlanning& w = written.planning;
  Planning& planning = out.planning;
  planning.from = w.from;
  planning.to = w.from + 4;
  if (w.to) {
    planning.to = w.to->value;
    if (planning.to < planning.from || planning.to - planning.from > longest_plan_years)
      w.to->where.error(diagnostics,
                        fmt::format("expected a year from {} to {}, got {}", planning.from,
                                    planning.from + longest_plan_years, planning.to));
  }
  planning.growth = w.growth;
  planning.threshold = w.threshold;
  planning.failed_threshold = w.failed_threshold;
  planning.budget = w.budget;
  planning.prices = resolve(w.prices, diagnostics);
  std::vector<std::string> classes;
  for (const TrafficClass& cls : out.classes) classes.push_back(cls.name);
  for (const WrittenGrowth& g : w.growth_of) {
    GrowthOf of;
    of.rate = g.rate;
    if (g.cls) {
      const auto found = find_name("class", g.cls->value, classes);
      if (!found) g.cls->where.error(diagnostics, found.error, found.hint);
      of.cls = ClassId(found.value);
    }
    if (g.region && out.network) {
      const auto found = find_region(*out.network, g.region->value);
      if (!found) g.region->where.error(diagnostics, found.error, found.hint);
      of.region = found.value;
    }
    planning.growth_of.push_back(of);
  }
}

}  // namespace longhaul::scenario
