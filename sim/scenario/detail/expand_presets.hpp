// `preset:` of traffic entries, replaced by what it stands for before anything is read.
#pragma once

#include "sim/base/error.hpp"
#include "sim/base/yaml/node.hpp"

namespace longhaul::scenario {

/// Each traffic entry of `root` with `preset: NAME` becomes the preset's entries: where and how
/// much are the entry's, multiplied by the share of each; every other key that the entry has wins
/// over the preset's. Classes, sizes and flow sizes that the preset needs and the scenario does not
/// define are added; a class that it does define keeps its settings.
void expand_presets(yaml::Node& root, Diagnostics& diagnostics);

}  // namespace longhaul::scenario
