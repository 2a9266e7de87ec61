// Dumbbells and parking lots of TCP: the cases of tests/bench/ns3_tcp.cpp in longhaul.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/packet/engine.hpp"

namespace longhaul::tcp_lab {

/// Hosts hang on routers in a row; links between routers are the bottlenecks.
struct Flow {
  std::size_t from;  ///< router
  std::size_t to;
  double delay_ms;          ///< of the sender's access link; the receiver's has 1 ms
  double transfers_hz = 0;  ///< 0: one endless transfer
};

struct Case {
  std::string name;
  double mbps;         ///< between routers
  double hop_ms;       ///< between routers
  std::int64_t limit;  ///< packets, beside the one being sent
  std::size_t routers;
  std::vector<Flow> flows;
  double warmup_s;
  double end_s;
  std::int64_t transfer_bytes = 0;
};

/// shallow, deep, ample, long, parking-lot, transfers: as ns3_tcp has them.
Case find_case(const std::string& name);

/// Seed averages.
struct Figures {
  double goodput_mbps = 0;
  double jain = 0;  ///< of flows that cross one bottleneck
  double wait_ms = 0;
  double loss_percent = 0;
  double timeouts = 0;
  double through_mbps = 0;  ///< of flows that cross them all, where there are several
  double completed = 0;
  double fct_mean_ms = 0;
  double fct_p50_ms = 0;
  double fct_p99_ms = 0;
};

/// `spec` as in the figures of ns-3, but for its protocol.
Figures run(const Case& c, CongestionControl protocol, int seeds);

}  // namespace longhaul::tcp_lab
