// From yaml-cpp's events to our tree. The event interface is several times faster than its document
// loader, and shows the duplicate keys that the loader hides.
#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <istream>
#include <streambuf>
#include <unordered_map>
#include <unordered_set>

#include "sim/base/yaml/node.hpp"

namespace longhaul::yaml {

namespace {

constexpr std::size_t deepest_nesting = 64;
constexpr std::size_t most_aliased_values = 1'000'000;

/// Ends the parse; what is wrong has already been reported.
struct Stop {};

/// Lets yaml-cpp read a text in place.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    // The get area is only ever read.
    char* begin = const_cast<char*>(text.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
    setg(begin, begin, begin + text.size());
  }
};

std::size_t count_values(const Node& node) {
  std::size_t count = 1;
  for (const Node& item : node.items) count += count_values(item);
  for (const Entry& entry : node.entries) count += count_values(entry.value);
  return count;
}

std::size_t depth_of(const Node& node) {
  std::size_t deepest = 0;
  for (const Node& item : node.items) deepest = std::max(deepest, depth_of(item));
  for (const Entry& entry : node.entries) deepest = std::max(deepest, depth_of(entry.value));
  return deepest + 1;
}

/// Whether the quoted scalar that begins at `start` ends: yaml-cpp takes the end of the file for a
/// quote.
bool quote_closes(std::string_view text, std::size_t start) {
  const char mark = start < text.size() ? text[start] : '\0';
  if (mark != '"' && mark != '\'') return true;  // an anchor or a tag stands in front
  for (std::size_t i = start + 1; i < text.size(); ++i) {
    const bool doubled = mark == '\'' && text.substr(i, 2) == "''";
    if (doubled || (mark == '"' && text[i] == '\\')) {
      ++i;
    } else if (text[i] == mark) {
      return true;
    }
  }
  return false;
}

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::shared_ptr<const SourceText> text, Diagnostics& diagnostics)
      : text_(std::move(text)), diagnostics_(diagnostics) {}

  std::optional<Node> take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (!root_) return;
    fail(mark, "a second document starts here; expected one per file");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node;
    node.where = place(mark);
    add(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) fail(mark, "this alias refers to a value that holds it");
    aliased_values_ += count_values(found->second);
    if (aliased_values_ > most_aliased_values) fail(mark, "the aliases expand to too many values");
    if (stack_.size() + depth_of(found->second) > deepest_nesting) fail_nesting(mark);
    add(Node(found->second), 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node;
    node.kind = Node::Kind::scalar;
    node.quoted = tag == "!";  // yaml-cpp's tag of a quoted scalar; "?" is a plain one
    node.scalar = value;
    node.where = place(mark);
    if (node.quoted && mark.pos >= 0 &&
        !quote_closes(text_->content(), static_cast<std::size_t>(mark.pos))) {
      fail(mark, "this quote is not closed");
    }
    add(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::list, mark, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Node::Kind::map, mark, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    Node node;
    YAML::anchor_t anchor;
    std::optional<Node> key;                       ///< of a map, once its value is awaited
    std::unordered_map<std::string, int> lines{};  ///< of a map: where each key stands
  };

  Place place(const YAML::Mark& mark) const {
    return mark.line < 0 ? Place{text_, 0, 0} : Place{text_, mark.line + 1, mark.column + 1};
  }

  [[noreturn]] void fail(const YAML::Mark& mark, std::string message) {
    place(mark).error(diagnostics_, std::move(message));
    throw Stop{};
  }
  [[noreturn]] void fail_nesting(const YAML::Mark& mark) {
    fail(mark, fmt::format("is nested deeper than {} levels", deepest_nesting));
  }

  void open(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (stack_.size() >= deepest_nesting) fail_nesting(mark);
    Node node;
    node.kind = kind;
    node.where = place(mark);
    stack_.push_back(Frame{std::move(node), anchor, std::nullopt});
  }

  void close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    add(std::move(frame.node), frame.anchor);
  }

  void add(Node node, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = node;
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& parent = stack_.back();
    if (parent.node.is_list()) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      parent.key = std::move(node);
    } else {
      add_entry(parent, std::move(node));
    }
  }

  void add_entry(Frame& map, Node value) {
    Node key = std::move(*map.key);
    map.key.reset();
    if (value.kind == Node::Kind::null) value.where = key.where;  // yaml-cpp places it further on
    if (key.kind == Node::Kind::null) key.scalar = "null";
    if (key.is_list() || key.is_map()) {
      key.where.error(diagnostics_, fmt::format("expected a plain key, got {}", key.describe()));
      return;
    }
    const auto [first, fresh] = map.lines.emplace(key.scalar, key.where.line);
    if (!fresh) {
      key.where.error(diagnostics_, fmt::format("{} is given twice; it already stands in line {}",
                                                quote(key.scalar), first->second));
      return;
    }
    map.node.entries.push_back(
        Entry{std::move(key.scalar), std::move(key.where), std::move(value)});
  }

  std::shared_ptr<const SourceText> text_;
  Diagnostics& diagnostics_;
  std::vector<Frame> stack_;
  std::unordered_map<YAML::anchor_t, Node> anchors_;
  std::size_t aliased_values_ = 0;
  std::optional<Node> root_;
};

}  // namespace

std::optional<Node> parse(const std::shared_ptr<const SourceText>& text, Diagnostics& diagnostics) {
  TreeBuilder builder(text, diagnostics);
  const Place whole{text, 0, 0};
  try {
    ViewBuffer buffer(text->content());
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      whole.error(diagnostics, "is empty; expected YAML");
      return std::nullopt;
    }
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop&) {
    return std::nullopt;
  } catch (const YAML::Exception& e) {
    const Place where = e.mark.is_null() || e.mark.line < 0
                            ? whole
                            : Place{text, e.mark.line + 1, e.mark.column + 1};
    where.error(diagnostics, fmt::format("is not YAML: {}", e.msg));
    return std::nullopt;
  }
  return builder.take_root();
}

std::optional<Node> parse(SourceText text, Diagnostics& diagnostics) {
  return parse(std::make_shared<const SourceText>(std::move(text)), diagnostics);
}

}  // namespace longhaul::yaml
