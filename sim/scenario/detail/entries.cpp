#include "sim/scenario/detail/entries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "sim/scenario/detail/csv_matrix.hpp"
#include "sim/topology/import/import.hpp"

namespace longhaul::scenario {

namespace {

namespace fs = std::filesystem;

/// The content of the file, or nothing after an error at the place that names it.
std::shared_ptr<const SourceText> open(const yaml::Node& path, Diagnostics& diagnostics) {
  if (path.where.text == nullptr) return nullptr;  // `file` is missing: already reported
  if (!path.is_scalar() || path.scalar.empty()) {
    yaml::wrong_type(path, "the path of a file", diagnostics);
    return nullptr;
  }
  const std::string file = yaml::resolve_path(path);
  try {
    return std::make_shared<const SourceText>(SourceText::read(file));
  } catch (const InputError& e) {
    path.where.error(diagnostics, fmt::format("cannot read {}: {}", quote(file),
                                              e.diagnostics().front().message));
    return nullptr;
  }
}

/// What is written in a known format. Its entries have no places of their own: they stand for the
/// file as a whole.
std::vector<PlacedEntry> read_imported(const WrittenFile& file,
                                       const std::shared_ptr<const SourceText>& text,
                                       const Network& network, Diagnostics& diagnostics) {
  const auto format = recognise(*text);
  if (!format || *format == Format::yaml) {
    file.path.where.error(diagnostics,
                          fmt::format("{} is no matrix of a known format", quote(text->name())),
                          "a CSV matrix has a first line from,to,rate");
    return {};
  }
  if (file.unit) file.unit->where.error(diagnostics, "`unit` only goes with CSV");
  if (file.row && *format != Format::matrix_rows) {
    file.row->where.error(
        diagnostics,
        fmt::format("`row` does not go with {}, which holds one matrix", to_string(*format)));
  }
  const std::size_t row = file.row ? static_cast<std::size_t>(file.row->value) : 0;
  Diagnostics own;
  const auto demands = import_matrix(*text, *format, network.spec(), own, row);
  diagnostics.add(own.all());
  if (own.has_errors()) return {};
  std::vector<PlacedEntry> out;
  out.reserve(demands.size());
  for (const ImportedDemand& d : demands) {
    const auto from = network.find_node(d.from);
    const auto to = network.find_node(d.to);
    if (from && to) out.push_back({MatrixEntry{*from, *to, d.rate}, yaml::Place{text, 0, 0}});
  }
  return out;
}

}  // namespace

std::vector<PlacedEntry> read_matrix_file(const WrittenFile& file, const Network& network,
                                          Diagnostics& diagnostics) {
  const auto text = open(file.path, diagnostics);
  if (text == nullptr) return {};
  std::vector<PlacedEntry> entries;
  const bool called_csv = fs::path(text->name()).extension() == ".csv" && !recognise(*text);
  if (looks_like_csv_matrix(*text) || called_csv) {
    if (file.row) file.row->where.error(diagnostics, "`row` does not go with CSV");
    const auto unit = file.unit ? std::optional(file.unit->value) : std::nullopt;
    entries = read_csv_matrix(text, unit, &network, diagnostics);
  } else {
    entries = read_imported(file, text, network, diagnostics);
  }
  for (PlacedEntry& e : entries) {
    const double bps = std::floor(e.entry.rate.as_double() * file.scale + 0.5);
    e.entry.rate = Rate::bps(static_cast<std::int64_t>(std::min(bps, max_total_rate.as_double())));
  }
  return entries;
}

}  // namespace longhaul::scenario
