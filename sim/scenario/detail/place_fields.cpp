// The tables that read `within:` and `among:`.
#include "sim/scenario/detail/written_places.hpp"
#include "sim/topology/fields.hpp"

namespace longhaul::scenario {

using yaml::Fields;

yaml::Type<Name> located_name() { return yaml::located(yaml::name()); }

const Fields<WrittenWithin>& within_fields() {
  static const Fields<WrittenWithin> fields =
      Fields<WrittenWithin>("within",
                            "Where traffic must stay: at nodes whose region or country is named.")
          .optional("region", &WrittenWithin::regions, yaml::one_or_list(located_name()),
                    "These regions.")
          .optional("country", &WrittenWithin::countries, yaml::one_or_list(located_name()),
                    "These countries.")
          .place(&WrittenWithin::where)
          .check([](const WrittenWithin& within, const yaml::Node& node, Diagnostics& diagnostics) {
            if (within.regions.empty() && within.countries.empty() && node.entries.empty())
              node.where.error(diagnostics, "`within` needs `region` or `country`");
          });
  return fields;
}

const Fields<WrittenAmong>& among_fields() {
  static const Fields<WrittenAmong> fields =
      Fields<WrittenAmong>("among", "Which nodes take part; several keys must all hold.")
          .optional("nodes", &WrittenAmong::nodes, yaml::one_or_list(located_name()), "These.")
          .optional("region", &WrittenAmong::regions, yaml::one_or_list(located_name()),
                    "Those of these regions.")
          .optional("provider", &WrittenAmong::providers, yaml::one_or_list(located_name()),
                    "Those of these providers.")
          .optional("tier", &WrittenAmong::tiers, yaml::one_or_list(yaml::integer(1, 3)),
                    "Those whose provider is of these tiers.")
          .optional("country", &WrittenAmong::countries, yaml::one_or_list(located_name()),
                    "Those in these countries.")
          .optional("role", &WrittenAmong::roles, yaml::one_or_list(topology_text::role_type()),
                    "Those of these roles.")
          .place(&WrittenAmong::where);
  return fields;
}

}  // namespace longhaul::scenario
