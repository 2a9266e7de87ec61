// "40G" or "50 %": a rate, or a share of one that is known elsewhere.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "sim/base/parse.hpp"
#include "sim/base/text.hpp"
#include "sim/base/yaml/types.hpp"

namespace longhaul::scenario {

/// Into `out.rate` or `out.share` of an `Out{}`: a rate above 0, or a share above 0 and up to
/// `most_share`. `expected` is for errors and the reference.
template <class Out>
yaml::Type<Out> rate_or_share(std::string expected, double most_share) {
  std::string schema = yaml::json_object(
      {{"anyOf", yaml::json_array({yaml::rate(yaml::Bound::positive).doc.schema,
                                   R"({"type": "string", "pattern": "^[0-9]*\\.?[0-9]+ *%$"})"})}});
  return yaml::scalar<Out>(
      {expected, std::move(schema), {}},
      [expected, most_share](std::string_view text) -> Parsed<Out> {
        Out out;
        if (!text.empty() && text.back() == '%') {
          const auto share = parse_fraction(text);
          if (share && *share > 0 && *share <= most_share) {
            out.share = *share;
            return out;
          }
        } else if (const auto rate = parse_rate(text); rate && *rate > Rate::zero()) {
          out.rate = *rate;
          return out;
        }
        return ParseError{fmt::format("expected {}, got {}{}", expected, quote(text),
                                      parse_number(text) ? ": the unit is missing" : "")};
      });
}

}  // namespace longhaul::scenario
