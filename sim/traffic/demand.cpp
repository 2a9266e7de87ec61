#include "sim/traffic/demand.hpp"

#include <algorithm>
#include <array>

#include "sim/traffic/queueing.hpp"

namespace longhaul {

const char* to_string(ServiceType type) {
  static constexpr std::array words{"internet", "intranet", "vpn"};
  return words[static_cast<std::size_t>(type)];
}

const char* to_string(Discipline discipline) {
  switch (discipline) {
    case Discipline::fifo:
      return "fifo";
    case Discipline::strict_priority:
      return "strict-priority";
    case Discipline::drr:
      return "drr";
    case Discipline::wfq:
      return "wfq";
    case Discipline::hierarchical:
      return "hierarchical";
    case Discipline::fq_codel:
      return "fq-codel";
  }
  return "";
}

const char* to_string(DropRule rule) {
  switch (rule) {
    case DropRule::tail:
      return "tail";
    case DropRule::red:
      return "red";
    case DropRule::wred:
      return "wred";
    case DropRule::codel:
      return "codel";
  }
  return "";
}

const char* to_string(Arrivals arrivals) {
  return arrivals == Arrivals::poisson ? "poisson" : "cbr";
}

double SizeMix::mean_bytes() const {
  double bytes = 0;
  double weights = 0;
  for (const Entry& entry : entries) {
    bytes += entry.weight * static_cast<double>(entry.bytes);
    weights += entry.weight;
  }
  return bytes / weights;
}

double SizeMix::mean_bytes_of_a_byte() const {
  double squares = 0;
  double bytes = 0;
  for (const Entry& entry : entries) {
    const auto size = static_cast<double>(entry.bytes);
    squares += entry.weight * size * size;
    bytes += entry.weight * size;
  }
  return squares / bytes;
}

bool DemandSet::sizes_as_mixed(const Demand& d) const {
  if (d.transport.valid()) return false;
  const ArrivalModel* model = arrival_model(d);
  return model == nullptr || std::holds_alternative<Mmpp>(*model) ||
         std::holds_alternative<OnOff>(*model);
}

std::int32_t DemandSet::smallest_packet(const Demand& d) const {
  if (const Transport* tcp = transport(d))  // the last segment of a flow holds what is left
    return tcp->endless() ? tcp->packet_bytes() : Transport::header_bytes + 1;
  if (const ArrivalModel* model = arrival_model(d); !sizes_as_mixed(d)) {
    const auto* trace = std::get_if<PacketTrace>(model);
    if (trace == nullptr) return 1;  // of a flow, what is left at its end
    return std::min_element(trace->packets.begin(), trace->packets.end(),
                            [](const auto& a, const auto& b) { return a.bytes < b.bytes; })
        ->bytes;
  }
  const auto& entries = sizes[d.sizes.index()].entries;
  return std::min_element(entries.begin(), entries.end(),
                          [](const auto& a, const auto& b) { return a.bytes < b.bytes; })
      ->bytes;
}

Rate DemandSet::total() const {
  Rate sum = Rate::zero();
  for (const Demand& demand : demands) sum += demand.rate;
  return sum;
}

}  // namespace longhaul
