#include <fmt/format.h>
#include <pcap/pcap.h>

#include <array>
#include <memory>
#include <span>

#include "sim/base/text.hpp"
#include "sim/scenario/detail/trace.hpp"
#include "sim/scenario/detail/types.hpp"

namespace longhaul::scenario {

namespace {

std::uint32_t hash(std::span<const unsigned char> bytes, std::uint32_t h) {
  for (const unsigned char b : bytes) h = (h ^ b) * 0x01000193U;  // FNV-1a
  return h;
}

/// Of addresses, protocol and ports of an IP packet; of no more than its start where it is none.
std::uint32_t flow_of_ip(std::span<const unsigned char> p) {
  constexpr std::uint32_t start = 0x811c9dc5U;
  const int version = p.empty() ? 0 : p[0] >> 4;
  std::size_t header = 0;
  unsigned char protocol = 0;
  std::uint32_t h = start;
  if (version == 4 && p.size() >= 20) {
    header = std::size_t{p[0] & 15U} * 4;
    protocol = p[9];
    h = hash(p.subspan(12, 8), h);
    const bool fragment = (p[6] & 0x3f) != 0 || p[7] != 0;
    if (fragment) return hash(std::span(&protocol, 1), h);  // only the first one has ports
  } else if (version == 6 && p.size() >= 40) {
    header = 40;
    protocol = p[6];
    h = hash(p.subspan(8, 32), h);
  } else {
    return hash(p.first(std::min<std::size_t>(p.size(), 16)), h);
  }
  h = hash(std::span(&protocol, 1), h);
  const bool ports = protocol == 6 || protocol == 17 || protocol == 132;  // TCP, UDP, SCTP
  return ports && p.size() >= header + 4 ? hash(p.subspan(header, 4), h) : h;
}

std::uint32_t flow_of(std::span<const unsigned char> p, int link_type) {
  std::size_t at = 0;
  if (link_type == DLT_EN10MB) {
    at = 14;
    if (p.size() >= 18 && p[12] == 0x81 && p[13] == 0x00) at = 18;  // IEEE 802.1Q
  } else if (link_type == DLT_LINUX_SLL) {
    at = 16;
  } else if (link_type == DLT_NULL) {
    at = 4;
  }
  return flow_of_ip(p.size() > at ? p.subspan(at) : p);
}

}  // namespace

TraceRecords read_pcap(const yaml::Node& path, Diagnostics& diagnostics) {
  const std::string file = yaml::resolve_path(path);
  std::array<char, PCAP_ERRBUF_SIZE> message{};
  const std::unique_ptr<pcap_t, decltype(&pcap_close)> in(
      pcap_open_offline_with_tstamp_precision(file.c_str(), PCAP_TSTAMP_PRECISION_NANO,
                                              message.data()),
      &pcap_close);
  if (in == nullptr) {
    path.where.error(diagnostics, fmt::format("cannot read {}: {}", quote(file), message.data()));
    return {};
  }
  const int link_type = pcap_datalink(in.get());
  TraceRecords out;
  pcap_pkthdr* header = nullptr;
  const unsigned char* data = nullptr;
  int got = 0;
  while ((got = pcap_next_ex(in.get(), &header, &data)) == 1) {
    if (header->len < 1 || header->len > largest_packet_bytes) {
      path.where.error(diagnostics, fmt::format("packet {} of {} has {} B; expected 1 to {}",
                                                out.records.size() + 1, quote(file), header->len,
                                                largest_packet_bytes));
      return {};
    }
    // tv_usec holds nanoseconds in this precision.
    const Int128 ns = Int128{header->ts.tv_sec} * 1'000'000'000 + header->ts.tv_usec;
    out.records.push_back({ns * 1000, header->len, flow_of({data, header->caplen}, link_type)});
  }
  if (got == PCAP_ERROR)
    path.where.error(diagnostics, fmt::format("cannot read {} after {} packets: {}", quote(file),
                                              out.records.size(), pcap_geterr(in.get())));
  return out;
}

}  // namespace longhaul::scenario
