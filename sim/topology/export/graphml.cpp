// GraphML (Brandes et al., graphml.graphdrawing.org) that reads back to the same network. Fields
// have the names of the report (SI units, the unit last in the name), free attributes are called
// "attribute:KEY", and the graph's datum "longhaul.graphml" tells the reader that it may take all
// of them literally. What XML cannot hold is written with a backslash, see graphml_escaped().
#include "sim/topology/import/detail/graphml.hpp"

#include <fmt/format.h>

#include <map>

#include "sim/topology/export/export.hpp"

namespace longhaul {

namespace {

std::string xml_escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

/// `value` x 10^-digits, exactly.
std::string decimal(std::int64_t value, int digits) {
  std::int64_t scale = 1;
  for (int i = 0; i < digits; ++i) scale *= 10;
  const std::int64_t rest = value % scale;
  std::string out = fmt::format("{}{}", rest < 0 && value / scale == 0 ? "-" : "", value / scale);
  if (rest != 0) {
    out += fmt::format(".{:0{}}", rest < 0 ? -rest : rest, digits);
    out.erase(out.find_last_not_of('0') + 1);
  }
  return out;
}
std::string seconds(Duration d) { return decimal(d.ps(), 12); }

class Writer {
 public:
  explicit Writer(const NetworkSpec& spec) : spec_(spec) {}

  std::string run() {
    graph_data();
    for (std::size_t i = 0; i < spec_.nodes.size(); ++i) node(i);
    for (const Link& l : spec_.links) link(l);
    std::string out =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n";
    for (const auto& [name, id] : keys_)
      out += fmt::format("  <key id=\"{}\" for=\"{}\" attr.name=\"{}\" attr.type=\"{}\"/>\n", id,
                         name.first, xml_escaped(import::graphml_escaped(name.second)),
                         types_.at(name));
    return out + "  <graph edgedefault=\"undirected\">\n" + body_ + "  </graph>\n</graphml>\n";
  }

 private:
  void data(const char* element, const std::string& name, const std::string& value,
            const char* type = "string") {
    const auto key = std::pair(std::string(element), name);
    const auto [it, fresh] = keys_.try_emplace(key, fmt::format("d{}", keys_.size()));
    if (fresh) types_[key] = type;
    body_ += fmt::format("      <data key=\"{}\">{}</data>\n", it->second,
                         xml_escaped(import::graphml_escaped(value)));
  }
  void text(const char* element, const char* name, const std::string& value) {
    if (!value.empty()) data(element, name, value);
  }
  void attributes(const char* element, const Attributes& all) {
    for (const auto& [key, value] : all) data(element, "attribute:" + key, value);
  }

  void graph_data() {
    data("graph", import::graphml_marker, "1");
    text("graph", "name", spec_.name);
    text("graph", "source", spec_.source);
    for (const Provider& p : spec_.providers) {
      data("graph", "provider", p.id);  // the keys that follow are of this one
      data("graph", "provider_tier", std::to_string(p.tier), "int");
      if (p.asn != 0) data("graph", "provider_asn", std::to_string(p.asn), "long");
      text("graph", "provider_name", p.name);
    }
    for (const std::string& r : spec_.regions) data("graph", "region", r);
    attributes("graph", spec_.attributes);
  }

  void node(std::size_t index) {
    const Node& n = spec_.nodes[index];
    body_ += fmt::format("    <node id=\"n{}\">\n", index);  // ids may hold what XML's may not
    data("node", "id", n.id);
    text("node", "label", n.label);
    if (n.at) {
      data("node", "latitude", fmt::format("{}", n.at->latitude), "double");
      data("node", "longitude", fmt::format("{}", n.at->longitude), "double");
    }
    if (n.position) {
      data("node", "x", fmt::format("{}", n.position->first), "double");
      data("node", "y", fmt::format("{}", n.position->second), "double");
    }
    data("node", "role", to_string(n.role));
    if (n.provider.index() < spec_.providers.size())
      data("node", "provider", spec_.providers[n.provider.index()].id);
    if (n.region.valid()) data("node", "region", spec_.regions[n.region.index()]);
    text("node", "country", n.country);
    data("node", "weight", fmt::format("{}", n.weight), "double");
    if (n.latency != Duration::zero()) data("node", "latency_s", seconds(n.latency), "double");
    attributes("node", n.attributes);
    body_ += "    </node>\n";
  }

  void link(const Link& l) {
    body_ += fmt::format("    <edge source=\"n{}\" target=\"n{}\"{}>\n", l.a.index(), l.b.index(),
                         l.one_way ? " directed=\"true\"" : "");
    data("edge", "id", l.id);
    data("edge", "capacity_bps", std::to_string(l.capacity.total().bps()), "long");
    data("edge", "members", std::to_string(l.capacity.members), "int");
    data("edge", "medium", to_string(l.medium));
    if (l.length) data("edge", "length_km", decimal(l.length->mm(), 6), "double");
    data("edge", "delay_s", seconds(l.delay), "double");
    data("edge", "delay_given", l.delay_given ? "true" : "false", "boolean");
    if (l.metric_ab) data("edge", "metric_ab", std::to_string(*l.metric_ab), "long");
    if (l.metric_ba) data("edge", "metric_ba", std::to_string(*l.metric_ba), "long");
    data("edge", "framing", to_string(l.framing));
    data("edge", "relation", to_string(l.relation));
    if (l.customer.valid()) data("edge", "customer", spec_.providers[l.customer.index()].id);
    for (const std::string& r : l.risk) data("edge", "risk", r);
    attributes("edge", l.attributes);
    body_ += "    </edge>\n";
  }

  const NetworkSpec& spec_;
  std::string body_;
  std::map<std::pair<std::string, std::string>, std::string> keys_;
  std::map<std::pair<std::string, std::string>, std::string> types_;
};

}  // namespace

std::string to_graphml(const NetworkSpec& spec) { return Writer(spec).run(); }

}  // namespace longhaul
