#include "sim/routing/failure_loads.hpp"

#include <algorithm>

#include "sim/routing/loads.hpp"
#include "sim/routing/policy.hpp"

namespace longhaul::routing {

namespace {

class FullFailureLoads final : public FailureLoads {
 public:
  FullFailureLoads(const Network& network, const RoutingSpec& spec,
                   std::span<const PathConstraint> constraints, const DemandSet& demands)
      : network_(network),
        spec_(spec),
        constraints_(constraints),
        demands_(demands),
        down_(network.ports().size(), false) {
    const std::size_t nodes = network.nodes().size();
    for (const Demand& d : demands.demands)
      sends_.push_back({DestinationId(d.constraint.index() * nodes + d.to.index()), d.from});
  }

  const FailedLoads& start(std::span<const PortId> down) override {
    std::fill(down_.begin(), down_.end(), false);
    for (const PortId port : down) down_[port.index()] = true;
    return compute(down_);
  }

  const FailedLoads& also(std::span<const PortId> down) override {
    std::vector<bool> both = down_;
    for (const PortId port : down) both[port.index()] = true;
    return compute(both);
  }

  std::unique_ptr<FailureLoads> clone() const override {
    return std::make_unique<FullFailureLoads>(network_, spec_, constraints_, demands_);
  }

 private:
  const FailedLoads& compute(const std::vector<bool>& down) {
    const Routes routes = compute_routes(network_, spec_, {down}, constraints_);
    Loads loads = expected_loads(network_, routes, demands_);
    result_.load_bps = std::move(loads.load_bps);
    result_.unrouted_bps = loads.unrouted_bps;
    result_.cut.clear();
    const std::vector<PathStats> stats = path_stats(network_, routes, demands_);
    for (std::size_t d = 0; d < sends_.size(); ++d) {
      if (!stats[d].routed) result_.cut.push_back(sends_[d]);
    }
    std::sort(result_.cut.begin(), result_.cut.end());
    result_.cut.erase(std::unique(result_.cut.begin(), result_.cut.end()), result_.cut.end());
    return result_;
  }

  const Network& network_;
  RoutingSpec spec_;
  std::span<const PathConstraint> constraints_;
  const DemandSet& demands_;
  std::vector<Cut> sends_;  ///< who sends to whom, by DemandId
  std::vector<bool> down_;  ///< by PortId: of the last start
  FailedLoads result_;
};

}  // namespace

bool shortest_paths_only(const Network& network) {
  for (std::size_t p = 0; p < network.ports().size(); ++p) {
    if (network.ports()[p].exists && far_end_is(network, PortId(p)) != LearntFrom::self)
      return false;
  }
  return true;
}

std::unique_ptr<FailureLoads> full_failure_loads(const Network& network, const RoutingSpec& spec,
                                                 std::span<const PathConstraint> constraints,
                                                 const DemandSet& demands) {
  return std::make_unique<FullFailureLoads>(network, spec, constraints, demands);
}

std::unique_ptr<FailureLoads> failure_loads(const Network& network, const RoutingSpec& spec,
                                            std::span<const PathConstraint> constraints,
                                            const DemandSet& demands) {
  return shortest_paths_only(network)
             ? incremental_failure_loads(network, spec, constraints, demands)
             : full_failure_loads(network, spec, constraints, demands);
}

}  // namespace longhaul::routing
