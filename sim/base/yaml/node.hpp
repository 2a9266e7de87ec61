// A YAML text as a tree of plain values, each with its place. Parsing is yaml-cpp's; nothing of it
// shows here.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/error.hpp"
#include "sim/base/text.hpp"

namespace longhaul::yaml {

/// Where a value or a key stands. Keeps its text alive. Line 0 means the text as a whole (a
/// `--set`).
struct Place {
  std::shared_ptr<const SourceText> text;
  int line = 0;
  int column = 0;

  SourceLocation location() const;
  std::string source_line() const;
  /// Adds a mistake found here, with the offending line.
  void error(Diagnostics& diagnostics, std::string message, std::string hint = {}) const;
  void warning(Diagnostics& diagnostics, std::string message, std::string hint = {}) const;
};

struct Entry;

/// A value. Scalars are kept as written; `quoted` ones never count as numbers or words like true.
struct Node {
  enum class Kind { null, scalar, list, map };
  Kind kind = Kind::null;
  bool quoted = false;
  std::string scalar;
  std::vector<Node> items;     ///< of a list
  std::vector<Entry> entries;  ///< of a map, in the order written; keys are unique
  Place where;

  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }
  /// The value of `key`, or nullptr where this is no map or has no such key.
  const Node* find(std::string_view key) const;
  Node* find(std::string_view key);
  /// For messages: `"10G"` (cut when long), "a list", "a map" or "nothing".
  std::string describe() const;
};

/// One `key: value` of a map.
struct Entry {
  std::string key;
  Place where;
  Node value;
};

/// The one document of `text`. Nothing if it is not YAML or is empty; every mistake goes into
/// `diagnostics`: syntax, a key given twice, a second document, nesting deeper than 64, aliases
/// that expand to more than a million values.
std::optional<Node> parse(const std::shared_ptr<const SourceText>& text, Diagnostics& diagnostics);
std::optional<Node> parse(SourceText text, Diagnostics& diagnostics);

/// Applies "key.path=value" (of `--set`) to a tree before it is read. A path names map keys and
/// list indexes from 0
/// ("traffic.0.total"); an entry of a list may also be named by its `id` or `name`. Keys that do
/// not exist are added, so that the reader reports them like any other unknown key. The value is
/// YAML. Mistakes in it are placed at
/// "--set key.path".
void apply_override(Node& root, std::string_view assignment, Diagnostics& diagnostics);

/// Makes `where` the place of `node` and of all within it: for what stands in no file of the
/// user's.
void place_all(Node& node, const Place& where);

/// How included files are merged.
struct IncludeRules {
  /// What an include may not repeat: top-level maps whose keys name things ("nodes").
  std::vector<std::string> unique_maps;
  /// Called with each file that includes or is included before it is merged with others: to settle
  /// what holds for that file only. May be called twice for one file, and may be empty.
  std::function<void(Node& root)> settle;
};

/// Parses `text` and merges in, first, the files of its top-level `include:` (a path or a list of
/// paths, relative to the file that names them), recursively and each file once. Maps are merged by
/// key, lists joined, and a scalar of the including file wins. The `include` key is gone from the
/// result. A cycle is an error.
std::optional<Node> load(SourceText text, const IncludeRules& rules, Diagnostics& diagnostics);

/// The same for a map within a text, e.g. the inline `topology:` of a scenario.
Node with_includes(Node root, const IncludeRules& rules, Diagnostics& diagnostics);

/// `node`'s scalar as a path, relative to the folder of the file it is written in.
std::string resolve_path(const Node& node);

}  // namespace longhaul::yaml
