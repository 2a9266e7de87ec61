// What routers write into their tables for plain destinations, and what that means for segments.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "sim/routing/fast_reroute.hpp"
#include "sim/routing/fib_updates.hpp"

namespace longhaul::routing {

class TableLog {
 public:
  /// `segments` may be null. Those that it holds now are repaired as their ways are; those declared
  /// from here on are repairs, and one repair does not protect another.
  explicit TableLog(std::shared_ptr<Segments> segments)
      : segments_(std::move(segments)), given_(segments_ == nullptr ? 0 : segments_->size()) {}

  /// From `at` on, `node` sends what is for `destination` by `ports`.
  void write(std::int64_t at_ps, NodeId node, DestinationId destination,
             std::span<const PortId> ports) {
    entries_.push_back({Time::ps(at_ps), node, destination, {ports.begin(), ports.end()}, {}});
  }
  /// The same, and through `legs`, which come before what it would have gone through.
  void repair(std::int64_t at_ps, NodeId node, DestinationId destination,
              std::span<const PortId> ports, const std::vector<Leg>& legs) {
    entries_.push_back(
        {Time::ps(at_ps), node, destination, {ports.begin(), ports.end()}, legs, true});
  }

  /// All that was logged, with what follows for every segment. `routes` are any of the run.
  FibUpdates updates(const Network& network, const Routes& routes);

 private:
  struct Entry {
    Time at;
    NodeId node;
    DestinationId destination;
    std::vector<PortId> ports;
    std::vector<Leg> legs;
    bool repair = false;
  };
  DestinationId cell(const Routes& routes, NodeId at, DestinationId destination) const;
  DestinationId repaired(const Entry& entry, DestinationId destination);

  std::shared_ptr<Segments> segments_;
  std::size_t given_;
  std::vector<Entry> entries_;  ///< by node
};

}  // namespace longhaul::routing
