// Networks and matrices in formats of others: published topologies and what researchers exchange.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/error.hpp"
#include "sim/base/text.hpp"
#include "sim/base/units.hpp"
#include "sim/network/network.hpp"

namespace longhaul {

enum class Format {
  yaml,              ///< longhaul's own
  repetita_graph,    ///< NODES/EDGES tables, kbit/s and microseconds
  repetita_demands,  ///< DEMANDS table by node number, kbit/s
  sndlib_native,     ///< "?SNDlib native format"
  sndlib_xml,
  gml,  ///< Internet Topology Zoo
  graphml,
  topohub_json,  ///< node-link JSON with a matrix
  net2plan,      ///< .n2p, both layouts
  ns3_topology,  ///< nodes N; link a b bps delay_ns
  ns3_demands,   ///< src dst bps
  matrix_rows,   ///< one matrix a line: n x n numbers, row-major, bit/s
};
/// What users call it, e.g. "REPETITA graph".
const char* to_string(Format format);

/// By content first, then by ending; nothing if it looks like none of them.
std::optional<Format> recognise(const SourceText& text);

/// One entry of an imported matrix, by node id.
struct ImportedDemand {
  std::string from;
  std::string to;
  Rate rate;
  auto operator<=>(const ImportedDemand&) const = default;
};

/// What a file holds. A file of a matrix alone has no network.
struct Imported {
  NetworkSpec spec;
  bool has_network = false;
  std::vector<ImportedDemand> demands;  ///< rates > 0, from != to
};

/// Reads a file of any of the formats that hold a network (all but yaml). Every mistake goes into
/// `diagnostics` with its place; with any error the result must not be used. Capacities that a
/// format lacks become `default_capacity` with a warning.
inline constexpr Rate default_capacity = Rate::gbps(100);
Imported import_network(const SourceText& text, Format format, Diagnostics& diagnostics);

/// Reads the matrix of a file for the nodes of `spec`: by number (in the order of `spec`'s nodes)
/// where the format counts, else by id. `row` picks the line of a file of matrix_rows, from 0.
std::vector<ImportedDemand> import_matrix(const SourceText& text, Format format,
                                          const NetworkSpec& spec, Diagnostics& diagnostics,
                                          std::size_t row = 0);

}  // namespace longhaul
