// TopoHub's node-link JSON (P. Jurkiewicz, github.com/piotrjurkiewicz/topohub): nodes with "pos"
// (longitude and latitude, or plane coordinates), edges with "dist" in km, and "demands" by node
// number. It has no capacities; demands are in SNDlib's unit, which is taken as Mb/s. What else it
// says (statistics, loads) is kept as attributes, lists and maps among them as JSON. JSON is read
// as the subset of YAML that it is, which gives every value its place.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <map>

#include "sim/base/yaml/doc.hpp"
#include "sim/base/yaml/node.hpp"
#include "sim/topology/import/detail/formats.hpp"

namespace longhaul::import {

namespace {

void add_json(const yaml::Node& n, std::string& out) {
  const auto joined = [&out](char open, char close, const auto& all, auto&& each) {
    out += open;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0) out += ", ";
      each(all[i]);
    }
    out += close;
  };
  switch (n.kind) {
    case yaml::Node::Kind::null:
      out += "null";
      break;
    case yaml::Node::Kind::scalar:
      out += n.quoted ? yaml::json_string(n.scalar) : n.scalar;
      break;
    case yaml::Node::Kind::list:
      joined('[', ']', n.items, [&out](const yaml::Node& item) { add_json(item, out); });
      break;
    case yaml::Node::Kind::map:
      joined('{', '}', n.entries, [&out](const yaml::Entry& entry) {
        out += yaml::json_string(entry.key) + ": ";
        add_json(entry.value, out);
      });
      break;
  }
}

/// The entries of a map, but those with a meaning of their own, as attributes.
void keep_rest(const yaml::Node& map, std::initializer_list<std::string_view> used,
               Attributes& attributes) {
  for (const yaml::Entry& e : map.entries) {
    if (std::find(used.begin(), used.end(), e.key) != used.end()) continue;
    std::string text;
    if (e.value.is_scalar())
      text = e.value.scalar;
    else
      add_json(e.value, text);
    attributes.emplace_back(e.key, std::move(text));
  }
}

class Reader {
 public:
  Reader(const SourceText& text, Imported& out, Diagnostics& diagnostics)
      : text_(text), out_(out), diagnostics_(diagnostics) {}

  void read() {
    const auto root = yaml::parse(text_, diagnostics_);
    if (!root) return;
    const yaml::Node* graph = root->find("graph");
    const yaml::Node* nodes = list(*root, "nodes");
    const yaml::Node* edges = list(*root, root->find("edges") == nullptr ? "links" : "edges");
    if (nodes == nullptr || edges == nullptr) return;
    directed_ = root->find("directed") != nullptr && root->find("directed")->scalar == "true";
    if (graph != nullptr && graph->find("name") != nullptr)
      out_.spec.name = graph->find("name")->scalar;
    if (graph != nullptr) keep_rest(*graph, {"name", "demands"}, out_.spec.attributes);
    for (const yaml::Node& n : nodes->items) node(n);
    place_nodes(out_.spec, places_);
    for (const yaml::Node& e : edges->items) edge(e);
    if (graph != nullptr && graph->find("demands") != nullptr) demands(*graph->find("demands"));
    if (directed_) join_opposite_links(out_.spec);
    if (loops_ > 0) warn_of_loops(text_, loops_, diagnostics_);
    if (!out_.spec.links.empty())
      warn(text_, diagnostics_,
           fmt::format("has no capacities; {} is assumed for every link",
                       to_text(default_capacity)));
  }

 private:
  const yaml::Node* list(const yaml::Node& root, std::string_view key) {
    const yaml::Node* found = root.find(key);
    if (found != nullptr && found->is_list()) return found;
    (found != nullptr ? found->where : root.where)
        .error(diagnostics_, fmt::format("expected \"{}\", a list", key));
    return nullptr;
  }

  std::optional<double> number(const yaml::Node& parent, std::string_view key,
                               std::string_view what) {
    const yaml::Node* found = parent.find(key);
    if (found == nullptr) {
      parent.where.error(diagnostics_, fmt::format("expected \"{}\", {}", key, what));
      return std::nullopt;
    }
    return number(*found, what);
  }
  std::optional<double> number(const yaml::Node& node, std::string_view what) {
    double value = 0;
    const char* const end = node.scalar.data() + node.scalar.size();
    const auto [stop, code] = std::from_chars(node.scalar.data(), end, value);
    if (node.is_scalar() && code == std::errc() && stop == end && std::isfinite(value))
      return value;
    node.where.error(diagnostics_, fmt::format("expected {}, got {}", what, node.describe()));
    return std::nullopt;
  }

  void node(const yaml::Node& n) {
    const yaml::Node* id = n.find("id");
    if (id == nullptr || !id->is_scalar()) {
      n.where.error(diagnostics_, "expected \"id\", a node's number");
      return;
    }
    const yaml::Node* name = n.find("name");
    Node made;
    made.id = ids_.take(name != nullptr && name->is_scalar() && !name->scalar.empty() ? name->scalar
                                                                                      : id->scalar);
    places_.emplace_back();
    if (const yaml::Node* pos = n.find("pos"); pos != nullptr) {
      if (!pos->is_list() || pos->items.size() != 2) {
        pos->where.error(diagnostics_, "expected [longitude, latitude]");
      } else {
        const auto x = number(pos->items[0], "a longitude");
        const auto y = number(pos->items[1], "a latitude");
        if (x && y) places_.back() = {*x, *y};
      }
    }
    keep_rest(n, {"id", "name", "pos"}, made.attributes);
    if (!index_.try_emplace(id->scalar, out_.spec.nodes.size()).second)
      id->where.error(diagnostics_, fmt::format("node {} is given twice", quote(id->scalar)));
    out_.spec.nodes.push_back(std::move(made));
  }

  std::optional<NodeId> end_of(const yaml::Node& e, std::string_view key) {
    const yaml::Node* found = e.find(key);
    if (found == nullptr || !found->is_scalar()) {
      e.where.error(diagnostics_, fmt::format("expected \"{}\", a node's number", key));
      return std::nullopt;
    }
    return find(found->scalar, found->where);
  }

  std::optional<NodeId> find(const std::string& id, const yaml::Place& where) {
    const auto it = index_.find(id);
    if (it != index_.end()) return NodeId(it->second);
    where.error(diagnostics_, fmt::format("there is no node {}", quote(id)));
    return std::nullopt;
  }

  void edge(const yaml::Node& e) {
    const auto a = end_of(e, "source");
    const auto b = end_of(e, "target");
    const auto km = number(e, "dist", "a length in km");
    if (!a || !b || !km) return;
    if (*km < 0 || *km > 1e6) {
      e.find("dist")->where.error(diagnostics_, "expected a length from 0 to 1000000 km");
      return;
    }
    if (*a == *b) {
      ++loops_;
      return;
    }
    Link link;
    link.a = *a;
    link.b = *b;
    link.capacity = {1, default_capacity};
    link.length = Distance::from_metres(*km * 1000.0);
    link.one_way = directed_;
    keep_rest(e, {"source", "target", "dist", "key"}, link.attributes);
    out_.spec.links.push_back(std::move(link));
  }

  void demands(const yaml::Node& all) {
    constexpr double mbps = 1e6;
    for (const yaml::Entry& from : all.entries) {
      const auto a = find(from.key, from.where);
      for (const yaml::Entry& to : from.value.entries) {
        const auto b = find(to.key, to.where);
        const auto value = number(to.value, "a demand");
        if (!a || !b || !value) continue;
        const auto rate = rate_of(*value, mbps);
        if (*value < 0 || (!rate && *value > 1.0))
          to.value.where.error(
              diagnostics_,
              fmt::format("expected a demand from 0 to 9.2 Eb/s, got {}", to.value.describe()));
        if (!rate || *a == *b) continue;
        out_.demands.push_back(
            {out_.spec.nodes[a->index()].id, out_.spec.nodes[b->index()].id, *rate});
      }
    }
  }

  const SourceText& text_;
  Imported& out_;
  Diagnostics& diagnostics_;
  UniqueIds ids_;
  std::map<std::string, std::size_t> index_;
  Places places_;
  std::size_t loops_ = 0;
  bool directed_ = false;
};

}  // namespace

void topohub_json(const SourceText& text, Imported& out, Diagnostics& diagnostics) {
  out.has_network = true;
  Reader(text, out, diagnostics).read();
}

}  // namespace longhaul::import
