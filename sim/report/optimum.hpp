// `plan optimum` for people and for scripts.
#pragma once

#include <string>
#include <vector>

#include "sim/network/network.hpp"
#include "sim/plan/engineer.hpp"
#include "sim/report/style.hpp"
#include "sim/run/run.hpp"

namespace longhaul::report {

/// The busiest links as configured and at the optimum, and the comparison where methods were asked
/// for.
std::string optimum_text(const Network& network, const plan::Engineered& engineered,
                         const Style& style);
/// One document; docs/reference/cli.md says what its keys are.
std::string optimum_json(const Network& network, const plan::Engineered& engineered);
/// The comparison, a line a method.
std::string optimum_csv(const plan::Engineered& engineered);

/// What a simulation measured of a variant (sim/run/engineered.hpp).
struct SimulatedRow {
  std::string method;
  std::size_t changes = 0;     ///< metrics, pairs, or what the controller changed in all
  double max_utilization = 0;  ///< mean over time of the busiest link
  double loss = 0;
  double latency_p99_s = 0;  ///< of all packets
  double queueing_p99_s = 0;
};
SimulatedRow simulated_row(const std::string& method, std::size_t changes,
                           const run::Result& result);

/// Planned and measured side by side; the optimum is planned only.
std::string simulated_text(const plan::Engineered& engineered,
                           const std::vector<SimulatedRow>& rows, const Style& style);
std::string simulated_json(const plan::Engineered& engineered,
                           const std::vector<SimulatedRow>& rows);

}  // namespace longhaul::report
