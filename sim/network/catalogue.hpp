// The one catalogue of defaults and constants, each with its source; `longhaul catalogue` prints
// it.
//
// What is physics or a standard stands here or in delay.hpp and is listed from there; what is a
// planning figure says so.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/parse.hpp"
#include "sim/base/units.hpp"
#include "sim/network/network.hpp"

namespace longhaul::catalogue {

/// A rate that Ethernet defines.
struct EthernetRate {
  Rate rate;
  const char* standard;
};
/// Ascending.
std::span<const EthernetRate> ethernet_rates();

/// A kind of DWDM channel: what one wavelength carries, and how far without regeneration.
struct Wavelength {
  const char* name;
  Medium medium;  ///< fiber (with amplifiers every 80 km or so) or submarine (with repeaters)
  Rate rate;
  Distance reach;
  std::int64_t spacing_mhz;  ///< of the frequency grid slot it fills
  const char* source;
};
std::span<const Wavelength> wavelengths();

/// The C band as systems fill it: 96 channels at 50 GHz (ITU-T G.694.1 grid), 4.8 THz.
inline constexpr std::int64_t c_band_mhz = 4'800'000;

/// Channels of this kind that fit into the C band of one fibre pair.
std::int64_t channels_per_fibre(const Wavelength& wavelength);

/// The highest rate whose reach covers `length`, over amplified fibre or submarine cable; of equal
/// rates the denser grid. Null where no wavelength reaches so far (it must be regenerated: split
/// the link) and for media without wavelengths.
const Wavelength* best_wavelength(Distance length, Medium medium);

/// `count` wavelengths of the best rate for the length, hashed per flow like a LAG. Nothing where
/// best_wavelength has nothing or where `count` is 0 or does not fit into one fibre pair.
std::optional<Capacity> wavelength_capacity(std::uint32_t count, Distance length, Medium medium);

/// All that one fibre pair of this length carries: every channel at the best rate.
std::optional<Capacity> line_capacity(Distance length, Medium medium);

/// A known mix of packet sizes; weights are relative packet counts.
struct PacketMix {
  struct Part {
    std::int32_t bytes;
    std::int32_t weight;
  };
  const char* name;  ///< as written after `size:`
  std::vector<Part> parts;
  const char* source;
};
std::span<const PacketMix> packet_mixes();
/// Null if there is none of this name.
const PacketMix* find_packet_mix(std::string_view name);

/// What a router of this role typically takes to forward a packet besides receiving and sending it.
/// A planning figure for `latency:`; a node without `latency:` takes no time.
struct PipelineLatency {
  Role role;
  Duration latency;
  const char* source;
};
std::span<const PipelineLatency> pipeline_latencies();

/// One line of the printed catalogue.
struct Row {
  std::string section;
  std::string name;
  std::string value;
  std::string source;
};
/// All of it, grouped by section.
std::vector<Row> rows();

}  // namespace longhaul::catalogue
