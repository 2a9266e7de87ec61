#include <fmt/format.h>

#include <set>

#include "sim/base/text.hpp"
#include "sim/scenario/detail/lookup.hpp"
#include "sim/scenario/detail/resolve.hpp"

namespace longhaul::scenario {

namespace {

/// The network with the metrics that are written, the rest as it was.
void set_metrics(const WrittenRouting& routing, Scenario& out, Diagnostics& diagnostics) {
  if (routing.metrics.empty()) return;
  if (routing.metric != Metric::given) {
    routing.metrics.front().where.error(
        diagnostics,
        fmt::format("`metrics` without effect: routing.metric is {}", to_string(routing.metric)),
        "metric: given");
    return;
  }
  NetworkSpec spec = out.network->spec();
  for (const auto& [name, where, metric] : routing.metrics) {
    const Found<LinkId> found = find_link(*out.network, name);
    if (!found) {
      where.error(diagnostics, found.error, found.hint);
      continue;
    }
    Link& link = spec.links[found.value.index()];
    if (link.one_way && metric.size() == 2) {
      where.error(diagnostics, fmt::format("{} is a one-way link: it has one metric", quote(name)));
      continue;
    }
    link.metric_ab = metric.front();
    link.metric_ba = metric.back();
  }
  out.network = std::make_shared<const Network>(std::move(spec));
}

/// The node, or none after saying that there is none.
NodeId node_of(const Network& network, const Name& name, Diagnostics& diagnostics) {
  const Found<NodeId> found = find_node(network, name.value);
  if (found) return found.value;
  name.where.error(diagnostics, found.error, found.hint);
  return NodeId::none();
}

/// Segments and controllers know no business between providers.
bool one_provider(const Network& network, const yaml::Place& where, Diagnostics& diagnostics) {
  if (network.providers().size() == 1) return true;
  where.error(diagnostics,
              fmt::format("traffic is steered within one provider only; this network has {}",
                          network.providers().size()));
  return false;
}

void resolve_segments(const std::vector<WrittenSteer>& written, Scenario& out,
                      Diagnostics& diagnostics) {
  if (written.empty() || !one_provider(*out.network, written.front().where, diagnostics)) return;
  std::set<std::pair<NodeId, NodeId>> seen;
  for (const WrittenSteer& steer : written) {
    const NodeId from = node_of(*out.network, steer.from, diagnostics);
    const NodeId to = node_of(*out.network, steer.to, diagnostics);
    const NodeId via = node_of(*out.network, steer.via, diagnostics);
    if (!from.valid() || !to.valid() || !via.valid()) continue;
    if (from == to || via == from || via == to) {
      steer.where.error(diagnostics, "`from`, `to` and `via` are three nodes");
    } else if (!seen.insert({from, to}).second) {
      steer.where.error(diagnostics,
                        fmt::format("traffic from {} to {} is steered already",
                                    quote(steer.from.value), quote(steer.to.value)),
                        "a pair of nodes has one way");
    } else {
      out.segments.push_back({from, to, via});
    }
  }
}

}  // namespace

void resolve_engineering(const WrittenScenario& written, Scenario& out, Diagnostics& diagnostics) {
  const WrittenRouting& routing = written.routing;
  if (out.network == nullptr) return;
  set_metrics(routing, out, diagnostics);
  resolve_segments(routing.segments, out, diagnostics);
  if (!routing.controller) return;
  const auto& [controller, where] = *routing.controller;
  if (!one_provider(*out.network, where, diagnostics)) return;
  if (controller.reaction >= controller.interval.value) {
    where.error(diagnostics,
                fmt::format("a reaction of {} is not shorter than the interval of {}",
                            to_text(controller.reaction), to_text(controller.interval.value)));
    return;
  }
  out.controller = ControllerSpec{controller.interval.value, controller.reaction,
                                  static_cast<std::size_t>(controller.changes)};
}

}  // namespace longhaul::scenario
