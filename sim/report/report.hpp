// The report: what was measured, with names and in SI units. One type for every engine; the
// terminal, JSON and CSV writers only print it (keys: `longhaul schema report`).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/run/run.hpp"

namespace longhaul::report {

/// Statistics of a duration, in seconds.
struct DurationSummary {
  std::uint64_t count = 0;  ///< 0: the figures mean nothing and are printed as null
  double min = 0;
  double mean = 0;
  double p50 = 0;
  double p90 = 0;
  double p99 = 0;
  double p999 = 0;
  double max = 0;
};

/// One class at one direction of a link, over the packets that arrive there.
struct ClassRow {
  std::string name;
  double share = 0;  ///< of the bytes that the link sent
  std::uint64_t arrived_packets = 0;
  std::uint64_t sent_packets = 0;
  std::uint64_t sent_bytes = 0;  ///< with framing
  std::uint64_t dropped_packets = 0;
  std::uint64_t marked_packets = 0;  ///< congestion experienced (RFC 3168)
  double loss = 0;                   ///< dropped / arrived
  DurationSummary wait;
};

/// What a direction of a microwave link did at one of its modulations.
struct ModulationRow {
  std::string name;
  double capacity_bps = 0;  ///< of all members together
  double time = 0;          ///< share of the measured period
  DurationSummary wait;     ///< of the packets sent at it
};

/// Of a link that adapts its modulation; the shares of time and `down` add up to 1.
struct ModulationRows {
  std::vector<ModulationRow> rows;  ///< fastest first; only those that it had
  std::uint64_t changes = 0;        ///< how often one followed another
  double down = 0;                  ///< share of the time in which the link was down
};

/// One direction of a link.
struct LinkRow {
  std::string id;
  std::string from;
  std::string to;
  double capacity_bps = 0;          ///< of all members together
  std::optional<double> length_km;  ///< of the cable, where known
  std::string medium;
  std::string provider;         ///< of the sending node
  double utilization_mean = 0;  ///< 0 to 1
  double utilization_p95 = 0;   ///< over the sampling intervals
  double utilization_max = 0;
  double loss = 0;  ///< dropped / arrived
  std::uint64_t sent_packets = 0;
  std::uint64_t dropped_packets = 0;
  double queue_bytes_mean = 0;
  double queue_bytes_max = 0;
  DurationSummary wait;
  std::vector<ClassRow> classes;  ///< those that packets arrived of; empty with plain FIFO
  std::optional<ModulationRows> modulation = {};  ///< of links that adapt it
};

/// What the senders of a TCP demand saw.
struct TransportRow {
  std::string protocol;
  std::uint64_t connections = 0;
  double goodput_bps = 0;  ///< data that was acknowledged, without headers
  double resent = 0;       ///< segments sent again / segments acknowledged
  std::uint64_t resent_segments = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t reductions = 0;  ///< of windows, for loss or marks; timeouts apart
  double rtt_mean_s = 0;         ///< 0: none was measured
  double rtt_max_s = 0;
  double fairness = 0;  ///< Jain's index of its connections, 0 to 1
  bool endless = true;
  std::uint64_t completed_flows = 0;
  std::uint64_t most_waiting_flows = 0;  ///< for a free connection, at one time
  DurationSummary completion;
};

/// What failures cost a demand.
struct RepairRow {
  std::uint32_t failures = 0;  ///< to which it lost packets
  double mean_s = 0;           ///< from a failure to the last packet lost to it
  double max_s = 0;
  std::uint64_t link_down = 0;  ///< packets lost, by cause
  std::uint64_t no_route = 0;
  std::uint64_t loop = 0;
  bool repaired = true;  ///< in the end it has a route
};

struct DemandRow {
  std::string from;
  std::string to;
  std::string cls;
  std::string provider;    ///< of the source node
  int tier = 0;            ///< of that provider
  double offered_bps = 0;  ///< as sent, without framing
  double delivered_bps = 0;
  double loss = 0;  ///< dropped / sent
  double hops = 0;
  std::uint64_t sent_packets = 0;
  std::uint64_t dropped_packets = 0;
  DurationSummary latency;
  DurationSummary queueing;
  double jitter_s = 0;
  std::optional<TransportRow> transport = {};  ///< of TCP demands
  std::string service = {};                    ///< that it belongs to; empty: none
  std::optional<RepairRow> repair = {};        ///< of demands that lost packets to failures
};

/// Demands whose source node is of this tier, provider or region (or that are of this class), and
/// the links that such nodes send on. A class has no links of its own.
struct GroupRow {
  std::string name;
  std::uint64_t demands = 0;
  std::uint64_t links = 0;
  double offered_bps = 0;
  double delivered_bps = 0;
  double loss = 0;
  double hops = 0;          ///< packet-weighted mean
  DurationSummary latency;  ///< over the packets of all its demands
  DurationSummary queueing;
  double jitter_s = 0;                    ///< packet-weighted mean
  std::optional<double> max_utilization;  ///< mean over time of the busiest of its links
  std::string worst_link;                 ///< that link, "A>B"; empty without links
};

struct Groups {
  GroupRow all;  ///< everything
  std::vector<GroupRow> tier;
  std::vector<GroupRow> provider;
  std::vector<GroupRow> cls;
  std::vector<GroupRow> region;
};

/// A link above 80 % mean utilization, or one that dropped packets.
struct Bottleneck {
  std::size_t link;  ///< position in `links`
};

struct Congestion {
  static constexpr double threshold = 0.8;
  std::size_t links_over_threshold = 0;   ///< directions
  std::optional<std::size_t> worst_link;  ///< position in `links`; none without links
  double max_utilization = 0;
  std::vector<Bottleneck> bottlenecks;  ///< worst first: by loss, then utilization
};

/// A figure of a service that is that of its worst pair of sites.
struct WorstPair {
  double value = 0;
  std::string from;
  std::string to;
};

/// Where a service waited or lost most, and whose traffic it met there.
struct Hurt {
  std::string link;      ///< "A>B"
  bool by_loss = false;  ///< it lost packets in queues; else it only waited
  double share = 0;      ///< of the service's loss in queues, or of its waiting
  double wait_p99 = 0;   ///< of its class there (of all packets, with plain FIFO), in seconds
  double loss = 0;       ///< likewise
  struct Sender {
    std::string name;  ///< a service, or the class of what belongs to none
    bool itself = false;
    double share = 0;  ///< of what could delay it there
    std::string from;  ///< its largest demand there
    std::string to;
  };
  std::vector<Sender> senders;  ///< most first
};

/// A service over all its packets.
struct ServiceRow {
  std::string name;
  std::string type;
  std::string shape;
  std::string cls;
  std::uint64_t sites = 0;
  std::uint64_t demands = 0;
  std::optional<double> guaranteed_bps;
  double offered_bps = 0;
  double delivered_bps = 0;
  double loss = 0;
  DurationSummary latency;
  DurationSummary queueing;
  double jitter_s = 0;
  std::optional<WorstPair> availability;  ///< share of sampling intervals (ITU-T Y.1540), 0 to 1
  std::optional<WorstPair> mos;           ///< of its calls (ITU-T G.107), 1 to 4.5
  std::string codec;                      ///< of its calls; empty: none
  std::vector<std::size_t> promises;      ///< positions in Report::expectations
  std::optional<Hurt> hurt;               ///< none where it neither waited nor lost
};

enum class Quantity { fraction, seconds, bits_per_second, bytes, score };

struct ExpectationRow {
  std::string text;
  std::optional<double> value;  ///< SI; none when nothing was measured, which does not pass
  double bound = 0;
  bool pass = false;
  Quantity quantity = Quantity::fraction;
  bool promise = false;  ///< of a service's `sla:`
};

struct Report {
  bool complete = true;
  std::string scenario;
  std::string file;
  std::string topology;  ///< its file, or its name when inline
  std::vector<int> provider_tiers;
  std::uint64_t seed = 0;
  double warmup_s = 0;
  double duration_s = 0;          ///< measured
  double duration_planned_s = 0;  ///< asked for; differs when interrupted
  std::string fidelity;
  std::uint64_t fingerprint = 0;
  RunCost cost;
  PacketTotals packets;
  std::vector<LinkRow> links;  ///< existing directions, in port order
  std::vector<DemandRow> demands;
  Groups groups;
  Congestion congestion;
  std::vector<ExpectationRow> expectations;
  std::vector<ServiceRow> services;
  std::optional<ErrorBar> error;  ///< none: every packet was followed
  bool passed() const;
};

Report make_report(const run::Result& result);

}  // namespace longhaul::report
