#include "sim/scenario/detail/sizes.hpp"

#include <fmt/format.h>

#include "sim/base/text.hpp"
#include "sim/network/catalogue.hpp"
#include "sim/scenario/detail/types.hpp"

namespace longhaul::scenario {

namespace {

constexpr const char* default_mix = "imix";

std::optional<SizeMix> built_in(const std::string& name) {
  const catalogue::PacketMix* mix = catalogue::find_packet_mix(name);
  if (mix == nullptr) return std::nullopt;
  SizeMix out{name, {}};
  for (const catalogue::PacketMix::Part& part : mix->parts)
    out.entries.push_back({part.bytes, static_cast<double>(part.weight)});
  return out;
}

}  // namespace

Sizes::Sizes(const WrittenScenario& written, Diagnostics& diagnostics) {
  for (const auto& named : written.sizes) {
    if (catalogue::find_packet_mix(named.key) != nullptr) {
      named.where.error(diagnostics, fmt::format("{} is a built-in mix; expected another name",
                                                 quote(named.key)));
    }
    SizeMix mix{named.key, {}};
    for (const WrittenSize& size : named.value) {
      if (size.size <= Size::zero()) continue;  // already reported
      mix.entries.push_back({static_cast<std::int32_t>(size.size.bytes()), size.weight});
    }
    own_.emplace(named.key, std::move(mix));
  }
}

SizeMixId Sizes::use(const Name& name, Diagnostics& diagnostics) {
  if (auto mix = find(name.value)) return add(std::move(*mix));
  const auto size = parse_size(name.value);
  if (size && size->bytes() >= 1 && size->bytes() <= largest_packet_bytes) {
    return add(SizeMix{to_text(*size), {{static_cast<std::int32_t>(size->bytes()), 1.0}}});
  }
  std::vector<std::string> names;
  for (const auto& [own, mix] : own_) names.push_back(own);
  for (const catalogue::PacketMix& mix : catalogue::packet_mixes()) names.emplace_back(mix.name);
  const bool unit_missing = static_cast<bool>(parse_number(name.value));
  name.where.error(
      diagnostics,
      fmt::format(
          "expected a packet size from 1 B to {} B such as 400 B, or one of the mixes {}, got {}{}",
          largest_packet_bytes, fmt::join(names, ", "), quote(name.value),
          unit_missing ? ": the unit is missing" : ""),
      did_you_mean(name.value, names));
  return use_default();
}

SizeMixId Sizes::use_default() { return add(*built_in(default_mix)); }

SizeMixId Sizes::add(SizeMix mix) {
  for (std::size_t i = 0; i < used_.size(); ++i) {
    if (used_[i].name == mix.name) return SizeMixId(i);
  }
  used_.push_back(std::move(mix));
  return SizeMixId(used_.size() - 1);
}

std::optional<SizeMix> Sizes::find(const std::string& name) const {
  const auto own = own_.find(name);
  if (own != own_.end()) return own->second;
  return built_in(name);
}

}  // namespace longhaul::scenario
