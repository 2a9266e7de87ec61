#include "sim/scenario/detail/preset_texts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace longhaul::scenario {

const PresetText* find_preset_text(std::string_view name) {
  const auto all = preset_texts();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const PresetText& p) { return p.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> preset_names() {
  std::vector<std::string> out;
  for (const PresetText& text : preset_texts()) out.emplace_back(text.name);
  return out;
}

yaml::Node preset_tree(const PresetText& text) {
  Diagnostics mistakes;
  auto root = yaml::parse(SourceText(fmt::format("preset {}", text.name), text.yaml), mistakes);
  mistakes.throw_if_errors();
  return std::move(*root);
}

}  // namespace longhaul::scenario
