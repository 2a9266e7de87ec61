#include "sim/report/topology_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "sim/base/parse.hpp"
#include "sim/network/delay.hpp"
#include "sim/report/table.hpp"
#include "sim/topology/show.hpp"

namespace longhaul::report {

namespace {

constexpr std::size_t listed = 20;  ///< names of cut links or nodes

std::string pair(const Network& network, const std::optional<FarthestPair>& farthest) {
  if (!farthest) return {};
  return fmt::format(" ({} to {})", network.node(farthest->from).id, network.node(farthest->to).id);
}

/// "none", or how many and which.
std::string list(std::vector<std::string> names) {
  if (names.empty()) return "none";
  const std::size_t all = names.size();
  names.resize(std::min(all, listed));
  return fmt::format("{}: {}{}", all, fmt::join(names, ", "), all > listed ? ", ..." : "");
}

std::string providers_of(const Network& network) {
  std::vector<std::size_t> nodes(network.providers().size(), 0);
  for (const Node& node : network.nodes()) ++nodes[node.provider.index()];
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < std::min(nodes.size(), listed); ++i)
    texts.push_back(fmt::format("{} (tier {}, {} nodes)", network.providers()[i].id,
                                network.providers()[i].tier, nodes[i]));
  return fmt::format("{}{}", fmt::join(texts, ", "), nodes.size() > listed ? ", ..." : "");
}

/// For each microwave hop that adapts: where rain takes its highest modulation and the hop, in mm/h
/// and, if the climate is known, for how much of a year.
std::string hops_table(const Network& network, const Style& style) {
  Table table({{"microwave hop", true, true},
               {"length", false, false, 2},
               {"highest", true},
               {"holds to"},
               {"of a year", false, false, 1},
               {"lowest", true},
               {"holds to"},
               {"of a year"}});
  const auto modulations = microwave::modulations();
  std::size_t hops = 0;
  for (const Link& link : network.links()) {
    if (!link.radio || hops++ >= listed) continue;
    const Radio& radio = *link.radio;
    const Distance length = *cable_length(link, network.nodes());
    const auto limits = microwave::rain_limits(radio, length);
    const auto rain = [&](std::int64_t limit) {
      return limit > microwave::most_um_per_h
                 ? std::string("any rain")
                 : fmt::format("{:.0f} mm/h", static_cast<double>(limit) / 1e3);
    };
    const auto available = [&](std::uint32_t m) -> std::string {
      if (radio.yearly_rain_um_per_h == 0) return "-";
      const double margin = static_cast<double>(microwave::margin_centidb(radio, m)) / 100;
      const double lost = microwave::unavailability(
          radio, length, static_cast<double>(radio.yearly_rain_um_per_h) / 1e3, margin);
      return fmt::format("{}{:.4f} %", lost <= 0.001 ? ">= " : (lost >= 1 ? "< " : ""), 100 - lost);
    };
    table.add({{link.id},
               {fmt::format("{:.1f} km", length.kilometres())},
               {modulations[radio.highest].name},
               {rain(limits.back())},
               {available(radio.highest)},
               {modulations[radio.lowest].name},
               {rain(limits.front())},
               {available(radio.lowest)}});
  }
  if (hops == 0) return {};
  const std::string more =
      hops > listed ? fmt::format("  ({} more microwave hops)\n", hops - listed) : std::string();
  return "\n" + table.render(style) + more;
}

}  // namespace

std::string topology_text(const Network& network, const Style& style) {
  const TopologySummary s = summarize(network);
  std::vector<std::string> links;
  std::vector<std::string> nodes;
  for (const LinkId id : s.cut_links) links.push_back(network.link(id).id);
  for (const NodeId id : s.cut_nodes) nodes.push_back(network.node(id).id);

  std::string text = paint(style, Tone::bold, network.name().empty() ? "topology" : network.name());
  text += "\n";
  const auto line = [&](const char* name, const std::string& value) {
    if (!value.empty())
      text += "  " + paint(style, Tone::dim, fmt::format("{:<12}", name)) + value + "\n";
  };
  line("source", network.spec().source);
  line("nodes", fmt::format("{}", s.nodes));
  const std::string cable = s.total_length == Distance::zero()
                                ? ""
                                : fmt::format(", {:.0f} km of cable", s.total_length.kilometres());
  line("links", fmt::format("{}, {} of capacity in all directions{}", s.links,
                            bits(s.total_capacity.as_double()), cable));
  line("degree",
       fmt::format("{} to {}, {:.2f} on average", s.min_degree, s.max_degree, s.mean_degree));
  line("diameter",
       fmt::format("{} hops{}, {} one way{}", s.diameter_hops, pair(network, s.farthest_hops),
                   seconds(s.diameter.seconds()), pair(network, s.farthest)));
  line("parts", s.components == 1 ? "1: all nodes are connected"
                                  : fmt::format("{}: not all nodes are connected", s.components));
  line("cut links", list(links));
  line("cut nodes", list(nodes));
  line("providers", providers_of(network));
  return text + hops_table(network, style);
}

}  // namespace longhaul::report
