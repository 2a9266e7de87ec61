#include "sim/run/controller.hpp"

#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/base/error.hpp"
#include "sim/packet/offered.hpp"
#include "sim/plan/ecmp_shares.hpp"
#include "sim/plan/flow_problem.hpp"
#include "sim/plan/steering.hpp"

namespace longhaul::run {

namespace {

void refuse_what_cannot_be(const engine::Input& input) {
  for (const Demand& d : input.demands->demands) {
    if (!d.transport.valid() && d.bucket < 0) continue;
    throw InputError(
        "routing.controller with transport, shape or police: what they send depends on the network",
        "leave one of them out");
  }
  if (input.forwarding != nullptr)
    throw InputError("routing.controller with events needs routers that switch at once",
                     "--set routing.convergence=instant");
}

/// The network between two changes of it, without what the controller does.
struct View {
  std::shared_ptr<const Routes> routes;
  std::vector<bool> down;
  std::shared_ptr<const Reachability> cables;
};

class Controller {
 public:
  Controller(const Scenario& scenario, const engine::Config& config, const Steered& steered,
             const std::vector<bool>& initially_down, engine::Input& input)
      : spec_(*scenario.controller),
        constraints_(scenario.constraints),
        config_(config),
        steered_(steered),
        input_(input),
        events_(std::move(input.changes)),
        view_{input.routes, initially_down, input.cables} {
    input_.changes.clear();
  }

  std::size_t run() && {
    name_policies();
    const std::vector<std::vector<double>> measured =
        packet::offered_bits(input_, config_, spec_.interval);
    const Time end = Time::zero() + config_.warmup + config_.duration;
    input_.routes = bound_routes();
    Time now = Time::zero();
    for (const std::vector<double>& bits : measured) {
      now = now + spec_.interval;
      if (now + spec_.reaction >= end) break;
      pass_events_until(now);
      const std::vector<Change> decided = decide(bits);
      pass_events_until(now + spec_.reaction);
      for (const Change& change : decided) via_[change.way] = change.via;
      changes_ += decided.size();
      if (!decided.empty()) put_change(now + spec_.reaction);
    }
    pass_events_until(Time::max());
    return changes_;
  }

 private:
  /// All traffic of a pair of nodes under a constraint takes one way, which has a name.
  struct Way {
    NodeId from;
    NodeId to;
    ConstraintId constraint;
    DestinationId policy;
  };
  struct Change {
    std::size_t way;
    std::uint32_t via;
  };

  void name_policies();
  std::shared_ptr<const Routes> bound_routes() const;
  void put_change(Time at) {
    input_.changes.push_back({at, bound_routes(), view_.down, view_.cables});
  }
  /// Failures and repairs up to `until`, with the ways that then hold.
  void pass_events_until(Time until) {
    for (; next_ < events_.size() && events_[next_].at <= until; ++next_) {
      view_ = {events_[next_].routes, events_[next_].down, events_[next_].cables};
      put_change(events_[next_].at);
    }
  }
  std::vector<Change> decide(const std::vector<double>& bits) const;

  const ControllerSpec& spec_;
  const std::vector<PathConstraint>& constraints_;
  const engine::Config& config_;
  const Steered& steered_;
  engine::Input& input_;
  std::vector<engine::RouteChange> events_;
  std::size_t next_ = 0;
  View view_;
  std::vector<Way> ways_;
  std::map<std::tuple<NodeId, NodeId, ConstraintId>, std::size_t> way_of_;
  std::vector<std::uint32_t> via_;  ///< by way: what holds now; plan::direct where none
  std::size_t changes_ = 0;
};

/// Every demand gets its way's name as destination.
void Controller::name_policies() {
  auto named = std::make_shared<DemandSet>(*input_.demands);
  for (Demand& demand : named->demands) {
    const auto [at, fresh] =
        way_of_.try_emplace({demand.from, demand.to, demand.constraint}, ways_.size());
    if (fresh) {
      const DestinationId end = input_.routes->destination(demand.to, demand.constraint);
      ways_.push_back(
          {demand.from, demand.to, demand.constraint, steered_.segments()->policy(end)});
      const NodeId via = steered_.via(demand.from, demand.to);
      via_.push_back(via.valid() ? via.value() : plan::direct);
    }
    demand.steered = ways_[at->second].policy;
  }
  input_.demands = std::move(named);
}

/// The routes of now, with each way's name standing for what it is now.
std::shared_ptr<const Routes> Controller::bound_routes() const {
  auto routes = std::make_shared<Routes>(*view_.routes);
  for (std::size_t w = 0; w < ways_.size(); ++w) {
    const Way& way = ways_[w];
    const DestinationId end = routes->destination(way.to, way.constraint);
    if (via_[w] == plan::direct) continue;
    const DestinationId via = routes->destination(NodeId(via_[w]), way.constraint);
    routes->bind(way.policy, steered_.segments()->through(via, end));
  }
  return routes;
}

/// What to change for the traffic of an interval, on links as they are now. Ways that have lost
/// their route are taken back first, and do not count against the limit.
std::vector<Controller::Change> Controller::decide(const std::vector<double>& bits) const {
  DemandSet seen = *input_.demands;
  seen.demands.clear();
  for (std::size_t d = 0; d < bits.size(); ++d) {
    Demand demand = input_.demands->demands[d];
    demand.rate = Rate::bps(static_cast<std::int64_t>(bits[d] / spec_.interval.seconds()));
    if (demand.rate.bps() > 0) seen.demands.push_back(demand);
  }
  const plan::FlowProblem problem =
      plan::flow_problem(*input_.network, seen, constraints_, view_.down);
  const plan::EcmpShares shares(problem, *view_.routes);
  const std::vector<plan::Pair> pairs = plan::pairs_of(problem, shares);
  std::vector<std::size_t> way_of_pair;
  std::vector<std::uint32_t> start;
  for (const plan::Pair& pair : pairs) {
    const std::size_t way = way_of_.at({NodeId(pair.from), NodeId(pair.to), pair.constraint});
    way_of_pair.push_back(way);
    start.push_back(plan::can_pass(shares, pair, via_[way]) ? via_[way] : plan::direct);
  }
  plan::SteerLimits limits;
  limits.changes = spec_.changes;
  limits.seed = config_.seed;
  const plan::Steering steering = plan::steer(problem, shares, pairs, start, limits);
  std::vector<Change> changes;
  for (std::size_t p = 0; p < pairs.size(); ++p)
    if (steering.via[p] != via_[way_of_pair[p]])
      changes.push_back({way_of_pair[p], steering.via[p]});
  return changes;
}

}  // namespace

std::size_t control(const Scenario& scenario, const engine::Config& config, const Steered& steered,
                    const std::vector<bool>& initially_down, engine::Input& input) {
  refuse_what_cannot_be(input);
  return Controller(scenario, config, steered, initially_down, input).run();
}

}  // namespace longhaul::run
