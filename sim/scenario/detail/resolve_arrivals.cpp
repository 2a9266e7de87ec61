#include "sim/scenario/detail/resolve_arrivals.hpp"

#include <fmt/format.h>

#include "sim/base/text.hpp"

namespace longhaul::scenario {

namespace {

ArrivalModel to_model(const WrittenMmpp& written) {
  Mmpp out;
  for (const WrittenMmppState& state : written.states)
    out.states.push_back(
        {state.rate, state.mean, state.to ? state.to->value : std::vector<double>{}});
  return out;
}

ArrivalModel to_model(const WrittenOnOff& written) {
  double alpha = 0;
  if (written.alpha) alpha = written.alpha->value;
  if (written.hurst) alpha = 3 - 2 * written.hurst->value;
  return OnOff{written.on, written.off, alpha, static_cast<std::uint32_t>(written.sources)};
}

/// The table, or null after a mistake.
std::shared_ptr<const FlowSizes> to_table(const yaml::Named<std::vector<WrittenFlowSize>>& named,
                                          Diagnostics& diagnostics) {
  std::vector<FlowSizes::Point> points;
  for (const WrittenFlowSize& w : named.value) {
    const FlowSizes::Point point{static_cast<double>(w.size.bytes()), w.share.value};
    if (!points.empty() && !(point.bytes > points.back().bytes)) {
      w.where.error(diagnostics, "expected sizes that rise from point to point");
      return nullptr;
    }
    if (!points.empty() && point.share < points.back().share) {
      w.share.where.error(diagnostics, "expected shares that rise from point to point");
      return nullptr;
    }
    points.push_back(point);
  }
  if (points.empty()) return nullptr;  // already reported
  if (points.back().share != 1) {
    named.value.back().share.where.error(
        diagnostics, "expected 100 % at the last size: all flows are of at most that");
    return nullptr;
  }
  return std::make_shared<const FlowSizes>(named.key, std::move(points));
}

}  // namespace

ArrivalModels::ArrivalModels(const WrittenScenario& written, Diagnostics& diagnostics) {
  for (const auto& named : written.flow_sizes) {
    if (find_flow_sizes(named.key) != nullptr) {
      named.where.error(diagnostics, fmt::format("{} is a built-in table; expected another name",
                                                 quote(named.key)));
    }
    own_.emplace(named.key, to_table(named, diagnostics));
  }
}

std::shared_ptr<const FlowSizes> ArrivalModels::flow_sizes(const yaml::Located<std::string>& name,
                                                           Diagnostics& diagnostics) const {
  const auto own = own_.find(name.value);
  if (own != own_.end()) return own->second;  // null if its mistakes are reported
  if (auto table = find_flow_sizes(name.value)) return table;
  constexpr std::int64_t largest = std::int64_t{1} << 50;
  const auto size = parse_size(name.value);
  if (size && *size > Size::zero() && size->bytes() <= largest)
    return std::make_shared<const FlowSizes>(FlowSizes::fixed(name.value, size->bytes()));
  if (name.where.text == nullptr && name.value.empty()) return nullptr;  // missing: reported
  std::vector<std::string> names;
  for (const auto& [key, table] : own_) names.push_back(key);
  for (const FlowSizeTable& table : flow_size_tables()) names.push_back(table.sizes->name());
  name.where.error(diagnostics,
                   fmt::format("expected a flow size such as 1 MB, or one of the tables {}, got {}",
                               fmt::join(names, ", "), quote(name.value)),
                   did_you_mean(name.value, names));
  return nullptr;
}

std::shared_ptr<const ArrivalModel> ArrivalModels::model(const WrittenArrivals& written,
                                                         Diagnostics& diagnostics) const {
  if (written.mmpp) return std::make_shared<const ArrivalModel>(to_model(*written.mmpp));
  if (written.on_off) return std::make_shared<const ArrivalModel>(to_model(*written.on_off));
  if (written.flows) {
    auto sizes = flow_sizes(written.flows->sizes, diagnostics);
    if (sizes == nullptr) return nullptr;
    return std::make_shared<const ArrivalModel>(
        FlowArrivals{std::move(sizes), written.flows->flow_rate});
  }
  return nullptr;
}

}  // namespace longhaul::scenario
