#include "sim/plan/upgrade.hpp"

#include <algorithm>

#include "sim/failure/components.hpp"
#include "sim/plan/growth.hpp"
#include "sim/plan/loads.hpp"
#include "sim/plan/sweep.hpp"
#include "sim/routing/loads.hpp"

namespace longhaul::plan {

namespace {

constexpr double seconds_per_year = hours_per_year * 3600;
/// A link is over its threshold if it is so by more than rounding.
constexpr double rounding = 1e-9;

/// Loads of every link in every state of one year: what a capacity is worth is asked of them.
struct YearStates {
  std::vector<double> probability;  ///< by state; the first is the network as it is
  std::vector<double> load_bps;     ///< state x links: the busier direction
};

double capacity_bps(const Network& network, LinkId link) {
  return network.port(Network::forward(link)).rate().as_double();
}

class Planner {
 public:
  Planner(const Scenario& scenario, const UpgradeOptions& options)
      : scenario_(scenario), options_(options), network_(*scenario.network) {
    plan_.planning = scenario.planning;
    plan_.causes = causes(network_, rates_of(scenario));
    plan_.metrics_follow_capacity = scenario.routing.metric == Metric::inverse_capacity;
    for (std::size_t l = 0; l < network_.links().size(); ++l) {
      LinkPlan link;
      link.link = LinkId(l);
      plan_.links.push_back(std::move(link));
    }
  }

  UpgradePlan plan() && {
    const DemandSet today = scenario_demands(scenario_);
    const Routes routes = compute_routes(network_, scenario_.routing, {}, scenario_.constraints);
    for (int year = planning().from; year <= planning().to; ++year) {
      const DemandSet demands = grown(planning(), network_, today, year);
      if (!sweep(year, demands)) {
        plan_.complete = false;
        break;
      }
      plan_.years.back().transit = transit_links(network_, routes, demands);
    }
    buy();
    for (LinkPlan& link : plan_.links) judge(link);
    add_up();
    return std::move(plan_);
  }

 private:
  const Planning& planning() const { return plan_.planning; }
  std::size_t years() const { return plan_.years.size(); }

  LinkSite site(LinkId id) const {
    const Link& link = network_.link(id);
    return {link.capacity, failure::cable_km(network_, link), link.medium};
  }

  /// Loads of one year in every state. False if it was interrupted: the year is left out.
  bool sweep(int year, const DemandSet& demands) {
    const FailureSweep sweep(
        {network_, scenario_.routing, scenario_.constraints, demands, plan_.causes});
    YearPlan row;
    row.year = year;
    row.offered_bps = demands.total().as_double();
    YearStates states;
    std::vector<LinkYear> links(plan_.links.size());
    std::vector<PortId> busier(plan_.links.size(), PortId::none());
    SweepOptions options;
    options.threads = options_.threads;
    options.stop = options_.stop;
    if (options_.progress) {
      const std::uint64_t before = plan_.years.size();
      const std::uint64_t total = before + 1 + static_cast<std::uint64_t>(planning().to - year);
      options.progress = [=, this](std::uint64_t done, std::uint64_t of) {
        options_.progress(before * of + done, total * of);
      };
    }
    const bool complete = sweep.visit(options, [&](const Case& seen) {
      states.probability.push_back(seen.probability);
      if (!seen.first.valid()) row.unrouted_bps = seen.unrouted_bps;
      for (std::size_t l = 0; l < links.size(); ++l) {
        const double forward = seen.load_bps[2 * l];
        const double backward = seen.load_bps[2 * l + 1];
        const double load = std::max(forward, backward);
        states.load_bps.push_back(load);
        LinkYear& link = links[l];
        if (!seen.first.valid()) link.normal_bps = load;
        if (load <= link.failed_bps) continue;
        link.failed_bps = load;
        link.when = seen.first;
        busier[l] =
            forward >= backward ? Network::forward(LinkId(l)) : Network::backward(LinkId(l));
      }
    });
    if (!complete) return false;
    for (std::size_t l = 0; l < links.size(); ++l) {
      plan_.links[l].years.push_back(links[l]);
      plan_.links[l].busier = busier[l];
    }
    plan_.years.push_back(std::move(row));
    states_.push_back(std::move(states));
    return true;
  }

  /// What a link needs in each year.
  std::vector<double> needed(const LinkPlan& link) const {
    std::vector<double> out;
    for (const LinkYear& y : link.years)
      out.push_back(std::max(y.normal_bps / planning().threshold,
                             y.failed_bps / planning().failed_threshold));
    return out;
  }

  /// Traffic above the thresholds over all years, in bits, each state weighed by its share of time.
  double risk(LinkId link, const std::vector<double>& capacity) const {
    double bits = 0;
    const std::size_t links = plan_.links.size();
    for (std::size_t y = 0; y < years(); ++y) {
      const YearStates& states = states_[y];
      for (std::size_t s = 0; s < states.probability.size(); ++s) {
        const double share = s == 0 ? planning().threshold : planning().failed_threshold;
        const double over = states.load_bps[s * links + link.index()] - share * capacity[y];
        if (over > 0) bits += states.probability[s] * over * seconds_per_year;
      }
    }
    return bits;
  }

  /// Plans that keep a link below its thresholds up to some year, and do nothing after it.
  struct Offer {
    std::vector<Purchase> purchases;
    Alternative alternative;
  };

  std::vector<Offer> offers(const LinkPlan& link, const std::vector<double>& need) const {
    std::vector<Offer> out;
    const double before = risk(link.link, capacities(site(link.link), {}, years()));
    for (std::size_t until = 1; until <= years(); ++until) {
      const auto purchases =
          cheapest_purchases(site(link.link), std::span(need).first(until), planning().prices);
      if (!purchases) break;  // later years need even more
      if (purchases->empty()) continue;
      double cost = 0;
      for (const Purchase& p : *purchases) cost += p.cost();
      const double after = risk(link.link, capacities(site(link.link), *purchases, years()));
      out.push_back({*purchases, {cost, std::max(0.0, before - after)}});
    }
    return out;
  }

  void buy() {
    std::vector<std::vector<Offer>> all;
    for (LinkPlan& link : plan_.links) {
      const std::vector<double> need = needed(link);
      all.push_back(offers(link, need));
      const auto whole = cheapest_purchases(site(link.link), need, planning().prices);
      link.possible = whole.has_value();
      // What cannot be kept to the end is kept as long as it can be.
      if (!all.back().empty()) {
        link.full_cost = all.back().back().alternative.cost;
        link.purchases = all.back().back().purchases;
      }
      plan_.full_cost += link.full_cost;
    }
    if (!planning().budget || plan_.full_cost <= *planning().budget) return;
    std::vector<std::vector<Alternative>> groups;
    for (const auto& group : all) {
      groups.emplace_back();
      for (const Offer& offer : group) groups.back().push_back(offer.alternative);
    }
    plan_.selection = choose(groups, *planning().budget, options_.choosing);
    for (std::size_t l = 0; l < all.size(); ++l) {
      const auto& chosen = plan_.selection->chosen[l];
      plan_.links[l].purchases = chosen ? all[l][*chosen].purchases : std::vector<Purchase>{};
    }
  }

  /// When the link is full, before and after what is bought.
  void judge(LinkPlan& link) {
    const auto capacity = capacities(site(link.link), link.purchases, years());
    const double today = capacity_bps(network_, link.link);
    const auto over = [](double load, double share, double bps) {
      return load > share * bps * (1 + rounding);
    };
    for (std::size_t y = 0; y < years(); ++y) {
      LinkYear& at = link.years[y];
      at.capacity_bps = capacity[y];
      const auto first = [&](std::optional<std::size_t>& year, bool full) {
        if (full && !year) year = y;
      };
      first(link.full, over(at.normal_bps, planning().threshold, today));
      first(link.full_failed, over(at.failed_bps, planning().failed_threshold, today));
      first(link.full_after, over(at.normal_bps, planning().threshold, capacity[y]) ||
                                 over(at.failed_bps, planning().failed_threshold, capacity[y]));
      add_to_year(plan_.years[y], link, at, today);
    }
    plan_.risk_before_bit += risk(link.link, std::vector<double>(years(), today));
    plan_.risk_after_bit += risk(link.link, capacity);
  }

  static void add_to_year(YearPlan& year, const LinkPlan& link, const LinkYear& at, double today) {
    if (at.normal_bps / today > year.max_utilization) {
      year.max_utilization = at.normal_bps / today;
      year.worst = link.link;
    }
    if (at.failed_bps / today > year.max_failed_utilization) {
      year.max_failed_utilization = at.failed_bps / today;
      year.worst_failed = link.link;
      year.when = at.when;
    }
    year.max_utilization_after =
        std::max(year.max_utilization_after, at.normal_bps / at.capacity_bps);
    year.max_failed_utilization_after =
        std::max(year.max_failed_utilization_after, at.failed_bps / at.capacity_bps);
  }

  void add_up() {
    for (const LinkPlan& link : plan_.links) {
      for (const Purchase& p : link.purchases) {
        plan_.years[p.year].upgrades_cost += p.cost();
        plan_.cost += p.cost();
      }
    }
    double price = planning().prices.transit_per_mbps_month;
    for (YearPlan& year : plan_.years) {
      for (const TransitLink& t : year.transit)
        year.transit_cost += 12 * price * t.billed_bps / 1e6;
      plan_.transit_cost += year.transit_cost;
      price *= 1 - planning().prices.transit_fall;
    }
  }

  const Scenario& scenario_;
  const UpgradeOptions& options_;
  const Network& network_;
  UpgradePlan plan_;
  std::vector<YearStates> states_;  ///< by year
};

}  // namespace

bool UpgradePlan::enough() const {
  return std::none_of(links.begin(), links.end(),
                      [](const LinkPlan& link) { return link.full_after.has_value(); });
}

UpgradePlan plan_upgrade(const Scenario& scenario, const UpgradeOptions& options) {
  return Planner(scenario, options).plan();
}

}  // namespace longhaul::plan
