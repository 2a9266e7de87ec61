// GraphML (Brandes et al., graphml.graphdrawing.org): that of the Internet Topology Zoo and of
// graph tools, whose keys zoo.cpp knows; and longhaul's own (sim/topology/export/graphml.cpp),
// which is taken literally.
#include "sim/topology/import/detail/graphml.hpp"

#include <fmt/format.h>

#include <map>

#include "sim/topology/import/detail/own_graphml.hpp"
#include "sim/topology/import/detail/xml.hpp"

namespace longhaul::import {

namespace {

/// Values that a file may give by <default>, in all; beyond that it is no honest file.
constexpr std::size_t most_defaults = 5'000'000;

struct Key {
  std::string name;
  std::string element;  ///< "node", "edge", "graph" or "all"
  std::optional<Field> standard;
};

class Reader {
 public:
  Reader(const SourceText& text, Imported& out, Diagnostics& diagnostics)
      : out_(out),
        zoo_(text, out, diagnostics),
        checks_(zoo_.checks()),
        xml_(text, "graphml", diagnostics) {}

  void read() {
    if (!xml_.root()) return;
    pugi::xml_node graph;
    for (const pugi::xml_node& c : xml_.root().children()) {
      if (local_name(c) == "key") key(c);
      if (local_name(c) != "graph") continue;
      if (!graph)
        graph = c;
      else
        checks_.error(XmlFile::offset(c), "a second <graph>; one network is expected");
    }
    if (!graph) {
      checks_.error(XmlFile::offset(xml_.root()), "has no <graph>");
      return;
    }
    const Fields head = data(graph, "graph");
    for (const Field& f : head)
      if (f.key == graphml_marker) own_.emplace(checks_, out_);
    const auto direction = xml_.attribute(graph, "edgedefault");
    directed_ = direction && direction->text == "directed";
    if (own_)
      own_->graph(head);
    else
      zoo_.graph(trimmed(head));
    for (const pugi::xml_node& c : graph.children()) element(c);
    if (own_)
      own_->finish();
    else
      zoo_.finish();
  }

 private:
  static Fields trimmed(Fields fields) {
    for (Field& f : fields) {
      const std::size_t first = f.text.find_first_not_of(" \t\r\n");
      f.text = first == std::string::npos
                   ? std::string()
                   : f.text.substr(first, f.text.find_last_not_of(" \t\r\n") - first + 1);
      f.offset += first == std::string::npos ? 0 : first;
    }
    return fields;
  }

  std::optional<Field> required(const pugi::xml_node& element, const char* name) {
    auto found = xml_.attribute(element, name);
    if (found && !found->text.empty()) return found;
    checks_.error(found ? found->offset : XmlFile::offset(element),
                  fmt::format("this <{}> has no {}", as_utf8(local_name(element)), name));
    return std::nullopt;
  }

  void key(const pugi::xml_node& element) {
    const auto id = required(element, "id");
    if (!id) return;
    const auto name = xml_.attribute(element, "attr.name");
    const auto of = xml_.attribute(element, "for");
    Key made{name && !name->text.empty() ? name->text : id->text, of ? of->text : "all", {}};
    made.standard = XmlFile::child(element, "default");
    if (made.standard) made.standard->key = made.name;
    if (!keys_.try_emplace(id->text, std::move(made)).second)
      checks_.error(id->offset, fmt::format("key {} is given twice", quote(id->text)));
  }

  /// The <data> of an element by the names of their keys, and what keys give by default.
  Fields data(const pugi::xml_node& parent, std::string_view element) {
    Fields out;
    std::map<std::string, bool> given;
    for (const pugi::xml_node& c : parent.children()) {
      if (local_name(c) != "data") continue;
      const auto id = required(c, "key");
      if (!id) continue;
      const auto known = keys_.find(id->text);
      if (known == keys_.end()) {
        checks_.error(id->offset, fmt::format("there is no key {}", quote(id->text)));
        continue;
      }
      out.push_back(XmlFile::content(c, true));
      out.back().key = known->second.name;
      given[id->text] = true;
    }
    if (own_ || !any_default()) return out;
    for (const auto& [id, key] : keys_) {
      if (!key.standard || (key.element != element && key.element != "all") || given.count(id) > 0)
        continue;
      if (defaults_used_++ < most_defaults) out.push_back(*key.standard);
    }
    if (defaults_used_ > most_defaults && !defaults_said_) {
      defaults_said_ = true;
      checks_.error(XmlFile::offset(parent), "too many values are given by <default>");
    }
    return out;
  }
  bool any_default() {
    if (!any_default_) {
      any_default_ = false;
      for (const auto& [id, key] : keys_) any_default_ = *any_default_ || key.standard.has_value();
    }
    return *any_default_ && !defaults_said_;
  }

  void element(const pugi::xml_node& c) {
    const std::string_view name = local_name(c);
    if (name == "node") {
      if (const pugi::xml_node inner = XmlFile::find(c, "graph"))
        checks_.error(XmlFile::offset(inner), "a graph within a node; a flat one is expected");
      const auto id = required(c, "id");
      const Fields fields = data(c, "node");
      if (!id) return;
      if (own_)
        own_->node(*id, fields);
      else
        zoo_.node(*id, trimmed(fields));
    } else if (name == "edge") {
      edge(c);
    } else if (name == "hyperedge") {
      checks_.error(XmlFile::offset(c), "a <hyperedge>; links with two ends are expected");
    }
  }

  void edge(const pugi::xml_node& c) {
    const auto source = required(c, "source");
    const auto target = required(c, "target");
    const auto directed = xml_.attribute(c, "directed");
    const bool one_way = directed ? directed->text == "true" : directed_;
    Fields fields = data(c, "edge");
    if (!source || !target) return;
    if (own_)
      own_->edge(XmlFile::offset(c), *source, *target, one_way, std::move(fields));
    else
      zoo_.edge(*source, *target, one_way, trimmed(std::move(fields)));
  }

  Imported& out_;
  ZooGraph zoo_;
  Checks& checks_;
  XmlFile xml_;
  std::optional<OwnGraphml> own_;
  std::map<std::string, Key> keys_;
  std::optional<bool> any_default_;
  std::size_t defaults_used_ = 0;
  bool defaults_said_ = false;
  bool directed_ = false;
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string graphml_escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    std::size_t length = byte < 0x80 ? 1 : utf8_length(text, i);
    const std::string_view character = text.substr(i, length);
    const bool forbidden =
        byte < 0x20 || length == 0 || character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF";
    if (length == 0) length = 1;
    if (c == '\\') {
      out += "\\\\";
    } else if (forbidden) {
      for (const char b : text.substr(i, length))
        out += fmt::format("\\x{:02X}", static_cast<unsigned>(static_cast<unsigned char>(b)));
    } else {
      out += text.substr(i, length);
    }
    i += length;
  }
  return out;
}

std::string graphml_unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const bool escape = text[i] == '\\' && i + 1 < text.size();
    if (escape && text[i + 1] == '\\') {
      out += '\\', i += 2;
      continue;
    }
    if (escape && text[i + 1] == 'x' && i + 3 < text.size()) {
      const int value = hex_digit(text[i + 2]) * 16 + hex_digit(text[i + 3]);
      if (hex_digit(text[i + 2]) >= 0 && hex_digit(text[i + 3]) >= 0 && value > 0) {
        out += static_cast<char>(value), i += 4;
        continue;
      }
    }
    out += text[i++];
  }
  return out;
}

void graphml(const SourceText& text, Imported& out, Diagnostics& diagnostics) {
  out.has_network = true;
  Reader(text, out, diagnostics).read();
}

}  // namespace longhaul::import
