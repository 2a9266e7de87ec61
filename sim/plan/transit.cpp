#include "sim/plan/transit.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "sim/routing/loads.hpp"
#include "sim/routing/policy.hpp"

namespace longhaul::plan {

namespace {

constexpr double sample_s = 300;
constexpr std::size_t samples_a_week = 2016;  // 7 days of 24 hours of 12

/// Factors of one profile as one source sees it, over a week from its start.
std::vector<double> week_of(const Profile* profile, const Node& source) {
  std::vector<double> factors(samples_a_week, 1.0);
  if (profile == nullptr) return factors;
  const ProfileSteps steps(*profile, source.at ? source.at->longitude : 0);
  // A step of the week takes this long on the simulated clock; never less than its resolution.
  const auto step_ps = std::max<std::int64_t>(1, std::llround(sample_s / profile->speed * 1e12));
  for (std::size_t s = 0; s < samples_a_week; ++s) {
    const std::int64_t from = static_cast<std::int64_t>(s) * step_ps;
    factors[s] = steps.mean(from, from + step_ps);
  }
  return factors;
}

/// The rates of a port by 5-minute step.
std::vector<double> week_at(const Network& network, const Routes& routes, const DemandSet& demands,
                            PortId port) {
  const std::vector<double> shares = shares_through(network, routes, demands, port);
  std::map<std::pair<ProfileId, NodeId>, double> bps;  // that follow the same factors
  for (std::size_t d = 0; d < shares.size(); ++d) {
    const Demand& demand = demands.demands[d];
    if (shares[d] > 0) bps[{demand.profile, demand.from}] += shares[d] * demand.rate.as_double();
  }
  std::vector<double> week(samples_a_week, 0.0);
  for (const auto& [key, rate] : bps) {
    const Profile* profile =
        key.first.valid() ? demands.profiles[key.first.index()].get() : nullptr;
    const std::vector<double> factors = week_of(profile, network.node(key.second));
    for (std::size_t s = 0; s < week.size(); ++s) week[s] += rate * factors[s];
  }
  return week;
}

}  // namespace

double billed_percentile(std::vector<double> samples) {
  if (samples.empty()) return 0;
  std::sort(samples.begin(), samples.end());
  return samples[samples.size() - 1 - samples.size() / 20];
}

std::vector<TransitLink> transit_links(const Network& network, const Routes& routes,
                                       const DemandSet& demands) {
  std::vector<TransitLink> out;
  for (std::size_t l = 0; l < network.links().size(); ++l) {
    for (const PortId upward : {Network::forward(LinkId(l)), Network::backward(LinkId(l))}) {
      if (routing::far_end_is(network, upward) != routing::LearntFrom::provider) continue;
      TransitLink bill{LinkId(l), network.node(network.port(upward).from).provider,
                       network.node(network.port(upward).to).provider};
      for (const PortId port : {upward, Network::reverse(upward)}) {
        if (!network.port(port).exists) continue;
        const std::vector<double> week = week_at(network, routes, demands, port);
        const double billed = billed_percentile(week);
        if (billed <= bill.billed_bps) continue;
        bill.billed_bps = billed;
        bill.mean_bps = 0;
        for (const double bps : week) bill.mean_bps += bps / static_cast<double>(week.size());
      }
      out.push_back(bill);
      break;  // one end pays
    }
  }
  return out;
}

}  // namespace longhaul::plan
