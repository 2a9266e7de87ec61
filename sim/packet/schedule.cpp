#include "sim/packet/schedule.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <cassert>
#include <limits>
#include <numeric>

namespace longhaul::packet {

namespace {

// A window should hold enough packets at the busiest queue that its fixed cost (some 50 ns a
// machine) is lost among them, and few enough that they stay in cache.
constexpr double most_packets_per_window = 2048;
// Below this many packets a queue and window, a heap of lane heads is cheaper than windows
// (docs/performance.md).
constexpr double least_packets_per_window = 1.0;
// What one thread's machine sends within a window to another's makes that one wait.
constexpr double cost_of_waiting = 20.0;
constexpr std::int64_t longest_window_ps =
    100'000'000'000;  // 100 ms: progress and Ctrl-C stay lively

/// Packets a second between two units.
struct Traffic {
  std::uint32_t a;
  std::uint32_t b;
  double pps;
};

/// Deals units to threads: equal loads first, then little traffic between threads, since a packet
/// that changes threads moves between caches. Grows connected parts from several seeds and improves
/// each by moving units, the best move first, also uphill for a while (Fiduccia and Mattheyses,
/// DAC'82, without their buckets).
class Partition {
 public:
  Partition(Group& group, const std::vector<Traffic>& traffic, unsigned threads)
      : units_(group.units),
        threads_(threads),
        near_(units_.size()),
        thread_of_(units_.size(), 0),
        load_(threads, 0.0),
        towards_(units_.size() * threads, 0.0) {
    for (const Traffic& t : traffic) {
      near_[t.a].emplace_back(t.b, t.pps);
      near_[t.b].emplace_back(t.a, t.pps);
    }
    double total = 0;
    double largest = 0;
    for (const Unit& unit : units_) {
      total += cost(unit);
      largest = std::max(largest, cost(unit));
    }
    fair_ = total / threads_;
    most_ = fair_ * 1.02;
    for_a_while_ = most_ + largest;
  }

  void run() {
    if (threads_ == 1) return;
    // Units in the thousands take long and have good cuts from anywhere.
    const std::size_t starts = units_.size() <= 2000 ? 12 : 1;
    std::vector<unsigned> best;
    double least = 0;
    for (std::size_t s = 0; s < starts; ++s) {
      grow(static_cast<std::uint32_t>(s * units_.size() / starts));
      for (int pass = 0; pass < 20; ++pass)
        if (!improve()) break;
      const double badness = overload() + cut();
      if (!best.empty() && badness >= least) continue;
      least = badness;
      best = thread_of_;
    }
    for (std::size_t u = 0; u < units_.size(); ++u) units_[u].thread = best[u];
  }

 private:
  static double cost(const Unit& unit) { return unit.cost + 1.0; }
  double over(double load) const { return 50.0 * std::max(0.0, load - most_); }

  double overload() const {
    double sum = 0;
    for (const double load : load_) sum += over(load);
    return sum;
  }
  double cut() const {
    double sum = 0;
    for (std::uint32_t u = 0; u < units_.size(); ++u)
      for (const auto& [other, pps] : near_[u])
        if (other > u && thread_of_[other] != thread_of_[u]) sum += pps;
    return sum;
  }

  /// Fills one thread after another with units that are joined to it, from `seed` on.
  void grow(std::uint32_t seed) {
    std::fill(load_.begin(), load_.end(), 0.0);
    std::vector<bool> placed(units_.size(), false);
    std::vector<std::uint32_t> queue{seed};
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
      if (load_[thread] + cost(units_[u]) / 2 > fair_ && thread + 1 < threads_) ++thread;
      thread_of_[u] = thread;
      load_[thread] += cost(units_[u]);
      for (const auto& [other, pps] : near_[u])
        if (!placed[other]) queue.push_back(other);
    }
    std::fill(towards_.begin(), towards_.end(), 0.0);
    for (std::uint32_t u = 0; u < units_.size(); ++u)
      for (const auto& [other, pps] : near_[u]) towards_[u * threads_ + thread_of_[other]] += pps;
  }

  void move(std::uint32_t u, unsigned to) {
    const unsigned from = thread_of_[u];
    load_[from] -= cost(units_[u]);
    load_[to] += cost(units_[u]);
    thread_of_[u] = to;
    for (const auto& [other, pps] : near_[u]) {
      towards_[other * threads_ + from] -= pps;
      towards_[other * threads_ + to] += pps;
    }
  }

  struct Move {
    std::uint32_t unit;
    unsigned from;
    unsigned to;
    double gain;
  };
  Move best_move(const std::vector<bool>& moved) const {
    Move best{0, 0, 0, -std::numeric_limits<double>::infinity()};
    for (std::uint32_t u = 0; u < units_.size(); ++u) {
      if (moved[u]) continue;
      const unsigned from = thread_of_[u];
      const double c = cost(units_[u]);
      for (unsigned t = 0; t < threads_; ++t) {
        if (t == from || (load_[t] + c > for_a_while_ && load_[t] + c > load_[from])) continue;
        const double gain = towards_[u * threads_ + t] - towards_[u * threads_ + from] +
                            over(load_[from]) - over(load_[from] - c) + over(load_[t]) -
                            over(load_[t] + c);
        if (gain > best.gain) best = {u, from, t, gain};
      }
    }
    return best;
  }

  /// Moves each unit at most once, the best first, then takes back what came after the best state.
  bool improve() {
    constexpr std::size_t patience = 60;
    std::vector<bool> moved(units_.size(), false);
    std::vector<Move> moves;
    std::size_t best_at = 0;
    double gained = 0;
    double most_gained = 1e-9 * fair_;
    while (moves.size() < units_.size() && moves.size() - best_at < patience) {
      const Move m = best_move(moved);
      if (m.from == m.to) break;
      moved[m.unit] = true;
      move(m.unit, m.to);
      moves.push_back(m);
      gained += m.gain;
      if (gained > most_gained) most_gained = gained, best_at = moves.size();
    }
    for (std::size_t i = moves.size(); i-- > best_at;) move(moves[i].unit, moves[i].from);
    return best_at > 0;
  }

  std::vector<Unit>& units_;
  const unsigned threads_;
  std::vector<std::vector<std::pair<std::uint32_t, double>>> near_;
  std::vector<unsigned> thread_of_;
  std::vector<double> load_;     ///< by thread
  std::vector<double> towards_;  ///< by unit and thread: traffic with its units
  double fair_ = 0;
  double most_ = 0;         ///< a thread may have at no penalty
  double for_a_while_ = 0;  ///< ... between moves
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
    Partition(group, edge_loads(unit_of, group.window.ps()), threads_worth_it(group)).run();
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

  std::vector<Traffic> edge_loads(const std::vector<std::uint32_t>& unit_of,
                                  std::int64_t window) const {
    std::vector<Traffic> traffic;
    for (const Edge& e : model_.edges)
      if (unit_of[e.from] != unit_of[e.to])
        traffic.push_back({unit_of[e.from], unit_of[e.to],
                           is_short(e.from, window) ? cost_of_waiting * e.pps : e.pps});
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
