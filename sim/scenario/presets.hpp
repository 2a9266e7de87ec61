// Presets: what an industry or a workload typically sends, as traffic entries with a source for
// every figure. Their texts are the files of sim/scenario/presets/, built into the program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace longhaul {

struct Preset {
  enum class Kind { industry, workload };
  std::string name;  ///< as written after `preset:`
  Kind kind = Kind::workload;
  std::string summary;               ///< one line
  std::vector<std::string> sources;  ///< of its figures, one each
  /// `classes:`, `sizes:` and `flow_sizes:` as in a scenario, and `traffic:`, whose entries have
  /// `share:` (of the total) instead of places and rates. Comments tell sources from assumptions.
  std::string_view yaml;
};

const char* to_string(Preset::Kind);

/// All, by name.
const std::vector<Preset>& presets();
/// Null if there is none of this name.
const Preset* find_preset(std::string_view name);

}  // namespace longhaul
