// How far the figures of a hybrid run may be off: by how few packets were followed, and by what the
// comparison with packets showed.
#pragma once

#include <span>

#include "sim/hybrid/plan.hpp"
#include "sim/hybrid/replicas.hpp"

namespace longhaul::hybrid {

/// `batches`: queueing of all demands in windows taken by turns; `busiest`: mean utilization of the
/// most loaded port; `congested`: some port had more to send than it could, for a while.
ErrorBar error_bar(const engine::Input& input, const Config& config, const Plan& plan,
                   std::span<const DurationStats> batches, double busiest, bool congested);

/// The same of a run with TCP. `batches`: queueing of all demands by replica.
ErrorBar replica_error_bar(const engine::Input& input, const Config& config,
                           const ReplicaPlan& plan, std::span<const DurationStats> batches);

}  // namespace longhaul::hybrid
