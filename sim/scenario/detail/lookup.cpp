#include "sim/scenario/detail/lookup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "sim/base/text.hpp"

namespace longhaul::scenario {

namespace {

/// "expected one of a, b, c" for few, nothing for many.
std::string expected_one_of(std::span<const std::string> candidates) {
  constexpr std::size_t most_listed = 8;
  if (candidates.empty() || candidates.size() > most_listed) return {};
  return fmt::format("; expected {}{}", candidates.size() > 1 ? "one of " : "",
                     fmt::join(candidates, ", "));
}

template <class T>
Found<T> unknown(T none, std::string_view kind, std::string_view name,
                 std::span<const std::string> candidates) {
  if (candidates.empty()) {
    return {std::move(none), fmt::format("there is no {} {}", kind, quote(name)), {}};
  }
  return {std::move(none),
          fmt::format("there is no {} {}{}", kind, quote(name), expected_one_of(candidates)),
          did_you_mean(name, candidates)};
}

template <class Range, class Name>
std::vector<std::string> names_of(const Range& range, Name name) {
  std::vector<std::string> out;
  out.reserve(range.size());
  for (const auto& item : range) out.push_back(name(item));
  return out;
}

std::vector<std::string> node_names(const Network& network) {
  return names_of(network.nodes(), [](const Node& n) { return n.id; });
}

std::vector<std::string> link_names(const Network& network) {
  return names_of(network.links(), [](const Link& l) { return l.id; });
}

std::vector<std::string> risk_names(const Network& network) {
  std::vector<std::string> out;
  for (const Link& link : network.links())
    out.insert(out.end(), link.risk.begin(), link.risk.end());
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

template <class Keep>
std::vector<LinkId> links_where(const Network& network, Keep keep) {
  std::vector<LinkId> out;
  for (std::size_t i = 0; i < network.links().size(); ++i) {
    if (keep(network.links()[i])) out.emplace_back(i);
  }
  return out;
}

}  // namespace

Found<NodeId> find_node(const Network& network, std::string_view name) {
  if (const auto id = network.find_node(std::string(name))) return {*id};
  return unknown(NodeId::none(), "node", name, node_names(network));
}

Found<ProviderId> find_provider(const Network& network, std::string_view name) {
  const auto names = names_of(network.providers(), [](const Provider& p) { return p.id; });
  const auto found = find_name("provider", name, names);
  if (!found) return {ProviderId::none(), found.error, found.hint};
  return {ProviderId(found.value)};
}

Found<RegionId> find_region(const Network& network, std::string_view name) {
  const auto found = find_name("region", name, network.regions());
  if (!found) return {RegionId::none(), found.error, found.hint};
  return {RegionId(found.value)};
}

Found<std::string> find_country(const Network& network, std::string_view name) {
  std::vector<std::string> known;
  for (const Node& node : network.nodes())
    if (!node.country.empty()) known.push_back(node.country);
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  const auto found = find_name("country", name, known);
  return {std::string(name), found.error, found.hint};
}

Found<std::size_t> find_name(std::string_view kind, std::string_view name,
                             const std::vector<std::string>& names) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return {static_cast<std::size_t>(found - names.begin())};
  return unknown(std::size_t{0}, kind, name, names);
}

std::vector<LinkId> links_named(const Network& network, std::string_view name) {
  if (const auto id = network.find_link(std::string(name))) return {*id};
  return links_where(network, [&](const Link& link) {
    const std::string& a = network.node(link.a).id;
    const std::string& b = network.node(link.b).id;
    return name.size() == a.size() + b.size() + 1 && (name == a + '-' + b || name == b + '-' + a);
  });
}

Found<LinkId> find_link(const Network& network, std::string_view name) {
  const std::vector<LinkId> links = links_named(network, name);
  if (links.size() == 1) return {links.front()};
  if (links.empty()) return unknown(LinkId::none(), "link", name, link_names(network));
  std::vector<std::string> ids;
  ids.reserve(links.size());
  for (const LinkId id : links) ids.push_back(network.link(id).id);
  return {LinkId::none(),
          fmt::format("{} could be any of the links {}", quote(name), fmt::join(ids, ", ")),
          {}};
}

namespace {

/// What a name may mean.
struct Meaning {
  const char* kind;  ///< before the colon
  const char* what;  ///< for messages
  Target target;
};

Target all_of(const Network& network, std::string_view name, std::vector<NodeId> nodes) {
  const auto in = [&](NodeId node) { return std::binary_search(nodes.begin(), nodes.end(), node); };
  auto links = links_where(network, [&](const Link& l) { return in(l.a) || in(l.b); });
  return {std::string(name), std::move(links), std::move(nodes)};
}

template <class Keep>
std::vector<NodeId> nodes_where(const Network& network, Keep keep) {
  std::vector<NodeId> out;
  for (std::size_t i = 0; i < network.nodes().size(); ++i)
    if (keep(network.nodes()[i])) out.emplace_back(i);
  return out;
}

std::vector<Meaning> link_node_or_risk(const Network& network, std::string_view name) {
  std::vector<Meaning> out;
  if (std::vector<LinkId> links = links_named(network, name); !links.empty()) {
    const Link& first = network.link(links.front());
    std::string own =
        links.size() == 1 ? first.id : network.node(first.a).id + "-" + network.node(first.b).id;
    out.push_back({"link", "a link", {std::move(own), std::move(links)}});
  }
  if (const auto node = network.find_node(std::string(name)))
    out.push_back({"node", "a node", all_of(network, name, {*node})});
  std::vector<LinkId> at_risk = links_where(network, [&](const Link& l) {
    return std::find(l.risk.begin(), l.risk.end(), name) != l.risk.end();
  });
  if (!at_risk.empty())
    out.push_back({"risk", "a risk group", {std::string(name), std::move(at_risk)}});
  return out;
}

std::vector<Meaning> any_part(const Network& network, std::string_view name) {
  std::vector<Meaning> out = link_node_or_risk(network, name);
  for (std::size_t r = 0; r < network.regions().size(); ++r)
    if (network.regions()[r] == name)
      out.push_back(
          {"region", "a region", all_of(network, name, nodes_where(network, [&](const Node& n) {
                                          return n.region == RegionId(r);
                                        }))});
  for (std::size_t p = 0; p < network.providers().size(); ++p)
    if (network.providers()[p].id == name)
      out.push_back(
          {"provider", "a provider", all_of(network, name, nodes_where(network, [&](const Node& n) {
                                              return n.provider == ProviderId(p);
                                            }))});
  return out;
}

std::string meanings_text(const std::vector<Meaning>& meanings) {
  return fmt::format(
      "{}",
      fmt::join(names_of(meanings, [](const Meaning& m) { return std::string(m.what); }), " and "));
}

std::vector<std::string> names_that_may_fail(const Network& network) {
  std::vector<std::string> candidates = link_names(network);
  for (auto names : {node_names(network), risk_names(network)})
    candidates.insert(candidates.end(), names.begin(), names.end());
  return candidates;
}

}  // namespace

Found<Target> find_target(const Network& network, std::string_view name) {
  std::vector<Meaning> meanings = link_node_or_risk(network, name);
  if (meanings.size() == 1) return {std::move(meanings.front().target)};
  if (meanings.size() > 1) {
    return {Target{},
            fmt::format("{} is {}: it is not clear what is meant", quote(name),
                        meanings_text(meanings)),
            "give them different names"};
  }
  return unknown(Target{}, "link, node or risk group", name, names_that_may_fail(network));
}

Found<Target> find_part(const Network& network, std::string_view name) {
  std::vector<Meaning> meanings = any_part(network, name);
  if (meanings.size() == 1) return {std::move(meanings.front().target)};
  if (meanings.size() > 1) {
    return {Target{},
            fmt::format("{} is {}: it is not clear what is meant", quote(name),
                        meanings_text(meanings)),
            fmt::format("write {}:{} or {}:{}", meanings[0].kind, name, meanings[1].kind, name)};
  }
  const std::size_t colon = name.find(':');
  const std::string_view rest = colon == name.npos ? "" : name.substr(colon + 1);
  std::vector<Meaning> all = any_part(network, rest);
  for (Meaning& meaning : all) {
    if (name.substr(0, std::min(colon, name.size())) != meaning.kind) continue;
    if (all.size() > 1) meaning.target.name = std::string(name);
    return {std::move(meaning.target)};
  }
  std::vector<std::string> candidates = names_that_may_fail(network);
  for (const std::string& region : network.regions()) candidates.push_back("region:" + region);
  if (network.providers().size() > 1)
    for (const Provider& p : network.providers()) candidates.push_back("provider:" + p.id);
  return unknown(Target{}, "link, node, risk group, region or provider", name, candidates);
}

}  // namespace longhaul::scenario
