#include "sim/topology/import/detail/own_graphml.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "sim/topology/import/detail/graphml.hpp"

namespace longhaul::import {

namespace {

constexpr std::string_view attribute_prefix = "attribute:";
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

std::string text_of(const Field& f) { return graphml_unescaped(f.text); }
/// The name of a node, link, provider or the like.
std::string name_of(const Field& f) { return as_name(text_of(f)); }

}  // namespace

void OwnGraphml::attribute(const Field& f, Fields& attributes) {
  if (f.key.substr(0, attribute_prefix.size()) == attribute_prefix)
    attributes.push_back(
        {graphml_unescaped(f.key.substr(attribute_prefix.size())), text_of(f), f.offset});
  else
    checks_.error(f.offset, fmt::format("there is no field {}", quote(f.key)),
                  "free ones are called \"attribute:NAME\"");
}

std::optional<std::int64_t> OwnGraphml::whole(const Field& f, std::int64_t least,
                                              std::int64_t greatest) {
  const auto value = parse_integer(f.text);
  if (value && *value >= least && *value <= greatest) return *value;
  checks_.error(f.offset, fmt::format("expected {}, a whole number from {} to {}, got {}", f.key,
                                      least, greatest, quote(f.text)));
  return std::nullopt;
}

std::optional<ProviderId> OwnGraphml::provider(const Field& f) {
  const auto it = providers_.find(name_of(f));
  if (it != providers_.end()) return ProviderId(it->second);
  std::vector<std::string> names;
  for (const Provider& p : spec_.providers) names.push_back(p.id);
  checks_.error(f.offset, fmt::format("there is no provider {}", quote(f.text)),
                did_you_mean(f.text, names));
  return std::nullopt;
}

template <class T>
void OwnGraphml::word(const Field& f, std::optional<T> (*from)(std::string_view), T& to) {
  if (const auto value = from(f.text))
    to = *value;
  else
    checks_.error(f.offset, fmt::format("{} is no {}", quote(f.text), f.key));
}

template <class T>
void OwnGraphml::quantity(const Field& f, Parsed<T> (*parse)(std::string_view), const char* unit,
                          T& to) {
  const auto value = parse(f.text + unit);
  if (value && *value >= T::zero())
    to = *value;
  else
    checks_.error(f.offset,
                  fmt::format("expected {}, a number of at least 0, got {}", f.key, quote(f.text)));
}

void OwnGraphml::graph(const Fields& fields) {
  Fields attributes;
  for (const Field& f : fields) {
    const bool of_provider = f.key.substr(0, 9) == "provider_";
    if (of_provider && spec_.providers.empty()) {
      checks_.error(f.offset, fmt::format("{} stands before any provider", f.key));
    } else if (f.key == "name") {
      spec_.name = text_of(f);
    } else if (f.key == "source") {
      spec_.source = text_of(f);
    } else if (f.key == "region") {
      checks_.region(name_of(f));
    } else if (f.key == "provider") {
      if (!providers_.try_emplace(name_of(f), spec_.providers.size()).second)
        checks_.error(f.offset, fmt::format("provider {} is given twice", quote(f.text)));
      spec_.providers.push_back({name_of(f), 1, 0, ""});
    } else if (f.key == "provider_tier") {
      spec_.providers.back().tier = static_cast<int>(whole(f, 1, 3).value_or(1));
    } else if (f.key == "provider_asn") {
      spec_.providers.back().asn = static_cast<std::uint32_t>(
          whole(f, 1, std::numeric_limits<std::uint32_t>::max()).value_or(1));
    } else if (f.key == "provider_name") {
      spec_.providers.back().name = text_of(f);
    } else if (f.key != graphml_marker) {
      attribute(f, attributes);
    }
  }
  add_attributes(attributes, spec_.attributes);
}

void OwnGraphml::node(const Field& ref, const Fields& fields) {
  Node node;
  Field id = ref;
  std::optional<double> latitude;
  std::optional<double> longitude;
  std::optional<double> x;
  std::optional<double> y;
  Fields attributes;
  const auto number = [&](const Field& f, double limit) {
    auto value = checks_.number(f, f.key);
    if (value && std::abs(*value) > limit) {
      checks_.error(f.offset, fmt::format("expected {} from -{} to {}, got {}", f.key, limit, limit,
                                          quote(f.text)));
    }
    return value;
  };
  for (const Field& f : fields) {
    if (f.key == "id")
      id = f;
    else if (f.key == "label")
      node.label = text_of(f);
    else if (f.key == "latitude")
      latitude = number(f, 90);
    else if (f.key == "longitude")
      longitude = number(f, 180);
    else if (f.key == "x")
      x = number(f, std::numeric_limits<double>::max());
    else if (f.key == "y")
      y = number(f, std::numeric_limits<double>::max());
    else if (f.key == "role")
      word(f, role_from, node.role);
    else if (f.key == "provider")
      node.provider = provider(f).value_or(ProviderId{0});
    else if (f.key == "region")
      node.region = checks_.region(name_of(f));
    else if (f.key == "country")
      node.country = text_of(f);
    else if (f.key == "weight") {
      node.weight = number(f, std::numeric_limits<double>::max()).value_or(1.0);
      if (node.weight < 0) checks_.error(f.offset, "a weight cannot be negative");
    } else if (f.key == "latency_s")
      quantity(f, parse_duration, " s", node.latency);
    else
      attribute(f, attributes);
  }
  if (latitude.has_value() != longitude.has_value())
    checks_.error(ref.offset, "latitude and longitude go together");
  if (latitude && longitude) node.at = GeoPoint{*latitude, *longitude};
  if (x && y) node.position = {*x, *y};
  node.id = name_of(id);
  if (node.id.empty() || !node_ids_.try_emplace(node.id, spec_.nodes.size()).second)
    checks_.error(id.offset, node.id.empty()
                                 ? std::string("a node's id cannot be empty")
                                 : fmt::format("node {} is given twice", quote(node.id)));
  add_attributes(attributes, node.attributes);
  checks_.add_node(ref, std::move(node));
}

void OwnGraphml::edge(std::size_t offset, Field source, Field target, bool one_way, Fields fields) {
  edges_.push_back({offset, std::move(source), std::move(target), one_way, std::move(fields)});
}

void OwnGraphml::finish() {
  for (const Edge& e : edges_) make_link(e);
  checks_.finish();
}

void OwnGraphml::make_link(const Edge& edge) {
  const auto ends = checks_.ends(edge.source, edge.target);
  Link link;
  link.one_way = edge.one_way;
  link.capacity = {1, Rate::zero()};
  Fields attributes;
  const Field* id = nullptr;
  const Field* members = nullptr;
  bool capacity_read = false;
  for (const Field& f : edge.fields) {
    if (f.key == "id") {
      id = &f;
    } else if (f.key == "members") {
      members = &f;
    } else if (f.key == "capacity_bps") {
      capacity_read = true;
      link.capacity.rate = Rate::bps(whole(f, 1, most).value_or(1));
    } else {
      link_field(f, link, attributes);
    }
  }
  if (!capacity_read) checks_.error(edge.offset, "this <edge> has no capacity_bps");
  if (members != nullptr) {
    const auto count = whole(*members, 1, std::numeric_limits<std::uint32_t>::max());
    if (count && link.capacity.rate.bps() % *count != 0)
      checks_.error(members->offset, "the capacity is no multiple of its members");
    else if (count)
      link.capacity = {static_cast<std::uint32_t>(*count), link.capacity.rate / *count};
  }
  if (id != nullptr) {
    link.id = name_of(*id);
    if (!link_ids_.try_emplace(link.id, 0).second)
      checks_.error(id->offset, fmt::format("link {} is given twice", quote(link.id)));
  }
  if (!ends) return;
  link.a = ends->first;
  link.b = ends->second;
  add_attributes(attributes, link.attributes);
  spec_.links.push_back(std::move(link));
}

void OwnGraphml::link_field(const Field& f, Link& link, Fields& attributes) {
  if (f.key == "medium") {
    word(f, medium_from, link.medium);
  } else if (f.key == "length_km") {
    Distance length = Distance::zero();
    quantity(f, parse_distance, " km", length);
    link.length = length;
  } else if (f.key == "delay_s") {
    quantity(f, parse_duration, " s", link.delay);
  } else if (f.key == "delay_given") {
    if (f.text != "true" && f.text != "false")
      checks_.error(f.offset, fmt::format("expected true or false, got {}", quote(f.text)));
    link.delay_given = f.text == "true";
  } else if (f.key == "metric_ab") {
    link.metric_ab = whole(f, 1, most);
  } else if (f.key == "metric_ba") {
    link.metric_ba = whole(f, 1, most);
  } else if (f.key == "framing") {
    word(f, framing_from, link.framing);
  } else if (f.key == "relation") {
    word(f, relation_from, link.relation);
  } else if (f.key == "customer") {
    link.customer = provider(f).value_or(ProviderId::none());
  } else if (f.key == "risk") {
    link.risk.push_back(name_of(f));
  } else {
    attribute(f, attributes);
  }
}

}  // namespace longhaul::import
