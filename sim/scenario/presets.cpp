#include "sim/scenario/presets.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "sim/scenario/detail/preset_texts.hpp"

namespace longhaul {

namespace {

Preset described(const scenario::PresetText& text) {
  const yaml::Node root = scenario::preset_tree(text);
  Preset out;
  out.name = text.name;
  out.yaml = text.yaml;
  const std::string& kind = root.find("kind")->scalar;
  assert(kind == to_string(Preset::Kind::industry) || kind == to_string(Preset::Kind::workload));
  if (kind == to_string(Preset::Kind::industry)) out.kind = Preset::Kind::industry;
  out.summary = root.find("summary")->scalar;
  for (const yaml::Node& source : root.find("sources")->items) out.sources.push_back(source.scalar);
  return out;
}

}  // namespace

const char* to_string(Preset::Kind kind) {
  static constexpr std::array words{"industry", "workload"};
  return words[static_cast<std::size_t>(kind)];
}

const std::vector<Preset>& presets() {
  static const std::vector<Preset> all = [] {
    std::vector<Preset> out;
    for (const scenario::PresetText& text : scenario::preset_texts())
      out.push_back(described(text));
    return out;
  }();
  return all;
}

const Preset* find_preset(std::string_view name) {
  const auto found = std::find_if(presets().begin(), presets().end(),
                                  [&](const Preset& p) { return p.name == name; });
  return found == presets().end() ? nullptr : &*found;
}

}  // namespace longhaul
