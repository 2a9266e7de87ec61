#include "tests/topology/samples.hpp"

#include "sim/topology/topology.hpp"

namespace longhaul::test {

NetworkSpec full_spec() {
  NetworkSpec spec;
  spec.name = "full";
  spec.source = "made up";
  spec.attributes = {{"description", "all fields"}, {"year", "2004"}};
  spec.providers = {{"acme", 1, 64500, "Acme Inc."}, {"bolt", 2, 0, ""}};
  spec.regions = {"us", "eu"};
  Node a;
  a.id = "NYC";
  a.label = "New York";
  a.at = GeoPoint{40.71, -74.01};
  a.role = Role::exchange;
  a.region = RegionId(0);
  a.country = "US";
  a.weight = 8.4;
  a.latency = Duration::ps(1'500'001);
  a.attributes = {{"site", "60 Hudson"}, {"site", "111 8th"}, {"label", "x"}};
  Node b;
  b.id = "TYO";
  b.at = GeoPoint{35.68, 139.69};
  b.provider = ProviderId(1);
  b.region = RegionId(1);
  Node c;
  c.id = "lab";
  c.position = {1500.5, -0.25};
  spec.nodes = {a, b, c};
  Link ab;
  ab.a = NodeId(0);
  ab.b = NodeId(1);
  ab.capacity = {8, Rate::gbps(400)};
  ab.medium = Medium::submarine;
  ab.length = Distance::mm(11'000'123'456);
  ab.metric_ab = 10;
  ab.metric_ba = 20;
  ab.relation = Relation::transit;
  ab.customer = ProviderId(1);
  ab.risk = {"cable-a", "trench, north"};
  ab.attributes = {{"owner", "x"}};
  Link again = ab;
  again.length.reset();
  again.relation = Relation::peer;
  again.customer = ProviderId::none();
  again.metric_ab.reset();
  again.metric_ba.reset();
  Link ca;
  ca.id = "one way";
  ca.a = NodeId(2);
  ca.b = NodeId(0);
  ca.capacity = {3, Rate::bps(333'333'333)};
  ca.delay = Duration::ps(6'400'000'001);
  ca.delay_given = true;
  ca.framing = Framing::none;
  ca.one_way = true;
  spec.links = {ab, again, ca};
  finish_links(spec, [](std::size_t, const std::string&, const std::string&) {});
  return spec;
}

}  // namespace longhaul::test
