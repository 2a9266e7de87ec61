#include "tests/topology/network_equal.hpp"

namespace longhaul::test {

namespace {

std::string node_difference(const NetworkSpec& sa, const NetworkSpec& sb, std::size_t i) {
  const Node& a = sa.nodes[i];
  const Node& b = sb.nodes[i];
  const auto region = [](const NetworkSpec& s, const Node& n) {
    return n.region.valid() ? s.regions[n.region.index()] : std::string();
  };
  if (a.id != b.id) return "id " + a.id + " / " + b.id;
  if (a.label != b.label) return "label";
  if (a.at != b.at) return "at";
  if (a.position != b.position) return "position";
  if (a.role != b.role) return "role";
  if (a.provider != b.provider) return "provider";
  if (region(sa, a) != region(sb, b)) return "region";
  if (a.country != b.country) return "country";
  if (a.weight != b.weight) return "weight";
  if (a.latency != b.latency) return "latency";
  if (a.attributes != b.attributes) return "attributes";
  return "";
}

std::string link_difference(const Link& a, const Link& b) {
  if (a.id != b.id) return "id " + a.id + " / " + b.id;
  if (a.a != b.a || a.b != b.b) return "ends";
  if (a.capacity != b.capacity) return "capacity";
  if (a.medium != b.medium) return "medium";
  if (a.length != b.length) return "length";
  if (a.delay != b.delay) return "delay";
  if (a.delay_given != b.delay_given) return "delay_given";
  if (a.metric_ab != b.metric_ab) return "metric";
  if (!a.one_way && a.metric_ba != b.metric_ba) return "metric back";
  if (a.framing != b.framing) return "framing";
  if (a.one_way != b.one_way) return "one_way";
  if (a.relation != b.relation) return "relation";
  if (a.customer != b.customer) return "customer";
  if (a.risk != b.risk) return "risk";
  if (a.radio != b.radio) return "radio";
  if (a.attributes != b.attributes) return "attributes";
  return "";
}

std::vector<Provider> providers_of(const NetworkSpec& spec) {
  return spec.providers.empty() ? std::vector<Provider>{{"default", 1, 0, ""}} : spec.providers;
}

Diagnostics read(const std::string& text, Format format) {
  Diagnostics diagnostics;
  (void)import_network(SourceText("t", text), format, diagnostics);
  return diagnostics;
}

}  // namespace

std::string difference(const NetworkSpec& a, const NetworkSpec& b) {
  if (a.name != b.name) return "name";
  if (a.source != b.source) return "source";
  if (a.attributes != b.attributes) return "attributes";
  if (a.regions != b.regions) return "regions";
  const auto pa = providers_of(a);
  const auto pb = providers_of(b);
  if (pa.size() != pb.size()) return "number of providers";
  for (std::size_t i = 0; i < pa.size(); ++i)
    if (pa[i].id != pb[i].id || pa[i].tier != pb[i].tier || pa[i].asn != pb[i].asn ||
        pa[i].name != pb[i].name)
      return "provider " + pa[i].id;
  if (a.nodes.size() != b.nodes.size()) return "number of nodes";
  if (a.links.size() != b.links.size()) return "number of links";
  for (std::size_t i = 0; i < a.nodes.size(); ++i)
    if (const std::string d = node_difference(a, b, i); !d.empty())
      return "node " + a.nodes[i].id + ": " + d;
  for (std::size_t i = 0; i < a.links.size(); ++i)
    if (const std::string d = link_difference(a.links[i], b.links[i]); !d.empty())
      return "link " + a.links[i].id + ": " + d;
  return "";
}

Imported import_text(const std::string& name, const std::string& text, Format format) {
  Diagnostics diagnostics;
  Imported out = import_network(SourceText(name, text), format, diagnostics);
  diagnostics.throw_if_errors();
  return out;
}

std::vector<std::string> import_mistakes(const std::string& text, Format format) {
  std::vector<std::string> out;
  try {
    read(text, format).throw_if_errors();
  } catch (const InputError& e) {
    for (const Diagnostic& d : e.diagnostics())
      if (!d.warning)
        out.push_back(std::to_string(d.where.line) + ":" + std::to_string(d.where.column) + ": " +
                      d.message);
  }
  return out;
}

std::vector<std::string> import_warnings(const std::string& text, Format format) {
  std::vector<std::string> out;
  const Diagnostics diagnostics = read(text, format);
  for (const Diagnostic& d : diagnostics.all())
    if (d.warning) out.push_back(d.message);
  return out;
}

}  // namespace longhaul::test
