// Services: what was promised and kept, and who hurt them (docs/models/services.md).
#pragma once

#include <optional>
#include <vector>

#include "sim/report/report.hpp"

namespace longhaul::report {

/// By ServiceId. `expectations` as evaluated, in the order of the scenario's.
std::vector<ServiceRow> make_services(const run::Result& result,
                                      const std::vector<ExpectationRow>& expectations);

/// The lowest availability or mean opinion score of the demands; none if nothing of them was
/// measured.
std::optional<WorstPair> worst_pair(const run::Result& result, Expectation::Metric metric,
                                    const std::vector<DemandId>& demands);

/// The share of sampling intervals with packets in which less than 20 % of these were lost (ITU-T
/// Y.1540, loss threshold c1); intervals with few packets are judged together. None without
/// packets.
std::optional<double> availability_of(const DemandMeasurement& demand);

}  // namespace longhaul::report
