// `modulation:` of microwave links.
#include <fmt/format.h>

#include <array>

#include "sim/base/quantity.hpp"
#include "sim/base/text.hpp"
#include "sim/topology/fields.hpp"

namespace longhaul::topology_text {

namespace {

using namespace yaml;  // the tables below are made of its words

Type<std::int64_t> quantity(std::string expected, const char* pattern,
                            std::vector<QuantityUnit> units, std::int64_t least,
                            std::int64_t most) {
  return scalar<std::int64_t>(
      {expected, json_object({{"type", R"("string")"}, {"pattern", pattern}}), {}},
      [=](std::string_view text) { return parse_quantity(text, units, least, most, expected); });
}

Type<std::int64_t> frequency_type() {
  return quantity("a frequency from 1 GHz to 100 GHz, such as 18.7 GHz",
                  R"("^[0-9]*\\.?[0-9]+ *(GHz|MHz)$")", {{"GHz", 1e3}, {"MHz", 1}}, 1'000, 100'000);
}

Type<std::int64_t> decibel_type() {
  return quantity("decibels from 1 dB to 100 dB, such as 25 dB", R"("^[0-9]*\\.?[0-9]+ *dB$")",
                  {{"dB", 100}}, 100, 10'000);
}

Type<std::uint32_t> level_type() {
  std::vector<std::pair<std::string, std::uint32_t>> options;
  for (const microwave::Modulation& m : microwave::modulations())
    options.emplace_back(m.name, static_cast<std::uint32_t>(options.size()));
  return choice(std::move(options));
}

Type<std::string> preset_type() {
  std::vector<std::pair<std::string, std::string>> options;
  for (const microwave::Preset& p : microwave::presets()) options.emplace_back(p.name, p.name);
  return choice(std::move(options));
}

const Fields<ModulationText>& modulation_fields() {
  static const auto fields =
      Fields<ModulationText>("modulation",
                             "The radios of a microwave hop, which use the fastest modulation that "
                             "rain leaves them; figures change those of a preset.")
          .optional("preset", &ModulationText::preset, preset_type(),
                    "Where figures come from that are not given (`longhaul catalogue`).")
          .optional("frequency", &ModulationText::frequency_mhz, frequency_type(),
                    "Of the carrier; needed without a preset.")
          .optional("polarization", &ModulationText::polarization,
                    choice_of({Polarization::horizontal, Polarization::vertical}),
                    "Rain takes more of the horizontal.", "vertical")
          .optional("margin", &ModulationText::margin_centidb, decibel_type(),
                    "Fade margin: the attenuation that the highest modulation stands; needed "
                    "without a preset. Lower ones stand more, by their ratio of signal to noise.")
          .optional("highest", &ModulationText::highest, level_type(),
                    "In a clear sky, with the link's whole capacity.", "4096qam")
          .optional("lowest", &ModulationText::lowest, level_type(),
                    "Where it does not hold, the link is down.", "qpsk")
          .optional("yearly_rain", &ModulationText::yearly_rain_um_per_h, rain_type(),
                    "Exceeded for 0.01 % of an average year where the hop is (ITU-R P.837); for "
                    "the availability that `topology show` prints.")
          .check([](const ModulationText& text, const yaml::Node& node, Diagnostics& diagnostics) {
            if (!text.preset && !text.frequency_mhz)
              node.where.error(diagnostics, "missing key \"frequency\" (or a preset)");
            if (!text.preset && !text.margin_centidb)
              node.where.error(diagnostics, "missing key \"margin\" (or a preset)");
            const Radio radio = to_radio(text);
            if (radio.lowest <= radio.highest) return;
            const auto table = microwave::modulations();
            node.where.error(diagnostics,
                             fmt::format("the lowest modulation, {}, is above the highest, {}",
                                         table[radio.lowest].name, table[radio.highest].name));
          });
  return fields;
}

}  // namespace

Type<std::int64_t> rain_type() {
  return quantity("a rate of rain from 0 to 1000 mm/h, such as 40 mm/h",
                  R"("^[0-9]*\\.?[0-9]+ *mm/h$")", {{"mm/h", 1e3}}, 0, microwave::most_um_per_h);
}

Type<ModulationText> modulation_type() {
  const Type<std::string> name = preset_type();
  const Type<ModulationText> map = object(modulation_fields());
  TypeDoc doc{name.doc.expected + ", or " + map.doc.expected,
              json_object({{"anyOf", json_array({name.doc.schema, map.doc.schema})}}),
              map.doc.objects};
  return {std::move(doc),
          [=](const yaml::Node& node, Diagnostics& diagnostics) -> std::optional<ModulationText> {
            if (node.is_map()) {
              Diagnostics own;
              auto out = map.read(node, own);
              diagnostics.add(own.all());
              return own.has_errors() ? std::nullopt : out;
            }
            const auto preset = name.read(node, diagnostics);
            if (!preset) return std::nullopt;
            ModulationText out;
            out.preset = preset;
            return out;
          }};
}

Radio to_radio(const ModulationText& text) {
  Radio radio = text.preset ? microwave::find_preset(*text.preset)->radio : Radio{};
  if (text.frequency_mhz) radio.frequency_mhz = *text.frequency_mhz;
  if (text.polarization) radio.polarization = *text.polarization;
  if (text.margin_centidb) radio.margin_centidb = *text.margin_centidb;
  if (text.highest) radio.highest = *text.highest;
  if (text.lowest) radio.lowest = *text.lowest;
  if (text.yearly_rain_um_per_h) radio.yearly_rain_um_per_h = *text.yearly_rain_um_per_h;
  return radio;
}

}  // namespace longhaul::topology_text
