// `generate:` in YAML, and what it asks for.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/topology/fields.hpp"

namespace longhaul::topology_text {

namespace {

using namespace yaml;  // the tables below are made of its words

constexpr std::int64_t most_nodes = 1'000'000;
constexpr double most_links = 10e6;

const Fields<LevelText>& level_fields() {
  static const auto fields =
      Fields<LevelText>("shape", "What every generated shape may say.")
          .optional("nodes", &LevelText::nodes, located(integer(1, most_nodes)),
                    "Own nodes, per instance of the shape; a tree may give its depth instead.")
          .optional("degree", &LevelText::degree, located(integer(2, most_nodes)),
                    "Of a mesh: links per node.", "all")
          .optional("branching", &LevelText::branching, integer(1, most_nodes),
                    "Of a tree: children per node.", "2")
          .optional("depth", &LevelText::depth, integer(1, 64),
                    "Of a tree: links from root to leaf.")
          .optional("capacity", &LevelText::capacity, capacity(), "Of its links.", "100G")
          .optional("spacing", &LevelText::spacing, distance(), "Length of each of its links.",
                    "300 km core, 30 km metro and edge, else 5 km")
          .optional("medium", &LevelText::medium, medium_type(), "Of its links.", "fiber")
          .optional("framing", &LevelText::framing, framing_type(), "Of its links.", "ethernet")
          .optional("role", &LevelText::role, role_type(), "Of its nodes.",
                    "the level's name, else core")
          .optional("provider", &LevelText::provider, located(name()),
                    "Of its nodes; made, if `tier` is given too.", "as the level above")
          .optional("tier", &LevelText::tier, tier_type(),
                    "Without `provider`: each instance is a provider of this tier.")
          .optional("region", &LevelText::region, name(), "Of its nodes.",
                    "as the node it hangs on")
          .optional("country", &LevelText::country, country_type(), "Of its nodes.")
          .optional("weight", &LevelText::weight, number(0, 1e18), "Of its nodes, for gravity.",
                    "1")
          .optional("latency", &LevelText::latency, duration(), "Of its nodes.", "0")
          .place(&LevelText::where);
  return fields;
}

Type<Shape> shape_type() {
  return choice_of({Shape::ring, Shape::star, Shape::mesh, Shape::tree, Shape::line});
}

const Fields<NestedText>& nested_fields() {
  static const auto fields =
      Fields<NestedText>("level", "One level of a hybrid.")
          .required("shape", &NestedText::shape, shape_type(), "How its nodes are joined.")
          .extends(level_fields())
          .optional("per", &NestedText::per, located(name()),
                    "The level whose every node gets one of these.", "the level before");
  return fields;
}

/// A shape, or nothing for hybrid.
Type<std::optional<Shape>> shape_or_hybrid() {
  return choice<std::optional<Shape>>({{"ring", Shape::ring},
                                       {"star", Shape::star},
                                       {"mesh", Shape::mesh},
                                       {"tree", Shape::tree},
                                       {"line", Shape::line},
                                       {"hybrid", std::nullopt}});
}

struct LevelKey {
  const char* name;
  Role role;
  std::optional<NestedText> GenerateText::*member;
};

/// From the outermost inwards: a level hangs on the one before unless `per` says otherwise.
constexpr std::array<LevelKey, 6> level_keys{{
    {"core", Role::core, &GenerateText::core},
    {"metro", Role::metro, &GenerateText::metro},
    {"edge", Role::edge, &GenerateText::edge},
    {"exchange", Role::exchange, &GenerateText::exchange},
    {"datacenter", Role::datacenter, &GenerateText::datacenter},
    {"access", Role::access, &GenerateText::access},
}};

class SpecBuilder {
 public:
  SpecBuilder(const DefaultsText& defaults, const std::vector<Provider>& providers,
              Diagnostics& diagnostics)
      : defaults_(defaults), providers_(providers), diagnostics_(diagnostics) {}

  std::optional<GenerateSpec> build(const GenerateText& text) {
    GenerateSpec spec;
    spec.center = text.center;
    if (text.shape) {
      for (const LevelKey& key : level_keys) {
        const auto& level = text.*key.member;
        if (level) fail(level->where, "levels such as this are for `shape: hybrid`");
      }
      const Role role = text.role.value_or(defaults_.role.value_or(Role::core));
      spec.levels.push_back(make_level(text, longhaul::to_string(role), *text.shape, role, {}));
    } else {
      if (text.nodes)
        fail(text.nodes->where, "a hybrid gives its nodes in levels: core, metro, ...");
      add_levels(text, spec);
    }
    if (failed_) return std::nullopt;
    check_size(text, spec);
    if (failed_) return std::nullopt;
    return spec;
  }

 private:
  struct Pending {
    const LevelKey* key;
    const NestedText* text;
    std::string per;
  };

  void fail(const Place& where, std::string message, std::string hint = {}) {
    where.error(diagnostics_, std::move(message), std::move(hint));
    failed_ = true;
  }

  void add_levels(const GenerateText& text, GenerateSpec& spec) {
    std::vector<Pending> pending;
    std::vector<std::string> names;
    for (const LevelKey& key : level_keys) {
      const auto& level = text.*key.member;
      if (!level) continue;
      const std::string before = names.empty() ? std::string() : names.back();
      pending.push_back(Pending{&key, &*level, level->per ? level->per->value : before});
      names.emplace_back(key.name);
    }
    if (pending.empty()) {
      fail(text.where, "a hybrid needs levels: core, metro, edge, exchange, datacenter or access");
      return;
    }
    for (const Pending& p : pending) {
      if (p.per.empty() || std::find(names.begin(), names.end(), p.per) != names.end()) continue;
      fail(p.text->per->where, fmt::format("there is no level {}", quote(p.per)),
           did_you_mean(p.per, names));
    }
    if (!failed_) place_levels(std::move(pending), spec);
  }

  /// Moves levels to the spec as soon as the one they hang on is there.
  void place_levels(std::vector<Pending> pending, GenerateSpec& spec) {
    while (!pending.empty()) {
      const auto ready = std::find_if(pending.begin(), pending.end(), [&](const Pending& p) {
        return p.per.empty() ||
               std::any_of(spec.levels.begin(), spec.levels.end(),
                           [&](const longhaul::LevelSpec& l) { return l.name == p.per; });
      });
      if (ready == pending.end()) {
        const Pending& first = pending.front();
        fail(first.text->per ? first.text->per->where : first.text->where,
             fmt::format("level {} hangs on itself by way of `per`", quote(first.key->name)));
        return;
      }
      const Role role = ready->text->role.value_or(ready->key->role);
      spec.levels.push_back(
          make_level(*ready->text, ready->key->name, ready->text->shape, role, ready->per));
      pending.erase(ready);
    }
  }

  LevelSpec make_level(const LevelText& text, std::string name, Shape shape, Role role,
                       std::string per) {
    LevelSpec level;
    level.name = std::move(name);
    level.shape = shape;
    level.per = std::move(per);
    level.role = role;
    level.capacity = text.capacity.value_or(defaults_.capacity.value_or(level.capacity));
    level.spacing = text.spacing.value_or(default_spacing(role));
    level.medium = text.medium.value_or(defaults_.medium.value_or(level.medium));
    level.framing = text.framing.value_or(defaults_.framing.value_or(level.framing));
    level.latency = text.latency.value_or(defaults_.latency.value_or(level.latency));
    level.weight = text.weight.value_or(level.weight);
    level.region = text.region.value_or(defaults_.region.value_or(""));
    level.country = text.country.value_or(defaults_.country.value_or(""));
    level.branching = static_cast<std::uint32_t>(text.branching.value_or(2));
    set_provider(text, level);
    set_nodes(text, level);
    set_degree(text, level);
    return level;
  }

  void set_provider(const LevelText& text, LevelSpec& level) {
    level.tier = text.tier.value_or(0);
    const auto& provider = text.provider;
    if (!provider && level.tier == 0 && level.per.empty() && defaults_.provider) {
      level.provider = defaults_.provider->value;
    }
    if (!provider) return;
    level.provider = provider->value;
    std::vector<std::string> known;
    for (const Provider& p : providers_) known.push_back(p.id);
    const bool declared = std::find(known.begin(), known.end(), level.provider) != known.end();
    if (!declared && level.tier == 0) {
      fail(provider->where,
           fmt::format("provider {} is not defined; list it under `providers`, or give its `tier`",
                       quote(level.provider)),
           did_you_mean(level.provider, known));
    }
  }

  void set_nodes(const LevelText& text, LevelSpec& level) {
    if (text.nodes) {
      level.nodes = static_cast<std::uint32_t>(text.nodes->value);
    } else if (level.shape == Shape::tree && text.depth) {
      const auto depth = static_cast<std::uint32_t>(*text.depth);
      const std::uint64_t count = tree_nodes(level.branching, depth, level.per.empty());
      if (count > static_cast<std::uint64_t>(most_nodes)) {
        fail(text.where, fmt::format("this tree would have more than {} nodes", most_nodes));
        return;
      }
      level.nodes = static_cast<std::uint32_t>(count);
    } else {
      fail(text.where, fmt::format("missing key \"nodes\" of a {}{}", to_string(level.shape),
                                   level.shape == Shape::tree ? ": expected `nodes` or `depth`"
                                                              : ": expected how many it has"));
    }
  }

  void set_degree(const LevelText& text, LevelSpec& level) {
    if (!text.degree) return;
    level.degree = static_cast<std::uint32_t>(text.degree->value);
    if (level.shape != Shape::mesh) {
      fail(text.degree->where,
           fmt::format("a degree is for `shape: mesh`, not {}", to_string(level.shape)));
      return;
    }
    const std::uint64_t members = std::uint64_t{level.nodes} + (level.per.empty() ? 0 : 1);
    if (level.nodes > 0 && level.degree >= members) {
      fail(text.degree->where, fmt::format("a mesh of {} nodes has a degree of at most {}, got {}",
                                           members, members - 1, level.degree));
    }
  }

  void check_size(const GenerateText& text, const GenerateSpec& spec) {
    const GeneratedSize size = generated_size(spec);
    if (size.nodes <= static_cast<double>(most_nodes) && size.links <= most_links) return;
    fail(text.where, fmt::format("this would make {:.0f} nodes and {:.0f} links; at most {} and "
                                 "{:.0f} are made",
                                 size.nodes, size.links, most_nodes, most_links));
  }

  const DefaultsText& defaults_;
  const std::vector<Provider>& providers_;
  Diagnostics& diagnostics_;
  bool failed_ = false;
};

}  // namespace

const yaml::Fields<GenerateText>& generate_fields() {
  static const auto fields = [] {
    auto table = Fields<GenerateText>(
        "generated network", "A network of one shape, or a hybrid: shapes nested in shapes.");
    table
        .required("shape", &GenerateText::shape, shape_or_hybrid(),
                  "How nodes are joined; hybrid takes a level for each role.")
        .extends(level_fields())
        .optional("center", &GenerateText::center, geo_point(),
                  "Gives the nodes coordinates around this point.");
    for (const LevelKey& key : level_keys) {
      table.optional(key.name, key.member, object(nested_fields()),
                     fmt::format("Of a hybrid: its {} level.", key.name));
    }
    return table;
  }();
  return fields;
}

std::optional<GenerateSpec> to_generate_spec(const GenerateText& text, const DefaultsText& defaults,
                                             const std::vector<Provider>& providers,
                                             Diagnostics& diagnostics) {
  return SpecBuilder(defaults, providers, diagnostics).build(text);
}

}  // namespace longhaul::topology_text
