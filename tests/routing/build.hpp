// Small networks for the tests of sim/routing, written in a line.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sim/network/network.hpp"
#include "sim/routing/routes.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul::test {

/// A network under construction; nodes and links by number. Chains: `net.nodes(3).link(0,
/// 1).link(1, 2)`.
class Build {
 public:
  Build& provider(int tier) {
    spec_.providers.push_back({"p" + std::to_string(spec_.providers.size()), tier, 0, ""});
    return *this;
  }
  /// `count` more nodes of provider number `provider`.
  Build& nodes(std::size_t count, std::size_t provider = 0) {
    for (std::size_t n = 0; n < count; ++n) {
      Node node;
      node.id = "n" + std::to_string(spec_.nodes.size());
      node.provider = ProviderId(provider);
      spec_.nodes.push_back(node);
    }
    return *this;
  }
  Build& link(std::size_t a, std::size_t b, std::int64_t metric = 1) {
    Link link;
    link.id = "l" + std::to_string(spec_.links.size());
    link.a = NodeId(a);
    link.b = NodeId(b);
    link.metric_ab = link.metric_ba = metric;
    link.delay = Duration::ms(1);
    spec_.links.push_back(link);
    return *this;
  }
  Build& peer(std::size_t a, std::size_t b) {
    link(a, b).last().relation = Relation::peer;
    return *this;
  }
  /// The provider of node `customer` pays that of node `provider`.
  Build& transit(std::size_t customer, std::size_t provider) {
    Link& added = link(customer, provider).last();
    added.relation = Relation::transit;
    added.customer = spec_.nodes[customer].provider;
    return *this;
  }
  /// The link added last, to be changed.
  Link& last() { return spec_.links.back(); }
  Node& node(std::size_t n) { return spec_.nodes[n]; }
  Network network() const { return Network(spec_); }

 private:
  NetworkSpec spec_;
};

/// Port numbers of next(at, to); port 2 x l is link l from a to b, 2 x l + 1 the other way.
inline std::vector<std::size_t> next(const Routes& routes, std::size_t at, std::size_t to) {
  std::vector<std::size_t> ports;
  for (const PortId port : routes.next(NodeId(at), NodeId(to))) ports.push_back(port.index());
  return ports;
}

/// The nodes crossed from `from` to `to`, taking the first next port each time; cut off after 1000.
inline std::vector<std::size_t> walk(const Network& network, const Routes& routes, std::size_t from,
                                     std::size_t to) {
  std::vector<std::size_t> path{from};
  while (path.back() != to && path.size() < 1000) {
    const auto ports = routes.next(NodeId(path.back()), NodeId(to));
    if (ports.empty()) break;
    path.push_back(network.port(ports.front()).to.index());
  }
  return path;
}

/// Demands of one class in 1000-byte packets; {from, to, bit/s}.
struct Flow {
  std::size_t from;
  std::size_t to;
  std::int64_t bps;
};
inline DemandSet demands(const std::vector<Flow>& flows) {
  DemandSet set;
  set.classes.push_back({"default", 0});
  set.sizes.push_back({"1000", {{1000, 1.0}}});
  for (const Flow& flow : flows) {
    Demand demand{NodeId(flow.from), NodeId(flow.to), ClassId(0), Rate::bps(flow.bps)};
    set.demands.push_back(demand);
  }
  return set;
}

/// A small deterministic generator for property tests (splitmix64, Steele et al. 2014).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  /// 0 up to `below` - 1.
  std::size_t roll(std::size_t below) {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return (z ^ (z >> 31U)) % below;
  }

 private:
  std::uint64_t state_;
};

}  // namespace longhaul::test
