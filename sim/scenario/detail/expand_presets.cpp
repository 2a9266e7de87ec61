#include "sim/scenario/detail/expand_presets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "sim/scenario/detail/preset_texts.hpp"

namespace longhaul::scenario {

namespace {

using yaml::Entry;
using yaml::Node;
using yaml::Place;

Node scalar(std::string text, const Place& where) {
  Node out;
  out.kind = Node::Kind::scalar;
  out.scalar = std::move(text);
  out.where = where;
  return out;
}

void add_key(Node& map, std::string key, Node value) {
  const Place where = value.where;
  map.entries.push_back({std::move(key), where, std::move(value)});
}

void erase_key(Node& map, std::string_view key) {
  std::erase_if(map.entries, [&](const Entry& e) { return e.key == key; });
}

bool has_named(const Node& list, const std::string& name) {
  return std::any_of(list.items.begin(), list.items.end(), [&](const Node& item) {
    const Node* own = item.find("name");
    return own != nullptr && own->scalar == name;
  });
}

/// `classes` that `root` has none of the name of: all, or but the one that the entry says, if there
/// is such a one.
void add_classes(Node& root, Node classes, const Node* only) {
  Node* list = root.find("classes");
  if (list != nullptr && !list->is_list()) return;  // a mistake that the reader reports
  if (only != nullptr) {
    if (list != nullptr && has_named(*list, only->scalar)) return;
    if (has_named(classes, only->scalar))
      std::erase_if(classes.items,
                    [&](const Node& cls) { return cls.find("name")->scalar != only->scalar; });
  }
  if (list == nullptr) {
    add_key(root, "classes", std::move(classes));
    return;
  }
  for (const Node& cls : classes.items)
    if (!has_named(*list, cls.find("name")->scalar)) list->items.push_back(cls);
}

/// What `root` does not have of a map from names: `sizes`, `flow_sizes`.
void add_tables(Node& root, const std::string& key, const Node& tables) {
  Node* own = root.find(key);
  if (own == nullptr) {
    add_key(root, key, tables);
    return;
  }
  if (!own->is_map()) return;  // a mistake that the reader reports
  for (const Entry& e : tables.entries)
    if (own->find(e.key) == nullptr) own->entries.push_back(e);
}

/// What TCP has instead, and what does not go with it.
constexpr std::array open_loop_keys{"arrivals", "size", "shape", "police"};

/// `component` of a preset with the keys of `entry` over it.
Node combine(const Node& entry, Node component) {
  const Node* matrix = entry.find("matrix");
  if (matrix == nullptr || matrix->scalar != "hub") erase_key(component, "direction");
  if (entry.find("service") != nullptr) erase_key(component, "class");  // a service has one class
  for (const char* key : open_loop_keys) {
    if (entry.find("transport") != nullptr) erase_key(component, key);
    if (entry.find(key) != nullptr) erase_key(component, "transport");
  }
  for (const Entry& e : entry.entries) {
    if (e.key == "preset") continue;
    erase_key(component, e.key);
    component.entries.push_back(e);
  }
  return component;
}

/// What the reader finds as `preset:` of an expanded entry: a map, which nobody else may write.
Node part(const Node& name, const std::string& share, std::size_t group) {
  Node out;
  out.kind = Node::Kind::map;
  out.where = name.where;
  add_key(out, "name", scalar(name.scalar, name.where));
  add_key(out, "share", scalar(share, name.where));
  add_key(out, "group", scalar(fmt::format("{}", group), name.where));
  return out;
}

/// Appends what `entry` stands for, and adds what that needs to `root`.
void expand(Node& root, const Node& entry, const PresetText& text, std::size_t group,
            std::vector<Node>& out) {
  Node tree = preset_tree(text);
  // Users know their own files only: mistakes in what a preset adds are shown at the entry.
  yaml::place_all(tree, entry.where);
  for (Node& component : tree.find("traffic")->items) {
    const std::string share = component.find("share")->scalar;
    erase_key(component, "share");
    out.push_back(combine(entry, std::move(component)));
    add_key(out.back(), "preset", part(*entry.find("preset"), share, group));
  }
  const Node* cls = entry.find("class");
  const Node* list = tree.find("classes");
  if (list != nullptr && (cls != nullptr || entry.find("service") == nullptr))
    add_classes(root, *list, cls);
  for (const char* key : {"sizes", "flow_sizes"})
    if (const Node* tables = tree.find(key)) add_tables(root, key, *tables);
}

const PresetText* preset_of(Node& entry) {
  Node* name = entry.find("preset");
  if (name == nullptr) return nullptr;
  name->entries.clear();  // nobody writes a `part` by hand
  return name->is_scalar() ? find_preset_text(name->scalar) : nullptr;
}

}  // namespace

void PresetPlaces::add(const Node& entry, const std::string& preset) {
  const SourceLocation at = entry.where.location();
  presets_.emplace(Key{at.file, at.line, at.column}, preset);
  for (const Node& item : entry.items) add(item, preset);
  for (const Entry& e : entry.entries) {
    const SourceLocation key = e.where.location();
    presets_.emplace(Key{key.file, key.line, key.column}, preset);
    add(e.value, preset);
  }
}

Diagnostics PresetPlaces::named(const Diagnostics& found) const {
  Diagnostics out;
  std::set<std::tuple<Key, std::string>> said;
  for (Diagnostic d : found.all()) {
    const Key at{d.where.file, d.where.line, d.where.column};
    const auto preset = presets_.find(at);
    if (preset != presets_.end()) {
      if (!said.emplace(at, d.message).second) continue;
      d.message += fmt::format(" (in preset {})", preset->second);
    }
    out.add({d});
  }
  return out;
}

namespace {

/// Expands the traffic entries of a scenario one list after the other.
class Expansion {
 public:
  explicit Expansion(Node& root) : root_(root) {}

  std::vector<Node> expanded(std::vector<Node> entries) {
    std::vector<Node> out;
    for (Node& entry : entries) {
      const PresetText* text = preset_of(entry);
      if (text == nullptr) {
        out.push_back(entry);
        continue;
      }
      places_.add(entry, text->name);
      expand(root_, entry, *text, ++group_, out);
    }
    return out;
  }

  /// `add:` of an event, one entry or a list.
  void expand_added(Node& event) {
    Node* added = event.find("add");
    if (added == nullptr) return;
    if (added->is_map() && added->find("preset") != nullptr) {
      Node list;
      list.kind = Node::Kind::list;
      list.where = added->where;
      list.items.push_back(std::move(*added));
      *added = std::move(list);
    }
    if (added->is_list()) added->items = expanded(std::move(added->items));
  }

  PresetPlaces places() && { return std::move(places_); }

 private:
  Node& root_;
  PresetPlaces places_;
  std::size_t group_ = 0;
};

}  // namespace

PresetPlaces expand_presets(Node& root) {
  Expansion expansion(root);
  // `root` grows, so that its lists may move: they are looked up again.
  if (Node* traffic = root.find("traffic"); traffic != nullptr && traffic->is_list()) {
    std::vector<Node> entries = expansion.expanded(std::move(traffic->items));
    root.find("traffic")->items = std::move(entries);
  }
  if (Node* list = root.find("events"); list != nullptr && list->is_list()) {
    std::vector<Node> events = std::move(list->items);
    for (Node& event : events)
      if (event.is_map()) expansion.expand_added(event);
    root.find("events")->items = std::move(events);
  }
  return std::move(expansion).places();
}

}  // namespace longhaul::scenario
