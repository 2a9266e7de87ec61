#include "sim/scenario/detail/resolve.hpp"
#include "sim/scenario/detail/resolve_services.hpp"
#include "sim/scenario/expectation.hpp"
#include "sim/scenario/selection.hpp"

namespace longhaul::scenario {

namespace {

/// The place of a byte of a line. A line of a `--set` has no columns.
yaml::Place at(const WrittenLine& line, std::size_t offset) {
  yaml::Place place = line.where;
  if (place.line > 0) place.column += static_cast<int>(offset) + (line.quoted ? 1 : 0);
  return place;
}

}  // namespace

void resolve_expectations(const WrittenScenario& written, Scenario& out, Diagnostics& diagnostics) {
  std::vector<yaml::Place> places;
  for (const WrittenLine& line : written.expect) {
    const auto error = [&](std::size_t offset, std::string message, std::string hint) {
      at(line, offset).error(diagnostics, std::move(message), std::move(hint));
    };
    const auto expectation =
        parse_expectation(line.text, out.network.get(), out.classes, error, out.services);
    if (!expectation) continue;
    out.expectations.push_back(*expectation);
    places.push_back(at(line, 0));
  }
  for (std::size_t s = 0; s < out.services.size(); ++s) {
    for (Expectation& e : promises_of(written.services[s], ServiceId(s))) {
      out.expectations.push_back(std::move(e));
      places.push_back(written.services[s].sla->where);
    }
  }
  if (diagnostics.has_errors() || out.expectations.empty()) return;
  const DemandSet demands = demand_pairs(out);
  for (std::size_t i = 0; i < out.expectations.size(); ++i) {
    const Expectation& expectation = out.expectations[i];
    if (matches_something(expectation, *out.network, demands)) continue;
    places[i].error(diagnostics,
                    is_link_metric(expectation)
                        ? "this speaks of no link of the network"
                        : "this speaks of no demand: nobody sends such traffic in this scenario",
                    "an expectation that nothing can fail is a mistake");
  }
}

}  // namespace longhaul::scenario
