// A spec as YAML. What a reader would derive is left out; everything else is written exactly.
#include "sim/base/yaml/write.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/topology/topology.hpp"

namespace longhaul {

namespace {

using yaml::write_scalar;

/// YAML takes a key without a mark up to 1024 characters only (YAML 1.2, 7.4); longer ones need
/// "? ".
bool is_long_key(const std::string& written) { return written.size() > 1000; }

/// "{a: 1, b: 2}" piece by piece.
class FlowMap {
 public:
  void add(std::string_view key, const std::string& value) {
    text_ += fmt::format("{}{}: {}", text_.empty() ? "" : ", ", key, value);
  }
  bool empty() const { return text_.empty(); }
  std::string text() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

/// A key that stands several times becomes one key with a list.
std::string write_attributes(const Attributes& attributes) {
  std::vector<std::pair<std::string, std::vector<std::string>>> grouped;
  for (const auto& [key, value] : attributes) {
    const auto known =
        std::find_if(grouped.begin(), grouped.end(),
                     [&, &wanted = key](const auto& g) { return g.first == wanted; });
    if (known == grouped.end()) {
      grouped.push_back({key, {write_scalar(value)}});
    } else {
      known->second.push_back(write_scalar(value));
    }
  }
  FlowMap map;
  for (const auto& [key, values] : grouped) {
    const std::string written = write_scalar(key);
    map.add(is_long_key(written) ? "? " + written : written,
            values.size() == 1 ? values.front() : fmt::format("[{}]", fmt::join(values, ", ")));
  }
  return map.text();
}

class Writer {
 public:
  explicit Writer(const NetworkSpec& spec) : spec_(spec) {}

  std::string run() {
    write_head();
    write_providers();
    out_ += spec_.nodes.empty() ? "nodes: {}\n" : "nodes:\n";
    for (const Node& node : spec_.nodes) {
      const std::string id = write_scalar(node.id);
      const char* const key = is_long_key(id) ? "? " : "";
      const char* const end = is_long_key(id) ? "\n  " : "";
      out_ += fmt::format("  {}{}{}: {}\n", key, id, end, node_text(node));
    }
    if (!spec_.links.empty()) out_ += "links:\n";
    for (const Link& link : spec_.links) out_ += fmt::format("  - {}\n", link_text(link));
    return std::move(out_);
  }

 private:
  void write_head() {
    if (!spec_.name.empty()) out_ += "name: " + write_scalar(spec_.name) + "\n";
    if (!spec_.source.empty()) out_ += "source: " + write_scalar(spec_.source) + "\n";
    Attributes rest = spec_.attributes;
    const auto is_description = [](const auto& a) { return a.first == "description"; };
    if (!rest.empty() && is_description(rest.front()) && !rest.front().second.empty() &&
        std::count_if(rest.begin(), rest.end(), is_description) == 1) {
      out_ += "description: " + write_scalar(rest.front().second) + "\n";
      rest.erase(rest.begin());
    }
    if (!rest.empty()) out_ += "attributes: " + write_attributes(rest) + "\n";
  }

  void write_providers() {
    if (spec_.providers.empty()) return;
    out_ += "providers:\n";
    for (const Provider& p : spec_.providers) {
      FlowMap map;
      map.add("id", write_scalar(p.id));
      map.add("tier", fmt::format("{}", p.tier));
      if (p.asn != 0) map.add("asn", fmt::format("{}", p.asn));
      if (!p.name.empty()) map.add("name", write_scalar(p.name));
      out_ += "  - " + map.text() + "\n";
    }
  }

  std::string node_text(const Node& node) const {
    FlowMap map;
    if (!node.label.empty()) map.add("label", write_scalar(node.label));
    if (node.at) map.add("at", fmt::format("[{}, {}]", node.at->latitude, node.at->longitude));
    if (node.position) {
      map.add("position", fmt::format("[{}, {}]", node.position->first, node.position->second));
    }
    if (node.role != Role::core) map.add("role", to_string(node.role));
    if (spec_.providers.size() > 1) {
      map.add("provider", write_scalar(spec_.providers[node.provider.index()].id));
    }
    if (node.region.valid()) map.add("region", write_scalar(spec_.regions[node.region.index()]));
    if (!node.country.empty()) map.add("country", write_scalar(node.country));
    if (node.weight != 1.0) map.add("weight", fmt::format("{}", node.weight));
    if (node.latency != Duration::zero()) map.add("latency", to_text(node.latency));
    if (!node.attributes.empty()) map.add("attributes", write_attributes(node.attributes));
    return map.text();
  }

  std::string link_text(const Link& link) const {
    FlowMap map;
    // Ids are unique, so the reader gives this name to no other link.
    const bool is_default =
        link.id == spec_.nodes[link.a.index()].id + "-" + spec_.nodes[link.b.index()].id;
    if (!is_default) map.add("id", write_scalar(link.id));
    map.add("endpoints", fmt::format("[{}, {}]", write_scalar(spec_.nodes[link.a.index()].id),
                                     write_scalar(spec_.nodes[link.b.index()].id)));
    map.add("capacity", to_text(link.capacity));
    if (link.medium != Medium::fiber) map.add("medium", to_string(link.medium));
    if (link.length) map.add("length", to_text(*link.length));
    if (link.delay_given) map.add("delay", to_text(link.delay));
    add_metric(link, map);
    if (link.framing != Framing::ethernet) map.add("framing", to_string(link.framing));
    if (link.one_way) map.add("one_way", "true");
    add_relation(link, map);
    if (!link.risk.empty()) {
      std::vector<std::string> names;
      for (const std::string& name : link.risk) names.push_back(write_scalar(name));
      map.add("risk", fmt::format("[{}]", fmt::join(names, ", ")));
    }
    if (!link.attributes.empty()) map.add("attributes", write_attributes(link.attributes));
    if (link.radio) map.add("modulation", modulation_text(*link.radio));
    return map.text();
  }

  static std::string modulation_text(const Radio& radio) {
    FlowMap map;
    const auto in = [](std::int64_t steps, double per_unit, const char* unit) {
      return fmt::format("{} {}", static_cast<double>(steps) / per_unit, unit);
    };
    map.add("frequency", in(radio.frequency_mhz, 1e3, "GHz"));
    map.add("polarization", to_string(radio.polarization));
    map.add("margin", in(radio.margin_centidb, 100, "dB"));
    map.add("highest", microwave::modulations()[radio.highest].name);
    map.add("lowest", microwave::modulations()[radio.lowest].name);
    if (radio.yearly_rain_um_per_h > 0)
      map.add("yearly_rain", in(radio.yearly_rain_um_per_h, 1e3, "mm/h"));
    return map.text();
  }

  static void add_metric(const Link& link, FlowMap& map) {
    if (!link.metric_ab && !link.metric_ba) return;
    const std::int64_t ab = link.metric_ab ? *link.metric_ab : *link.metric_ba;
    const std::int64_t ba = link.metric_ba ? *link.metric_ba : *link.metric_ab;
    map.add("metric", ab == ba ? fmt::format("{}", ab) : fmt::format("[{}, {}]", ab, ba));
  }

  /// Only between providers; within one it is internal by itself.
  void add_relation(const Link& link, FlowMap& map) const {
    if (link.relation == Relation::internal) return;
    map.add("relation", to_string(link.relation));
    if (link.relation == Relation::transit && link.customer.valid()) {
      map.add("customer", write_scalar(spec_.providers[link.customer.index()].id));
    }
  }

  const NetworkSpec& spec_;
  std::string out_;
};

}  // namespace

std::string to_yaml(const NetworkSpec& spec) { return Writer(spec).run(); }

}  // namespace longhaul
