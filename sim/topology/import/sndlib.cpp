#include "sim/topology/import/detail/sndlib.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace longhaul::import {

namespace {

/// A capacity of 0 or more, in the file's unit; 0 after a mistake.
double capacity_of(const Field& field, double unit_bps, Checks& checks) {
  const auto value = checks.number(field, "a capacity");
  if (!value) return 0;
  if (*value >= 0 && *value * unit_bps <= 9.2e18) return *value;
  checks.error(field.offset,
               fmt::format("expected a capacity from 0 to 9.2 Eb/s, got {}", quote(field.text)));
  return 0;
}

void keep_cost(const std::optional<Field>& cost, const char* name, Checks& checks, Fields& kept) {
  if (!cost) return;
  const auto value = checks.number(*cost, "a cost");
  if (value && *value != 0) kept.push_back({name, cost->text, cost->offset});
}

}  // namespace

void sndlib_meta(const Fields& fields, NetworkSpec& spec, double& unit_bps) {
  Fields kept;
  for (const Field& f : fields) {
    if (f.key == "unit" && lower_case(f.text).substr(0, 4) == "gbit") unit_bps = 1e9;
    if (f.key == "origin" && spec.source.empty())
      spec.source = f.text;
    else if (!f.text.empty())
      kept.push_back(f);
  }
  add_attributes(kept, spec.attributes);
}

void add_sndlib_link(const std::optional<Field>& id, const Ends& ends,
                     const SndlibCapacity& capacity, double unit_bps, Checks& checks,
                     NetworkSpec& spec, std::unordered_set<std::string>& link_ids) {
  const double installed =
      capacity.installed ? capacity_of(*capacity.installed, unit_bps, checks) : 0.0;
  double largest = 0;
  Fields kept;
  keep_cost(capacity.installed_cost, "preInstalledCost", checks, kept);
  keep_cost(capacity.routing_cost, "routingCost", checks, kept);
  keep_cost(capacity.setup_cost, "setupCost", checks, kept);
  for (const auto& [module, cost] : capacity.modules) {
    largest = std::max(largest, capacity_of(module, unit_bps, checks));
    if (!cost.text.empty()) (void)checks.number(cost, "a cost");
    const bool costs = !cost.text.empty();
    kept.push_back({"module",
                    costs ? fmt::format("{} at a cost of {}", module.text, cost.text) : module.text,
                    module.offset});
  }
  if (!id) return;
  Link link;
  link.id = as_name(id->text);
  if (!link_ids.insert(link.id).second)
    checks.error(id->offset, fmt::format("link {} is given twice", quote(id->text)));
  if (!ends) return;
  link.a = ends->first;
  link.b = ends->second;
  const auto rate = rate_of(installed > 0 ? installed : largest, unit_bps);
  link.capacity = rate ? Capacity{1, *rate} : checks.assumed_capacity();
  add_attributes(kept, link.attributes);
  spec.links.push_back(std::move(link));
}

}  // namespace longhaul::import
