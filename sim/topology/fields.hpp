// A topology as its YAML says it, before names are resolved; and the tables of fields that read it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/yaml/fields.hpp"
#include "sim/network/network.hpp"
#include "sim/topology/generate.hpp"

namespace longhaul::topology_text {

using Name = yaml::Located<std::string>;

struct ProviderText {
  Name id;
  int tier = 1;
  std::uint32_t asn = 0;
  std::string name;
};

/// `modulation:` of a link: a preset, figures, or figures that change a preset.
struct ModulationText {
  std::optional<std::string> preset;
  std::optional<std::int64_t> frequency_mhz;
  std::optional<Polarization> polarization;
  std::optional<std::int64_t> margin_centidb;
  std::optional<std::uint32_t> highest;
  std::optional<std::uint32_t> lowest;
  std::optional<std::int64_t> yearly_rain_um_per_h;
};

struct DefaultsText {
  std::optional<Capacity> capacity;
  std::optional<Medium> medium;
  std::optional<Framing> framing;
  std::optional<Name> provider;
  std::optional<Role> role;
  std::optional<std::string> region;
  std::optional<std::string> country;
  std::optional<Duration> latency;
  std::optional<yaml::Located<ModulationText>> modulation;
};

struct NodeText {
  std::string label;
  std::optional<GeoPoint> at;
  std::optional<std::pair<double, double>> position;
  std::optional<Role> role;
  std::optional<Name> provider;
  std::optional<std::string> region;
  std::optional<std::string> country;
  double weight = 1;
  std::optional<Duration> latency;
  Attributes attributes;
  bool whole = true;  ///< read without a mistake
};

/// `wavelengths: 8` or `all`.
struct Wavelengths {
  std::uint32_t count = 0;  ///< 0: all that the fibre pair carries
};

struct LinkText {
  std::optional<Name> id;
  std::vector<Name> endpoints;
  std::optional<Capacity> capacity;
  std::optional<yaml::Located<Wavelengths>> wavelengths;
  std::optional<Medium> medium;
  std::optional<Distance> length;
  std::optional<Duration> delay;
  std::vector<std::int64_t> metric;
  std::optional<Framing> framing;
  bool one_way = false;
  std::optional<yaml::Located<Relation>> relation;
  std::optional<Name> customer;
  std::vector<std::string> risk;
  Attributes attributes;
  yaml::Place where;
  bool whole = true;  ///< read without a mistake
  std::optional<yaml::Located<ModulationText>> modulation;
};

/// What every generated shape may say.
struct LevelText {
  std::optional<yaml::Located<std::int64_t>> nodes;
  std::optional<yaml::Located<std::int64_t>> degree;
  std::optional<std::int64_t> branching;
  std::optional<std::int64_t> depth;
  std::optional<Capacity> capacity;
  std::optional<Distance> spacing;
  std::optional<Medium> medium;
  std::optional<Framing> framing;
  std::optional<Role> role;
  std::optional<Name> provider;
  std::optional<int> tier;
  std::optional<std::string> region;
  std::optional<std::string> country;
  std::optional<double> weight;
  std::optional<Duration> latency;
  yaml::Place where;
};

/// A level of a hybrid.
struct NestedText : LevelText {
  Shape shape = Shape::ring;
  std::optional<Name> per;
};

/// `generate:`, a shape of its own or, without `shape` here, a hybrid of levels.
struct GenerateText : LevelText {
  std::optional<Shape> shape;
  std::optional<GeoPoint> center;
  std::optional<NestedText> core, metro, edge, exchange, datacenter, access;
};

struct TopologyText {
  std::string name;
  std::string source;
  std::string description;
  std::vector<std::string> include;  ///< only for the schema: merged before the table is read
  std::vector<ProviderText> providers;
  DefaultsText defaults;
  std::vector<yaml::Named<NodeText>> nodes;
  std::vector<LinkText> links;
  std::optional<GenerateText> generate;
  Attributes attributes;
  yaml::Place where;
};

const yaml::Fields<TopologyText>& topology_fields();

/// [latitude, longitude] in degrees.
yaml::Type<GeoPoint> geo_point();
const yaml::Fields<GenerateText>& generate_fields();

yaml::Type<Medium> medium_type();
yaml::Type<Framing> framing_type();
yaml::Type<Role> role_type();
yaml::Type<int> tier_type();
yaml::Type<std::string> country_type();
/// A preset's name or a map.
yaml::Type<ModulationText> modulation_type();
/// One metric for both directions of a link, or [a to b, b to a]; always two of them.
yaml::Type<std::vector<std::int64_t>> metric_type();
/// A rate of rain in um/h.
yaml::Type<std::int64_t> rain_type();

/// The radio that `text` describes; its figures are complete (modulation_type() sees to that).
Radio to_radio(const ModulationText& text);

/// What `generate:` asks for. Mistakes between its fields go into `diagnostics`; nothing if there
/// is any.
std::optional<GenerateSpec> to_generate_spec(const GenerateText& text, const DefaultsText& defaults,
                                             const std::vector<Provider>& providers,
                                             Diagnostics& diagnostics);

/// Writes the `defaults` of an included file into its own nodes and links, so that they do not
/// reach those of other files.
void settle_defaults(yaml::Node& root);

}  // namespace longhaul::topology_text
