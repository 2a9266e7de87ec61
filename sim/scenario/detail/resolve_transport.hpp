// `transport:` of a traffic entry becomes a Transport.
#pragma once

#include <memory>

#include "sim/base/error.hpp"
#include "sim/scenario/detail/resolve_arrivals.hpp"
#include "sim/scenario/detail/written_transport.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul::scenario {

/// Null after a mistake.
std::shared_ptr<const Transport> to_transport(const WrittenTransport& written,
                                              const ArrivalModels& models,
                                              Diagnostics& diagnostics);
/// Full segments.
SizeMix segment_sizes(const WrittenTransport& written);

}  // namespace longhaul::scenario
