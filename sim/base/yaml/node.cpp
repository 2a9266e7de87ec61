#include "sim/base/yaml/node.hpp"

namespace longhaul::yaml {

SourceLocation Place::location() const {
  return {text ? text->name() : std::string(), line, line > 0 ? column : 0};
}

std::string Place::source_line() const {
  return text && line > 0 ? text->line(line) : std::string();
}

void Place::error(Diagnostics& diagnostics, std::string message, std::string hint) const {
  diagnostics.error(location(), std::move(message), std::move(hint), source_line());
}

void Place::warning(Diagnostics& diagnostics, std::string message, std::string hint) const {
  diagnostics.warning(location(), std::move(message), std::move(hint), source_line());
}

const Node* Node::find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

Node* Node::find(std::string_view key) {
  for (Entry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

std::string Node::describe() const {
  switch (kind) {
    case Kind::null:
      return "nothing";
    case Kind::scalar:
      return quote(scalar);
    case Kind::list:
      return "a list";
    case Kind::map:
      return "a map";
  }
  return {};
}

void place_all(Node& node, const Place& where) {
  node.where = where;
  for (Node& item : node.items) place_all(item, where);
  for (Entry& entry : node.entries) {
    entry.where = where;
    place_all(entry.value, where);
  }
}

}  // namespace longhaul::yaml
