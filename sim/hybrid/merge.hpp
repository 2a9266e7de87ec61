// What windows measured, put together with what the fluid did between them.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/hybrid/window.hpp"

namespace longhaul::hybrid {

/// `share` of the values of `all`, in counts rounded so that shares that add up to 1 give all of
/// them back; `before` is what shares before this one add up to.
DurationStats part_of(const DurationStats& all, double before, double share);

/// The same distribution with `total` values.
DurationStats scaled_to(const DurationStats& all, std::uint64_t total);

/// Waits that pass fast while links keep up, and while one does not.
struct FastWaits {
  DurationStats calm;
  DurationStats congested;
  DurationStats& at(bool is_congested) { return is_congested ? congested : calm; }
  /// With the slow waits added that a fluid has: of `slow`'s values those above 0 are of congested
  /// times. As many values as `slow`.
  DurationStats with(const DurationStats& slow) const;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(calm, congested);
  }
};

// Members that add() changes are to be in serialize().
class Merge {
 public:
  Merge(const engine::Input& input, const Config& config, const Plan& plan,
        const std::vector<Epoch>& epochs);

  /// Adds a window's measurements; in the windows' order.
  void add(const Window& window, const Measurements& measured);
  /// Completes the fluid's measurements by what the windows say.
  void finish(Measurements& fluid) const;

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(demands_, ports_, batches_, congested_, windows_, hops_, dropped_buffer_, dropped_aqm_);
  }

  struct OfDemand {
    FastWaits latency;  ///< above the demand's base
    FastWaits queueing;
    std::uint64_t sent = 0;
    std::uint64_t delivered = 0;
    std::uint64_t dropped = 0;
    double jitter_sum = 0;
    double hops_sum = 0;

    template <class Archive>
    void serialize(Archive& archive) {
      archive(latency, queueing, sent, delivered, dropped, jitter_sum, hops_sum);
    }
  };
  struct OfPort {
    FastWaits wait;
    std::uint64_t arrived = 0;
    std::uint64_t dropped = 0;
    double queue_bytes = 0;  ///< sum over windows
    std::uint64_t queue_bytes_max = 0;
    std::vector<ClassMeasurement> classes;

    template <class Archive>
    void serialize(Archive& archive) {
      archive(wait, arrived, dropped, queue_bytes, queue_bytes_max, classes);
    }
  };

  void add_demand(std::size_t demand, const Window& window, const Measurements& measured);
  void add_port(std::size_t port, bool congested, const PortMeasurement& measured);
  void finish_demand(std::size_t demand, Measurements& m, double aqm_share) const;
  void finish_port(std::size_t port, PortMeasurement& out, double scale) const;

  const engine::Input& input_;
  const Config& config_;
  const Plan& plan_;
  const std::vector<Epoch>& epochs_;
  std::vector<std::int64_t> base_ps_;  ///< by DemandId, over all times
  std::vector<OfDemand> demands_;
  std::vector<OfPort> ports_;
  std::vector<DurationStats> batches_;  ///< fast queueing of all demands, by turns
  bool congested_ = false;
  std::uint64_t windows_ = 0;
  std::uint64_t hops_ = 0;
  std::uint64_t dropped_buffer_ = 0;
  std::uint64_t dropped_aqm_ = 0;
};

}  // namespace longhaul::hybrid
