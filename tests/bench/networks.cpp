#include "tests/bench/networks.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "sim/packet/packet.hpp"
#include "sim/routing/loads.hpp"

namespace longhaul::bench {

namespace {

class Builder {
 public:
  explicit Builder(Rate capacity) : capacity_(capacity) {
    spec_.providers.push_back({"p", 1, 0, ""});
    set_.classes.push_back({"default", 0});
    set_.sizes.push_back({"fixed", {{1000, 1.0}}});
  }
  NodeId node() {
    Node node;
    node.id = "n" + std::to_string(spec_.nodes.size());
    spec_.nodes.push_back(node);
    return NodeId(spec_.nodes.size() - 1);
  }
  void link(NodeId a, NodeId b, Duration delay) {
    Link link;
    link.id = "l" + std::to_string(spec_.links.size());
    link.a = a;
    link.b = b;
    link.capacity = {1, capacity_};
    link.delay = delay;
    link.framing = Framing::none;
    spec_.links.push_back(link);
  }
  void demand(NodeId from, NodeId to) {
    set_.demands.push_back({from, to, ClassId(0), Rate::gbps(1)});
  }
  void all_pairs() {
    for (std::size_t a = 0; a < spec_.nodes.size(); ++a)
      for (std::size_t b = 0; b < spec_.nodes.size(); ++b)
        if (a != b) demand(NodeId(a), NodeId(b));
  }
  std::size_t nodes() const { return spec_.nodes.size(); }

  packet::Input finish() {
    const auto network = std::make_shared<const Network>(spec_);
    RoutingSpec routing;
    routing.metric = Metric::delay;
    const auto routes = std::make_shared<const Routes>(compute_routes(*network, routing));
    const double unit = expected_loads(*network, *routes, set_, true).max_utilization;
    for (Demand& d : set_.demands)
      d.rate = Rate::bps(static_cast<std::int64_t>(d.rate.as_double() * worst_link / unit));
    return {network, std::make_shared<const DemandSet>(set_), routes, {}, {}};
  }

 private:
  Rate capacity_;
  NetworkSpec spec_;
  DemandSet set_;
};

constexpr double us_per_km = 4.897;  // n_g = 1.4682, ITU-T G.652

}  // namespace

packet::Input abilene(Rate capacity) {
  enum City { sttl, snva, losa, dnvr, kscy, hstn, ipls, chin, atla, wash, nycm };
  struct Cable {
    City a;
    City b;
    int km;
  };
  constexpr Cable cables[] = {{sttl, snva, 1710}, {sttl, dnvr, 2460}, {snva, losa, 760},
                              {snva, dnvr, 2260}, {losa, hstn, 3310}, {dnvr, kscy, 1340},
                              {kscy, hstn, 1560}, {kscy, ipls, 1100}, {hstn, atla, 1690},
                              {ipls, chin, 390},  {ipls, atla, 1030}, {chin, nycm, 1720},
                              {atla, wash, 1310}, {wash, nycm, 490}};
  Builder build(capacity);
  for (int i = 0; i <= nycm; ++i) build.node();
  for (const Cable& c : cables)
    build.link(NodeId(c.a), NodeId(c.b),
               Duration::ns(static_cast<std::int64_t>(c.km * us_per_km * 1000)));
  build.all_pairs();
  return build.finish();
}

packet::Input random_backbone(std::size_t nodes, Rate capacity, std::size_t peers) {
  Builder build(capacity);
  for (std::size_t i = 0; i < nodes; ++i) build.node();
  std::uint64_t dice = 0;
  const auto below = [&](std::uint64_t n) { return mix(++dice) % n; };
  const auto delay = [&] { return Duration::us(500 + static_cast<std::int64_t>(below(4500))); };
  for (std::size_t i = 0; i < nodes; ++i) build.link(NodeId(i), NodeId((i + 1) % nodes), delay());
  for (std::size_t i = 0; i < nodes / 2; ++i) {
    const std::size_t a = below(nodes);
    const std::size_t b = (a + 2 + below(nodes - 3)) % nodes;
    build.link(NodeId(a), NodeId(b), delay());
  }
  if (peers == 0 || peers >= nodes - 1) {
    build.all_pairs();
  } else {
    for (std::size_t a = 0; a < nodes; ++a)
      for (std::size_t k = 1; k <= peers; ++k)
        build.demand(NodeId(a), NodeId((a + k * nodes / (peers + 1)) % nodes));
  }
  return build.finish();
}

packet::Input trunks(Rate capacity) { return trunks_and_metros(capacity, 0, Duration::zero()); }

packet::Input trunks_and_metros(Rate capacity, std::size_t around, Duration metro_delay) {
  constexpr std::size_t hubs = 6;
  Builder build(capacity);
  for (std::size_t h = 0; h < hubs; ++h) build.node();
  for (std::size_t h = 0; h < hubs; ++h)
    build.link(NodeId(h), NodeId((h + 1) % hubs), Duration::ms(30));
  for (std::size_t h = 0; h < hubs && around > 0; ++h) {
    NodeId last(h);
    for (std::size_t i = 0; i < around; ++i) {
      const NodeId next = build.node();
      build.link(last, next, metro_delay);
      last = next;
    }
    build.link(last, NodeId(h), metro_delay);
  }
  build.all_pairs();
  return build.finish();
}

packet::Input line(Rate capacity, std::size_t hops, Duration delay) {
  Builder build(capacity);
  NodeId last = build.node();
  for (std::size_t i = 0; i < hops; ++i) {
    const NodeId next = build.node();
    build.link(last, next, delay);
    last = next;
  }
  build.demand(NodeId(0), last);
  return build.finish();
}

}  // namespace longhaul::bench
