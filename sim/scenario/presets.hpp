// Presets: what an industry or a workload typically sends, as traffic entries with a source for
// every figure.
#pragma once

#include <span>
#include <string_view>

namespace longhaul {

struct Preset {
  enum class Kind { industry, workload };
  const char* name;  ///< as written after `preset:`
  Kind kind;
  const char* summary;  ///< one line
  /// A scenario's `classes:`, `sizes:`, ... and `traffic:`, whose entries have `share:` (of the
  /// total) instead of places and rates. Comments name the sources.
  const char* yaml;
};

/// By kind, then by name.
std::span<const Preset> presets();
/// Null if there is none of this name.
const Preset* find_preset(std::string_view name);

}  // namespace longhaul
