// SNDlib's native format (Orlowski, Wessaely, Pioro and Tomaszewski, "SNDlib 1.0", Networks 55(3),
// 2010):
//   NODES ( id ( x y ) ... )
//   LINKS ( id ( source target ) pre_cap pre_cost routing_cost setup_cost ( module_cap module_cost
//   ... ) ... ) DEMANDS ( id ( source target ) routing_unit demand_value max_path_length ... )
// Other sections are passed over. A link's capacity is what is installed before, else its largest
// module; the unit is taken as Mb/s.
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <map>

#include "sim/topology/import/detail/formats.hpp"

namespace longhaul::import {

namespace {

struct Token {
  std::string_view text;  ///< "(", ")" or a word; empty at the end
  std::size_t offset;
};

class Reader {
 public:
  Reader(const SourceText& text, Imported& out, Diagnostics& diagnostics)
      : text_(text), all_(text.content()), out_(out), diagnostics_(diagnostics) {
    advance();
  }

  void read() {
    bool links = false;
    while (!token_.text.empty()) {
      const std::string_view section = token_.text;
      if (section == "?SNDlib") {  // the line that names the format
        at_ = std::min(all_.find('\n', token_.offset), all_.size());
        advance();
        continue;
      }
      advance();
      if (token_.text != "(") {
        if (section == ")") error("a ) without a (");
        continue;
      }
      advance();
      if (section == "NODES")
        items([&](const Token& id) { node(id); });
      else if (section == "LINKS")
        links = true, items([&](const Token& id) { link(id); });
      else if (section == "DEMANDS")
        items([&](const Token& id) { demand(id); });
      else
        skip();
    }
    if (!links) diagnostics_.error({text_.name(), 0, 0}, "has no section LINKS");
    if (assumed_ > 0)
      warn(text_, diagnostics_,
           fmt::format("{} links have no capacity; {} is assumed", assumed_,
                       to_text(default_capacity)));
  }

 private:
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
      while (at_ < all_.size() &&
             std::string_view(" \t\r\n()#").find(all_[at_]) == std::string_view::npos)
        ++at_;
    token_ = {all_.substr(start, at_ - start), start};
  }

  void error(std::string message, std::string hint = {}) {
    error_at(text_, token_.offset, diagnostics_, std::move(message), std::move(hint));
  }

  bool expect(std::string_view text) {
    if (token_.text != text) {
      error(fmt::format("expected {}, got {}", quote(text),
                        token_.text.empty() ? "the end of the file" : quote(token_.text)));
      return false;
    }
    advance();
    return true;
  }

  /// After a (: everything up to its ).
  void skip() {
    for (int depth = 1; depth > 0 && !token_.text.empty(); advance()) {
      if (token_.text == "(") ++depth;
      if (token_.text == ")") --depth;
    }
  }

  template <class F>
  void items(F&& item) {
    while (token_.text != ")") {
      if (token_.text.empty()) {
        error("the file ends within a section");
        return;
      }
      const Token id = token_;
      advance();
      ok_ = true;
      item(id);
      // After a mistake, go on with what looks like the next item: a word followed by a bracket.
      while (!ok_ && !token_.text.empty() && token_.text != ")") {
        const std::size_t back = at_;
        const Token word = token_;
        advance();
        if (token_.text == "(" && word.text != "(") {
          at_ = back, token_ = word;
          break;
        }
      }
    }
    advance();
  }

  double number(std::string_view what) {
    double value = 0;
    const char* const end = token_.text.data() + token_.text.size();
    const auto [stop, code] = std::from_chars(token_.text.data(), end, value);
    if (token_.text.empty() || code != std::errc() || stop != end || !std::isfinite(value)) {
      error(fmt::format("expected {}, got {}", what,
                        token_.text.empty() ? "the end of the file" : quote(token_.text)));
      ok_ = false;
    }
    if (token_.text != "(" && token_.text != ")") advance();
    return value;
  }

  NodeId end_of() {
    const auto it = index_.find(std::string(token_.text));
    if (it == index_.end()) {
      std::vector<std::string> names;
      for (const Node& n : out_.spec.nodes) names.push_back(n.id);
      error(fmt::format("there is no node {}", quote(token_.text)),
            did_you_mean(token_.text, names));
      ok_ = false;
      advance();
      return NodeId(0);
    }
    advance();
    return NodeId(it->second);
  }

  void node(const Token& id) {
    Node made;
    made.id = std::string(id.text);
    if (!(ok_ = expect("("))) return;
    const double x = number("a longitude");
    const double y = number("a latitude");
    ok_ = expect(")") && ok_;
    if (ok_) place(made, x, y);
    if (!index_.try_emplace(made.id, out_.spec.nodes.size()).second)
      error_at(text_, id.offset, diagnostics_,
               fmt::format("node {} is given twice", quote(id.text)));
    out_.spec.nodes.push_back(std::move(made));
  }

  bool ends(NodeId& a, NodeId& b) {
    if (!(ok_ = expect("("))) return false;
    a = end_of();
    b = end_of();
    ok_ = expect(")") && ok_;
    return ok_;
  }

  void link(const Token& id) {
    Link made;
    made.id = std::string(id.text);
    if (!ends(made.a, made.b)) return;
    double capacity = number("a capacity");
    number("a cost");
    number("a routing cost");
    number("a setup cost");
    if (!ok_ || !(ok_ = expect("("))) return;
    double module = 0;
    while (ok_ && token_.text != ")" && !token_.text.empty()) {
      module = std::max(module, number("a module's capacity"));
      number("a module's cost");
    }
    ok_ = expect(")") && ok_;
    if (capacity < 0) error_at(text_, id.offset, diagnostics_, "a capacity cannot be negative");
    if (capacity <= 0) capacity = module;
    const auto rate = rate_of(capacity, 1e6);
    if (!rate) ++assumed_;
    made.capacity = {1, rate.value_or(default_capacity)};
    out_.spec.links.push_back(std::move(made));
  }

  void demand(const Token& id) {
    NodeId a(0);
    NodeId b(0);
    if (!ends(a, b)) return;
    number("a routing unit");
    const double value = number("a demand");
    if (ok_) advance();  // the longest path allowed, a number or UNLIMITED
    if (value < 0) error_at(text_, id.offset, diagnostics_, "a demand cannot be negative");
    const auto rate = rate_of(value, 1e6);
    if (ok_ && rate && a != b)
      out_.demands.push_back({out_.spec.nodes[a.index()].id, out_.spec.nodes[b.index()].id, *rate});
  }

  const SourceText& text_;
  std::string_view all_;
  Imported& out_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  Token token_{};
  bool ok_ = true;
  std::size_t assumed_ = 0;
  std::map<std::string, std::size_t> index_;
};

}  // namespace

void sndlib_native(const SourceText& text, Imported& out, Diagnostics& diagnostics) {
  out.has_network = true;
  Reader(text, out, diagnostics).read();
}

}  // namespace longhaul::import
