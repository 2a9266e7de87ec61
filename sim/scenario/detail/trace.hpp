// Traces of packets or flows: CSV and pcap.
//
//   time,size,from,to,flow         packets: bytes of each, without framing
//   0.000012,1500,NYC,LON,17
//
//   time,bytes,from,to,flow        flows: bytes of each, sent at the rate `flow_rate`
//   0.000012,1500000,NYC,LON,17
//
// The first line names the columns, in any order; from and to go together, flow is what packets of
// one connection share, others are passed over. Times may carry a unit. Lines need not be in order
// of time; the earliest is time 0.
#pragma once

#include <optional>
#include <vector>

#include "sim/network/network.hpp"
#include "sim/scenario/detail/written_arrivals.hpp"

namespace longhaul::scenario {

/// What one node sends another in a trace.
struct TracedPair {
  NodeId from;  ///< none if the trace does not say
  NodeId to;
  ArrivalModel model;  ///< a PacketTrace or a FlowTrace
  SizeMix sizes;       ///< of a packet trace, as it has them; else empty
  Rate rate;           ///< its mean, at least 1 bit/s
  yaml::Place where;   ///< of its first line
};

/// The pairs of a trace by (from, to). Mistakes go into `diagnostics` with line and column, or are
/// placed where the file is named; then nothing is returned.
std::vector<TracedPair> read_trace(const WrittenTrace& written, const Network& network,
                                   Diagnostics& diagnostics);

/// A line of a trace.
struct TraceRecord {
  Int128 time_ps;
  std::int64_t bytes;
  std::uint32_t flow = 0;
  NodeId from = NodeId::none();
  NodeId to = NodeId::none();
  yaml::Place where = {};
};

struct TraceRecords {
  bool flows = false;  ///< else packets
  std::vector<TraceRecord> records;
};

/// The packets of a pcap or pcapng file (by libpcap), with the length that each had on the wire as
/// captured: of an Ethernet capture header included, FCS not. Packets with equal addresses,
/// protocol and ports share a flow.
TraceRecords read_pcap(const yaml::Node& path, Diagnostics& diagnostics);

}  // namespace longhaul::scenario
