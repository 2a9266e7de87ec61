#include "sim/topology/fields.hpp"

#include <fmt/format.h>

namespace longhaul::topology_text {

namespace {

using namespace yaml;  // the tables below are made of its words

constexpr std::int64_t largest_metric = 0xFFFF'FFFF;

Type<Relation> relation_type() {
  return choice_of({Relation::internal, Relation::peer, Relation::transit});
}
/// Two numbers in a list; nothing if they are not.
std::optional<std::pair<double, double>> two_numbers(const yaml::Node& node) {
  if (!node.is_list() || node.items.size() != 2) return std::nullopt;
  const Parsed<double> x =
      node.items[0].is_scalar() ? parse_number(node.items[0].scalar) : Parsed<double>(ParseError{});
  const Parsed<double> y =
      node.items[1].is_scalar() ? parse_number(node.items[1].scalar) : Parsed<double>(ParseError{});
  if (!x || !y) return std::nullopt;
  return std::pair(*x, *y);
}

Type<std::pair<double, double>> position_type() {
  const std::string expected = "two numbers, such as [3.5, -1]";
  return {{expected,
           R"({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2})",
           {}},
          [expected](const yaml::Node& node,
                     Diagnostics& diagnostics) -> std::optional<std::pair<double, double>> {
            auto pair = two_numbers(node);
            if (!pair) wrong_type(node, expected, diagnostics);
            return pair;
          }};
}

Type<Wavelengths> wavelengths_type() {
  return scalar<Wavelengths>(
      {"a number of wavelengths from 1 to 96, or all",
       R"({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 96}, {"const": "all"}]})",
       {}},
      [](std::string_view text) -> Parsed<Wavelengths> {
        if (text == "all") return Wavelengths{0};
        const auto count = parse_integer(text);
        if (count && *count >= 1 && *count <= 96) {
          return Wavelengths{static_cast<std::uint32_t>(*count)};
        }
        return ParseError{fmt::format(
            "expected a number of wavelengths from 1 to 96, or all, got {}", quote(text))};
      });
}

const Fields<ProviderText>& provider_fields() {
  static const auto fields =
      Fields<ProviderText>("provider", "A network operator.")
          .required("id", &ProviderText::id, located(name()), "Its name in this file.")
          .optional("tier", &ProviderText::tier, tier_type(),
                    "1: reaches all by peering; 2: buys some transit; 3: buys all.", "1")
          .optional("asn", &ProviderText::asn, converted<std::uint32_t>(integer(1, 0xFFFF'FFFF)),
                    "Autonomous system number.")
          .optional("name", &ProviderText::name, text(), "For display.");
  return fields;
}

const Fields<DefaultsText>& defaults_fields() {
  static const auto fields =
      Fields<DefaultsText>("defaults block", "What nodes and links have that do not say otherwise.")
          .optional("capacity", &DefaultsText::capacity, capacity(), "Of links, per direction.",
                    "10G")
          .optional("medium", &DefaultsText::medium, medium_type(), "Of links.", "fiber")
          .optional("framing", &DefaultsText::framing, framing_type(), "Of links.", "ethernet")
          .optional("provider", &DefaultsText::provider, located(name()), "Of nodes.",
                    "the only one")
          .optional("role", &DefaultsText::role, role_type(), "Of nodes.", "core")
          .optional("region", &DefaultsText::region, name(), "Of nodes.")
          .optional("country", &DefaultsText::country, country_type(), "Of nodes.")
          .optional("latency", &DefaultsText::latency, duration(), "Of nodes.", "0")
          .optional("modulation", &DefaultsText::modulation, located(modulation_type()),
                    "Of microwave links.");
  return fields;
}

const Fields<NodeText>& node_fields() {
  static const auto fields =
      Fields<NodeText>("node", "A router or site.")
          .optional("label", &NodeText::label, text(), "For display.", "the id")
          .optional("at", &NodeText::at, geo_point(), "WGS-84 coordinates in degrees.")
          .optional("position", &NodeText::position, position_type(),
                    "Where to draw it, when it has no coordinates.")
          .optional("role", &NodeText::role, role_type(), "What it does.", "core")
          .optional("provider", &NodeText::provider, located(name()), "Who runs it.",
                    "the only one")
          .optional("region", &NodeText::region, name(), "Groups nodes in reports.")
          .optional("country", &NodeText::country, country_type(), "ISO 3166-1 alpha-2.")
          .optional("weight", &NodeText::weight, number(0, 1e18),
                    "Its share of a gravity matrix, e.g. its population.", "1")
          .optional("latency", &NodeText::latency, duration(),
                    "Pipeline latency of each packet forwarded or received.", "0")
          .optional("attributes", &NodeText::attributes, attributes(), "Kept, not interpreted.")
          .whole(&NodeText::whole);
  return fields;
}

/// A node may be written without anything: `NYC:`.
Type<NodeText> node_type() {
  const auto inner = object(node_fields());
  TypeDoc doc = inner.doc;
  doc.schema = json_object({{"anyOf", json_array({doc.schema, R"({"type": "null"})"})}});
  return {std::move(doc),
          [inner](const yaml::Node& node, Diagnostics& diagnostics) -> std::optional<NodeText> {
            if (node.kind == yaml::Node::Kind::null) return NodeText{};
            // A node whose text is wrong still exists: links may name it.
            auto out = inner.read(node, diagnostics);
            if (out) return out;
            NodeText broken;
            broken.whole = false;
            return broken;
          }};
}

const Fields<LinkText>& link_fields() {
  static const auto fields =
      Fields<LinkText>("link", "A cable or bundle between two nodes, both directions.")
          .optional("id", &LinkText::id, located(name()), "Its name.", "A-B, then A-B#2")
          .required("endpoints", &LinkText::endpoints, list(located(name()), 2, 2),
                    "The ids of its two nodes: [A, B].")
          .optional("capacity", &LinkText::capacity, capacity(),
                    "Per direction. A bundle (8x100G) hashes each flow to one member.", "10G")
          .optional("wavelengths", &LinkText::wavelengths, located(wavelengths_type()),
                    "Instead of a capacity: so many of the best rate that the length allows.")
          .optional("medium", &LinkText::medium, medium_type(), "Of what it is.", "fiber")
          .optional("length", &LinkText::length, distance(), "Of the cable.",
                    "great circle x route factor")
          .optional("delay", &LinkText::delay, duration(), "One-way propagation.",
                    "length x medium")
          .optional("metric", &LinkText::metric, metric_type(),
                    "For routing by given metric; one, or [A to B, B to A].")
          .optional("framing", &LinkText::framing, framing_type(),
                    "ethernet adds 24 B to every packet: preamble, FCS, gap.", "ethernet")
          .optional("one_way", &LinkText::one_way, boolean(), "Only A to B exists.", "false")
          .optional("relation", &LinkText::relation, located(relation_type()), "Between providers.",
                    "internal within one; peer between equal tiers; else transit")
          .optional("customer", &LinkText::customer, located(name()),
                    "For transit: the provider that pays.", "the larger tier number")
          .optional("risk", &LinkText::risk, one_or_list(name()),
                    "Shared-risk groups: what fails together.")
          .optional("attributes", &LinkText::attributes, attributes(), "Kept, not interpreted.")
          .optional("modulation", &LinkText::modulation, located(modulation_type()),
                    "Of a microwave link: its radios adapt to rain. `capacity` is that of the "
                    "highest modulation.")
          .place(&LinkText::where)
          .whole(&LinkText::whole)
          .check([](const LinkText& link, const yaml::Node&, Diagnostics& diagnostics) {
            if (!link.wavelengths || !link.capacity) return;
            link.wavelengths->where.error(
                diagnostics, "a link has either `wavelengths` or `capacity`, not both");
          });
  return fields;
}

}  // namespace

Type<std::vector<std::int64_t>> metric_type() {
  const auto one = integer(1, largest_metric);
  const auto two = list(one, 2, 2);
  return {{one.doc.expected + ", or two of them: [a to b, b to a]",
           json_object({{"anyOf", json_array({one.doc.schema, two.doc.schema})}}),
           {}},
          [=](const yaml::Node& node,
              Diagnostics& diagnostics) -> std::optional<std::vector<std::int64_t>> {
            if (node.is_list()) return two.read(node, diagnostics);
            const auto both = one.read(node, diagnostics);
            if (!both) return std::nullopt;
            return std::vector<std::int64_t>{*both, *both};
          }};
}

yaml::Type<Medium> medium_type() {
  return choice_of({Medium::fiber, Medium::submarine, Medium::microwave, Medium::satellite});
}
yaml::Type<Framing> framing_type() { return choice_of({Framing::ethernet, Framing::none}); }
yaml::Type<Role> role_type() {
  return choice_of(
      {Role::core, Role::edge, Role::metro, Role::access, Role::exchange, Role::datacenter});
}
yaml::Type<int> tier_type() { return converted<int>(integer(1, 3)); }

yaml::Type<std::string> country_type() {
  return scalar<std::string>(
      {"a country as two letters (ISO 3166-1), such as US",
       R"({"type": "string", "pattern": "^[A-Z]{2}$"})",
       {}},
      [](std::string_view text) -> Parsed<std::string> {
        const bool good = text.size() == 2 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' &&
                          text[1] <= 'Z';
        if (good) return std::string(text);
        return ParseError{fmt::format(
            "expected a country as two capital letters (ISO 3166-1), such as US, got {}",
            quote(text))};
      });
}

yaml::Type<GeoPoint> geo_point() {
  const std::string expected = "[latitude, longitude] in degrees, such as [40.71, -74.01]";
  return {
      {expected,
       R"({"type": "array", "prefixItems": [{"type": "number", "minimum": -90, "maximum": 90}, )"
       R"({"type": "number", "minimum": -180, "maximum": 180}], "minItems": 2, "maxItems": 2})",
       {}},
      [expected](const yaml::Node& node, Diagnostics& diagnostics) -> std::optional<GeoPoint> {
        const auto pair = two_numbers(node);
        if (!pair) {
          wrong_type(node, expected, diagnostics);
          return std::nullopt;
        }
        const auto [latitude, longitude] = *pair;
        if (latitude < -90 || latitude > 90) {
          node.items[0].where.error(
              diagnostics,
              fmt::format("expected a latitude from -90 to 90, got {}", node.items[0].describe()),
              longitude >= -90 && longitude <= 90 ? "latitude comes before longitude" : "");
          return std::nullopt;
        }
        if (longitude < -180 || longitude > 180) {
          node.items[1].where.error(diagnostics,
                                    fmt::format("expected a longitude from -180 to 180, got {}",
                                                node.items[1].describe()));
          return std::nullopt;
        }
        return GeoPoint{latitude, longitude};
      }};
}

const yaml::Fields<TopologyText>& topology_fields() {
  static const auto fields =
      Fields<TopologyText>("topology", "Nodes and links, or a shape to generate them from.")
          .optional("name", &TopologyText::name, text(), "For reports.")
          .optional("source", &TopologyText::source, text(), "Where the figures come from.")
          .optional("description", &TopologyText::description, text(), "For people.")
          .optional("include", &TopologyText::include, one_or_list(name()),
                    "Files merged in first, each with its own `defaults`.")
          .optional("providers", &TopologyText::providers, list(object(provider_fields())),
                    "Who runs the nodes.", "one, of tier 1")
          .optional("defaults", &TopologyText::defaults, object(defaults_fields()),
                    "For nodes and links that do not say otherwise.")
          .optional("nodes", &TopologyText::nodes, map_of("node id", node_type()),
                    "The nodes by id.")
          .optional("links", &TopologyText::links, list(object(link_fields())), "The links.")
          .optional("generate", &TopologyText::generate, object(generate_fields()),
                    "Makes nodes and links from a shape; `links` may name them.")
          .optional("attributes", &TopologyText::attributes, attributes(), "Kept, not interpreted.")
          .place(&TopologyText::where);
  return fields;
}

}  // namespace longhaul::topology_text
