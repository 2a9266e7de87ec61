#include <fmt/format.h>

#include "sim/base/parse.hpp"
#include "sim/base/yaml/node.hpp"

namespace longhaul::yaml {

namespace {

/// The first step of `path` and what follows. In a map the longest existing key wins, so that a
/// node "a.b" can be named; else a step ends at the first point.
std::pair<std::string, std::string_view> first_step(const Node& at, std::string_view path) {
  std::string_view step = path.substr(0, path.find('.'));
  for (const Entry& entry : at.entries) {
    const std::string& key = entry.key;
    const bool matches =
        path.substr(0, key.size()) == key && (path.size() == key.size() || path[key.size()] == '.');
    if (matches && key.size() > step.size()) step = path.substr(0, key.size());
  }
  std::string_view rest = path.substr(step.size());
  if (!rest.empty()) rest.remove_prefix(1);
  return {std::string(step), rest};
}

/// The entry of a list by index, `id` or `name`.
Node* list_entry(Node& list, const std::string& step) {
  const auto index = parse_integer(step);
  if (index) {
    const bool inside = *index >= 0 && static_cast<std::size_t>(*index) < list.items.size();
    return inside ? &list.items[static_cast<std::size_t>(*index)] : nullptr;
  }
  for (Node& item : list.items) {
    for (const char* key : {"id", "name"}) {
      const Node* name = item.find(key);
      if (name != nullptr && name->scalar == step) return &item;
    }
  }
  return nullptr;
}

/// One step down from `at`, adding what a map lacks. nullptr, with an error, where there is no way.
Node* descend(Node& at, const std::string& step, const Place& where, Diagnostics& diagnostics) {
  if (at.is_list()) {
    Node* entry = list_entry(at, step);
    if (entry == nullptr) {
      where.error(diagnostics,
                  fmt::format("a list of {} has no entry {}; expected an index from 0, "
                              "or the id or name of an entry",
                              at.items.size(), quote(step)));
    }
    return entry;
  }
  if (at.is_scalar()) {
    where.error(diagnostics, fmt::format("there is no {} in {}, which is a plain value",
                                         quote(step), at.describe()));
    return nullptr;
  }
  if (Node* value = at.find(step)) return value;
  if (at.kind == Node::Kind::null) {
    at.kind = Node::Kind::map;
    at.where = where;
  }
  Node added;
  added.where = where;
  at.entries.push_back(Entry{step, where, std::move(added)});
  return &at.entries.back().value;
}

}  // namespace

void apply_override(Node& root, std::string_view assignment, Diagnostics& diagnostics) {
  const std::size_t equals = assignment.find('=');
  const std::string path(assignment.substr(0, equals));
  const Place where{std::make_shared<const SourceText>("--set " + path, std::string()), 0, 0};
  if (equals == std::string_view::npos || path.empty()) {
    where.error(diagnostics, fmt::format("expected key.path=value, got {}", quote(assignment)));
    return;
  }
  SourceText text("--set " + path, std::string(assignment.substr(equals + 1)));
  Diagnostics mistakes;
  std::optional<Node> value = parse(std::move(text), mistakes);
  if (!value || mistakes.has_errors()) {
    where.error(diagnostics, fmt::format("expected a value after \"=\", got {}",
                                         quote(assignment.substr(equals + 1))));
    return;
  }
  place_all(*value, where);  // an override has no line: its "file" says all

  Node* at = &root;
  std::string_view rest = path;
  while (!rest.empty()) {
    auto [step, after] = first_step(*at, rest);
    at = descend(*at, step, where, diagnostics);
    if (at == nullptr) return;
    rest = after;
  }
  *at = std::move(*value);
}

}  // namespace longhaul::yaml
