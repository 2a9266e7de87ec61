// Small networks for theory tests, and the statistics to compare them with theory.
//
// Method: each scenario is run once per seed (independent replications; fixed seeds, so a test
// never flickers), each figure of a run is one sample, and Student's interval of the samples must
// hold the theory's figure. Intervals are 99.99 %, since hundreds of them are looked at; and each
// test also demands that the interval is narrow, or it could not fail.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/packet/engine.hpp"
#include "sim/stats/interval.hpp"

namespace longhaul::lab {

inline constexpr double confidence = 0.9999;

/// A network and its traffic, put together in a few lines. Routes are shortest by hops.
class Lab {
 public:
  Lab();
  NodeId node();
  /// Both directions; returns the one from a to b. No framing, no delay unless given.
  PortId link(NodeId a, NodeId b, Rate rate, Framing framing = Framing::none,
              Duration delay = Duration::us(50));
  SizeMixId sizes(SizeMix mix);
  DemandId demand(NodeId from, NodeId to, Rate rate, SizeMixId sizes);
  DemandId demand(NodeId from, NodeId to, double bits_per_second, SizeMixId sizes);

  /// A further class; class 0 is there from the start, with priority 0.
  ClassId cls(int priority);
  /// The demand as it stands, to be changed.
  Demand& operator[](DemandId id) { return set_.demands[id.index()]; }

  packet::Input input() const;

 private:
  NetworkSpec spec_;
  DemandSet set_;
};

/// A config with an unlimited buffer that measures `packets` packets' worth of time when
/// `packets_per_second` arrive, after a warm-up of a twentieth of it.
packet::Config config_for(double packets, double packets_per_second);

/// Runs of seeds 1 .. n. Checks on each that packets are conserved, in all and at every port.
std::vector<Measurements> replicate(const Lab& lab, packet::Config config, int n);

using Figure = std::function<double(const Measurements&)>;
MeanInterval interval_of(const std::vector<Measurements>& runs, const Figure& metric);
/// CHECKs that the interval of `metric` holds `theory` and is at most `precision` x theory to
/// either side. `slack` (relative to theory) widens the interval by what is known to be
/// approximated.
void check_mean(const std::string& what, const std::vector<Measurements>& runs,
                const Figure& metric, double theory, double precision, double slack = 0);

using Stats = std::function<const DurationStats&(const Measurements&)>;
/// CHECKs P(value >= t) against 1 - cdf(t) at histogram edges just below the quantiles 0.1 .. 0.999
/// as far as they lie above zero; `cdf` takes ps and must have no jump at an edge. Counts at edges
/// are exact: no bucket is split. `precision_at_half` is check_mean()'s for a share of a half;
/// smaller shares get more, as 1 / sqrt(share).
void check_distribution(const std::string& what, const std::vector<Measurements>& runs,
                        const Stats& stats, const std::function<double(double)>& cdf,
                        double precision_at_half);

}  // namespace longhaul::lab
