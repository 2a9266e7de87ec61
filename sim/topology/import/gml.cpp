// GML (Himsolt, "GML: A portable graph file format", 1997) as the Internet Topology Zoo writes it:
// keys and values, a value being a number, a "string" or a [ list ]. Read in one pass without
// recursion. A list that has no meaning here is kept as the text of its words.
#include <fmt/format.h>

#include <charconv>

#include "sim/topology/import/detail/fields.hpp"

namespace longhaul::import {

namespace {

/// A character reference such as "&#246;" or "&amp;" at the start of `text`, decoded into `out`;
/// returns its length, or 0.
std::size_t decode_reference(std::string_view text, std::string& out) {
  constexpr std::size_t longest = 10;
  const std::size_t end = text.substr(0, longest).find(';');
  if (end == std::string_view::npos) return 0;
  const std::string_view name = text.substr(1, end - 1);
  const std::pair<std::string_view, char> named[] = {
      {"quot", '"'}, {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"apos", '\''}};
  for (const auto& [word, c] : named)
    if (name == word) return out += c, end + 1;
  if (name.size() < 2 || name[0] != '#') return 0;
  const bool hex = name[1] == 'x';
  const std::string_view digits = name.substr(hex ? 2 : 1);
  std::uint32_t code = 0;
  const auto [stop, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  if (error != std::errc() || stop != digits.data() + digits.size() || code == 0 ||
      code > 0x10FFFF || surrogate)
    return 0;
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6)), tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12)), tail(6), tail(0);
  } else {
    out += static_cast<char>(0xF0 | (code >> 18)), tail(12), tail(6), tail(0);
  }
  return end + 1;
}

std::string decoded(std::string_view raw) {
  const std::string text = as_utf8(raw);
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t used =
        text[i] == '&' ? decode_reference(std::string_view(text).substr(i), out) : 0;
    if (used == 0) out += text[i];
    i += used == 0 ? 1 : used;
  }
  return out;
}

enum class Kind { open, close, word, string, end };
struct Token {
  Kind kind = Kind::end;
  std::string_view text;  ///< without the quotes of a string
  std::size_t offset = 0;
};

class Reader {
 public:
  Reader(const SourceText& text, Imported& out, Diagnostics& diagnostics)
      : all_(text.content()), graph_(text, out, diagnostics), checks_(graph_.checks()) {
    if (all_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
    advance();
  }

  void read() {
    Fields head;
    bool found = false;
    while (token_.kind != Kind::end) {
      Field field;
      if (!key(field)) continue;
      if (token_.kind == Kind::open && field.key == "graph" && !found) {
        found = true;
        graph(head);
      } else {
        value(field, head);
      }
    }
    if (!found) checks_.error(0, "has no graph [ ... ]");
    graph_.graph(head);
    for (auto& e : edges_) graph_.edge(e.source, e.target, directed_, std::move(e.fields));
    graph_.finish();
  }

 private:
  struct Edge {
    Field source;
    Field target;
    Fields fields;
  };

  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

  void advance() {
    while (at_ < all_.size() && (is_blank(all_[at_]) || all_[at_] == '#')) {
      if (all_[at_] == '#')
        at_ = std::min(all_.find('\n', at_), all_.size());
      else
        ++at_;
    }
    const std::size_t start = at_;
    token_ = {Kind::end, {}, start};
    if (at_ >= all_.size()) return;
    const char c = all_[at_++];
    if (c == '[' || c == ']') {
      token_ = {c == '[' ? Kind::open : Kind::close, all_.substr(start, 1), start};
    } else if (c == '"') {
      const std::size_t end = all_.find('"', at_);
      if (end == std::string_view::npos) {
        checks_.error(start, "this string has no closing quote");
        at_ = all_.size();
        broken_ = true;
        return;
      }
      token_ = {Kind::string, all_.substr(at_, end - at_), start};
      at_ = end + 1;
    } else {
      while (at_ < all_.size() && !is_blank(all_[at_]) && all_[at_] != '[' && all_[at_] != ']' &&
             all_[at_] != '"')
        ++at_;
      token_ = {Kind::word, all_.substr(start, at_ - start), start};
    }
  }

  /// Takes a key, which is followed by its value; false, after an error, if there is none.
  bool key(Field& field) {
    if (token_.kind != Kind::word) {
      checks_.error(token_.offset, token_.kind == Kind::close
                                       ? std::string("a ] without its [")
                                       : fmt::format("expected a key, got {}", quote(token_.text)));
      if (token_.kind == Kind::open)
        skip();
      else
        advance();
      return false;
    }
    const Token name = token_;
    field.key = as_utf8(name.text);
    advance();
    field.offset = token_.offset;
    if (token_.kind != Kind::close && token_.kind != Kind::end) return true;
    if (!broken_) checks_.error(name.offset, fmt::format("key {} has no value", quote(field.key)));
    return false;
  }

  void value(Field& field, Fields& fields) {
    field.offset = token_.offset;
    if (token_.kind == Kind::open) {
      field.text = as_utf8(skip());
    } else {
      field.text = decoded(token_.text);
      advance();
    }
    fields.push_back(std::move(field));
  }

  /// Passes over a list; returns its words with single blanks.
  std::string skip() {
    const std::size_t start = token_.offset;
    std::string words;
    std::size_t depth = 0;
    do {
      if (token_.kind == Kind::open) ++depth;
      if (token_.kind == Kind::close) --depth;
      if (!words.empty()) words += ' ';
      const bool string = token_.kind == Kind::string;
      words += string ? fmt::format("\"{}\"", token_.text) : std::string(token_.text);
      advance();
    } while (depth > 0 && token_.kind != Kind::end);
    if (depth > 0) unclosed(start);
    return words;
  }

  void unclosed(std::size_t start) {
    if (!broken_) checks_.error(start, "this [ has no ]");
    broken_ = true;
  }

  /// The list that starts here, by a function that takes each key.
  template <class F>
  void list(F&& each) {
    const std::size_t start = token_.offset;
    advance();
    while (token_.kind != Kind::close && token_.kind != Kind::end) {
      Field field;
      if (key(field)) each(field);
    }
    if (token_.kind == Kind::end)
      unclosed(start);
    else
      advance();
  }

  void graph(Fields& head) {
    list([&](Field& field) {
      const bool opens = token_.kind == Kind::open;
      if (opens && field.key == "node") {
        node();
      } else if (opens && field.key == "edge") {
        edge();
      } else if (!opens && field.key == "directed") {
        directed_ = token_.text == "1";
        advance();
      } else {
        value(field, head);
      }
    });
  }

  void node() {
    const std::size_t start = token_.offset;
    std::optional<Field> id;
    Fields fields;
    list([&](Field& field) {
      value(field, fields);
      if (fields.back().key != "id" || id) return;
      id = std::move(fields.back());
      fields.pop_back();
    });
    if (id)
      graph_.node(*id, fields);
    else if (!broken_)
      checks_.error(start, "the node has no id");
  }

  void edge() {
    const std::size_t start = token_.offset;
    std::optional<Field> source;
    std::optional<Field> target;
    Fields fields;
    list([&](Field& field) {
      value(field, fields);
      const std::string& key = fields.back().key;
      std::optional<Field>* const end = key == "source"   ? &source
                                        : key == "target" ? &target
                                                          : nullptr;
      if (end == nullptr || *end) return;
      *end = std::move(fields.back());
      fields.pop_back();
    });
    if (source && target)
      edges_.push_back({*source, *target, std::move(fields)});
    else if (!broken_)
      checks_.error(start, fmt::format("the edge has no {}", source ? "target" : "source"));
  }

  std::string_view all_;
  ZooGraph graph_;
  Checks& checks_;
  std::size_t at_ = 0;
  Token token_;
  std::vector<Edge> edges_;
  bool directed_ = false;
  bool broken_ = false;  ///< cut off within a string or list, which has been said
};

}  // namespace

void gml(const SourceText& text, Imported& out, Diagnostics& diagnostics) {
  out.has_network = true;
  Reader(text, out, diagnostics).read();
}

}  // namespace longhaul::import
