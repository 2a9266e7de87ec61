// SNDlib's XML format (Orlowski, Wessaely, Pioro and Tomaszewski, "SNDlib 1.0", Networks 55(3),
// 2010). A link's capacity is what is installed before, else its largest module. The unit is the
// one <meta> names, else Mb/s.
#include <fmt/format.h>

#include <algorithm>

#include "sim/topology/import/detail/xml.hpp"

namespace longhaul::import {

namespace {

constexpr double mbps = 1e6;

class Reader {
 public:
  Reader(const SourceText& text, Imported& out, Diagnostics& diagnostics)
      : out_(out), checks_(text, out, diagnostics), xml_(text, "network", diagnostics) {}

  void read() {
    const pugi::xml_node root = xml_.root();
    if (!root) return;
    meta(XmlFile::find(root, "meta"));
    const pugi::xml_node structure = XmlFile::find(root, "networkStructure");
    const pugi::xml_node nodes = XmlFile::find(structure, "nodes");
    const pugi::xml_node links = XmlFile::find(structure, "links");
    if (!structure || !nodes || !links) {
      checks_.error(XmlFile::offset(structure ? structure : root),
                    "expected <networkStructure> with <nodes> and <links>");
      return;
    }
    each(nodes, "node", [&](const pugi::xml_node& n) { node(n); });
    place(nodes);
    each(links, "link", [&](const pugi::xml_node& l) { link(l); });
    each(XmlFile::find(root, "demands"), "demand", [&](const pugi::xml_node& d) { demand(d); });
    checks_.finish();
  }

 private:
  template <class F>
  static void each(const pugi::xml_node& parent, std::string_view name, F&& f) {
    for (const pugi::xml_node& c : parent.children())
      if (local_name(c) == name) f(c);
  }

  void meta(const pugi::xml_node& element) {
    Fields kept;
    for (const pugi::xml_node& c : element.children()) {
      if (c.type() != pugi::node_element) continue;
      Field f = XmlFile::content(c);
      if (f.key == "unit" && lower_case(f.text).substr(0, 4) == "gbit") unit_ = 1e9;
      if (f.key == "origin" && out_.spec.source.empty())
        out_.spec.source = f.text;
      else if (!f.text.empty())
        kept.push_back(std::move(f));
    }
    add_attributes(kept, out_.spec.attributes);
  }

  std::optional<Field> required(const pugi::xml_node& element, std::string_view name) {
    auto found = name == "id" ? xml_.attribute(element, name) : XmlFile::child(element, name);
    if (found && !found->text.empty()) return found;
    checks_.error(found ? found->offset : XmlFile::offset(element),
                  fmt::format("this <{}> has no {}", as_utf8(local_name(element)), name));
    return std::nullopt;
  }

  void node(const pugi::xml_node& element) {
    const auto id = required(element, "id");
    if (!id) return;
    checks_.add_node(*id, Node{});
    const pugi::xml_node where = XmlFile::find(element, "coordinates");
    places_.emplace_back();
    if (!where) return;
    const auto x_text = required(where, "x");
    const auto y_text = required(where, "y");
    if (!x_text || !y_text) return;
    const auto x = checks_.number(*x_text, "a coordinate");
    const auto y = checks_.number(*y_text, "a coordinate");
    if (x && y) places_.back() = {*x, *y};
  }

  void place(const pugi::xml_node& nodes) {
    const auto type = xml_.attribute(nodes, "coordinatesType");
    if (!type || type->text != "pixel") {
      checks_.place_nodes(places_);
      return;
    }
    for (std::size_t i = 0; i < places_.size(); ++i) out_.spec.nodes[i].position = places_[i];
  }

  /// The <capacity> within a module.
  std::optional<double> module(const pugi::xml_node& element) {
    const auto text = required(element, "capacity");
    const auto value = text ? checks_.number(*text, "a capacity") : std::nullopt;
    if (value && (*value < 0 || *value * unit_ > 9.2e18))
      checks_.error(text->offset, fmt::format("expected a capacity from 0 to 9.2 Eb/s, got {}",
                                              quote(text->text)));
    return value;
  }

  void link(const pugi::xml_node& element) {
    Link link;
    const auto id = required(element, "id");
    const auto from = required(element, "source");
    const auto to = required(element, "target");
    const auto ends = from && to ? checks_.ends(*from, *to) : std::nullopt;
    double installed = 0;
    double largest = 0;
    for (const pugi::xml_node& c : element.children()) {
      if (local_name(c) == "preInstalledModule")
        installed = module(c).value_or(0);
      else if (local_name(c) == "additionalModules")
        each(c, "addModule",
             [&](const pugi::xml_node& m) { largest = std::max(largest, module(m).value_or(0)); });
    }
    Fields kept;
    for (const char* cost : {"routingCost", "setupCost"})
      if (auto f = XmlFile::child(element, cost)) kept.push_back(std::move(*f));
    if (!ends || !id) return;
    if (!link_ids_.try_emplace(as_name(id->text), true).second) {
      checks_.error(id->offset, fmt::format("link {} is given twice", quote(id->text)));
      return;
    }
    link.id = as_name(id->text);
    link.a = ends->first;
    link.b = ends->second;
    const auto rate = rate_of(installed > 0 ? installed : largest, unit_);
    link.capacity = rate ? Capacity{1, *rate} : checks_.assumed_capacity();
    add_attributes(kept, link.attributes);
    out_.spec.links.push_back(std::move(link));
  }

  void demand(const pugi::xml_node& element) {
    const auto from = required(element, "source");
    const auto to = required(element, "target");
    const auto value = required(element, "demandValue");
    if (from && to && value) checks_.demand(*from, *to, *value, unit_);
  }

  Imported& out_;
  Checks checks_;
  XmlFile xml_;
  std::vector<std::optional<std::pair<double, double>>> places_;
  std::unordered_map<std::string, bool> link_ids_;
  double unit_ = mbps;
};

}  // namespace

void sndlib_xml(const SourceText& text, Imported& out, Diagnostics& diagnostics) {
  out.has_network = true;
  Reader(text, out, diagnostics).read();
}

}  // namespace longhaul::import
