// The network: nodes, links, ports, providers, regions. Immutable once built, shared by everything
// that runs.
//
// Link l has two directions, and each is a port: port 2*l sends from `a` to `b`, port 2*l+1 from
// `b` to `a`. A one-way link has no second port (`exists` is false; it is kept so that ids stay
// dense and simple).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/parse.hpp"
#include "sim/base/units.hpp"
#include "sim/network/microwave.hpp"

namespace longhaul {

/// WGS-84 degrees.
struct GeoPoint {
  double latitude;
  double longitude;
  auto operator<=>(const GeoPoint&) const = default;
};

enum class Medium { fiber, submarine, microwave, satellite };
enum class Framing { ethernet, none };
/// What a node does, which sets its pipeline latency and where generators attach hosts.
enum class Role { core, edge, metro, access, exchange, datacenter };
/// Business relation of a link's two ends; `internal` within one provider.
enum class Relation { internal, peer, transit };

/// Free key/value pairs that longhaul does not interpret but keeps (imports lose nothing).
using Attributes = std::vector<std::pair<std::string, std::string>>;

struct Provider {
  std::string id;
  int tier = 1;           ///< 1, 2 or 3
  std::uint32_t asn = 0;  ///< 0: not given
  std::string name;       ///< display name; may be empty
};

struct Node {
  std::string id;
  std::string label;  ///< display name; may be empty
  std::optional<GeoPoint> at;
  std::optional<std::pair<double, double>> position;  ///< plane coordinates where not geographic
  Role role = Role::core;
  ProviderId provider = ProviderId{0};
  RegionId region = RegionId::none();
  std::string country;                  ///< ISO 3166-1 alpha-2; may be empty
  double weight = 1.0;                  ///< gravity weight, e.g. population
  Duration latency = Duration::zero();  ///< fixed pipeline latency per packet forwarded
  Attributes attributes;
};

struct Link {
  std::string id;  ///< unique; "A-B" when not given
  NodeId a{0};
  NodeId b{0};
  Capacity capacity{1, Rate::gbps(10)};  ///< per direction
  Medium medium = Medium::fiber;
  std::optional<Distance> length;         ///< of the cable, when known
  Duration delay = Duration::zero();      ///< one-way propagation; always set in a built network
  bool delay_given = false;               ///< written by the user rather than derived from length
  std::optional<std::int64_t> metric_ab;  ///< given IGP metric, a to b
  std::optional<std::int64_t> metric_ba;
  Framing framing = Framing::ethernet;
  bool one_way = false;  ///< only a to b exists
  Relation relation = Relation::internal;
  ProviderId customer = ProviderId::none();  ///< for transit: who pays
  std::vector<std::string> risk;             ///< shared-risk groups
  Attributes attributes;
  std::optional<Radio> radio = {};  ///< of a microwave link that adapts its modulation
};

/// One direction of a link, at its sending router.
struct Port {
  bool exists;
  NodeId from;
  NodeId to;
  LinkId link;
  Rate member_rate;       ///< of one LAG member
  std::uint32_t members;  ///< parallel links; a flow is hashed to one of them
  Duration delay;         ///< propagation plus the receiving node's pipeline latency
  std::int32_t overhead;  ///< framing bytes added to every packet (24 for Ethernet: preamble, FCS,
                          ///< gap; IEEE 802.3)
  Rate rate() const { return member_rate * members; }
};

/// What a builder fills and `Network` freezes.
struct NetworkSpec {
  std::string name;
  std::string source;  ///< where the figures come from; may be empty
  std::vector<Provider> providers;
  std::vector<std::string> regions;
  std::vector<Node> nodes;
  std::vector<Link> links;
  Attributes attributes;
};

class Network {
 public:
  /// Freezes `spec`. Requires validity (ids unique, endpoints in range, capacities positive, delays
  /// >= 0): whoever reads text has checked it. Adds one provider "default" of tier 1 if there is
  /// none.
  explicit Network(NetworkSpec spec);

  const std::string& name() const { return spec_.name; }
  const NetworkSpec& spec() const { return spec_; }
  const std::vector<Node>& nodes() const { return spec_.nodes; }
  const std::vector<Link>& links() const { return spec_.links; }
  const std::vector<Provider>& providers() const { return spec_.providers; }
  const std::vector<std::string>& regions() const { return spec_.regions; }
  /// 2 x links; check `exists`.
  const std::vector<Port>& ports() const { return ports_; }

  const Node& node(NodeId id) const { return spec_.nodes[id.index()]; }
  const Link& link(LinkId id) const { return spec_.links[id.index()]; }
  const Port& port(PortId id) const { return ports_[id.index()]; }
  /// Ports that leave `node`, in id order.
  const std::vector<PortId>& ports_from(NodeId node) const { return out_[node.index()]; }
  const std::vector<PortId>& ports_to(NodeId node) const { return in_[node.index()]; }
  std::optional<NodeId> find_node(const std::string& id) const;
  std::optional<LinkId> find_link(const std::string& id) const;
  /// The existing directions of a link.
  static PortId forward(LinkId link) { return PortId(link.index() * 2); }
  static PortId backward(LinkId link) { return PortId(link.index() * 2 + 1); }
  static PortId reverse(PortId port) { return PortId(port.index() ^ 1U); }

 private:
  NetworkSpec spec_;
  std::vector<Port> ports_;
  std::vector<std::vector<PortId>> out_;
  std::vector<std::vector<PortId>> in_;
  std::unordered_map<std::string, NodeId> node_by_id_;
  std::unordered_map<std::string, LinkId> link_by_id_;
};

using NetworkPtr = std::shared_ptr<const Network>;

/// Names as written in YAML, and back; `to_string` of an enum is the YAML word.
const char* to_string(Medium);
const char* to_string(Framing);
const char* to_string(Role);
const char* to_string(Relation);
std::optional<Medium> medium_from(std::string_view);
std::optional<Framing> framing_from(std::string_view);
std::optional<Role> role_from(std::string_view);
std::optional<Relation> relation_from(std::string_view);

}  // namespace longhaul
