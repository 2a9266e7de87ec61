#include "sim/network/network.hpp"

#include <array>
#include <cassert>

namespace longhaul {

namespace {

/// Preamble with start delimiter 8 B, frame check sequence 4 B, inter-packet gap 12 B (IEEE 802.3).
constexpr std::int32_t ethernet_overhead_bytes = 24;

// The words of the YAML vocabulary, in the order of the enumerators.
constexpr std::array medium_words{"fiber", "submarine", "microwave", "satellite"};
constexpr std::array framing_words{"ethernet", "none"};
constexpr std::array role_words{"core", "edge", "metro", "access", "exchange", "datacenter"};
constexpr std::array relation_words{"internal", "peer", "transit"};

template <class Enum, std::size_t N>
std::optional<Enum> from_words(const std::array<const char*, N>& words, std::string_view text) {
  for (std::size_t i = 0; i < N; ++i) {
    if (text == words[i]) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

Port make_port(const Link& link, NodeId from, NodeId to, LinkId id, const Node& receiver,
               bool exists) {
  return Port{exists,
              from,
              to,
              id,
              link.capacity.rate,
              link.capacity.members,
              link.delay + receiver.latency,
              link.framing == Framing::ethernet ? ethernet_overhead_bytes : 0};
}

}  // namespace

Network::Network(NetworkSpec spec)
    : spec_(std::move(spec)), out_(spec_.nodes.size()), in_(spec_.nodes.size()) {
  if (spec_.providers.empty()) spec_.providers.push_back(Provider{"default", 1, 0, ""});
  node_by_id_.reserve(spec_.nodes.size());
  for (std::size_t i = 0; i < spec_.nodes.size(); ++i) {
    [[maybe_unused]] const bool fresh = node_by_id_.emplace(spec_.nodes[i].id, NodeId(i)).second;
    assert(fresh && "node ids are unique");
  }
  ports_.reserve(spec_.links.size() * 2);
  link_by_id_.reserve(spec_.links.size());
  for (std::size_t i = 0; i < spec_.links.size(); ++i) {
    const Link& link = spec_.links[i];
    const LinkId id(i);
    assert(link.a.index() < spec_.nodes.size() && link.b.index() < spec_.nodes.size());
    assert(link.capacity.members > 0 && link.capacity.rate > Rate::zero());
    assert(link.delay >= Duration::zero());
    [[maybe_unused]] const bool fresh = link_by_id_.emplace(link.id, id).second;
    assert(fresh && "link ids are unique");
    ports_.push_back(make_port(link, link.a, link.b, id, node(link.b), true));
    ports_.push_back(make_port(link, link.b, link.a, id, node(link.a), !link.one_way));
    for (const PortId port_id : {forward(id), backward(id)}) {
      const Port& p = port(port_id);
      if (!p.exists) continue;
      out_[p.from.index()].push_back(port_id);
      in_[p.to.index()].push_back(port_id);
    }
  }
}

std::optional<NodeId> Network::find_node(const std::string& id) const {
  const auto found = node_by_id_.find(id);
  return found == node_by_id_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<LinkId> Network::find_link(const std::string& id) const {
  const auto found = link_by_id_.find(id);
  return found == link_by_id_.end() ? std::nullopt : std::optional(found->second);
}

const char* to_string(Medium medium) { return medium_words[static_cast<std::size_t>(medium)]; }
const char* to_string(Framing framing) { return framing_words[static_cast<std::size_t>(framing)]; }
const char* to_string(Role role) { return role_words[static_cast<std::size_t>(role)]; }
const char* to_string(Relation relation) {
  return relation_words[static_cast<std::size_t>(relation)];
}

std::optional<Medium> medium_from(std::string_view text) {
  return from_words<Medium>(medium_words, text);
}
std::optional<Framing> framing_from(std::string_view text) {
  return from_words<Framing>(framing_words, text);
}
std::optional<Role> role_from(std::string_view text) { return from_words<Role>(role_words, text); }
std::optional<Relation> relation_from(std::string_view text) {
  return from_words<Relation>(relation_words, text);
}

}  // namespace longhaul
