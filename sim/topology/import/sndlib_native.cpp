// SNDlib's native format (Orlowski, Wessaely, Pioro and Tomaszewski, "SNDlib 1.0", Networks 55(3),
// 2010):
//   META ( key = value ... )
//   NODES ( id ( x y ) ... )
//   LINKS ( id ( source target ) pre_cap pre_cost routing_cost setup_cost ( module_cap module_cost
//   ... ) ... )
//   DEMANDS ( id ( source target ) routing_unit demand_value max_path_length ... )
// Other sections are passed over. A link's capacity is what is installed before, else its largest
// module; costs and modules are kept as attributes. The unit is the one META names, else Mb/s.
#include <fmt/format.h>

#include <algorithm>

#include "sim/topology/import/detail/fields.hpp"
#include "sim/topology/import/detail/sndlib.hpp"

namespace longhaul::import {

namespace {

struct Token {
  std::string_view text;  ///< "(", ")" or a word; empty at the end
  std::size_t offset;
};

class Reader {
 public:
  Reader(const SourceText& text, Imported& out, Diagnostics& diagnostics)
      : all_(text.content()), out_(out), checks_(text, out, diagnostics) {
    advance();
  }

  void read() {
    bool nodes = false;
    bool links = false;
    while (!token_.text.empty()) {
      const Token section = token_;
      advance();
      if (section.text == "?SNDlib") {  // the line that names the format
        at_ = std::min(all_.find('\n', section.offset), all_.size());
        advance();
        continue;
      }
      if (token_.text != "(" || section.text == "(") {
        checks_.error(
            section.offset,
            section.text == ")"
                ? std::string("a ) without a (")
                : fmt::format("expected a section, such as NODES (, got {}", quote(section.text)));
        continue;
      }
      open_ = token_.offset;
      advance();
      if (section.text == "META")
        meta();
      else if (section.text == "NODES")
        nodes = true, items([&](const Field& id) { return node(id); });
      else if (section.text == "LINKS")
        links = true, items([&](const Field& id) { return link(id); });
      else if (section.text == "DEMANDS")
        items([&](const Field& id) { return demand(id); });
      else
        skip();
    }
    if (!nodes) checks_.error(all_.size(), "expected the section NODES before the end of the file");
    if (!links) checks_.error(all_.size(), "expected the section LINKS before the end of the file");
    finish();
  }

 private:
  struct LinkDraft {
    Field id;
    Field source;
    Field target;
    SndlibCapacity capacity;
  };
  struct DemandDraft {
    Field source;
    Field target;
    Field value;
  };

  void advance() {
    while (at_ < all_.size()) {
      const char c = all_[at_];
      if (c == '#')
        at_ = std::min(all_.find('\n', at_), all_.size());
      else if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
        ++at_;
      else
        break;
    }
    const std::size_t start = at_;
    if (at_ < all_.size() && (all_[at_] == '(' || all_[at_] == ')'))
      ++at_;
    else
      at_ = std::min(all_.find_first_of(" \t\r\n()#", at_), all_.size());
    token_ = {all_.substr(start, at_ - start), start};
  }

  bool is_word() const { return !token_.text.empty() && token_.text != "(" && token_.text != ")"; }

  void expected(std::string_view what) {
    if (token_.text.empty() && truncated_) return;  // once is enough
    truncated_ = truncated_ || token_.text.empty();
    checks_.error(token_.offset,
                  fmt::format("expected {}, got {}", what,
                              token_.text.empty() ? "the end of the file" : quote(token_.text)));
  }

  bool take(std::string_view bracket) {
    if (token_.text != bracket) return expected(quote(bracket)), false;
    advance();
    return true;
  }

  bool take(Field& field, const char* key, std::string_view what) {
    if (!is_word()) return expected(what), false;
    field = {key, as_utf8(token_.text), token_.offset};
    advance();
    return true;
  }

  /// After a (: everything up to its ).
  void skip() {
    for (std::size_t depth = 1; depth > 0; advance()) {
      if (token_.text.empty()) return expected("\")\"");
      if (token_.text == "(") ++depth;
      if (token_.text == ")") --depth;
    }
  }

  void meta() {
    Fields all;
    while (is_word()) {
      const Token word = token_;
      advance();
      if (token_.text == "=") {
        all.push_back({as_utf8(word.text), "", word.offset});
        advance();
      } else if (!all.empty()) {
        all.back().text += (all.back().text.empty() ? "" : " ") + as_utf8(word.text);
      }
    }
    take(")");
    sndlib_meta(all, out_.spec, unit_bps_);
  }

  template <class F>
  void items(F&& item) {
    while (token_.text != ")") {
      if (token_.text.empty()) {
        if (!truncated_) checks_.error(open_, "this ( has no )");
        truncated_ = true;
        return;
      }
      Field id;
      if (!take(id, "id", "an id") || !item(id)) resume();
    }
    advance();
  }

  /// After a mistake: on to what looks like the next item, a word followed by a bracket.
  void resume() {
    while (!token_.text.empty() && token_.text != ")") {
      const std::size_t back = at_;
      const Token word = token_;
      advance();
      if (token_.text != "(" || word.text == "(") continue;
      at_ = back, token_ = word;
      return;
    }
  }

  bool node(const Field& id) {
    Field x;
    Field y;
    if (!take("(") || !take(x, "x", "a longitude") || !take(y, "y", "a latitude") || !take(")"))
      return false;
    const auto east = checks_.number(x, "a longitude");
    const auto north = checks_.number(y, "a latitude");
    places_.push_back(east && north ? std::optional(std::pair(*east, *north)) : std::nullopt);
    checks_.add_node(id, Node{});
    return true;
  }

  bool ends(Field& source, Field& target) {
    return take("(") && take(source, "source", "a node") && take(target, "target", "a node") &&
           take(")");
  }

  bool link(const Field& id) {
    LinkDraft made{id, {}, {}, {}};
    SndlibCapacity& c = made.capacity;
    c.installed.emplace();
    for (Field* cost :
         {&c.installed_cost.emplace(), &c.routing_cost.emplace(), &c.setup_cost.emplace()})
      cost->key = "cost";
    if (!ends(made.source, made.target) ||
        !take(*c.installed, "capacity", "a capacity, installed before") ||
        !take(*c.installed_cost, "cost", "the cost of what is installed before") ||
        !take(*c.routing_cost, "routingCost", "a routing cost") ||
        !take(*c.setup_cost, "setupCost", "a setup cost") || !take("("))
      return false;
    while (is_word()) {
      auto& [capacity, cost] = c.modules.emplace_back();
      if (!take(capacity, "capacity", "a module's capacity") ||
          !take(cost, "cost", "a module's cost"))
        return false;
    }
    if (!take(")")) return false;
    links_.push_back(std::move(made));
    return true;
  }

  bool demand(const Field&) {
    DemandDraft made;
    Field unit;
    Field path;
    if (!ends(made.source, made.target) || !take(unit, "routingUnit", "a routing unit") ||
        !take(made.value, "demandValue", "a demand") ||
        !take(path, "maxPathLength", "the longest path, a number or UNLIMITED"))
      return false;
    demands_.push_back(std::move(made));
    return true;
  }

  /// Sections may stand in any order, so links and demands wait for the nodes.
  void finish() {
    place_nodes(out_.spec, places_);
    for (const LinkDraft& l : links_)
      add_sndlib_link(l.id, checks_.ends(l.source, l.target), l.capacity, unit_bps_, checks_,
                      out_.spec, link_ids_);
    for (const DemandDraft& d : demands_) checks_.demand(d.source, d.target, d.value, unit_bps_);
    checks_.finish();
  }

  std::string_view all_;
  Imported& out_;
  Checks checks_;
  std::size_t at_ = 0;
  Token token_{};
  std::size_t open_ = 0;  ///< of the section
  bool truncated_ = false;
  double unit_bps_ = sndlib_unit_bps;
  Places places_;
  std::vector<LinkDraft> links_;
  std::vector<DemandDraft> demands_;
  std::unordered_set<std::string> link_ids_;
};

}  // namespace

void sndlib_native(const SourceText& text, Imported& out, Diagnostics& diagnostics) {
  out.has_network = true;
  Reader(text, out, diagnostics).read();
}

}  // namespace longhaul::import
