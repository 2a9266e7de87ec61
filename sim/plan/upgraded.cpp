#include "sim/plan/upgraded.hpp"

#include <fmt/format.h>

namespace longhaul::plan {

NetworkSpec upgraded(const Network& network, const UpgradePlan& plan, std::size_t year) {
  NetworkSpec spec = network.spec();
  for (const LinkPlan& link : plan.links)
    for (const Purchase& purchase : link.purchases)
      if (purchase.year <= year) spec.links[link.link.index()].capacity = purchase.after;
  spec.name = fmt::format("{}, {}", spec.name, plan.years[year].year);
  return spec;
}

}  // namespace longhaul::plan
