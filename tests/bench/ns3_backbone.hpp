// A backbone in ns-3: point-to-point links, IPv4, UDP; 1000 bytes on the wire; Poisson senders.
// Plain types only: ns-3's headers need C++17, ours C++20, and this header is where both meet.
#pragma once

#include <cstdint>
#include <vector>

namespace longhaul::bench {

struct Ns3Backbone {
  struct Link {
    std::uint32_t a;
    std::uint32_t b;
    std::uint64_t bps;  ///< each way
    std::int64_t delay_ps;
  };
  struct Demand {
    std::uint32_t from;
    std::uint32_t to;
    double bps;
  };
  std::uint32_t nodes = 0;
  std::vector<Link> links;
  std::vector<Demand> demands;
  /// By node x nodes + destination: the port to take, 2 x link (from a) or 2 x link + 1 (from b);
  /// -1 for none.
  std::vector<std::int64_t> next_port;
};

struct Ns3Result {
  double setup_s = 0;
  double run_s = 0;  ///< wall time of Simulator::Run()
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::uint64_t packet_hops = 0;       ///< of packets received
  std::vector<std::uint64_t> packets;  ///< received, by demand
  std::vector<double> mean_us;         ///< mean delay, by demand; 0 if none
};

/// Sends for `seconds`, and runs on until every packet has arrived or been dropped.
Ns3Result run_ns3(const Ns3Backbone& backbone, double seconds, std::uint32_t seed);

}  // namespace longhaul::bench
