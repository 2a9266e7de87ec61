// Fluid and hybrid against packets, on the same network and traffic at rates at which packets are
// feasible: queueing of all demands together, and loss. Propagation is left out: it hides all.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/run/run.hpp"

namespace longhaul::accuracy {

struct Kind {
  const char* name;
  std::shared_ptr<const ArrivalModel> model;  ///< null: Poisson
  QueueLimit buffer;
  /// Bursts last so long that what they happen to be decides: hybrid, with the seed of the first
  /// packet run, has the same, so it is to agree with that one.
  bool long_bursts = false;
  std::shared_ptr<const Transport> transport = nullptr;  ///< null: open loop
  /// Of hybrid with TCP: of rates and connections.
  double scale = 1;
};
/// Poisson; Poisson into 40-packet buffers; bursts within windows; bursts far longer than windows.
const std::vector<Kind>& kinds();
/// TCP: endless connections into deep and into short buffers, and flows of web-search's sizes;
/// hybrid with all connections for less time, and with a quarter of them.
const std::vector<Kind>& tcp_kinds();

struct Case {
  std::string topology;  ///< file
  std::string matrix;    ///< file
  double load;           ///< of the most loaded link, 0 to 1
  const Kind* kind;
  double packet_hops;  ///< of the packet run
  double hybrid_hops;
};

struct Figures {
  double mean_s = 0;
  double p50_s = 0;
  double p99_s = 0;
  double p999_s = 0;
  double loss = 0;
  double goodput_bps = 0;  ///< of TCP: data acknowledged
};

/// Figures of all demands' packets together.
Figures figures(const Measurements& m);

struct Outcome {
  Figures packet;
  Figures other_packet;  ///< of another seed, as long: how far the reference itself is off
  Figures hybrid;
  Figures fluid;
  ErrorBar bar;  ///< of the hybrid's report
  double packet_wall_s = 0;
  double hybrid_wall_s = 0;
};

/// Runs the case under every fidelity. The network has its own shape and relations of capacity, the
/// fastest link at 1 Gb/s; its matrix is scaled to the load. Both packet runs are of packet_hops.
Outcome run_case(const Case& c);

/// The scenario at a fidelity and a seed; `hops` is what hybrid may take, `scale` of TCP's
/// connections if given.
Measurements measure(const Scenario& s, Fidelity fidelity, std::uint64_t seed, double hops,
                     std::optional<double> scale = {});

/// The scenario of a case, as long as its packet_hops take.
Scenario scenario_of(const Case& c);

/// (a - b) / b, 0 where both are.
double off_by(double a, double b);

}  // namespace longhaul::accuracy
