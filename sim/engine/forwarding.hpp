// All that routers do with packets over a run: the routes it starts with and every change after.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "sim/engine/input.hpp"
#include "sim/routing/fib_updates.hpp"

namespace longhaul::engine {

/// Input::forwarding; or, where that is null, all routers switching at the instants of the changes.
std::shared_ptr<const routing::FibUpdates> fib_updates(const Input& input);

/// The forwarding of all times at once. A packet in flight over changes may mix them, so what it
/// may do is any of it.
class ForwardingOfAllTimes {
 public:
  /// Both must outlive this.
  ForwardingOfAllTimes(const Routes& initial, const routing::FibUpdates& updates);

  /// use(port, turned) for all that `at` may at some time do with packets for `destination`; the
  /// same more than once, perhaps.
  template <class F>
  void visit(NodeId at, DestinationId destination, F&& use) const {
    const DestinationId turned = initial_.turned(at, destination);
    for (const PortId p : initial_.next(at, destination)) use(p, turned);
    const auto [first, last] = std::equal_range(
        by_cell_.begin(), by_cell_.end(), Cell{destination, at, 0},
        [](const Cell& a, const Cell& b) {
          return a.destination != b.destination ? a.destination < b.destination : a.node < b.node;
        });
    for (auto cell = first; cell != last; ++cell) {
      const routing::FibUpdate& u = updates_.all()[cell->update];
      for (const PortId p : updates_.ports(u)) use(p, u.turned);
    }
  }
  const Routes& initial() const { return initial_; }
  bool changes() const { return !updates_.empty(); }

  /// Destinations that packets turn from one into another of, all ending at one node; most are
  /// alone. Each destination is in one.
  const std::vector<std::vector<DestinationId>>& families() const { return families_; }

 private:
  struct Cell {
    DestinationId destination;
    NodeId node;
    std::uint32_t update;
  };
  const Routes& initial_;
  const routing::FibUpdates& updates_;
  std::vector<Cell> by_cell_;
  std::vector<std::vector<DestinationId>> families_;
};

}  // namespace longhaul::engine
