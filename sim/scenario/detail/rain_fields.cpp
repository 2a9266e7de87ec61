#include "sim/scenario/detail/types.hpp"
#include "sim/scenario/detail/written_rain.hpp"
#include "sim/topology/fields.hpp"

namespace longhaul::scenario {

using yaml::Bound;
using yaml::Fields;
using yaml::located;

const Fields<WrittenStorm>& storm_fields() {
  static const Fields<WrittenStorm> fields =
      Fields<WrittenStorm>("storm",
                           "Rain on microwave hops: it rises, holds and falls along straight "
                           "lines. Storms on one hop add up.")
          .optional("links", &WrittenStorm::links, yaml::one_or_list(located(yaml::name())),
                    "On these: links, two nodes as A-B, or nodes (all their hops).")
          .optional("region", &WrittenStorm::regions, yaml::one_or_list(located(yaml::name())),
                    "On the hops with an end in these regions.")
          .optional("center", &WrittenStorm::center, located(topology_text::geo_point()),
                    "With `radius`: on the hops with an end no farther than that from here.")
          .optional("radius", &WrittenStorm::radius, yaml::distance(Bound::positive),
                    "Around `center`.")
          .required("rain", &WrittenStorm::um_per_h, topology_text::rain_type(),
                    "While it holds, along the whole of every hop it is on.")
          .optional("rise", &WrittenStorm::rise, clock_time(Bound::not_negative),
                    "From dry to `rain`.", "0 s")
          .required("hold", &WrittenStorm::hold, clock_time(Bound::not_negative), "At `rain`.")
          .optional("fall", &WrittenStorm::fall, clock_time(Bound::not_negative),
                    "From `rain` to dry.", "0 s")
          .place(&WrittenStorm::where)
          .whole(&WrittenStorm::whole)
          .check([](const WrittenStorm& storm, const yaml::Node& node, Diagnostics& diagnostics) {
            if (storm.center.has_value() != storm.radius.has_value())
              node.where.error(diagnostics, "`center` and `radius` go together");
            const int places = (storm.links.empty() ? 0 : 1) + (storm.regions.empty() ? 0 : 1) +
                               (storm.center ? 1 : 0);
            if (places == 1) return;
            node.where.error(
                diagnostics,
                places == 0 ? "where? a storm needs `links`, `region`, or `center` and `radius`"
                            : "a storm takes one of `links`, `region` and `center`, not several");
          });
  return fields;
}

const Fields<WrittenRain>& rain_fields() {
  static const Fields<WrittenRain> fields =
      Fields<WrittenRain>(
          "rain",
          "Rain from a CSV file with the columns time_s, mm_per_h and one of link and region, the "
          "times of each ascending: straight lines between rows, dry before and after.")
          .required("file", &WrittenRain::path,
                    yaml::any({"the path of a file", R"({"type": "string"})", {}}),
                    "Its path, relative to this file.")
          .optional("speedup", &WrittenRain::speedup, yaml::positive_number(),
                    "Divides its times: at 600, ten minutes of rain pass in a second.", "1");
  return fields;
}

}  // namespace longhaul::scenario
