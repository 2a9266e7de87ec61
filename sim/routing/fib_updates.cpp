#include "sim/routing/fib_updates.hpp"

#include <algorithm>

namespace longhaul::routing {

void FibUpdates::sort(std::size_t nodes) {
  std::stable_sort(updates_.begin(), updates_.end(), [](const FibUpdate& a, const FibUpdate& b) {
    return a.node != b.node ? a.node < b.node : a.at < b.at;
  });
  first_.assign(nodes + 1, 0);
  for (const FibUpdate& u : updates_) ++first_[u.node.index() + 1];
  for (std::size_t n = 0; n < nodes; ++n) first_[n + 1] += first_[n];
}

void add_differences(const Network& network, const Routes& before, const Routes& after, Time at,
                     FibUpdates& out) {
  for (std::size_t d = 0; d < after.destination_count(); ++d)
    for (std::size_t n = 0; n < network.nodes().size(); ++n) {
      const NodeId node(n);
      const DestinationId destination(d);
      const auto old = before.next(node, destination);
      const auto now = after.next(node, destination);
      const DestinationId turned = after.turned(node, destination);
      if (std::equal(old.begin(), old.end(), now.begin(), now.end()) &&
          before.turned(node, destination) == turned)
        continue;
      out.add(at, node, destination, turned, now);
    }
}

}  // namespace longhaul::routing
