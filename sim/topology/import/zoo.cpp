// The keys of the Internet Topology Zoo (Knight et al., "The Internet Topology Zoo", IEEE JSAC
// 29(9), 2011), in GML and GraphML alike, and those of TopoHub's GML (lon, lat, dist).
#include <fmt/format.h>

#include <cmath>

#include "sim/topology/import/detail/fields.hpp"

namespace longhaul::import {

namespace {

/// Bit/s in one of "G", "Gbps", "Gbit/s", "Mb/s"...; 0 if it is no such unit.
double unit_of(const std::string& text) {
  const std::string unit = lower_case(text);
  const std::string rest = unit.empty() ? "" : unit.substr(1);
  if (!rest.empty() && rest != "b" && rest != "bps" && rest != "b/s" && rest != "bit/s" &&
      rest != "bits/s")
    return 0;
  switch (unit.empty() ? '?' : unit[0]) {
    case 'k':
      return 1e3;
    case 'm':
      return 1e6;
    case 'g':
      return 1e9;
    case 't':
      return 1e12;
    default:
      return 0;
  }
}

/// A label such as "10 Gbps" or "2.5Gb/s", if it is nothing but that.
std::optional<Capacity> capacity_of_label(std::string_view text) {
  const auto parsed = parse_capacity(text);
  if (!parsed || (*parsed).total() <= Rate::zero()) return std::nullopt;
  return *parsed;
}

const Field* find(const Fields& fields, std::string_view key) {
  for (const Field& f : fields)
    if (lower_case(f.key) == key) return &f;
  return nullptr;
}

}  // namespace

void ZooGraph::graph(const Fields& fields) {
  // What names the network, best first.
  const Field* name = nullptr;
  for (const char* key : {"name", "network", "label"})
    if (name == nullptr) name = find(fields, key);
  const Field* const source = find(fields, "source");
  if (name != nullptr) spec_.name = name->text;
  if (source != nullptr) spec_.source = source->text;
  Fields kept;
  for (const Field& f : fields)
    if (&f != name && &f != source) kept.push_back(f);
  add_attributes(kept, spec_.attributes);
}

void ZooGraph::node(const Field& ref, const Fields& fields) {
  Node node;
  const Field* label = find(fields, "label");
  if (label == nullptr) label = find(fields, "name");
  if (label != nullptr) node.id = label->text;
  const Field* latitude = nullptr;
  const Field* longitude = nullptr;
  Fields kept;
  for (const Field& f : fields) {
    const std::string key = lower_case(f.key);
    if (&f == label)
      continue;
    else if ((key == "lat" || key == "latitude") && latitude == nullptr)
      latitude = &f;
    else if ((key == "lon" || key == "longitude") && longitude == nullptr)
      longitude = &f;
    else if (key != "country" || !node.country.empty() || !Checks::set_country(node, f.text))
      kept.push_back(f);
  }
  if (latitude != nullptr && longitude != nullptr) {
    const auto y = checks_.number(*latitude, "a latitude");
    const auto x = checks_.number(*longitude, "a longitude");
    if (y && std::abs(*y) > 90)
      checks_.error(latitude->offset, fmt::format("expected a latitude from -90 to 90, got {}",
                                                  quote(latitude->text)));
    if (x && std::abs(*x) > 180)
      checks_.error(longitude->offset, fmt::format("expected a longitude from -180 to 180, got {}",
                                                   quote(longitude->text)));
    if (x && y) node.at = GeoPoint{*y, *x};
  } else if (latitude != nullptr || longitude != nullptr) {
    const Field& given = latitude != nullptr ? *latitude : *longitude;
    checks_.error(given.offset, fmt::format("node {} has a {} but no {}", quote(ref.text),
                                            latitude != nullptr ? "latitude" : "longitude",
                                            latitude != nullptr ? "longitude" : "latitude"));
  }
  add_attributes(kept, node.attributes);
  checks_.add_node(ref, std::move(node));
}

void ZooGraph::edge(Field source, Field target, bool one_way, Fields fields) {
  edges_.push_back({std::move(source), std::move(target), one_way, std::move(fields)});
}

void ZooGraph::finish() {
  bool any_one_way = false;
  for (const Edge& e : edges_) {
    any_one_way = any_one_way || e.one_way;
    make_link(e);
  }
  if (any_one_way) join_opposite_links(spec_);
  checks_.finish();
}

void ZooGraph::make_link(const Edge& edge) {
  const auto ends = checks_.ends(edge.source, edge.target);
  Link link;
  Fields kept;
  const auto given = capacity(edge.fields, kept);
  Fields rest;
  for (const Field& f : kept) {
    const std::string key = lower_case(f.key);
    if ((key == "dist" || key == "length_km") && !link.length)
      link.length = checks_.length_km(f);
    else
      rest.push_back(f);
  }
  if (!ends) return;
  link.capacity = given ? *given : checks_.assumed_capacity();
  link.a = ends->first;
  link.b = ends->second;
  link.one_way = edge.one_way;
  add_attributes(rest, link.attributes);
  spec_.links.push_back(std::move(link));
}

/// From LinkSpeedRaw in bit/s, else LinkSpeed with LinkSpeedUnits, else a label that is a rate.
/// Only the exact one is used up; the others stay, since they may say more.
std::optional<Capacity> ZooGraph::capacity(const Fields& fields, Fields& kept) {
  const Field* const raw = find(fields, "linkspeedraw");
  for (const Field& f : fields)
    if (&f != raw) kept.push_back(f);
  if (raw != nullptr) {
    const auto rate = checks_.capacity(*raw, 1.0);
    return Capacity{1, rate.value_or(default_capacity)};
  }
  const Field* const speed = find(fields, "linkspeed");
  const Field* const units = find(fields, "linkspeedunits");
  const double unit = units == nullptr ? 0.0 : unit_of(units->text);
  if (speed != nullptr && unit > 0) {
    const auto rate = checks_.capacity(*speed, unit);
    return Capacity{1, rate.value_or(default_capacity)};
  }
  for (const char* key : {"linkspeed", "capacity", "bandwidth", "linklabel", "label"}) {
    const Field* const label = find(fields, key);
    if (label == nullptr) continue;
    if (const auto read = capacity_of_label(label->text)) return read;
  }
  return std::nullopt;
}

}  // namespace longhaul::import
