#include "sim/failure/random.hpp"

#include <algorithm>

#include "sim/base/random.hpp"
#include "sim/traffic/streams.hpp"

namespace longhaul::failure {

namespace {

constexpr double ps_per_hour = 3600e12;

/// An exponential time, at least 1 ps: so that a repair comes after its failure.
double exponential_ps(std::uint32_t high, std::uint32_t low, double mean_h) {
  const std::uint64_t bits = static_cast<std::uint64_t>(high) << 32 | low;
  return std::max(1.0, exponential_from_bits(bits) * mean_h * ps_per_hour);
}

void draw(const Component& component, std::uint64_t seed, Time end, std::vector<Change>& out) {
  const std::uint64_t stream = text_hash(component.name);
  const std::vector<PortId> ports = ports_of(component.links);
  const auto last = static_cast<double>(end.ps());
  double now = 0;
  for (std::uint64_t failure = 0;; ++failure) {
    const Words w = philox(seed, stream, failure);
    now += exponential_ps(w.w[0], w.w[1], component.mtbf_h);
    if (now >= last) return;
    const auto at = static_cast<std::int64_t>(now);
    out.push_back({Time::ps(at), Change::Kind::fail, component.name, ports});
    now += exponential_ps(w.w[2], w.w[3], component.mttr_h);
    if (now >= last) return;
    out.push_back({Time::ps(static_cast<std::int64_t>(now)), Change::Kind::restore, component.name,
                   ports});
  }
}

}  // namespace

std::vector<PortId> ports_of(const std::vector<LinkId>& links) {
  std::vector<PortId> ports;
  for (const LinkId link : links) {
    ports.push_back(Network::forward(link));
    ports.push_back(Network::backward(link));
  }
  return ports;
}

std::vector<Change> random_failures(const std::vector<Component>& components, std::uint64_t seed,
                                    Time end) {
  std::vector<Change> out;
  for (const Component& component : components) draw(component, seed, end, out);
  std::stable_sort(out.begin(), out.end(),
                   [](const Change& a, const Change& b) { return a.at < b.at; });
  return out;
}

}  // namespace longhaul::failure
