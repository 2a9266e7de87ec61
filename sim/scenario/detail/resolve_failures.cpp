#include <fmt/format.h>

#include "sim/failure/components.hpp"
#include "sim/scenario/detail/resolve.hpp"

namespace longhaul::scenario {

namespace {

void read_rate(const WrittenRate& written, double& mtbf_h, double& mttr_h) {
  mtbf_h = written.mtbf_h.value_or(mtbf_h);
  mttr_h = written.mttr_h.value_or(mttr_h);
}

}  // namespace

void resolve_failures(const WrittenScenario& written, std::optional<Time> end, Scenario& out,
                      Diagnostics& diagnostics) {
  if (!written.failures) return;
  failure::Rates rates = failure::published_rates();
  read_rate(written.failures->cable, rates.cable_mtbf_h_per_1000_km, rates.cable_mttr_h);
  read_rate(written.failures->submarine, rates.submarine_mtbf_h_per_1000_km,
            rates.submarine_mttr_h);
  read_rate(written.failures->link, rates.link_mtbf_h, rates.link_mttr_h);
  read_rate(written.failures->node, rates.node_mtbf_h, rates.node_mttr_h);
  out.failures = rates;
  if (out.network == nullptr || !end) return;
  double expected = 0;
  for (const failure::Component& c : failure::components_of(*out.network, rates))
    expected += (*end - Time::zero()).seconds() / 3600 / c.mtbf_h;
  if (expected < 0.5)
    written.failures->where.warning(
        diagnostics,
        fmt::format("{:.2g} failures are to be expected in a run this short", expected),
        "days of simulated time: engine: {fidelity: fluid, duration: 30 d}");
}

}  // namespace longhaul::scenario
