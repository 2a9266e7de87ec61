#include "sim/engine/forwarding.hpp"

#include <numeric>

namespace longhaul::engine {

std::shared_ptr<const routing::FibUpdates> fib_updates(const Input& input) {
  if (input.forwarding != nullptr) return input.forwarding;
  auto updates = std::make_shared<routing::FibUpdates>();
  const Routes* last = input.routes.get();
  for (const RouteChange& change : input.changes) {
    if (change.routes.get() == last) continue;
    routing::add_differences(*input.network, *last, *change.routes, change.at, *updates);
    last = change.routes.get();
  }
  updates->sort(input.network->nodes().size());
  return updates;
}

namespace {

/// Sets of numbers that unite.
class UnionFind {
 public:
  explicit UnionFind(std::size_t n) : parent_(n) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  std::size_t find(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void unite(std::size_t a, std::size_t b) {
    parent_[std::max(find(a), find(b))] = std::min(find(a), find(b));
  }

 private:
  std::vector<std::size_t> parent_;
};

}  // namespace

ForwardingOfAllTimes::ForwardingOfAllTimes(const Routes& initial,
                                           const routing::FibUpdates& updates)
    : initial_(initial), updates_(updates) {
  UnionFind sets(initial.destination_count());
  for (std::size_t d = initial.plain_count(); d < initial.destination_count(); ++d) {
    sets.unite(d, initial.after(DestinationId(d)).index());
    sets.unite(d, initial.bound(DestinationId(d)).index());
  }
  by_cell_.reserve(updates.all().size());
  for (std::uint32_t i = 0; i < updates.all().size(); ++i) {
    const routing::FibUpdate& u = updates.all()[i];
    by_cell_.push_back({u.destination, u.node, i});
    sets.unite(u.destination.index(), u.turned.index());
  }
  std::sort(by_cell_.begin(), by_cell_.end(), [](const Cell& a, const Cell& b) {
    if (a.destination != b.destination) return a.destination < b.destination;
    return a.node != b.node ? a.node < b.node : a.update < b.update;
  });
  std::vector<std::size_t> place(initial.destination_count());
  for (std::size_t d = 0; d < place.size(); ++d) {
    const std::size_t root = sets.find(d);
    if (root == d) {
      place[d] = families_.size();
      families_.emplace_back();
    }
    families_[place[root]].emplace_back(d);
  }
}

}  // namespace longhaul::engine
