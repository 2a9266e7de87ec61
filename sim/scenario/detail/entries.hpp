// The rates of an explicit matrix, each with where it is written.
#pragma once

#include <vector>

#include "sim/scenario/detail/written.hpp"

namespace longhaul::scenario {

struct PlacedEntry {
  MatrixEntry entry;
  yaml::Place where;
};

/// The demands of a `matrix: {file: ...}` of a known format, scaled. Mistakes are placed in that
/// file, or at its path if it cannot be read.
std::vector<PlacedEntry> read_matrix_file(const WrittenFile& file, const Network& network,
                                          Diagnostics& diagnostics);

}  // namespace longhaul::scenario
