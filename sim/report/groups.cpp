#include "sim/report/groups.hpp"

#include <functional>
#include <map>
#include <string>

#include "sim/report/aggregate.hpp"

namespace longhaul::report {

namespace {

/// Group keys are small numbers; negative: in no group.
struct Grouping {
  std::function<int(const Demand&)> of_demand;
  std::function<int(const Node&)> of_link_sender;  ///< null: links are not grouped
  std::function<std::string(int)> name;
};

struct LinkShare {
  std::uint64_t links = 0;
  const LinkRow* busiest = nullptr;

  void add(const LinkRow& row) {
    ++links;
    if (busiest == nullptr || row.utilization_mean > busiest->utilization_mean) busiest = &row;
  }
};

GroupRow group_row(std::string name, const DemandAggregate& demands, const LinkShare& links,
                   Duration measured) {
  GroupRow row;
  row.name = std::move(name);
  row.demands = demands.demands();
  row.links = links.links;
  row.offered_bps = demands.offered_bps(measured);
  row.delivered_bps = demands.delivered_bps(measured);
  row.loss = demands.loss();
  row.hops = demands.hops();
  row.latency = demands.latency();
  row.queueing = demands.queueing();
  row.jitter_s = demands.jitter_s();
  if (links.busiest != nullptr) {
    row.max_utilization = links.busiest->utilization_mean;
    row.worst_link = links.busiest->from + ">" + links.busiest->to;
  }
  return row;
}

std::vector<GroupRow> group_by(const run::Result& result, const std::vector<LinkRow>& links,
                               const Grouping& grouping) {
  const Network& network = *result.scenario->network;
  std::map<int, std::pair<DemandAggregate, LinkShare>> groups;
  for (std::size_t i = 0; i < result.demands->demands.size(); ++i) {
    const int key = grouping.of_demand(result.demands->demands[i]);
    if (key >= 0) groups[key].first.add(result.measurements.demands[i]);
  }
  if (grouping.of_link_sender) {
    std::size_t row = 0;
    for (const Port& port : network.ports()) {
      if (!port.exists) continue;
      const int key = grouping.of_link_sender(network.node(port.from));
      if (key >= 0) groups[key].second.add(links[row]);
      ++row;
    }
  }
  std::vector<GroupRow> rows;
  rows.reserve(groups.size());
  for (const auto& [key, group] : groups)
    rows.push_back(
        group_row(grouping.name(key), group.first, group.second, result.measurements.measured));
  return rows;
}

}  // namespace

Groups make_groups(const run::Result& result, const std::vector<LinkRow>& links) {
  const Network& network = *result.scenario->network;
  const auto by_node = [&](const std::function<int(const Node&)>& key,
                           std::function<std::string(int)> name) {
    const auto of_demand = [&network, key](const Demand& d) { return key(network.node(d.from)); };
    return group_by(result, links, {of_demand, key, std::move(name)});
  };

  Groups groups;
  const auto all = by_node([](const Node&) { return 0; }, [](int) { return "all traffic"; });
  if (!all.empty()) groups.all = all.front();
  groups.tier = by_node([&](const Node& n) { return network.providers()[n.provider.index()].tier; },
                        [](int tier) { return std::to_string(tier); });
  groups.provider =
      by_node([](const Node& n) { return static_cast<int>(n.provider.value()); },
              [&](int i) { return network.providers()[static_cast<std::size_t>(i)].id; });
  groups.region = by_node(
      [](const Node& n) { return n.region.valid() ? static_cast<int>(n.region.value()) : -1; },
      [&](int i) { return network.regions()[static_cast<std::size_t>(i)]; });
  groups.cls =
      group_by(result, links,
               {[](const Demand& d) { return static_cast<int>(d.cls.value()); }, nullptr,
                [&](int i) { return result.demands->classes[static_cast<std::size_t>(i)].name; }});
  return groups;
}

}  // namespace longhaul::report
