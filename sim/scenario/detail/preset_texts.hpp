// The files of sim/scenario/presets/ as the build put them into the program.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/base/yaml/node.hpp"

namespace longhaul::scenario {

struct PresetText {
  const char* name;  ///< of the file, without .yaml
  const char* yaml;
};

/// By name. Defined by the build (sim/scenario/CMakeLists.txt).
std::span<const PresetText> preset_texts();

/// Null if there is none of this name.
const PresetText* find_preset_text(std::string_view name);
std::vector<std::string> preset_names();
/// The text as a tree. It is ours, so a mistake in it is a bug, which tests find.
yaml::Node preset_tree(const PresetText& text);

}  // namespace longhaul::scenario
