#include "sim/base/yaml/doc.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace longhaul::yaml {

namespace {

void collect(const ObjectDoc& object, std::vector<const ObjectDoc*>& out) {
  const bool seen = std::any_of(out.begin(), out.end(), [&](const ObjectDoc* known) {
    return known == &object || known->name == object.name;
  });
  if (seen) return;
  out.push_back(&object);
  for (const FieldDoc& field : object.fields) {
    for (const auto& inner : field.type.objects) collect(*inner, out);
  }
}

/// A `|` would end a cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

std::string section(const ObjectDoc& object) {
  std::string out = fmt::format("## {}\n\n{}\n\n| key | value | default | meaning |\n", object.name,
                                object.description);
  out += "| --- | --- | --- | --- |\n";
  for (const FieldDoc& field : object.fields) {
    const std::string fallback = field.required               ? "required"
                                 : field.default_text.empty() ? ""
                                                              : "`" + field.default_text + "`";
    out += fmt::format("| `{}` | {} | {} | {} |\n", field.key, cell(field.type.expected),
                       cell(fallback), cell(field.description));
  }
  return out;
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string json_object(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string out = "{";
  for (const auto& [key, value] : members) {
    if (out.size() > 1) out += ", ";
    out += json_string(key) + ": " + value;
  }
  return out + "}";
}

std::string json_array(const std::vector<std::string>& values) {
  return fmt::format("[{}]", fmt::join(values, ", "));
}

std::string with_article(std::string_view name) {
  const bool vowel = !name.empty() && std::string_view("aeiou").find(name[0]) != std::string::npos;
  return fmt::format("{} {}", vowel ? "an" : "a", name);
}

std::string object_schema(const ObjectDoc& object) {
  std::vector<std::pair<std::string, std::string>> properties;
  std::vector<std::string> required;
  for (const FieldDoc& field : object.fields) {
    // A field's schema is a JSON object: its description goes in front of the rest.
    std::string schema = fmt::format("{{\"description\": {}", json_string(field.description));
    if (!field.default_text.empty()) {
      schema += fmt::format(", \"default\": {}", json_string(field.default_text));
    }
    if (field.type.schema.size() > 2) schema += ", " + field.type.schema.substr(1);
    if (field.type.schema.size() <= 2) schema += "}";
    properties.emplace_back(field.key, schema);
    if (field.required) required.push_back(json_string(field.key));
  }
  std::vector<std::pair<std::string, std::string>> members{{"type", "\"object\""},
                                                           {"properties", json_object(properties)}};
  if (!required.empty()) members.emplace_back("required", json_array(required));
  if (!object.any_of.empty()) {
    std::vector<std::string> ways;
    for (const std::string& key : object.any_of)
      ways.push_back(json_object({{"required", json_array({json_string(key)})}}));
    members.emplace_back("anyOf", json_array(ways));
  }
  members.emplace_back("additionalProperties", "false");
  return json_object(members);
}

std::string json_schema(const ObjectDoc& root, std::string_view title) {
  const std::string head = json_object({
      {"$schema", json_string("https://json-schema.org/draft/2020-12/schema")},
      {"title", json_string(title)},
      {"description", json_string(root.description)},
  });
  return head.substr(0, head.size() - 1) + ", " + object_schema(root).substr(1);
}

std::string reference_page(const ObjectDoc& root) {
  std::vector<const ObjectDoc*> objects;
  collect(root, objects);
  std::string out;
  for (const ObjectDoc* object : objects) {
    if (!out.empty()) out += '\n';
    out += section(*object);
  }
  return out;
}

}  // namespace longhaul::yaml
