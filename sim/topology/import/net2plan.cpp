// Net2Plan's .n2p (github.com/girtel/Net2Plan), both layouts: the first with <physicalTopology> and
// <demandSet>, nodes numbered in their order; and versions 3 and later, with ids and <layer>s.
// Capacities and traffic are in the unit the layer names, else in Gb/s (of Erlangs too: one is
// taken as 1 Gb/s). A capacity of 0, or of 1e15 and more, says that there is no limit: the default
// capacity stands for it.
#include <fmt/format.h>

#include <cmath>

#include "sim/topology/import/detail/xml.hpp"

namespace longhaul::import {

namespace {

constexpr double gbps = 1e9;
/// Capacities from here on mean "not limited"; in Gb/s, a million times today's largest.
constexpr double unlimited = 1e15;

double unit_of(const std::string& name) {
  const std::string unit = lower_case(name);
  if (unit == "bps" || unit == "b/s") return 1;
  if (unit == "kbps" || unit == "kb/s") return 1e3;
  if (unit == "mbps" || unit == "mb/s") return 1e6;
  if (unit == "tbps" || unit == "tb/s") return 1e12;
  return gbps;
}

class Reader {
 public:
  Reader(const SourceText& text, Imported& out, Diagnostics& diagnostics)
      : text_(text),
        diagnostics_(diagnostics),
        out_(out),
        checks_(text, out, diagnostics),
        xml_(text, "network", diagnostics) {}

  void read() {
    const pugi::xml_node root = xml_.root();
    if (!root) return;
    head(root);
    const pugi::xml_node old = XmlFile::find(root, "physicalTopology");
    for (const pugi::xml_node& n : (old ? old : root).children())
      if (local_name(n) == "node") node(n);
    place_nodes(out_.spec, places_);
    if (old) {
      links(old);
      for (const pugi::xml_node& set : root.children())
        if (local_name(set) == "demandSet") demands(set);
    } else {
      layers(root);
    }
    join_opposite_links(out_.spec);
    checks_.finish();
  }

 private:
  void head(const pugi::xml_node& root) {
    Fields kept;
    for (Field& f : xml_.attributes(root)) {
      if (f.key == "name")
        out_.spec.name = f.text;
      else if (f.key != "version" && f.key.substr(0, 5) != "xmlns" && !f.text.empty())
        kept.push_back(std::move(f));
    }
    own_attributes(root, kept);
    add_attributes(kept, out_.spec.attributes);
  }

  /// <attribute key="..." value="..."/> children.
  void own_attributes(const pugi::xml_node& element, Fields& fields) {
    for (const pugi::xml_node& c : element.children()) {
      if (local_name(c) != "attribute") continue;
      const auto key = required(c, "key");
      const auto value = required(c, "value");
      if (key && value) fields.push_back({key->text, value->text, value->offset});
    }
  }

  std::optional<Field> required(const pugi::xml_node& element, std::string_view name) {
    auto found = xml_.attribute(element, name);
    if (!found || (found->text.empty() && name != "value")) {
      checks_.error(found ? found->offset : XmlFile::offset(element),
                    fmt::format("this <{}> has no {}", as_utf8(local_name(element)), name));
      return std::nullopt;
    }
    return found;
  }

  void node(const pugi::xml_node& element) {
    Node node;
    Field ref{"id", std::to_string(places_.size()), XmlFile::offset(element)};
    std::optional<double> x;
    std::optional<double> y;
    Fields all = xml_.attributes(element);
    own_attributes(element, all);
    Fields kept;
    for (Field& f : all) {
      if (f.key == "id")
        ref = f;
      else if (f.key == "name")
        node.id = f.text;
      else if (f.key == "xCoord")
        x = checks_.number(f, "a coordinate");
      else if (f.key == "yCoord")
        y = checks_.number(f, "a coordinate");
      else if (f.key == "region" && !f.text.empty())
        node.region = checks_.region(f.text);
      else if (f.key != "country" || !Checks::set_country(node, f.text))
        kept.push_back(std::move(f));
    }
    add_attributes(kept, node.attributes);
    checks_.add_node(ref, std::move(node));
    places_.push_back(x && y ? std::optional(std::pair(*x, *y)) : std::nullopt);
  }

  void layers(const pugi::xml_node& root) {
    int count = 0;
    for (const pugi::xml_node& layer : root.children()) {
      if (local_name(layer) != "layer" || count++ > 0) continue;
      if (const auto unit = xml_.attribute(layer, "linkCapacityUnitsName"))
        capacity_unit_ = unit_of(unit->text);
      if (const auto unit = xml_.attribute(layer, "demandTrafficUnitsName"))
        traffic_unit_ = unit_of(unit->text);
      links(layer);
      demands(layer);
    }
    if (count > 1) warn(text_, diagnostics_, "has several layers; only the first is read");
  }

  void links(const pugi::xml_node& parent) {
    for (const pugi::xml_node& c : parent.children())
      if (local_name(c) == "link") link(c);
  }

  void link(const pugi::xml_node& element) {
    Link link;
    const auto from = required(element, "originNodeId");
    const auto to = required(element, "destinationNodeId");
    const auto ends = from && to ? checks_.ends(*from, *to) : std::nullopt;
    std::optional<Rate> capacity;
    std::optional<double> speed;
    Fields all = xml_.attributes(element);
    own_attributes(element, all);
    Fields kept;
    for (Field& f : all) {
      if (f.key == "originNodeId" || f.key == "destinationNodeId" || f.key == "id")
        continue;
      else if (f.key == "capacity" || f.key == "linkCapacityInErlangs")
        capacity = capacity_of(f);
      else if (f.key == "lengthInKm" || f.key == "linkLengthInKm")
        link.length = checks_.length_km(f);
      else if (f.key == "propagationSpeedInKmPerSecond")
        speed = checks_.number(f, "a speed in km/s");
      else
        kept.push_back(std::move(f));
    }
    if (!ends) return;
    link.a = ends->first;
    link.b = ends->second;
    link.capacity = capacity ? Capacity{1, *capacity} : checks_.assumed_capacity();
    link.one_way = true;
    add_attributes(kept, link.attributes);
    if (link.length && speed && *speed >= 1.0) {  // a speed of 0 says nothing
      link.delay = Duration::from_seconds(link.length->kilometres() / *speed);
      link.delay_given = true;
    }
    out_.spec.links.push_back(std::move(link));
  }

  std::optional<Rate> capacity_of(const Field& f) {
    const auto value = checks_.number(f, "a capacity");
    if (!value || *value == 0 || *value >= unlimited) return std::nullopt;
    return checks_.capacity(f, capacity_unit_);
  }

  void demands(const pugi::xml_node& parent) {
    for (const pugi::xml_node& c : parent.children()) {
      const bool old = local_name(c) == "demandEntry";
      if (!old && local_name(c) != "demand") continue;
      const auto from = required(c, old ? "ingressNodeId" : "originNodeId");
      const auto to = required(c, old ? "egressNodeId" : "destinationNodeId");
      const auto value = required(c, old ? "offeredTrafficInErlangs" : "offeredTraffic");
      if (from && to && value) checks_.demand(*from, *to, *value, traffic_unit_);
    }
  }

  const SourceText& text_;
  Diagnostics& diagnostics_;
  Imported& out_;
  Checks checks_;
  XmlFile xml_;
  Places places_;
  double capacity_unit_ = gbps;
  double traffic_unit_ = gbps;
};

}  // namespace

void net2plan(const SourceText& text, Imported& out, Diagnostics& diagnostics) {
  out.has_network = true;
  Reader(text, out, diagnostics).read();
}

}  // namespace longhaul::import
