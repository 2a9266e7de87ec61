// One reader per format; import.cpp picks among them. All add what they find to `out` and their
// mistakes to `diagnostics`, and leave ids, delays and the like of links to finish().
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/topology/import/import.hpp"

namespace longhaul::import {

void repetita_graph(const SourceText& text, Imported& out, Diagnostics& diagnostics);
void sndlib_native(const SourceText& text, Imported& out, Diagnostics& diagnostics);
void sndlib_xml(const SourceText& text, Imported& out, Diagnostics& diagnostics);
void gml(const SourceText& text, Imported& out, Diagnostics& diagnostics);
void graphml(const SourceText& text, Imported& out, Diagnostics& diagnostics);
void topohub_json(const SourceText& text, Imported& out, Diagnostics& diagnostics);
void net2plan(const SourceText& text, Imported& out, Diagnostics& diagnostics);
void ns3_topology(const SourceText& text, Imported& out, Diagnostics& diagnostics);

/// Demands by node number.
void repetita_demands(const SourceText& text, const NetworkSpec& spec,
                      std::vector<ImportedDemand>& out, Diagnostics& diagnostics);
void ns3_demands(const SourceText& text, const NetworkSpec& spec, std::vector<ImportedDemand>& out,
                 Diagnostics& diagnostics);
void matrix_rows(const SourceText& text, const NetworkSpec& spec, std::size_t row,
                 std::vector<ImportedDemand>& out, Diagnostics& diagnostics);

/// An error at a byte offset of `text`, with the line it is on.
void error_at(const SourceText& text, std::size_t offset, Diagnostics& diagnostics,
              std::string message, std::string hint = {});
/// A warning about the file as a whole.
void warn(const SourceText& text, Diagnostics& diagnostics, std::string message,
          std::string hint = {});

/// Says that `count` links of a node to itself were left out, as published networks have them.
void warn_of_loops(const SourceText& text, std::size_t count, Diagnostics& diagnostics);

/// Where the nodes of a spec are, east then north; nothing where that is not written.
using Places = std::vector<std::optional<std::pair<double, double>>>;
/// Sets `at` of the nodes if all places can be degrees on Earth, else `position`: one map has one
/// kind of coordinates. Nothing if all are at 0, 0, which says that places are not known.
void place_nodes(NetworkSpec& spec, const Places& places);

/// Node ids made unique: an id that is taken gets "#2", "#3"... Returns what it was given.
class UniqueIds {
 public:
  std::string take(const std::string& wanted);

 private:
  std::unordered_map<std::string, int> taken_;
};

/// Joins pairs of one-way links a to b and b to a that have the same capacity, delay, length and
/// attributes into one two-way link, in the order of their first halves.
void join_opposite_links(NetworkSpec& spec);

/// Rate of `value` x `unit_bps`, if it is finite and within (0, 9.2e18]; nothing else.
std::optional<Rate> rate_of(double value, double unit_bps);

}  // namespace longhaul::import
