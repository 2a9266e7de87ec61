#include "sim/report/loads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "sim/report/csv.hpp"
#include "sim/report/plan_names.hpp"
#include "sim/report/table.hpp"

namespace longhaul::report {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t shown_links = 12;
constexpr std::size_t bar_width = 24;

std::vector<plan::LinkLoad> most_loaded(const plan::LoadPlan& loads) {
  std::vector<plan::LinkLoad> links = loads.links;
  std::stable_sort(links.begin(), links.end(),
                   [](const plan::LinkLoad& a, const plan::LinkLoad& b) {
                     return a.utilization > b.utilization;
                   });
  links.erase(links.begin() + static_cast<std::ptrdiff_t>(std::min(links.size(), shown_links)),
              links.end());
  return links;
}

std::string headline(const plan::LoadPlan& loads, const Style& style) {
  const auto over = [&](double share) {
    return std::count_if(loads.links.begin(), loads.links.end(),
                         [&](const plan::LinkLoad& l) { return l.utilization > share; });
  };
  const Tone tone = loads.max_utilization > 0.8 ? tone_of(loads.max_utilization) : Tone::good;
  std::string text =
      paint(style, tone, percent(loads.max_utilization)) +
      fmt::format(" on the busiest link; of {} directions {} above 80 %, {} above 100 %\n",
                  loads.links.size(), over(0.8), over(1.0));
  text += fmt::format("{} offered", bits(loads.offered_bps));
  if (loads.unrouted_bps > 0)
    text += ", " + paint(style, Tone::bad, bits(loads.unrouted_bps) + " without a route") +
            fmt::format(" ({} by policy)", bits(loads.refused_bps));
  return text + "\n\n";
}

}  // namespace

std::string loads_text(const Network& network, const plan::LoadPlan& loads, const Style& style) {
  Table table({{"link", true, true},
               {"capacity", false, false, 1},
               {"load"},
               {"", true, false, 2},
               {"share"}});
  for (const plan::LinkLoad& l : most_loaded(loads)) {
    const Tone tone = tone_of(l.utilization);
    table.add(
        {{from_name(network, l.port) + (style.utf8 ? " → " : " > ") + to_name(network, l.port)},
         {bits(l.capacity_bps)},
         {bits(l.load_bps)},
         {bar(style, l.utilization, bar_width), tone},
         {percent(l.utilization), tone}});
  }
  return headline(loads, style) + table.render(style);
}

std::string loads_json(const Network& network, const plan::LoadPlan& loads) {
  std::string out = "{\n  \"links\": [";
  const char* separator = "\n    ";
  for (const plan::LinkLoad& l : loads.links) {
    const Json row{{"id", link_name(network, l.port)}, {"from", from_name(network, l.port)},
                   {"to", to_name(network, l.port)},   {"capacity_bps", l.capacity_bps},
                   {"load_bps", l.load_bps},           {"utilization", l.utilization}};
    out += separator + row.dump(-1, ' ', false, Json::error_handler_t::replace);
    separator = ",\n    ";
  }
  out += loads.links.empty() ? "],\n" : "\n  ],\n";
  out += "  \"max_utilization\": " + Json(loads.max_utilization).dump() + ",\n";
  return out + "  \"unrouted_bps\": " + Json(loads.unrouted_bps).dump() + "\n}\n";
}

std::string loads_csv(const Network& network, const plan::LoadPlan& loads) {
  std::string out = "id,from,to,capacity_bps,load_bps,utilization\n";
  for (const plan::LinkLoad& l : loads.links)
    out += fmt::format("{},{},{},{},{},{}\n", csv_field(link_name(network, l.port)),
                       csv_field(from_name(network, l.port)), csv_field(to_name(network, l.port)),
                       l.capacity_bps, l.load_bps, l.utilization);
  return out;
}

}  // namespace longhaul::report
