// Which lanes packets may ever take, under the forwarding of all times.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/engine/forwarding.hpp"
#include "sim/packet/model.hpp"

namespace longhaul::packet {

struct Reach {
  /// The most links that a packet may cross; none if there is no bound, since routers that change
  /// at different times may send it in circles.
  std::optional<std::uint32_t> most_hops;
};

/// Fills the model's edges (the lanes that routes can use) and several_ways (the sinks that a
/// demand may reach by several lanes).
Reach build_edges(const Input& input, const engine::ForwardingOfAllTimes& forwarding,
                  const std::vector<std::uint32_t>& first_queue, Model& model);

}  // namespace longhaul::packet
