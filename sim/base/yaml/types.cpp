#include "sim/base/yaml/types.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace longhaul::yaml {

namespace {

/// A number and a unit, for JSON Schema: what an editor can check.
std::string unit_pattern(std::string_view units) {
  const std::string pattern =
      fmt::format("^[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)? *({})$|^0$", units);
  const std::string text = json_object({{"type", "\"string\""}, {"pattern", json_string(pattern)}});
  return json_object({{"anyOf", json_array({text, R"({"const": 0})"})}});
}

constexpr std::string_view rate_unit_pattern = "[kKMGTP](b/s|bps|bit/s)?|b/s|bps|bit/s";

std::string bounded(std::string expected, Bound bound) {
  if (bound == Bound::positive) expected += ", above 0";
  return expected;
}

template <class T>
Parsed<T> within(Parsed<T> value, Bound bound, T zero, std::string_view text,
                 std::string_view expected) {
  if (!value) return value;
  const bool good =
      bound == Bound::any || *value > zero || (*value == zero && bound == Bound::not_negative);
  if (good) return value;
  return ParseError{fmt::format("expected {}, got {}: must be {}", expected, quote(text),
                                bound == Bound::positive ? "above 0" : "0 or more")};
}

template <class T>
Type<T> quantity(std::string expected, std::string schema, Bound bound, T zero,
                 Parsed<T> (*parse)(std::string_view)) {
  TypeDoc doc{bounded(expected, bound), std::move(schema), {}};
  return scalar<T>(std::move(doc), [=](std::string_view written) {
    return within(parse(written), bound, zero, written, expected);
  });
}

bool has_control(std::string_view written) {
  return std::any_of(written.begin(), written.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::string schema_number(std::string_view type, double least, double most) {
  std::vector<std::pair<std::string, std::string>> members{{"type", json_string(type)}};
  if (least > std::numeric_limits<double>::lowest()) {
    members.emplace_back("minimum", fmt::format("{}", least));
  }
  if (most < std::numeric_limits<double>::max()) {
    members.emplace_back("maximum", fmt::format("{}", most));
  }
  return json_object(members);
}

std::string number_expected(double least, double most) {
  const bool from = least > std::numeric_limits<double>::lowest();
  const bool to = most < std::numeric_limits<double>::max();
  if (from && to) return fmt::format("a number from {} to {}", least, most);
  if (from) return fmt::format("a number of at least {}", least);
  if (to) return fmt::format("a number of at most {}", most);
  return "a number";
}

}  // namespace

void wrong_type(const Node& node, std::string_view expected, Diagnostics& diagnostics) {
  node.where.error(diagnostics, fmt::format("expected {}, got {}", expected, node.describe()));
}

Type<std::string> text() {
  return scalar<std::string>({"a text", R"({"type": ["string", "number", "boolean"]})", {}},
                             [](std::string_view written) { return std::string(written); });
}

Type<std::string> name() {
  return scalar<std::string>(
      {"a name", R"({"type": ["string", "number", "boolean"], "minLength": 1})", {}},
      [](std::string_view written) -> Parsed<std::string> {
        if (written.empty() || has_control(written)) {
          return ParseError{fmt::format("expected a name, got {}", quote(written))};
        }
        return std::string(written);
      });
}

Type<bool> boolean() {
  return scalar<bool>(
      {"true or false", R"({"type": "boolean"})", {}},
      [](std::string_view written) -> Parsed<bool> {
        if (written == "true") return true;
        if (written == "false") return false;
        return ParseError{fmt::format("expected true or false, got {}", quote(written))};
      });
}

Type<Rate> rate(Bound bound) {
  return quantity<Rate>("a rate such as 10G or 1.6 Tb/s", unit_pattern(rate_unit_pattern), bound,
                        Rate::zero(), parse_rate);
}

Type<Capacity> capacity() {
  const std::string expected = "a capacity such as 400G or 8x100G";
  const std::string pattern =
      fmt::format("^([0-9]+ *x *)?[0-9]*\\.?[0-9]+ *({})$", rate_unit_pattern);
  return scalar<Capacity>({bounded(expected, Bound::positive),
                           json_object({{"type", "\"string\""}, {"pattern", json_string(pattern)}}),
                           {}},
                          [expected](std::string_view written) -> Parsed<Capacity> {
                            auto parsed = parse_capacity(written);
                            if (!parsed || parsed->rate > Rate::zero()) return parsed;
                            return ParseError{fmt::format("expected {}, got {}: must be above 0",
                                                          expected, quote(written))};
                          });
}

Type<Duration> duration(Bound bound) {
  return quantity<Duration>("a duration such as 12 ms or 1.5 s",
                            unit_pattern("ps|ns|us|\xC2\xB5s|ms|s|min|h|d"), bound,
                            Duration::zero(), parse_duration);
}

Type<Size> size(Bound bound) {
  return quantity<Size>("a size such as 1500 B or 64 MB", unit_pattern("B|[kKMGT]B|[KMG]iB"), bound,
                        Size::zero(), parse_size);
}

Type<Distance> distance(Bound bound) {
  return quantity<Distance>("a length such as 5600 km or 300 m", unit_pattern("mm|cm|m|km"), bound,
                            Distance::zero(), parse_distance);
}

Type<double> fraction(double least, double most) {
  const std::string expected =
      fmt::format("a share from {:g} % to {:g} %, such as 90 % or 0.9", least * 100, most * 100);
  const std::string pattern = "^[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)? *%?$";
  return scalar<double>(
      {expected,
       json_object({{"type", R"(["string", "number"])"}, {"pattern", json_string(pattern)}}),
       {}},
      [=](std::string_view written) -> Parsed<double> {
        auto parsed = parse_fraction(written);
        if (parsed && *parsed >= least && *parsed <= most) return parsed;
        return ParseError{fmt::format("expected {}, got {}", expected, quote(written))};
      });
}

Type<double> number(double least, double most) {
  const std::string expected = number_expected(least, most);
  return scalar<double>(
      {expected, schema_number("number", least, most), {}},
      [=](std::string_view written) -> Parsed<double> {
        auto parsed = parse_number(written);
        if (parsed && *parsed >= least && *parsed <= most) return parsed;
        return ParseError{fmt::format("expected {}, got {}", expected, quote(written))};
      });
}

Type<double> positive_number() {
  return scalar<double>(
      {"a number above 0", R"({"type": "number", "exclusiveMinimum": 0})", {}},
      [](std::string_view written) -> Parsed<double> {
        auto parsed = parse_number(written);
        if (parsed && *parsed > 0) return parsed;
        return ParseError{fmt::format("expected a number above 0, got {}", quote(written))};
      });
}

Type<std::int64_t> integer(std::int64_t least, std::int64_t most) {
  const std::string expected = most == std::numeric_limits<std::int64_t>::max()
                                   ? fmt::format("a whole number of at least {}", least)
                                   : fmt::format("a whole number from {} to {}", least, most);
  return scalar<std::int64_t>(
      {expected,
       json_object({{"type", "\"integer\""},
                    {"minimum", fmt::format("{}", least)},
                    {"maximum", fmt::format("{}", most)}}),
       {}},
      [=](std::string_view written) -> Parsed<std::int64_t> {
        auto parsed = parse_integer(written);
        if (parsed && *parsed >= least && *parsed <= most) return parsed;
        return ParseError{fmt::format("expected {}, got {}", expected, quote(written))};
      });
}

Type<std::vector<std::pair<std::string, std::string>>> attributes() {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  const std::string expected = "a map of names to texts";
  const std::string text_schema = R"({"type": ["string", "number", "boolean", "null"]})";
  const std::string value_schema = json_object(
      {{"anyOf",
        json_array({text_schema, json_object({{"type", "\"array\""}, {"items", text_schema}})})}});
  return {
      {expected, json_object({{"type", "\"object\""}, {"additionalProperties", value_schema}}), {}},
      [expected](const Node& node, Diagnostics& diagnostics) -> std::optional<Pairs> {
        if (!node.is_map()) return wrong_type(node, expected, diagnostics), std::nullopt;
        Pairs out;
        for (const Entry& entry : node.entries) {
          const Node& value = entry.value;
          const std::vector<Node>& texts = value.is_list() ? value.items : std::vector<Node>{value};
          for (const Node& one : texts) {
            if (one.is_list() || one.is_map()) {
              wrong_type(one, "a text", diagnostics);
            } else {
              out.emplace_back(entry.key, one.scalar);
            }
          }
        }
        return out;
      }};
}

Type<Node> any(TypeDoc doc) {
  return {std::move(doc),
          [](const Node& node, Diagnostics&) -> std::optional<Node> { return node; }};
}

TypeDoc choice_doc(const std::vector<std::string>& words) {
  std::vector<std::string> values;
  values.reserve(words.size());
  for (const std::string& word : words) values.push_back(json_string(word));
  const std::string expected =
      words.size() == 1
          ? words.front()
          : fmt::format("{} or {}", fmt::join(words.begin(), words.end() - 1, ", "), words.back());
  return {expected, json_object({{"enum", json_array(values)}}), {}};
}

std::optional<std::size_t> read_choice(const Node& node, const std::vector<std::string>& words,
                                       Diagnostics& diagnostics) {
  if (node.is_scalar()) {
    const auto found = std::find(words.begin(), words.end(), node.scalar);
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  }
  node.where.error(diagnostics,
                   fmt::format("expected {}, got {}", choice_doc(words).expected, node.describe()),
                   node.is_scalar() ? did_you_mean(node.scalar, words) : std::string());
  return std::nullopt;
}

TypeDoc list_doc(const TypeDoc& item, std::size_t least, std::size_t most) {
  std::vector<std::pair<std::string, std::string>> members{{"type", "\"array\""},
                                                           {"items", item.schema}};
  if (least > 0) members.emplace_back("minItems", fmt::format("{}", least));
  if (most != unlimited) members.emplace_back("maxItems", fmt::format("{}", most));
  const std::string count = least == most ? fmt::format(" of {}", least) : "";
  return {fmt::format("a list{}, each {}", count, item.expected), json_object(members),
          item.objects};
}

bool check_list(const Node& node, const TypeDoc& doc, std::size_t least, std::size_t most,
                Diagnostics& diagnostics) {
  if (!node.is_list()) return wrong_type(node, doc.expected, diagnostics), false;
  const std::size_t count = node.items.size();
  if (count >= least && count <= most) return true;
  const std::string limit = least == most   ? fmt::format("{}", least)
                            : count < least ? fmt::format("at least {}", least)
                                            : fmt::format("at most {}", most);
  node.where.error(diagnostics, fmt::format("expected {} in this list, got {}", limit, count));
  return false;
}

TypeDoc one_or_list_doc(const TypeDoc& item) {
  const std::string many = json_object({{"type", "\"array\""}, {"items", item.schema}});
  return {item.expected + ", or a list of them",
          json_object({{"anyOf", json_array({item.schema, many})}}), item.objects};
}

TypeDoc map_doc(const TypeDoc& value, std::string_view key_is) {
  return {fmt::format("a map from {} to {}", key_is, value.expected),
          json_object({{"type", "\"object\""}, {"additionalProperties", value.schema}}),
          value.objects};
}

}  // namespace longhaul::yaml
