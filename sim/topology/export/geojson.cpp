// GeoJSON (RFC 7946): a Point per node, a line per link. What has no coordinates has no geometry.
#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/topology/export/export.hpp"

namespace longhaul {

namespace {

using Json = nlohmann::ordered_json;

/// [longitude, latitude], as the RFC orders them.
Json position(double longitude, double latitude) { return Json::array({longitude, latitude}); }

/// A straight line on the map, cut in two where it crosses the antimeridian (RFC 7946, 3.1.9).
Json line(const GeoPoint& a, const GeoPoint& b) {
  if (std::abs(a.longitude - b.longitude) <= 180.0)
    return {
        {"type", "LineString"},
        {"coordinates", {position(a.longitude, a.latitude), position(b.longitude, b.latitude)}}};
  const double edge = a.longitude > 0 ? 180.0 : -180.0;
  const double span = 360.0 - std::abs(a.longitude - b.longitude);
  const double share = span > 0 ? std::abs(edge - a.longitude) / span : 0.0;
  const double latitude = a.latitude + share * (b.latitude - a.latitude);
  return {{"type", "MultiLineString"},
          {"coordinates",
           {{position(a.longitude, a.latitude), position(edge, latitude)},
            {position(-edge, latitude), position(b.longitude, b.latitude)}}}};
}

void add_attributes(const Attributes& attributes, Json& properties) {
  if (attributes.empty()) return;
  Json& all = properties["attributes"] = Json::object();
  for (const auto& [key, value] : attributes) {
    Json& place = all[key];
    if (place.is_null())
      place = value;
    else if (place.is_array())
      place.push_back(value);
    else
      place = Json::array({place, value});
  }
}

Json node_feature(const NetworkSpec& spec, const Node& n) {
  Json p = {{"kind", "node"}, {"id", n.id}, {"role", to_string(n.role)}};
  if (!n.label.empty()) p["label"] = n.label;
  if (n.provider.index() < spec.providers.size())
    p["provider"] = spec.providers[n.provider.index()].id;
  if (n.region.valid()) p["region"] = spec.regions[n.region.index()];
  if (!n.country.empty()) p["country"] = n.country;
  if (n.position) p["position"] = position(n.position->first, n.position->second);
  p["weight"] = n.weight;
  if (n.latency != Duration::zero()) p["latency_s"] = n.latency.seconds();
  add_attributes(n.attributes, p);
  Json geometry = nullptr;
  if (n.at)
    geometry = {{"type", "Point"}, {"coordinates", position(n.at->longitude, n.at->latitude)}};
  return {{"type", "Feature"}, {"geometry", geometry}, {"properties", std::move(p)}};
}

Json link_feature(const NetworkSpec& spec, const Link& l) {
  const Node& a = spec.nodes[l.a.index()];
  const Node& b = spec.nodes[l.b.index()];
  Json p = {{"kind", "link"},
            {"id", l.id},
            {"from", a.id},
            {"to", b.id},
            {"capacity_bps", l.capacity.total().bps()},
            {"members", l.capacity.members},
            {"medium", to_string(l.medium)},
            {"delay_s", l.delay.seconds()},
            {"framing", to_string(l.framing)},
            {"one_way", l.one_way},
            {"relation", to_string(l.relation)}};
  if (l.length) p["length_km"] = l.length->kilometres();
  if (l.metric_ab) p["metric_ab"] = *l.metric_ab;
  if (l.metric_ba) p["metric_ba"] = *l.metric_ba;
  if (l.customer.valid()) p["customer"] = spec.providers[l.customer.index()].id;
  if (!l.risk.empty()) p["risk"] = l.risk;
  add_attributes(l.attributes, p);
  Json geometry = nullptr;
  if (a.at && b.at) geometry = line(*a.at, *b.at);
  return {{"type", "Feature"}, {"geometry", geometry}, {"properties", std::move(p)}};
}

}  // namespace

std::string to_geojson(const NetworkSpec& spec) {
  Json out = {{"type", "FeatureCollection"}, {"name", spec.name}};
  if (!spec.source.empty()) out["source"] = spec.source;
  add_attributes(spec.attributes, out);
  Json& features = out["features"] = Json::array();
  for (const Node& n : spec.nodes) features.push_back(node_feature(spec, n));
  for (const Link& l : spec.links) features.push_back(link_feature(spec, l));
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace longhaul
