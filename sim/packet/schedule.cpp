#include "sim/packet/schedule.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <cassert>
#include <numeric>

namespace longhaul::packet {

namespace {

// A window should hold enough packets at the busiest queue that its fixed cost (some 50 ns a
// machine) is lost among them, and few enough that they stay in cache.
constexpr double most_packets_per_window = 2048;
// Below this many packets a queue and window, a heap of lane heads is cheaper than windows
// (docs/performance.md).
constexpr double least_packets_per_window = 1.0;
constexpr std::int64_t longest_window_ps =
    100'000'000'000;  // 100 ms: progress and Ctrl-C stay lively

/// Packets a second between two units.
struct Traffic {
  std::uint32_t a;
  std::uint32_t b;
  double pps;
};

/// Deals units to threads: equal loads first, then little traffic between threads, since a packet
/// that changes threads moves between caches. Grows connected parts, then moves single units while
/// that helps (as Fiduccia and Mattheyses do, DAC'82, without their buckets: there are some
/// thousand units at most).
class Partition {
 public:
  Partition(Group& group, const std::vector<Traffic>& traffic, unsigned threads)
      : units_(group.units), threads_(threads), near_(units_.size()), load_(threads, 0.0) {
    for (const Traffic& t : traffic) {
      near_[t.a].emplace_back(t.b, t.pps);
      near_[t.b].emplace_back(t.a, t.pps);
    }
    for (const Unit& unit : units_) total_ += cost(unit);
  }

  void run() {
    if (threads_ == 1) return;
    grow();
    for (int pass = 0; pass < 30; ++pass)
      if (!improve()) break;
  }

 private:
  static double cost(const Unit& unit) { return unit.cost + 1.0; }

  /// Fills one thread after another with units that are joined to it.
  void grow() {
    std::vector<bool> placed(units_.size(), false);
    std::vector<std::uint32_t> queue;
    std::size_t next_seed = 0;
    unsigned thread = 0;
    for (std::size_t head = 0, done = 0; done < units_.size(); ++done) {
      while (head < queue.size() && placed[queue[head]]) ++head;
      if (head == queue.size()) {
        while (placed[next_seed]) ++next_seed;
        queue.push_back(static_cast<std::uint32_t>(next_seed));
      }
      const std::uint32_t u = queue[head];
      placed[u] = true;
      if (load_[thread] + cost(units_[u]) / 2 > total_ / threads_ && thread + 1 < threads_)
        ++thread;
      units_[u].thread = thread;
      load_[thread] += cost(units_[u]);
      for (const auto& [other, pps] : near_[u])
        if (!placed[other]) queue.push_back(other);
    }
  }

  /// Moves units one by one where that evens loads or, within a twentieth of even, lessens the
  /// traffic between threads.
  bool improve() {
    bool moved = false;
    const double most = total_ / threads_ * 1.05;
    for (std::uint32_t u = 0; u < units_.size(); ++u) {
      std::vector<double> traffic_to(threads_, 0.0);
      for (const auto& [other, pps] : near_[u]) traffic_to[units_[other].thread] += pps;
      const unsigned from = units_[u].thread;
      unsigned best = from;
      double best_gain = 1e-6 * total_;
      for (unsigned t = 0; t < threads_; ++t) {
        if (t == from) continue;
        const double after = load_[t] + cost(units_[u]);
        const double over = std::max(0.0, load_[from] - most) - std::max(0.0, after - most);
        if (after > most && after >= load_[from]) continue;
        const double gain = 4.0 * over + traffic_to[t] - traffic_to[from];
        if (gain > best_gain) best = t, best_gain = gain;
      }
      if (best == from) continue;
      load_[from] -= cost(units_[u]);
      load_[best] += cost(units_[u]);
      units_[u].thread = best;
      moved = true;
    }
    return moved;
  }

  std::vector<Unit>& units_;
  const unsigned threads_;
  std::vector<std::vector<std::pair<std::uint32_t, double>>> near_;
  std::vector<double> load_;
  double total_ = 0;
};

class Builder {
 public:
  Builder(const Model& model, const ScheduleOptions& options)
      : model_(model), options_(options), local_(model.machines(), -1) {}

  Group top() {
    std::vector<std::uint32_t> all(model_.machines());
    std::iota(all.begin(), all.end(), 0U);
    double busiest = 0;
    double total = 0;
    for (std::size_t q = 0; q < model_.queues.size(); ++q) {
      busiest = std::max(busiest, model_.load_pps[q]);
      total += model_.load_pps[q];
    }
    auto window = longest_window_ps;
    if (busiest > 0)
      window =
          std::min(window, static_cast<std::int64_t>(most_packets_per_window / busiest * 1e12) + 1);
    if (options_.longest_ps > 0) window = std::min(window, options_.longest_ps);
    window = spread(all, edges_among(all), window, total);
    Group group = build(all, window);
    assign(group);
    return group;
  }

 private:
  using Edges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

  bool is_short(std::uint32_t machine, std::int64_t window) const {
    return model_.delay(machine) < window;
  }

  /// The edges with both ends in `machines`.
  Edges edges_among(const std::vector<std::uint32_t>& machines) {
    for (const std::uint32_t m : machines) local_[m] = 0;
    Edges edges;
    for (const Edge& e : model_.edges)
      if (local_[e.from] >= 0 && local_[e.to] >= 0) edges.emplace_back(e.from, e.to);
    for (const std::uint32_t m : machines) local_[m] = -1;
    return edges;
  }

  /// Strong components over the short edges, numbered in reverse topological order (Tarjan):
  /// component[i] of machines[i].
  std::vector<int> components(const std::vector<std::uint32_t>& machines, const Edges& edges,
                              std::int64_t window, int& count) {
    using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
    for (std::size_t i = 0; i < machines.size(); ++i) local_[machines[i]] = static_cast<int>(i);
    Graph graph(machines.size());
    for (const auto& [from, to] : edges)
      if (is_short(from, window)) boost::add_edge(local_[from], local_[to], graph);
    std::vector<int> component(machines.size());
    count = machines.empty() ? 0 : boost::strong_components(graph, component.data());
    for (const std::uint32_t m : machines) local_[m] = -1;
    return component;
  }

  /// The heaviest component of more than one machine; its load is 0 if there is none.
  double heaviest_island(const std::vector<std::uint32_t>& machines, const Edges& edges,
                         std::int64_t window, std::vector<std::uint32_t>& members) {
    int count = 0;
    const auto component = components(machines, edges, window, count);
    std::vector<double> load(count, 0.0);
    std::vector<int> size(count, 0);
    for (std::size_t i = 0; i < machines.size(); ++i) {
      load[component[i]] += model_.load_pps[machines[i]] + 1e-9;
      ++size[component[i]];
    }
    int best = -1;
    for (int c = 0; c < count; ++c)
      if (size[c] > 1 && (best < 0 || load[c] > load[best])) best = c;
    members.clear();
    if (best < 0) return 0;
    for (std::size_t i = 0; i < machines.size(); ++i)
      if (component[i] == best) members.push_back(machines[i]);
    return load[best];
  }

  /// The largest window, at most `window`, with which `machines` have no cycle of short machines:
  /// the least delay such that every cycle holds one at least as long. 0 if some cycle has no delay
  /// at all.
  std::int64_t bottleneck(const std::vector<std::uint32_t>& machines, const Edges& edges,
                          std::int64_t window) {
    std::vector<std::int64_t> candidates{0};
    for (const std::uint32_t m : machines)
      if (model_.delay(m) < window) candidates.push_back(model_.delay(m));
    std::sort(candidates.begin(), candidates.end());
    candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
    std::vector<std::uint32_t> members;
    std::size_t low = 0;  // candidates[low] is known to do: with a window of 0 nothing is short
    std::size_t high = candidates.size();
    while (high - low > 1) {
      const std::size_t middle = (low + high) / 2;
      if (heaviest_island(machines, edges, candidates[middle], members) == 0)
        low = middle;
      else
        high = middle;
    }
    return candidates[low];
  }

  double packets_per_window(const std::vector<std::uint32_t>& machines, std::int64_t window) const {
    double load = 0;
    for (const std::uint32_t m : machines) load += model_.load_pps[m];
    return load * static_cast<double>(window) * 1e-12 / static_cast<double>(machines.size());
  }

  /// Shortens the window while one island would hold so much of the load that threads would wait
  /// for it.
  std::int64_t spread(const std::vector<std::uint32_t>& all, const Edges& edges,
                      std::int64_t window, double total) {
    const double share = options_.threads > 1 ? 0.5 / options_.threads : 0.9;
    std::vector<std::uint32_t> members;
    while (true) {
      const double load = heaviest_island(all, edges, window, members);
      if (load <= share * total || members.empty()) return window;
      const std::int64_t shorter = bottleneck(members, edges_among(members), window);
      if (shorter <= 0 || shorter >= window ||
          packets_per_window(members, shorter) < least_packets_per_window)
        return window;
      window = shorter;
    }
  }

  Group build(const std::vector<std::uint32_t>& machines, std::int64_t window) {
    Group group{Lookahead(window), {}};
    const Edges edges = edges_among(machines);
    int count = 0;
    const auto component = components(machines, edges, window, count);
    group.units.resize(count);
    // Tarjan numbers a component after all that it reaches, so the reverse is an order in which to
    // run.
    for (std::size_t i = 0; i < machines.size(); ++i) {
      Unit& unit = group.units[count - 1 - component[i]];
      unit.machines.push_back(machines[i]);
      unit.load_pps += model_.load_pps[machines[i]];
      unit.cost += model_.cost[machines[i]];
    }
    for (Unit& unit : group.units)
      if (unit.machines.size() > 1) build_island(unit, window);
    return group;
  }

  void build_island(Unit& unit, std::int64_t window) {
    const std::int64_t inner = bottleneck(unit.machines, edges_among(unit.machines), window);
    const bool by_windows = options_.islands != Islands::events && inner > 0 &&
                            (options_.islands == Islands::windows ||
                             packets_per_window(unit.machines, inner) >= least_packets_per_window);
    if (by_windows)
      unit.inner = std::make_unique<Group>(build(unit.machines, inner));
    else
      unit.events = true;
  }

  /// Deals units to threads, and notes who must wait for whom.
  void assign(Group& group) {
    std::vector<std::uint32_t> unit_of(model_.machines());
    for (std::uint32_t u = 0; u < group.units.size(); ++u)
      for (const std::uint32_t m : group.units[u].machines) unit_of[m] = u;
    Partition(group, edge_loads(unit_of), threads_worth_it(group)).run();
    for (const Edge& e : model_.edges) {
      const std::uint32_t from = unit_of[e.from];
      Unit& to = group.units[unit_of[e.to]];
      if (!is_short(e.from, group.window.ps()) || group.units[from].thread == to.thread) continue;
      if (std::find(to.wait_for.begin(), to.wait_for.end(), from) == to.wait_for.end())
        to.wait_for.push_back(from);
      group.units[from].awaited = true;
    }
  }

  unsigned threads_worth_it(const Group& group) const {
    if (options_.least_packets_per_thread == 0) return options_.threads;
    double load = 0;
    for (const Unit& unit : group.units) load += unit.load_pps;
    const double packets = load * static_cast<double>(group.window.ps()) * 1e-12;
    const double worth = packets / options_.least_packets_per_thread;
    return worth < options_.threads ? std::max(1U, static_cast<unsigned>(worth)) : options_.threads;
  }

  /// Expected packets a second between units: what a machine sends, shared among those it feeds by
  /// their load.
  std::vector<Traffic> edge_loads(const std::vector<std::uint32_t>& unit_of) const {
    std::vector<double> fed(model_.machines(), 0.0);
    for (const Edge& e : model_.edges) fed[e.from] += model_.load_pps[e.to] + 1e-9;
    std::vector<Traffic> traffic;
    for (const Edge& e : model_.edges)
      if (unit_of[e.from] != unit_of[e.to])
        traffic.push_back({unit_of[e.from], unit_of[e.to],
                           model_.load_pps[e.from] * (model_.load_pps[e.to] + 1e-9) / fed[e.from]});
    return traffic;
  }

  const Model& model_;
  const ScheduleOptions& options_;
  std::vector<int> local_;
};

}  // namespace

Lookahead::Lookahead(std::int64_t ps) : ps_(ps) { assert(ps > 0); }

Group build_schedule(const Model& model, const ScheduleOptions& options) {
  return Builder(model, options).top();
}

unsigned thread_count(const Group& group) {
  unsigned most = 0;
  for (const Unit& unit : group.units) most = std::max(most, unit.thread);
  return most + 1;
}

double event_share(const Group& group) {
  double total = 0;
  double events = 0;
  for (const Unit& unit : group.units) {
    total += unit.load_pps;
    if (unit.events) events += unit.load_pps;
    if (unit.inner) events += event_share(*unit.inner) * unit.load_pps;
  }
  return total > 0 ? events / total : 0;
}

}  // namespace longhaul::packet
