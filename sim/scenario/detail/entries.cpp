#include "sim/scenario/detail/entries.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/scenario/detail/csv_matrix.hpp"

namespace longhaul::scenario {

namespace {

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

}  // namespace

std::vector<PlacedEntry> read_matrix_file(const WrittenFile& file, const Network& network,
                                          Diagnostics& diagnostics) {
  const auto text = open(file.path, diagnostics);
  if (text == nullptr) return {};
  std::vector<PlacedEntry> entries = read_csv_matrix(text, file.unit, &network, diagnostics);
  for (PlacedEntry& e : entries) {
    const double bps = std::floor(e.entry.rate.as_double() * file.scale + 0.5);
    e.entry.rate = Rate::bps(static_cast<std::int64_t>(std::min(bps, max_total_rate.as_double())));
  }
  return entries;
}

}  // namespace longhaul::scenario
