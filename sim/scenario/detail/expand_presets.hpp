// `preset:` of traffic entries, replaced by what it stands for before anything is read.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "sim/base/error.hpp"
#include "sim/base/yaml/node.hpp"

namespace longhaul::scenario {

/// Which places of the input belong to entries with a preset, and to which.
class PresetPlaces {
 public:
  void add(const yaml::Node& entry, const std::string& preset);
  /// `found` with the preset named where it is about such an entry, and what was found alike in
  /// several of the entries that it stands for only once.
  Diagnostics named(const Diagnostics& found) const;

 private:
  using Key = std::tuple<std::string, int, int>;  ///< file, line, column
  std::map<Key, std::string> presets_;
};

/// Each traffic entry of `root` with `preset: NAME` becomes the preset's entries, each with its
/// share of what the entry as a whole sends. Every other key of the entry wins over the preset's,
/// and takes the place of those that it does not go with (`transport` of `arrivals`, `size`,
/// `shape` and `police`, and they of it; `service` of `class`). `direction` only stays with matrix
/// hub. Classes, sizes and flow sizes that the preset needs and the scenario does not define are
/// added; what it does define stays as it is. All that is added stands where the entry stands.
/// Entries whose preset is none are left for the reader to report.
PresetPlaces expand_presets(yaml::Node& root);

}  // namespace longhaul::scenario
