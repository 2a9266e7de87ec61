// What an included topology's `defaults` mean: they hold for its own nodes and links only.
#include <algorithm>
#include <array>

#include "sim/topology/fields.hpp"

namespace longhaul::topology_text {

namespace {

using yaml::Entry;
using yaml::Node;

/// Gives `thing` (the map of a node or link) the entry `from`, unless it says that itself.
void give(Node& thing, const Entry& from) {
  if (thing.kind == Node::Kind::null) thing.kind = Node::Kind::map;  // "NYC:" alone
  if (thing.is_map() && thing.find(from.key) == nullptr) thing.entries.push_back(from);
}

/// The only provider of a file, as an entry of its defaults.
const Node* only_provider(const Node& root) {
  const Node* providers = root.find("providers");
  if (providers == nullptr || providers->items.size() != 1) return nullptr;
  return providers->items.front().find("id");
}

/// Whether a link says so, or says nothing and the defaults do.
bool is_microwave(const Node& link, const Node& root) {
  const Node* medium = link.find("medium");
  if (medium == nullptr) medium = root.find("defaults")->find("medium");
  return medium != nullptr && medium->scalar == to_string(Medium::microwave);
}

}  // namespace

void settle_defaults(Node& root) {
  constexpr std::array of_nodes{"provider", "role", "region", "country", "latency"};
  constexpr std::array of_links{"capacity", "medium", "framing", "modulation"};
  const auto of = [](const auto& keys, const Entry& entry) {
    return std::find(keys.begin(), keys.end(), entry.key) != keys.end();
  };
  std::vector<Entry> defaults;
  if (const Node* written = root.find("defaults")) defaults = written->entries;
  const auto said = [&](const Entry& entry) { return entry.key == "provider"; };
  if (const Node* only = only_provider(root);
      only != nullptr && std::none_of(defaults.begin(), defaults.end(), said)) {
    defaults.push_back({"provider", only->where, *only});
  }

  Node* nodes = root.find("nodes");
  Node* links = root.find("links");
  for (const Entry& entry : defaults) {
    if (nodes != nullptr && of(of_nodes, entry)) {
      for (Entry& node : nodes->entries) give(node.value, entry);
    }
    if (links != nullptr && of(of_links, entry)) {
      for (Node& link : links->items) {
        // Wavelengths are a capacity of another kind; both would be a contradiction.
        if (entry.key == "capacity" && link.find("wavelengths") != nullptr) continue;
        if (entry.key == "modulation" && !is_microwave(link, root)) continue;
        give(link, entry);
      }
    }
  }
  // A file of defaults alone, or of a `generate` that needs them, is included for their sake.
  Node* written = root.find("defaults");
  if (written == nullptr || (nodes == nullptr && links == nullptr)) return;
  if (root.find("generate") != nullptr) return;
  // What no node or link takes stays, to be reported.
  std::erase_if(written->entries,
                [&](const Entry& e) { return of(of_nodes, e) || of(of_links, e); });
}

}  // namespace longhaul::topology_text
