// The fields of the GraphML that longhaul writes.
#pragma once

#include <vector>

#include "sim/topology/import/detail/fields.hpp"

namespace longhaul::import {

class OwnGraphml {
 public:
  OwnGraphml(Checks& checks, Imported& out) : checks_(checks), spec_(out.spec) {}

  void graph(const Fields& fields);
  void node(const Field& ref, const Fields& fields);
  void edge(std::size_t offset, Field source, Field target, bool one_way, Fields fields);
  /// Makes the links, once all nodes are known.
  void finish();

 private:
  struct Edge {
    std::size_t offset;
    Field source;
    Field target;
    bool one_way;
    Fields fields;
  };
  void make_link(const Edge& edge);
  void link_field(const Field& f, Link& link, Fields& attributes);
  /// A field called "attribute:KEY" goes to `attributes`; any other is a mistake.
  void attribute(const Field& f, Fields& attributes);
  std::optional<std::int64_t> whole(const Field& f, std::int64_t least, std::int64_t most);
  std::optional<ProviderId> provider(const Field& f);
  template <class T>
  void word(const Field& f, std::optional<T> (*from)(std::string_view), T& to);
  template <class T>
  void quantity(const Field& f, Parsed<T> (*parse)(std::string_view), const char* unit, T& to);

  Checks& checks_;
  NetworkSpec& spec_;
  std::unordered_map<std::string, std::size_t> providers_;
  std::unordered_map<std::string, std::size_t> node_ids_;
  std::unordered_map<std::string, std::size_t> link_ids_;
  std::vector<Edge> edges_;
};

}  // namespace longhaul::import
