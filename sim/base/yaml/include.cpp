#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <unordered_map>

#include "sim/base/yaml/node.hpp"

namespace longhaul::yaml {

namespace {

namespace fs = std::filesystem;

/// One name per file, however it is written.
std::string canonical(const std::string& path) {
  std::error_code failed;
  const fs::path full = fs::weakly_canonical(path, failed);
  return failed ? path : full.string();
}

/// `over` into `base`: maps by key, lists joined, scalars replaced.
void merge(Node& base, Node over) {
  if (base.is_list() && over.is_list()) {
    std::move(over.items.begin(), over.items.end(), std::back_inserter(base.items));
    return;
  }
  if (!base.is_map() || !over.is_map()) {
    base = std::move(over);
    return;
  }
  base.where = over.where;
  for (Entry& entry : over.entries) {
    if (Node* existing = base.find(entry.key)) {
      merge(*existing, std::move(entry.value));
    } else {
      base.entries.push_back(std::move(entry));
    }
  }
}

class Includer {
 public:
  Includer(const IncludeRules& rules, Diagnostics& diagnostics)
      : rules_(rules), diagnostics_(diagnostics) {}

  std::optional<Node> load(SourceText text) {
    trail_.push_back(text.name());
    seen_.push_back(canonical(text.name()));
    std::optional<Node> root = parse(std::move(text), diagnostics_);
    if (root && root->find("include") != nullptr) root = merged(std::move(*root));
    trail_.pop_back();
    return root;
  }

  Node complete(Node root) {
    if (root.find("include") == nullptr) return root;
    if (root.where.text) trail_.push_back(root.where.text->name());
    return merged(std::move(root));
  }

 private:
  Node merged(Node root) {
    const auto entry = std::find_if(root.entries.begin(), root.entries.end(),
                                    [](const Entry& e) { return e.key == "include"; });
    const Node include = std::move(entry->value);
    root.entries.erase(entry);

    Node base;
    base.kind = Node::Kind::map;
    base.where = root.where;
    for (const Node& path : include.is_list() ? include.items : std::vector<Node>{include}) {
      if (!path.is_scalar()) {
        path.where.error(diagnostics_,
                         fmt::format("expected the path of a file, got {}", path.describe()));
        continue;
      }
      add_file(path, base);
    }
    if (rules_.settle) rules_.settle(root);
    refuse_repeats(base, root);
    merge(base, std::move(root));
    return base;
  }

  void add_file(const Node& path, Node& base) {
    const std::string file = resolve_path(path);
    const std::string name = canonical(file);
    for (const std::string& open : trail_) {
      if (canonical(open) != name) continue;
      path.where.error(diagnostics_, fmt::format("this include makes a cycle: {} -> {}",
                                                 fmt::join(trail_, " -> "), file));
      return;
    }
    if (std::find(seen_.begin(), seen_.end(), name) != seen_.end()) return;
    try {
      std::optional<Node> included = load(SourceText::read(file));
      if (!included) return;
      if (!included->is_map()) {
        included->where.error(diagnostics_,
                              fmt::format("expected a map of keys, got {}", included->describe()));
        return;
      }
      if (rules_.settle) rules_.settle(*included);
      refuse_repeats(base, *included);
      merge(base, std::move(*included));
    } catch (const InputError& e) {
      path.where.error(diagnostics_, fmt::format("cannot include {}: {}", quote(file),
                                                 e.diagnostics().front().message));
    }
  }

  void refuse_repeats(const Node& base, Node& over) {
    for (const std::string& key : rules_.unique_maps) {
      const Node* earlier = base.find(key);
      Node* later = over.find(key);
      if (earlier == nullptr || later == nullptr) continue;
      std::unordered_map<std::string, const Entry*> known;
      for (const Entry& entry : earlier->entries) known.emplace(entry.key, &entry);
      // The first stands, so that the repetition causes no further mistakes.
      std::erase_if(later->entries, [&](const Entry& entry) {
        const auto first = known.find(entry.key);
        if (first == known.end()) return false;
        const SourceLocation where = first->second->where.location();
        entry.where.error(diagnostics_, fmt::format("{} is given twice; it already stands in {}:{}",
                                                    quote(entry.key), where.file, where.line));
        return true;
      });
    }
  }

  const IncludeRules& rules_;
  Diagnostics& diagnostics_;
  std::vector<std::string> trail_;  ///< the files being read, outermost first
  std::vector<std::string> seen_;   ///< every file begun
};

}  // namespace

std::optional<Node> load(SourceText text, const IncludeRules& rules, Diagnostics& diagnostics) {
  return Includer(rules, diagnostics).load(std::move(text));
}

Node with_includes(Node root, const IncludeRules& rules, Diagnostics& diagnostics) {
  return Includer(rules, diagnostics).complete(std::move(root));
}

std::string resolve_path(const Node& node) {
  const fs::path written(node.scalar);
  if (written.is_absolute() || !node.where.text || node.where.line == 0) return node.scalar;
  return (fs::path(node.where.text->name()).parent_path() / written).lexically_normal().string();
}

}  // namespace longhaul::yaml
