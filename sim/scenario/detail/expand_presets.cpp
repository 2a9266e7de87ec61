#include "sim/scenario/detail/expand_presets.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/parse.hpp"
#include "sim/base/text.hpp"
#include "sim/scenario/presets.hpp"

namespace longhaul::scenario {

namespace {

using yaml::Entry;
using yaml::Node;

Node* add_key(Node& map, const std::string& key, Node value) {
  const yaml::Place where = value.where;
  map.entries.push_back({key, where, std::move(value)});
  return &map.entries.back().value;
}

void erase_key(Node& map, std::string_view key) {
  std::erase_if(map.entries, [&](const Entry& e) { return e.key == key; });
}

/// The preset's text as a tree; it is ours, so a mistake in it is a bug that tests find.
Node tree_of(const Preset& preset, Diagnostics& diagnostics) {
  auto tree =
      yaml::parse(SourceText(fmt::format("preset {}", preset.name), preset.yaml), diagnostics);
  return tree ? std::move(*tree) : Node{};
}

bool has_named(const Node& list, std::string_view name) {
  return std::any_of(list.items.begin(), list.items.end(), [&](const Node& item) {
    const Node* own = item.find("name");
    return own != nullptr && own->scalar == name;
  });
}

/// Classes by name, into `root`.
void add_classes(Node& root, const Node& classes, const std::vector<std::string>& used) {
  for (const Node& cls : classes.items) {
    const std::string& name = cls.find("name")->scalar;
    if (std::find(used.begin(), used.end(), name) == used.end()) continue;
    Node* list = root.find("classes");
    if (list == nullptr) {
      Node empty;
      empty.kind = Node::Kind::list;
      empty.where = cls.where;
      list = add_key(root, "classes", std::move(empty));
    }
    if (list->is_list() && !has_named(*list, name)) list->items.push_back(cls);
  }
}

/// Maps by key: what `root` does not have.
void add_map(Node& root, std::string_view key, const Node& map) {
  Node* own = root.find(key);
  if (own == nullptr) {
    add_key(root, std::string(key), map);
    return;
  }
  if (!own->is_map()) return;  // a mistake that the reader reports
  for (const Entry& e : map.entries)
    if (own->find(e.key) == nullptr) own->entries.push_back(e);
}

/// `component` with the keys of `entry` over it.
Node combine(const Node& entry, Node component, double scale) {
  const Node* share = component.find("share");
  const std::string text = share->scalar;
  const double part = *parse_fraction(text) * scale;
  erase_key(component, "share");
  component.where = entry.where;
  for (const Entry& e : entry.entries) {
    if (e.key == "preset" || e.key == "scale") continue;
    erase_key(component, e.key);
    component.entries.push_back(e);
  }
  Node number;
  number.kind = Node::Kind::scalar;
  number.scalar = fmt::format("{}", part);
  const Node* own = entry.find("scale");
  number.where = own != nullptr ? own->where : entry.where;
  add_key(component, "scale", std::move(number));
  return component;
}

void expand(Node& root, const Node& entry, std::vector<Node>& out, Diagnostics& diagnostics) {
  const Node& name = *entry.find("preset");
  const Preset* preset = find_preset(name.scalar);
  if (preset == nullptr || !name.is_scalar()) {
    std::vector<std::string> known;
    for (const Preset& p : presets()) known.emplace_back(p.name);
    name.where.error(diagnostics,
                     fmt::format("there is no preset {}; expected one of {}", name.describe(),
                                 fmt::join(known, ", ")),
                     did_you_mean(name.scalar, known));
    return;
  }
  double scale = 1;
  if (const Node* own = entry.find("scale")) {
    const auto number = parse_number(own->scalar);
    if (!number || *number <= 0) {
      own->where.error(diagnostics,
                       fmt::format("expected a number above 0, got {}", own->describe()));
      return;
    }
    scale = *number;
  }
  const Node tree = tree_of(*preset, diagnostics);
  std::vector<std::string> classes;
  for (const Node& component : tree.find("traffic")->items) {
    out.push_back(combine(entry, component, scale));
    classes.push_back(out.back().find("class")->scalar);
  }
  for (const Entry& e : tree.entries) {
    if (e.key == "classes") add_classes(root, e.value, classes);
    if (e.key != "classes" && e.key != "traffic") add_map(root, e.key, e.value);
  }
}

}  // namespace

void expand_presets(Node& root, Diagnostics& diagnostics) {
  const Node* traffic = root.find("traffic");
  if (traffic == nullptr || !traffic->is_list()) return;
  std::vector<Node> out;
  for (const Node& entry : std::vector<Node>(traffic->items)) {
    if (entry.is_map() && entry.find("preset") != nullptr)
      expand(root, entry, out, diagnostics);
    else
      out.push_back(entry);
  }
  root.find("traffic")->items = std::move(out);
}

}  // namespace longhaul::scenario
