// The frozen network, and how long light takes.
#include "sim/network/network.hpp"

#include "sim/network/delay.hpp"
#include "tests/catch.hpp"

using namespace longhaul;

namespace {

NetworkSpec triangle() {
  NetworkSpec spec;
  for (const char* id : {"A", "B", "C"}) {
    Node node;
    node.id = id;
    spec.nodes.push_back(node);
  }
  spec.nodes[1].latency = Duration::us(3);
  for (const auto& [a, b] : {std::pair{0, 1}, std::pair{1, 2}, std::pair{2, 0}}) {
    Link link;
    link.id = spec.nodes[static_cast<std::size_t>(a)].id + "-" +
              spec.nodes[static_cast<std::size_t>(b)].id;
    link.a = NodeId(static_cast<std::size_t>(a));
    link.b = NodeId(static_cast<std::size_t>(b));
    link.capacity = {8, Rate::gbps(100)};
    link.delay = Duration::ms(1);
    spec.links.push_back(link);
  }
  spec.links[1].one_way = true;
  spec.links[1].framing = Framing::none;
  return spec;
}

}  // namespace

TEST_CASE("each direction of a link is a port") {
  const Network network(triangle());
  REQUIRE(network.ports().size() == 6);
  const Port& ab = network.port(Network::forward(LinkId{0}));
  const Port& ba = network.port(Network::backward(LinkId{0}));
  CHECK(ab.from == NodeId{0});
  CHECK(ab.to == NodeId{1});
  CHECK(ba.from == NodeId{1});
  CHECK(Network::reverse(PortId{0}) == PortId{1});
  // The pipeline latency of the node that receives belongs to the port.
  CHECK(ab.delay == Duration::ms(1) + Duration::us(3));
  CHECK(ba.delay == Duration::ms(1));
  CHECK(ab.members == 8);
  CHECK(ab.rate() == Rate::gbps(800));
  CHECK(ab.overhead == 24);
  CHECK(network.port(PortId{2}).overhead == 0);
  CHECK(network.port(PortId{2}).exists);
  CHECK_FALSE(network.port(PortId{3}).exists);
  CHECK(network.ports_from(NodeId{2}) == std::vector<PortId>{PortId{4}});
  CHECK(network.ports_to(NodeId{2}) == std::vector<PortId>{PortId{2}, PortId{5}});
  CHECK(network.find_node("B") == NodeId{1});
  CHECK_FALSE(network.find_node("b"));
  CHECK(network.find_link("C-A") == LinkId{2});
  REQUIRE(network.providers().size() == 1);
  CHECK(network.providers()[0].id == "default");
  CHECK(network.providers()[0].tier == 1);
}

TEST_CASE("words of the vocabulary read back") {
  for (const Medium m : {Medium::fiber, Medium::submarine, Medium::microwave, Medium::satellite}) {
    CHECK(medium_from(to_string(m)) == m);
  }
  for (const Role r :
       {Role::core, Role::edge, Role::metro, Role::access, Role::exchange, Role::datacenter}) {
    CHECK(role_from(to_string(r)) == r);
  }
  for (const Relation r : {Relation::internal, Relation::peer, Relation::transit}) {
    CHECK(relation_from(to_string(r)) == r);
  }
  for (const Framing f : {Framing::ethernet, Framing::none}) CHECK(framing_from(to_string(f)) == f);
  CHECK_FALSE(medium_from("fibre"));
}

TEST_CASE("light takes 4.897 us for a kilometre of fibre and 3.336 us for one of air") {
  // 1.4682 x 1000 m / 299,792,458 m/s = 4.897388... us
  CHECK(propagation_delay(Distance::km(1), Medium::fiber) == Duration::ps(4'897'388));
  CHECK(propagation_delay(Distance::km(1), Medium::submarine) == Duration::ps(4'897'388));
  CHECK(propagation_delay(Distance::km(1), Medium::microwave) == Duration::ps(3'335'641));
  CHECK(propagation_delay(Distance::zero(), Medium::fiber) == Duration::zero());
  // A geostationary hop, up and down: 2 x 35,786 km.
  CHECK(propagation_delay(Distance::km(71'572), Medium::satellite).seconds() ==
        Approx(0.238738).epsilon(1e-5));
}

TEST_CASE("great circles are those of the ellipsoid") {
  // JFK to LHR, the example of GeographicLib's GeodSolve: 5551.759 km.
  CHECK(great_circle({40.6, -73.8}, {51.6, -0.5}) == Distance::m(5'551'759));
  CHECK(great_circle({10, 20}, {10, 20}) == Distance::zero());
  // A quarter of the equator: a x pi / 2.
  CHECK(great_circle({0, 0}, {0, 90}) == Distance::m(10'018'754));
}

TEST_CASE("a delay comes from what is known: itself, the length, the coordinates") {
  NetworkSpec spec = triangle();
  Link link = spec.links[0];
  CHECK_FALSE(derive_delay(link, spec.nodes));
  spec.nodes[0].at = GeoPoint{0, 0};
  spec.nodes[1].at = GeoPoint{0, 90};
  const Distance circle = Distance::m(10'018'754);
  CHECK(cable_length(link, spec.nodes) == Distance::mm(circle.mm() * 3 / 2));
  CHECK(derive_delay(link, spec.nodes) ==
        propagation_delay(Distance::mm(circle.mm() * 3 / 2), Medium::fiber));
  link.medium = Medium::submarine;
  CHECK(cable_length(link, spec.nodes) == Distance::mm(circle.mm() * 6 / 5));
  link.medium = Medium::microwave;
  CHECK(cable_length(link, spec.nodes) == circle);
  link.length = Distance::km(7);
  CHECK(derive_delay(link, spec.nodes) == propagation_delay(Distance::km(7), Medium::microwave));
  link.delay_given = true;
  CHECK(derive_delay(link, spec.nodes) == Duration::ms(1));
}
