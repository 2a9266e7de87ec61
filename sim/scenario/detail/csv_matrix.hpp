// Demands as CSV.
//
//   from,to,rate
//   NYC,LON,40G
//
// The first line names the columns, in any order; others than these three are kept out. Fields are
// separated by commas, semicolons or tabs, whichever the first line has, and may be put in double
// quotes. Empty lines and lines that begin with # are skipped. A rate carries its unit unless one
// is given for the whole file.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "sim/base/text.hpp"
#include "sim/scenario/detail/entries.hpp"

namespace longhaul::scenario {

/// True if the first line of `text` names the columns from, to and rate.
bool looks_like_csv_matrix(const SourceText& text);

/// The demands of `text`; every mistake goes into `diagnostics` with line and column. Without a
/// network (null) nodes are not looked up, and nothing is returned.
std::vector<PlacedEntry> read_csv_matrix(std::shared_ptr<const SourceText> text,
                                         std::optional<Rate> unit, const Network* network,
                                         Diagnostics& diagnostics);

}  // namespace longhaul::scenario
