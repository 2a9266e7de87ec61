// What readers of graph formats share: values that know where they stand, the checks on them, and
// the keys of the Internet Topology Zoo.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/topology/import/detail/formats.hpp"

namespace longhaul::import {

/// One key with its value as text, and the value's byte offset in the file.
struct Field {
  std::string key;
  std::string text;
  std::size_t offset = 0;
};
using Fields = std::vector<Field>;

/// `text` if it is UTF-8, else what it says as ISO 8859-1, which published files are also in.
std::string as_utf8(std::string_view text);
/// The same with blanks for control characters, which names may not hold.
std::string as_name(std::string_view text);
std::string lower_case(std::string_view text);

/// Adds fields to attributes; a key that stands several times stays together, as YAML's lists do.
void add_attributes(const Fields& fields, Attributes& attributes);

/// Values of one file as quantities, its nodes by the names its links use, and its mistakes.
class Checks {
 public:
  Checks(const SourceText& text, Imported& out, Diagnostics& diagnostics)
      : text_(text), out_(out), diagnostics_(diagnostics) {}

  void error(std::size_t offset, std::string message, std::string hint = {}) {
    error_at(text_, offset, diagnostics_, std::move(message), std::move(hint));
  }
  /// A finite number; `what` names it in the error.
  std::optional<double> number(const Field& field, std::string_view what);
  /// From 0 to a million km.
  std::optional<Distance> length_km(const Field& field);
  /// A capacity in units of `unit_bps`, above 0.
  std::optional<Rate> capacity(const Field& field, double unit_bps);
  /// A capacity that the file does not give: counted for the warning of finish().
  Capacity assumed_capacity();

  /// Adds a node that links call `ref.text`; its id is made unique. An error if it is known.
  void add_node(const Field& ref, Node node);
  std::optional<NodeId> node(const Field& ref);
  /// Both ends of a link. None if they are the same: such links are counted and left out.
  std::optional<std::pair<NodeId, NodeId>> ends(const Field& a, const Field& b);
  RegionId region(const std::string& name);
  /// Sets `country` if the text is a code of two letters; false if it is not.
  static bool set_country(Node& node, const std::string& text);
  /// A demand in units of `unit_bps`; none if it is 0 or of a node to itself.
  void demand(const Field& from, const Field& to, const Field& value, double unit_bps);

  void finish();

 private:
  const SourceText& text_;
  Imported& out_;
  Diagnostics& diagnostics_;
  UniqueIds ids_;
  std::unordered_map<std::string, std::size_t> nodes_;
  std::unordered_map<std::string, std::size_t> regions_;
  std::size_t assumed_ = 0;
  std::size_t loops_ = 0;
  int hints_ = 0;  ///< nearest names looked for; costly, and of use for the first few only
};

/// A graph whose nodes and edges carry the Topology Zoo's keys (label, Latitude, LinkSpeedRaw,
/// ...). What has no meaning here is kept as attributes. Edges may come before their nodes.
class ZooGraph {
 public:
  ZooGraph(const SourceText& text, Imported& out, Diagnostics& diagnostics)
      : checks_(text, out, diagnostics), spec_(out.spec) {}

  Checks& checks() { return checks_; }
  void graph(const Fields& fields);
  void node(const Field& ref, const Fields& fields);
  void edge(Field source, Field target, bool one_way, Fields fields);
  /// Once all is known.
  void finish();

 private:
  struct Edge {
    Field source;
    Field target;
    bool one_way;
    Fields fields;
  };
  void make_link(const Edge& edge);
  std::optional<Capacity> capacity(const Fields& fields, Fields& kept);

  Checks checks_;
  NetworkSpec& spec_;
  std::vector<Edge> edges_;
};

}  // namespace longhaul::import
