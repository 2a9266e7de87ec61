// SNDlib's XML format (Orlowski, Wessaely, Pioro and Tomaszewski, "SNDlib 1.0", Networks 55(3),
// 2010). A link's capacity is what is installed before, else its largest module; costs and modules
// are kept as attributes. The unit is the one <meta> names, else Mb/s.
#include <fmt/format.h>

#include "sim/topology/import/detail/sndlib.hpp"
#include "sim/topology/import/detail/xml.hpp"

namespace longhaul::import {

namespace {

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
    Fields all;
    for (const pugi::xml_node& c : element.children())
      if (c.type() == pugi::node_element) all.push_back(XmlFile::content(c));
    sndlib_meta(all, out_.spec, unit_);
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
      place_nodes(out_.spec, places_);
      return;
    }
    for (std::size_t i = 0; i < places_.size(); ++i) out_.spec.nodes[i].position = places_[i];
  }

  void link(const pugi::xml_node& element) {
    const auto id = required(element, "id");
    const auto from = required(element, "source");
    const auto to = required(element, "target");
    SndlibCapacity capacity;
    capacity.routing_cost = XmlFile::child(element, "routingCost");
    capacity.setup_cost = XmlFile::child(element, "setupCost");
    const pugi::xml_node installed = XmlFile::find(element, "preInstalledModule");
    if (installed) {
      capacity.installed = required(installed, "capacity");
      capacity.installed_cost = XmlFile::child(installed, "cost");
    }
    each(XmlFile::find(element, "additionalModules"), "addModule", [&](const pugi::xml_node& m) {
      auto module = required(m, "capacity");
      auto cost = XmlFile::child(m, "cost");
      if (module) capacity.modules.emplace_back(std::move(*module), cost.value_or(Field{}));
    });
    const auto ends = from && to ? checks_.ends(*from, *to) : std::nullopt;
    add_sndlib_link(id, ends, capacity, unit_, checks_, out_.spec, link_ids_);
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
  Places places_;
  std::unordered_set<std::string> link_ids_;
  double unit_ = sndlib_unit_bps;
};

}  // namespace

void sndlib_xml(const SourceText& text, Imported& out, Diagnostics& diagnostics) {
  out.has_network = true;
  Reader(text, out, diagnostics).read();
}

}  // namespace longhaul::import
