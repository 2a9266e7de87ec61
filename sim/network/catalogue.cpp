#include "sim/network/catalogue.hpp"

#include <fmt/format.h>

#include <array>
#include <numeric>

#include "sim/network/delay.hpp"
#include "sim/network/prices.hpp"

namespace longhaul::catalogue {

std::span<const EthernetRate> ethernet_rates() {
  static constexpr std::array table{
      EthernetRate{Rate::gbps(1), "IEEE 802.3z-1998, now IEEE 802.3 clause 34"},
      EthernetRate{Rate::gbps(10), "IEEE 802.3ae-2002, now IEEE 802.3 clause 44"},
      EthernetRate{Rate::gbps(25), "IEEE 802.3by-2016, now IEEE 802.3 clause 105"},
      EthernetRate{Rate::gbps(40), "IEEE 802.3ba-2010, now IEEE 802.3 clause 80"},
      EthernetRate{Rate::gbps(50), "IEEE 802.3cd-2018, now IEEE 802.3 clause 131"},
      EthernetRate{Rate::gbps(100), "IEEE 802.3ba-2010, now IEEE 802.3 clause 80"},
      EthernetRate{Rate::gbps(200), "IEEE 802.3bs-2017, now IEEE 802.3 clause 116"},
      EthernetRate{Rate::gbps(400), "IEEE 802.3bs-2017, now IEEE 802.3 clause 116"},
      EthernetRate{Rate::gbps(800), "IEEE 802.3df-2024"},
      EthernetRate{Rate::gbps(1600), "IEEE P802.3dj (draft)"},
  };
  return table;
}

std::span<const Wavelength> wavelengths() {
  static constexpr std::array table{
      Wavelength{"800ZR", Medium::fiber, Rate::gbps(800), Distance::km(120), 150'000,
                 "OIF-800ZR-01.0 (2024): one amplified span of 80 to 120 km, 118 GBd DP-16QAM"},
      Wavelength{"400ZR", Medium::fiber, Rate::gbps(400), Distance::km(120), 75'000,
                 "OIF-400ZR-02.0: one amplified span up to 120 km, 60 GBd DP-16QAM, 75 or 100 GHz"},
      Wavelength{
          "400G ZR+", Medium::fiber, Rate::gbps(400), Distance::km(450), 75'000,
          "OpenZR+ MSA and OpenROADM MSA, 60 GBd DP-16QAM with oFEC; 450 km is a planning figure "
          "for EDFA lines (about 1000 km has been shown with Raman amplifiers)"},
      Wavelength{"200G ZR+", Medium::fiber, Rate::gbps(200), Distance::km(1500), 75'000,
                 "OpenZR+ MSA, 60 GBd DP-QPSK with oFEC; 1500 km is a planning figure"},
      Wavelength{
          "100G coherent", Medium::fiber, Rate::gbps(100), Distance::km(2500), 50'000,
          "DP-QPSK at 32 GBd, OIF-FD-100G-DWDM-01.0 (whose aim was 1000 to 1500 km in 2009); "
          "2500 km is a planning figure for soft-decision FEC"},
      Wavelength{"200G submarine", Medium::submarine, Rate::gbps(200), Distance::km(6'600), 50'000,
                 "MAREA (2017): 6600 km, 8 fibre pairs, 160 Tb/s designed, so 20 Tb/s a pair: "
                 "96 x 200G = 19.2 Tb/s"},
      Wavelength{
          "100G submarine", Medium::submarine, Rate::gbps(100), Distance::km(9'000), 50'000,
          "FASTER (2016): 9000 km, 6 fibre pairs, 60 Tb/s, 100 wavelengths of 100 Gb/s a pair"},
  };
  return table;
}

std::int64_t channels_per_fibre(const Wavelength& wavelength) {
  return c_band_mhz / wavelength.spacing_mhz;
}

const Wavelength* best_wavelength(Distance length, Medium medium) {
  const Wavelength* best = nullptr;
  for (const Wavelength& w : wavelengths()) {
    if (w.medium != medium || w.reach < length) continue;
    const bool better = best == nullptr || w.rate > best->rate ||
                        (w.rate == best->rate && w.spacing_mhz < best->spacing_mhz);
    if (better) best = &w;
  }
  return best;
}

std::optional<Capacity> wavelength_capacity(std::uint32_t count, Distance length, Medium medium) {
  const Wavelength* best = best_wavelength(length, medium);
  if (best == nullptr || count == 0 || count > channels_per_fibre(*best)) return std::nullopt;
  return Capacity{count, best->rate};
}

std::optional<Capacity> line_capacity(Distance length, Medium medium) {
  const Wavelength* best = best_wavelength(length, medium);
  if (best == nullptr) return std::nullopt;
  return Capacity{static_cast<std::uint32_t>(channels_per_fibre(*best)), best->rate};
}

std::span<const PacketMix> packet_mixes() {
  static const std::array table{
      PacketMix{
          "imix",
          {{64, 7}, {594, 4}, {1518, 1}},
          "simple IMIX, the de facto 7:4:1 of IP packets of 40, 576 and 1500 B as Ethernet frames; "
          "RFC 6985 says how to write such mixes"},
      PacketMix{"imix-570",
                {{64, 7}, {570, 4}, {1518, 1}},
                "the 7:4:1 of several test equipment makers, with 570 B in the middle"},
      PacketMix{"imix-ip",
                {{40, 7}, {576, 4}, {1500, 1}},
                "simple IMIX as IP packets, without Ethernet header and FCS"},
      PacketMix{"trimodal",
                {{64, 60}, {512, 20}, {1518, 20}},
                "trimodal mix of the IEEE 802.17 (resilient packet ring) performance studies"},
  };
  return table;
}

const PacketMix* find_packet_mix(std::string_view name) {
  for (const PacketMix& mix : packet_mixes()) {
    if (name == mix.name) return &mix;
  }
  return nullptr;
}

std::span<const PipelineLatency> pipeline_latencies() {
  static constexpr const char* deep =
      "planning figure: routers with deep buffers, e.g. data sheet of Arista 7280R (from 3.8 us)";
  static constexpr const char* shallow =
      "planning figure: switches with shared on-chip buffers, store and forward";
  static constexpr std::array table{
      PipelineLatency{Role::core, Duration::us(4), deep},
      PipelineLatency{Role::edge, Duration::us(4), deep},
      PipelineLatency{Role::metro, Duration::us(4), deep},
      PipelineLatency{Role::access, Duration::us(4), deep},
      PipelineLatency{Role::exchange, Duration::us(4), deep},
      PipelineLatency{Role::datacenter, Duration::us(1), shallow},
  };
  return table;
}

namespace {

void add_media(std::vector<Row>& out) {
  const double index = static_cast<double>(fibre_group_index_e4) / 1e4;
  for (const Medium medium :
       {Medium::fiber, Medium::submarine, Medium::microwave, Medium::satellite}) {
    const bool glass = medium == Medium::fiber || medium == Medium::submarine;
    const Duration per_km = propagation_delay(Distance::km(1), medium);
    out.push_back({"media", fmt::format("{} delay", to_string(medium)),
                   glass ? fmt::format("{:.3f} us/km (n_g {:.4f})", per_km.seconds() * 1e6, index)
                         : fmt::format("{:.3f} us/km", per_km.seconds() * 1e6),
                   glass ? "group index at 1550 nm of ITU-T G.652 fibre (typical data sheet)"
                         : "speed of light, 299792458 m/s (SI)"});
  }
  const auto add_factor = [&](Medium medium, const char* source) {
    const RouteFactor f = route_factor(medium);
    out.push_back({"media", fmt::format("{} route factor", to_string(medium)),
                   fmt::format("{:.1f} x great circle", static_cast<double>(f.numerator) /
                                                            static_cast<double>(f.denominator)),
                   source});
  };
  add_factor(Medium::fiber, "ITU-T Y.1541 and G.826: 1.5 x air distance below 1000 km");
  add_factor(Medium::submarine, "planning figure near the 1.25 of ITU-T Y.1541 for long routes");
  add_factor(Medium::microwave, "line of sight");
  add_factor(Medium::satellite,
             "line of sight between the ends; write `length` for a path over a satellite");
}

void add_packets(std::vector<Row>& out) {
  out.push_back({"framing", "ethernet", "24 B a packet",
                 "IEEE 802.3: preamble and start delimiter 8 B, frame check sequence 4 B, "
                 "inter-packet gap 12 B"});
  out.push_back({"framing", "none", "0 B a packet", "for comparisons with models without framing"});
  for (const PacketMix& mix : packet_mixes()) {
    std::string value;
    std::int64_t bytes = 0;
    std::int64_t weights = 0;
    for (const PacketMix::Part& part : mix.parts) {
      value += fmt::format("{}{} x {} B", value.empty() ? "" : ", ", part.weight, part.bytes);
      bytes += std::int64_t{part.weight} * part.bytes;
      weights += part.weight;
    }
    value +=
        fmt::format("; mean {:.1f} B", static_cast<double>(bytes) / static_cast<double>(weights));
    out.push_back({"packet sizes", mix.name, value, mix.source});
  }
}

void add_microwave(std::vector<Row>& out) {
  const auto modulations = microwave::modulations();
  for (const microwave::Modulation& m : modulations)
    out.push_back({"modulations", m.name,
                   fmt::format("{} bits a symbol from {:.1f} dB of signal to noise", m.bits,
                               static_cast<double>(m.snr_centidb) / 100),
                   m.source});
  for (const microwave::Preset& p : microwave::presets())
    out.push_back({"microwave", p.name,
                   fmt::format("{:g} GHz {}, {:g} dB of margin at {}, down to {}",
                               static_cast<double>(p.radio.frequency_mhz) / 1e3,
                               to_string(p.radio.polarization),
                               static_cast<double>(p.radio.margin_centidb) / 100,
                               modulations[p.radio.highest].name, modulations[p.radio.lowest].name),
                   p.source});
  out.push_back({"microwave", "rain", "k R^alpha dB/km at R mm/h, over the effective path",
                 "ITU-R P.838-3 (k, alpha) and P.530-18, 2.4.1 (effective path)"});
}

}  // namespace

std::vector<Row> rows() {
  std::vector<Row> out;
  for (const EthernetRate& e : ethernet_rates())
    out.push_back({"ethernet", to_text(e.rate), to_display(e.rate), e.standard});
  for (const Wavelength& w : wavelengths()) {
    out.push_back({"wavelengths", w.name,
                   fmt::format("{} up to {:.0f} km, {} x {:g} GHz in the C band, {} a fibre pair",
                               to_text(w.rate), w.reach.kilometres(), channels_per_fibre(w),
                               static_cast<double>(w.spacing_mhz) / 1e3,
                               to_display(w.rate * channels_per_fibre(w))),
                   w.source});
  }
  out.push_back({"wavelengths", "C band", "4.8 THz: 96 channels at 50 GHz",
                 "grid of ITU-T G.694.1; 96 channels as most line systems fill it"});
  add_media(out);
  add_microwave(out);
  add_packets(out);
  for (const PipelineLatency& p : pipeline_latencies())
    out.push_back(
        {"router", fmt::format("{} pipeline", to_string(p.role)), to_text(p.latency), p.source});
  add_price_rows(out);
  return out;
}

}  // namespace longhaul::catalogue
