#include "sim/traffic/streams.hpp"

#include <map>
#include <tuple>

#include "sim/base/random.hpp"

namespace longhaul {

std::uint64_t text_hash(const std::string& text) {
  std::uint64_t h = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mix(h);
}

std::uint64_t tcp_flow_stream(std::uint64_t stream) { return mix(stream + 0x7463702d666c6f77ULL); }

std::vector<std::uint64_t> demand_streams(const Network& network, const DemandSet& demands) {
  std::vector<std::uint64_t> streams;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, std::uint64_t> seen;
  for (const Demand& d : demands.demands) {
    const std::uint64_t nth = seen[{d.from.value(), d.to.value(), d.cls.value()}]++;
    std::uint64_t h = text_hash(network.node(d.from).id);
    h = mix(h * 3 + text_hash(network.node(d.to).id));
    h = mix(h * 3 + text_hash(demands.classes[d.cls.index()].name));
    streams.push_back(mix(h * 3 + nth));
  }
  return streams;
}

}  // namespace longhaul
