// Loads under failures from what a failure changes. For each destination the distances of all nodes
// and the flow through them are kept; next ports follow from distances. A failure that takes no
// shortest path to a destination changes nothing for it. Else, with the notation of
// docs/models/failure-sweep.md:
//   1. affected nodes lose all their shortest paths: found upstream from the failed ports
//   2. their new distances: Dijkstra among them, from the nodes around
//   3. nodes whose next ports changed take their flow off the old ones and put it on the new ones
//   4. these differences run down to the destination, farthest node first
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "sim/routing/failure_loads.hpp"
#include "sim/routing/spf.hpp"

namespace longhaul::routing {

namespace {

/// Above every distance (port_metrics keeps paths below half the range), and a metric on top of it
/// still fits.
constexpr Cost infinite = std::numeric_limits<Cost>::max() / 2 + 1;
/// Of the traffic to a destination, what is taken for a rounding error of a difference: a sum of
/// some thousand shares is off by less than 10^3 x 2^-53 of it.
constexpr double rounding = 1e-12;

struct Arc {
  std::uint32_t other;  ///< far end
  std::uint32_t port;
  Cost metric;
};

/// The ports that some traffic may use: arcs of node n are arcs[first[n]] up to arcs[first[n + 1]].
struct Arcs {
  std::vector<std::uint32_t> first{0};
  std::vector<Arc> arcs;
  std::span<const Arc> of(std::uint32_t node) const {
    return {arcs.data() + first[node], arcs.data() + first[node + 1]};
  }
};

/// What one constraint leaves of the network.
struct Graph {
  Arcs out;  ///< in port order
  Arcs in;
  std::vector<bool> usable;  ///< by PortId
};

struct Destination {
  DestinationId id;
  std::uint32_t node;
  std::uint32_t graph;
  double negligible_bps;
};

/// Distances to, and flows towards, every destination: row d, column node.
struct State {
  std::vector<Cost> distance;
  std::vector<double> flow_bps;
};

/// What does not change: shared by all clones.
struct Base {
  const Network* network;
  bool single_path;
  std::size_t nodes;
  std::vector<Cost> metric;  ///< by PortId
  std::vector<Graph> graphs;
  std::vector<Destination> destinations;  ///< those that somebody sends to, ascending
  std::vector<double> sent_bps;           ///< as State's rows: by the node itself
  double negligible_bps = 0;              ///< of all destinations together
  State state;                            ///< with nothing failed
  FailedLoads loads;                      ///< with nothing failed
};

Graph make_graph(const Network& network, const std::vector<Cost>& metric,
                 const std::vector<bool>& avoid) {
  Graph graph;
  for (std::size_t p = 0; p < network.ports().size(); ++p)
    graph.usable.push_back(network.ports()[p].exists && (avoid.empty() || !avoid[p]));
  const auto add = [&](Arcs& arcs, const std::vector<PortId>& ports, bool outgoing) {
    for (const PortId id : ports) {
      if (!graph.usable[id.index()]) continue;
      const Port& port = network.port(id);
      arcs.arcs.push_back(
          {(outgoing ? port.to : port.from).value(), id.value(), metric[id.index()]});
    }
    arcs.first.push_back(static_cast<std::uint32_t>(arcs.arcs.size()));
  };
  for (std::size_t n = 0; n < network.nodes().size(); ++n) {
    add(graph.out, network.ports_from(NodeId(n)), true);
    add(graph.in, network.ports_to(NodeId(n)), false);
  }
  return graph;
}

/// Who sends to whom: destinations and sent_bps.
void add_demands(Base& base, const DemandSet& demands) {
  std::vector<DestinationId> used;
  const auto destination = [&](const Demand& d) {
    return DestinationId(d.constraint.index() * base.nodes + d.to.index());
  };
  for (const Demand& d : demands.demands) used.push_back(destination(d));
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  base.sent_bps.assign(used.size() * base.nodes, 0.0);
  std::vector<double> total(used.size(), 0.0);
  for (const Demand& d : demands.demands) {
    const auto row = static_cast<std::size_t>(
        std::lower_bound(used.begin(), used.end(), destination(d)) - used.begin());
    base.sent_bps[row * base.nodes + d.from.index()] += d.rate.as_double();
    total[row] += d.rate.as_double();
  }
  for (std::size_t row = 0; row < used.size(); ++row) {
    base.destinations.push_back(
        {used[row], static_cast<std::uint32_t>(used[row].index() % base.nodes),
         static_cast<std::uint32_t>(used[row].index() / base.nodes), rounding * total[row]});
    base.negligible_bps += rounding * total[row];
  }
}

/// Distances, flows and loads with nothing failed.
void add_state(Base& base) {
  base.state.distance.assign(base.destinations.size() * base.nodes, infinite);
  base.state.flow_bps = base.sent_bps;
  base.loads.load_bps.assign(base.network->ports().size(), 0.0);
  for (std::size_t row = 0; row < base.destinations.size(); ++row) {
    const Destination& destination = base.destinations[row];
    ShortestPaths paths(*base.network, base.metric, base.graphs[destination.graph].usable);
    const NodeId target(destination.node);
    paths.run(std::span(&target, 1));
    Cost* distance = base.state.distance.data() + row * base.nodes;
    double* flow = base.state.flow_bps.data() + row * base.nodes;
    for (const NodeId node : paths.reached()) distance[node.index()] = paths.distance(node);
    for (auto at = paths.reached().rbegin(); at != paths.reached().rend(); ++at) {
      std::span<const PortId> next = paths.next(*at);
      if (base.single_path && !next.empty()) next = next.first(1);
      for (const PortId port : next) {
        const double share = flow[at->index()] / static_cast<double>(next.size());
        base.loads.load_bps[port.index()] += share;
        flow[base.network->port(port).to.index()] += share;
      }
    }
    for (std::uint32_t n = 0; n < base.nodes; ++n) {
      const double sent = base.sent_bps[row * base.nodes + n];
      if (distance[n] == infinite && sent > 0) {
        base.loads.cut.push_back({destination.id, NodeId(n)});
        base.loads.unrouted_bps += sent;
      }
    }
  }
}

class IncrementalFailureLoads final : public FailureLoads {
 public:
  explicit IncrementalFailureLoads(std::shared_ptr<const Base> base)
      : base_(std::move(base)),
        state_(base_->state),
        started_(base_->loads),
        dead_(base_->network->ports().size(), alive),
        changed_in_(base_->nodes, 0),
        affected_in_(base_->nodes, 0),
        queued_in_(base_->nodes, 0),
        difference_(base_->nodes, 0.0) {}

  const FailedLoads& start(std::span<const PortId> down) override {
    for (const std::size_t row : moved_rows_) restore(row);
    moved_rows_.clear();
    std::fill(dead_.begin(), dead_.end(), alive);
    started_ = base_->loads;
    fail(down, failing);
    keep_ = true;
    change_all(down, started_);
    keep_ = false;
    fail(down, failed);
    return started_;
  }

  const FailedLoads& also(std::span<const PortId> down) override {
    result_ = started_;
    fresh_.clear();
    for (const PortId port : down) {
      if (dead_[port.index()] == alive) fresh_.push_back(port);
    }
    fail(fresh_, failing);
    change_all(fresh_, result_);
    fail(fresh_, alive);
    return result_;
  }

  std::unique_ptr<FailureLoads> clone() const override {
    return std::make_unique<IncrementalFailureLoads>(base_);
  }

 private:
  /// Of a port: `failing` ports are still part of the old routes, not of the new ones.
  enum Health : std::uint8_t { alive, failing, failed };
  /// Flow that leaves a node by a port no longer (< 0), or only now (> 0).
  struct Move {
    std::uint32_t port;
    double bps;
  };

  void fail(std::span<const PortId> ports, Health health) {
    for (const PortId port : ports) dead_[port.index()] = health;
  }

  void restore(std::size_t row) {
    const auto copy = [&](const auto& from, auto& to) {
      const auto first = static_cast<std::ptrdiff_t>(row * base_->nodes);
      std::copy_n(from.begin() + first, base_->nodes, to.begin() + first);
    };
    copy(base_->state.distance, state_.distance);
    copy(base_->state.flow_bps, state_.flow_bps);
  }

  void change_all(std::span<const PortId> down, FailedLoads& loads) {
    const std::size_t cut_before = loads.cut.size();
    for (std::size_t row = 0; row < base_->destinations.size(); ++row) change(row, down, loads);
    const auto fresh = loads.cut.begin() + static_cast<std::ptrdiff_t>(cut_before);
    std::sort(fresh, loads.cut.end());
    std::inplace_merge(loads.cut.begin(), fresh, loads.cut.end());
    for (double& load : loads.load_bps) {
      if (std::abs(load) <= base_->negligible_bps) load = 0;
    }
  }

  /// The difference that failing ports make for one destination, added to `loads`.
  void change(std::size_t row, std::span<const PortId> down, FailedLoads& loads) {
    destination_ = &base_->destinations[row];
    graph_ = &base_->graphs[destination_->graph];
    distance_ = state_.distance.data() + row * base_->nodes;
    flow_ = state_.flow_bps.data() + row * base_->nodes;
    ++round_;
    changed_.clear();
    affected_.clear();
    for (const PortId port : down) lose(port);
    if (changed_.empty()) return;
    moves_.clear();
    for (std::size_t i = 0; i < affected_.size(); ++i) lose_paths_through(affected_[i]);
    for (const std::uint32_t node : changed_) move(node, failing, -1.0);
    find_distances();
    for (const std::uint32_t node : changed_) move(node, alive, 1.0);
    run_down(loads.load_bps);

    const double* sent = base_->sent_bps.data() + row * base_->nodes;
    for (const std::uint32_t node : affected_) {
      if (distance_[node] != infinite || sent[node] <= 0) continue;
      loads.cut.push_back({destination_->id, NodeId(node)});
      loads.unrouted_bps += sent[node];
    }
    if (keep_) {
      moved_rows_.push_back(row);
    } else {
      for (std::size_t i = 0; i < affected_.size(); ++i) distance_[affected_[i]] = old_distance_[i];
    }
  }

  bool shortest(const Arc& arc, std::uint32_t from) const {
    return distance_[arc.other] + arc.metric == distance_[from];
  }

  /// A failing port leaves its node with fewer ways, if it was one.
  void lose(PortId id) {
    if (!graph_->usable[id.index()]) return;
    const Port& port = base_->network->port(id);
    const std::uint32_t from = port.from.value();
    if (shortest({port.to.value(), id.value(), base_->metric[id.index()]}, from)) reconsider(from);
  }

  void lose_paths_through(std::uint32_t node) {
    for (const Arc& arc : graph_->in.of(node)) {
      if (dead_[arc.port] == failed) continue;
      if (distance_[node] + arc.metric == distance_[arc.other]) reconsider(arc.other);
    }
  }

  /// `node` has lost a way: it is changed, and affected if that was its last.
  void reconsider(std::uint32_t node) {
    if (changed_in_[node] != round_) {
      changed_in_[node] = round_;
      changed_.push_back(node);
    }
    if (affected_in_[node] == round_) return;
    for (const Arc& arc : graph_->out.of(node)) {
      if (dead_[arc.port] == alive && affected_in_[arc.other] != round_ && shortest(arc, node))
        return;
    }
    affected_in_[node] = round_;
    affected_.push_back(node);
  }

  /// Among the affected nodes, from those around them.
  void find_distances() {
    old_distance_.clear();
    for (const std::uint32_t node : affected_) {
      old_distance_.push_back(distance_[node]);
      distance_[node] = infinite;
    }
    heap_.clear();
    const auto improve = [&](std::uint32_t node, Cost distance) {
      if (distance >= distance_[node]) return;
      distance_[node] = distance;
      heap_.emplace_back(distance, node);
      std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
    };
    for (const std::uint32_t node : affected_) {
      Cost nearest = infinite;
      for (const Arc& arc : graph_->out.of(node)) {
        if (dead_[arc.port] == alive)
          nearest = std::min(nearest, distance_[arc.other] + arc.metric);
      }
      improve(node, nearest);
    }
    while (!heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
      const auto [distance, node] = heap_.back();
      heap_.pop_back();
      if (distance != distance_[node]) continue;
      for (const Arc& arc : graph_->in.of(node)) {
        if (dead_[arc.port] == alive) improve(arc.other, distance + arc.metric);
      }
    }
  }

  /// Collects in `next_` the ports that `node` sends to over ports no worse than `worst`.
  void find_next(std::uint32_t node, Health worst) {
    next_.clear();
    if (distance_[node] == infinite) return;
    for (const Arc& arc : graph_->out.of(node)) {
      if (dead_[arc.port] > worst || !shortest(arc, node)) continue;
      next_.push_back(arc.port);
      if (base_->single_path) return;
    }
  }

  void move(std::uint32_t node, Health worst, double sign) {
    if (flow_[node] <= destination_->negligible_bps) return;
    find_next(node, worst);
    for (const std::uint32_t port : next_)
      moves_.push_back({port, sign * flow_[node] / static_cast<double>(next_.size())});
  }

  void apply(const Move& move, std::vector<double>& load_bps) {
    load_bps[move.port] += move.bps;
    const std::uint32_t to = base_->network->ports()[move.port].to.value();
    difference_[to] += move.bps;
    if (queued_in_[to] == round_) return;
    queued_in_[to] = round_;
    heap_.emplace_back(distance_[to], to);
    std::push_heap(heap_.begin(), heap_.end());
  }

  /// Flow only ever goes to nearer nodes: when the farthest is taken, its difference is whole.
  void run_down(std::vector<double>& load_bps) {
    heap_.clear();
    for (const Move& move : moves_) apply(move, load_bps);
    while (!heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end());
      const std::uint32_t node = heap_.back().second;
      heap_.pop_back();
      const double bps = std::exchange(difference_[node], 0.0);
      if (std::abs(bps) <= destination_->negligible_bps) continue;
      if (keep_) flow_[node] += bps;
      if (node == destination_->node) continue;
      find_next(node, alive);
      for (const std::uint32_t port : next_)
        apply({port, bps / static_cast<double>(next_.size())}, load_bps);
    }
  }

  std::shared_ptr<const Base> base_;
  State state_;          ///< after the failures of `start`
  FailedLoads started_;  ///< the same
  FailedLoads result_;
  std::vector<std::uint8_t> dead_;       ///< Health by PortId
  std::vector<std::size_t> moved_rows_;  ///< of state_, that are not base's
  bool keep_ = false;                    ///< changes stay in state_

  // Of the destination at hand.
  const Destination* destination_ = nullptr;
  const Graph* graph_ = nullptr;
  Cost* distance_ = nullptr;
  double* flow_ = nullptr;
  std::uint32_t round_ = 0;
  std::vector<std::uint32_t> changed_in_;  ///< by node: the last round it was in changed_
  std::vector<std::uint32_t> affected_in_;
  std::vector<std::uint32_t> queued_in_;
  std::vector<std::uint32_t> changed_;
  std::vector<std::uint32_t> affected_;
  std::vector<Cost> old_distance_;  ///< of affected_
  std::vector<Move> moves_;
  std::vector<double> difference_;  ///< by node; zero between rounds
  std::vector<std::uint32_t> next_;
  std::vector<std::pair<Cost, std::uint32_t>> heap_;
  std::vector<PortId> fresh_;
};

}  // namespace

std::unique_ptr<FailureLoads> incremental_failure_loads(const Network& network,
                                                        const RoutingSpec& spec,
                                                        std::span<const PathConstraint> constraints,
                                                        const DemandSet& demands) {
  auto base = std::make_shared<Base>();
  base->network = &network;
  base->single_path = spec.ecmp == Ecmp::off;
  base->nodes = network.nodes().size();
  base->metric = port_metrics(network, spec.metric);
  base->graphs.push_back(make_graph(network, base->metric, {}));
  for (std::size_t c = 1; c < constraints.size(); ++c)
    base->graphs.push_back(make_graph(network, base->metric, constraints[c].avoid));
  add_demands(*base, demands);
  add_state(*base);
  return std::make_unique<IncrementalFailureLoads>(std::move(base));
}

}  // namespace longhaul::routing
