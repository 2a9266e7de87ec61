#include "sim/scenario/detail/preset_fields.hpp"

#include "sim/base/parse.hpp"
#include "sim/scenario/detail/preset_texts.hpp"

namespace longhaul::scenario {

yaml::Type<WrittenPart> preset() {
  const std::vector<std::string> names = preset_names();
  return {yaml::choice_doc(names),
          [names](const yaml::Node& node, Diagnostics& diagnostics) -> std::optional<WrittenPart> {
            const yaml::Node* share = node.find("share");
            const yaml::Node* group = node.find("group");
            if (share == nullptr || group == nullptr) {
              (void)yaml::read_choice(node, names, diagnostics);
              return std::nullopt;
            }
            WrittenPart out;
            out.preset = node.find("name")->scalar;
            out.share = *parse_fraction(share->scalar);
            out.group = static_cast<std::uint32_t>(std::stoul(group->scalar));
            out.where = node.where;
            return out;
          }};
}

}  // namespace longhaul::scenario
