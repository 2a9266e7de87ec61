#include "sim/plan/engineer.hpp"

#include <fmt/format.h>

#include <ctime>
#include <utility>

#include "sim/base/error.hpp"
#include "sim/base/yaml/write.hpp"
#include "sim/plan/ecmp_shares.hpp"
#include "sim/routing/loads.hpp"
#include "sim/scenario/steered.hpp"

namespace longhaul::plan {

namespace {

/// Of the whole process; methods here run on one thread.
double cpu_seconds() {
  return static_cast<double>(std::clock()) / static_cast<double>(CLOCKS_PER_SEC);
}

/// Runs `work` and says what it took.
template <class Work>
double timed(Work&& work) {
  const double before = cpu_seconds();
  work();
  return cpu_seconds() - before;
}

void refuse_what_cannot_be(const Scenario& scenario, const EngineerOptions& options) {
  if (!options.metrics && !options.segments) return;
  if (scenario.network->providers().size() > 1)
    throw InputError(
        "metrics and segments can be worked out within one provider only; this network has " +
            fmt::format("{}", scenario.network->providers().size()),
        "the optimum alone can be had: it leaves relations between providers out");
  if (options.metrics && scenario.routing.ecmp == Ecmp::off)
    throw InputError("metrics are tuned for equal-cost multipath, and routing.ecmp is off",
                     "--set routing.ecmp=per-flow");
}

class Engineer {
 public:
  Engineer(const Scenario& scenario, const EngineerOptions& options)
      : scenario_(scenario),
        options_(options),
        routes_(compute_routes(*scenario.network, scenario.routing, {}, scenario.constraints)) {}

  Engineered run() && {
    configured();
    const double optimum_s = timed([&] { out_.optimum = optimum(out_.problem, options_.optimum); });
    row("ecmp", out_.configured_utilization, 0, configured_s_);
    if (options_.metrics) tune();
    if (options_.segments) segments();
    row("optimum", out_.optimum.max_utilization, 0, optimum_s);
    return std::move(out_);
  }

 private:
  void configured() {
    configured_s_ = timed([&] {
      const Steered steered(scenario_);
      Routes routes = routes_;
      if (steered.segments() != nullptr) routes.use(steered.segments());
      const DemandSet demands = steered_demands(scenario_, routes, steered);
      out_.problem = flow_problem(*scenario_.network, demands, scenario_.constraints);
      const Loads loads = expected_loads(*scenario_.network, routes, demands);
      for (const Arc& arc : out_.problem.arcs)
        out_.configured_load_bps.push_back(loads.load_bps[arc.port.index()]);
      out_.configured_utilization = loads.max_utilization;
    });
    const std::vector<routing::Cost> metric =
        routing::port_metrics(*scenario_.network, scenario_.routing.metric);
    for (const Arc& arc : out_.problem.arcs)
      out_.configured_metric.push_back(metric[arc.port.index()]);
  }

  void tune() {
    const double s = timed([&] {
      out_.metrics = tune_metrics(
          out_.problem, out_.configured_metric,
          {options_.iterations, options_.seed, out_.optimum.lower_bound, out_.optimum.arc_price});
    });
    row("metrics", out_.metrics->max_utilization, out_.metrics->changes, s);
  }

  void segments() {
    const double s = timed([&] {
      const EcmpShares shares(out_.problem, routes_);
      out_.pairs = pairs_of(out_.problem, shares);
      SteerLimits limits;
      limits.changes = options_.changes;
      limits.lower_bound = out_.optimum.lower_bound;
      limits.seed = options_.seed;
      out_.segments = steer(out_.problem, shares, out_.pairs,
                            std::vector<std::uint32_t>(out_.pairs.size(), direct), limits);
    });
    row("segments", out_.segments->max_utilization, out_.segments->changes, s);
  }

  void row(const char* method, double utilization, std::size_t changes, double s) {
    const double bound = out_.optimum.lower_bound;
    out_.rows.push_back({method, utilization, bound > 0 ? utilization / bound - 1 : 0, changes, s});
  }

  const Scenario& scenario_;
  const EngineerOptions& options_;
  const Routes routes_;
  double configured_s_ = 0;
  Engineered out_;
};

}  // namespace

Engineered engineer(const Scenario& scenario, const EngineerOptions& options) {
  refuse_what_cannot_be(scenario, options);
  return Engineer(scenario, options).run();
}

std::string metrics_yaml(const Network& network, const Engineered& engineered) {
  const FlowProblem& problem = engineered.problem;
  const std::vector<routing::Cost>& metric = engineered.metrics->metric;
  std::string out = "routing:\n  metric: given\n  metrics:\n";
  for (std::size_t l = 0; l < network.links().size(); ++l) {
    const std::uint32_t ab = problem.arc_of_port[2 * l];
    const std::uint32_t ba = problem.arc_of_port[2 * l + 1];
    out += "    " + yaml::write_scalar(network.links()[l].id) + ": ";
    if (ba == FlowProblem::no_arc || metric[ab] == metric[ba])
      out += fmt::format("{}\n", metric[ab]);
    else
      out += fmt::format("[{}, {}]\n", metric[ab], metric[ba]);
  }
  return out;
}

std::string segments_yaml(const Network& network, const Engineered& engineered) {
  const auto name = [&](std::uint32_t node) {
    return yaml::write_scalar(network.node(NodeId(node)).id);
  };
  std::string out = "routing:\n  segments:";
  bool any = false;
  for (std::size_t p = 0; p < engineered.pairs.size(); ++p) {
    const Pair& pair = engineered.pairs[p];
    const std::uint32_t via = engineered.segments->via[p];
    if (via == direct) continue;
    any = true;
    out += fmt::format("\n    - {{from: {}, to: {}, via: {}}}", name(pair.from), name(pair.to),
                       name(via));
  }
  return out + (any ? "\n" : " []\n");
}

}  // namespace longhaul::plan
