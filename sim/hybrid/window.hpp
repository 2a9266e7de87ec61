// One state of the network, to be simulated packet by packet for a short while.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "sim/fluid/engine.hpp"
#include "sim/hybrid/paths.hpp"
#include "sim/hybrid/plan.hpp"
#include "sim/traffic/rate_path.hpp"

namespace longhaul::hybrid {

/// Routes from some instant on, and the demands' paths under them.
struct Epoch {
  std::int64_t from;  ///< ps
  std::shared_ptr<const Routes> routes;
  Paths paths;
  std::vector<std::int64_t> least_ps;  ///< by DemandId: of the smallest packet, without waiting
};

struct Window {
  std::size_t number;
  std::size_t epoch;
  std::vector<double> rate_bps;  ///< by DemandId: what is let in
  /// By PortId: more comes than goes, or something waits that came while it did. The fluid says for
  /// how long. Never of shallow ports.
  std::vector<bool> congested;
};

/// What all windows share: the network with short links, arrivals without what changes slowly.
class Windows {
 public:
  Windows(const engine::Input& input, const Config& config, const Plan& plan);

  const std::vector<Epoch>& epochs() const { return epochs_; }
  /// The fluid's input: bursts that windows hold are at their mean.
  engine::Input fluid_input() const;

  /// The window of plan.instants[number], in ascending order.
  Window look(std::size_t number, std::span<const fluid::PortLook> ports);
  /// Simulates it. May be called by several threads at once.
  Measurements simulate(const Window& window) const;

 private:
  void thin(Window& window, std::span<const fluid::PortLook> ports) const;

  const engine::Input& input_;
  const Config& config_;
  const Plan& plan_;
  std::vector<Epoch> epochs_;
  NetworkPtr network_;                     ///< with short links
  std::shared_ptr<const DemandSet> base_;  ///< demands in windows, at their mean rates
  std::shared_ptr<const DemandSet> slow_;  ///< of the fluid
  std::vector<RatePath> rates_;            ///< by DemandId: what changes from window to window
  std::vector<std::int64_t> lag_ps_;       ///< by DemandId: to its most loaded port
};

}  // namespace longhaul::hybrid
