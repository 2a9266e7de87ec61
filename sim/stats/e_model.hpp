// The E-model (ITU-T G.107, 06/2015): how a telephone call sounds, from delay and loss of its
// packets. All parameters but those two, the codec's and the buffer are G.107's defaults, so that a
// call without delay and loss has R = 93.2.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sim/base/units.hpp"
#include "sim/stats/histogram.hpp"

namespace longhaul {

/// How speech becomes packets, and what loss does to it.
struct Codec {
  const char* name;
  std::int32_t payload_bytes;  ///< of a packet
  std::int32_t packet_ms;      ///< of speech in a packet
  double look_ahead_ms;        ///< further speech that encoding waits for
  double ie;                   ///< equipment impairment factor (ITU-T G.113 Appendix I)
  double bpl;  ///< packet-loss robustness factor (G.113 Appendix I), for random loss
  const char* source;

  /// IPv4 (20), UDP (8) and RTP (12, RFC 3550).
  static constexpr std::int32_t header_bytes = 40;
  std::int32_t packet_bytes() const { return payload_bytes + header_bytes; }
  /// Of one direction of a call, without framing.
  Rate rate() const { return Rate::bps(std::int64_t{packet_bytes()} * 8 * 1000 / packet_ms); }
};

std::span<const Codec> codecs();
/// Null if there is none of this name.
const Codec* find_codec(std::string_view name);

namespace e_model {

/// The transmission rating factor R: `delay_ms` from mouth to ear (T = Ta = Tr / 2), `loss` the
/// share of packets that are lost or come too late, at random (BurstR = 1). Usually 0 to 93.2; the
/// lower, the worse.
double rating(double delay_ms, double loss, const Codec& codec);

/// The mean opinion score of a rating (G.107 Annex B), 1 to 4.5.
double mean_opinion_score(double rating);

}  // namespace e_model

/// What becomes of a call whose packets take `base` plus what `excess` says (ps) and are lost with
/// `loss`: its receiver plays them `buffer` after the soonest could come; what comes later is lost.
double voice_score(const Codec& codec, Duration base, const Histogram& excess, double loss,
                   Duration buffer);

}  // namespace longhaul
