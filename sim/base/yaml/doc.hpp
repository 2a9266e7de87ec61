// What a field table tells people and editors: a JSON Schema and a reference page, from the same
// rows as the reader.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace longhaul::yaml {

struct ObjectDoc;

/// What a type accepts.
struct TypeDoc {
  std::string expected;  ///< for messages: "a rate such as 10G or 1.6 Tb/s"
  std::string schema;    ///< a JSON Schema, as JSON text
  std::vector<std::shared_ptr<const ObjectDoc>> objects;  ///< the tables it is made of
};

struct FieldDoc {
  std::string key;
  bool required;
  TypeDoc type;
  std::string description;
  std::string default_text;  ///< as written in YAML; may be empty
};

/// A table of fields.
struct ObjectDoc {
  std::string name;  ///< "link"
  std::string description;
  std::vector<FieldDoc> fields;
  std::vector<std::string> any_of = {};  ///< keys of which at least one must be there; empty: none
};

/// `text` as a JSON string, quotes included.
std::string json_string(std::string_view text);
/// A JSON object from keys and values that are JSON already.
std::string json_object(const std::vector<std::pair<std::string, std::string>>& members);
std::string json_array(const std::vector<std::string>& values);

/// "a link", "an event".
std::string with_article(std::string_view name);

/// The schema of one object, to be used inside another.
std::string object_schema(const ObjectDoc& object);
/// A whole JSON Schema document (draft 2020-12), compact.
std::string json_schema(const ObjectDoc& root, std::string_view title);
/// Markdown: a section with a table for `root`, then for every object within it, each once.
std::string reference_page(const ObjectDoc& root);

}  // namespace longhaul::yaml
