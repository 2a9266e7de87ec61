#include "sim/scenario/detail/resolve_transport.hpp"

#include <fmt/format.h>

namespace longhaul::scenario {

namespace {

/// Connections at one time, of demands whose flows come and go.
constexpr std::int64_t default_slots = 1000;
const char* const default_table = "web-search";

}  // namespace

std::shared_ptr<const Transport> to_transport(const WrittenTransport& written,
                                              const ArrivalModels& models,
                                              Diagnostics& diagnostics) {
  Transport out;
  out.protocol = written.protocol;
  if (!written.endless()) {
    out.sizes = written.flow ? models.flow_sizes(*written.flow, diagnostics)
                             : find_flow_sizes(default_table);
    if (out.sizes == nullptr) return nullptr;
  }
  const std::int64_t connections = written.connections.value_or(out.endless() ? 1 : default_slots);
  out.connections = static_cast<std::uint32_t>(connections);
  out.segment_bytes = static_cast<std::int32_t>(written.mss.bytes());
  out.initial_window = static_cast<std::uint32_t>(written.initial_window);
  if (written.delayed_ack) {
    out.delayed_ack = *written.delayed_ack;
  } else {
    out.delayed_ack_segments = 1;
  }
  out.least_timeout = written.min_rto;
  if (written.start) out.start = written.start->value;
  return std::make_shared<const Transport>(std::move(out));
}

SizeMix segment_sizes(const WrittenTransport& written) {
  const std::int64_t bytes = written.mss.bytes() + Transport::header_bytes;
  return SizeMix{fmt::format("{} B", bytes), {{static_cast<std::int32_t>(bytes), 1}}};
}

}  // namespace longhaul::scenario
