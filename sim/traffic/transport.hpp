// How a demand's bytes are carried where its senders react to loss and delay: TCP
// (docs/models/tcp.md).
#pragma once

#include <cstdint>
#include <memory>

#include "sim/base/units.hpp"
#include "sim/traffic/flow_sizes.hpp"

namespace longhaul {

/// RFC 5681 with RFC 6675's recovery, RFC 9438, draft-cardwell-iccrg-bbr-congestion-control-00.
enum class CongestionControl { newreno, cubic, bbr };
const char* to_string(CongestionControl);

struct Transport {
  /// IPv4 and TCP headers with timestamps, 20 + 20 + 12 bytes: of each segment beside its data, and
  /// all of an acknowledgement.
  static constexpr std::int32_t header_bytes = 52;
  static constexpr std::int64_t most_connections = 1'000'000;

  CongestionControl protocol = CongestionControl::cubic;
  /// Of each demand. Endless: all of them, always sending. With sizes: the most at one time;
  /// further ones wait in line.
  std::uint32_t connections = 1;
  /// Null: endless. Else flows come as a Poisson process such that their sizes, headers included,
  /// add up to the demand's rate.
  std::shared_ptr<const FlowSizes> sizes = nullptr;
  std::int32_t segment_bytes = 1448;           ///< of data in a full segment
  std::uint32_t initial_window = 10;           ///< segments (RFC 6928)
  std::uint32_t delayed_ack_segments = 2;      ///< 1: every segment is acknowledged at once
  Duration delayed_ack = Duration::ms(40);     ///< longest wait for the second one (Linux)
  Duration least_timeout = Duration::ms(200);  ///< retransmission timeout (Linux); RFC 6298: 1 s
  Duration start = Duration::ms(100);          ///< endless ones begin within this, at random
  bool endless() const { return sizes == nullptr; }
  std::int32_t packet_bytes() const { return segment_bytes + header_bytes; }
};

}  // namespace longhaul
