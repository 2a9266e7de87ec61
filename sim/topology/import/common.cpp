// What readers of several formats share.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "sim/topology/import/detail/fields.hpp"

namespace longhaul::import {

void error_at(const SourceText& text, std::size_t offset, Diagnostics& diagnostics,
              std::string message, std::string hint) {
  const SourceLocation where = text.locate(offset);
  diagnostics.error(where, std::move(message), std::move(hint), text.line(where.line));
}

void warn(const SourceText& text, Diagnostics& diagnostics, std::string message, std::string hint) {
  diagnostics.warning({text.name(), 0, 0}, std::move(message), std::move(hint));
}

void warn_of_loops(const SourceText& text, std::size_t count, Diagnostics& diagnostics) {
  warn(text, diagnostics, fmt::format("{} links join a node to itself; they are left out", count));
}

void place_nodes(NetworkSpec& spec, const Places& places) {
  bool degrees = true;
  bool any = false;
  for (const auto& p : places) {
    if (!p) continue;
    any = any || p->first != 0 || p->second != 0;
    degrees = degrees && std::abs(p->first) <= 180.0 && std::abs(p->second) <= 90.0;
  }
  const std::size_t count = any ? std::min(places.size(), spec.nodes.size()) : 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!places[i]) continue;
    if (degrees)
      spec.nodes[i].at = GeoPoint{places[i]->second, places[i]->first};
    else
      spec.nodes[i].position = places[i];
  }
}

std::string UniqueIds::take(const std::string& wanted) {
  const std::string base = wanted.empty() ? "node" : as_name(wanted);
  std::string id = base;
  while (!taken_.try_emplace(id, 1).second) id = fmt::format("{}#{}", base, ++taken_[base]);
  return id;
}

void join_opposite_links(NetworkSpec& spec) {
  // First halves that wait for their second, by what the second must look like.
  using Key = std::tuple<std::uint32_t, std::uint32_t, std::int64_t, std::int64_t, std::int64_t,
                         Attributes>;
  std::map<Key, std::vector<std::size_t>> waiting;
  std::vector<Link> joined;
  const auto key = [](const Link& l, NodeId from, NodeId to) {
    return Key{from.value(),
               to.value(),
               l.capacity.total().bps(),
               l.delay.ps(),
               l.length ? l.length->mm() : -1,
               l.attributes};
  };
  for (Link& link : spec.links) {
    if (link.one_way) {
      const auto it = waiting.find(key(link, link.b, link.a));
      if (it != waiting.end() && !it->second.empty()) {
        Link& first = joined[it->second.front()];
        it->second.erase(it->second.begin());
        first.one_way = false;
        first.metric_ba = link.metric_ab;
        continue;
      }
      waiting[key(link, link.a, link.b)].push_back(joined.size());
    }
    joined.push_back(std::move(link));
  }
  spec.links = std::move(joined);
}

std::optional<Rate> rate_of(double value, double unit_bps) {
  const double bps = value * unit_bps;
  if (!(bps >= 0.5) || bps > 9.2e18) return std::nullopt;
  return Rate::bps(std::llround(bps));
}

}  // namespace longhaul::import
