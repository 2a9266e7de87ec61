#include "sim/fluid/latencies.hpp"

#include <algorithm>
#include <cmath>

#include "sim/base/random.hpp"
#include "sim/traffic/streams.hpp"

namespace longhaul::fluid {

namespace {

constexpr double ps_per_s = 1e12;
/// Samples of all demands together, and of one.
constexpr std::size_t most_samples = 10'000'000;
constexpr std::size_t most_samples_observed = 5'000'000;
constexpr std::size_t most_of_one = 4000;
constexpr std::size_t least_of_one = 100;

}  // namespace

Latencies::Latencies(const Simulation& run, std::int64_t reached) : run_(run), reached_(reached) {
  std::size_t varying = 0;
  for (std::size_t i = 0; i < run.sources_.size(); ++i) varying += varied(i) ? 1 : 0;
  const std::size_t most = run.observer_ == nullptr ? most_samples : most_samples_observed;
  samples_ = std::clamp(most / std::max<std::size_t>(1, varying), least_of_one, most_of_one);
}

const std::vector<Piece>& Latencies::history_of(PortId port) const {
  static const std::vector<Piece> none;
  return run_.ignored(port) ? none : run_.ports_[port.index()].queue.history();
}

/// Whether packets of the demand may differ in latency.
bool Latencies::varied(std::size_t demand) const {
  const StopIndex first = run_.sources_[demand].first_way;
  if (run_.ways_.stops[first].until != INT64_MAX) return true;
  for (StopIndex s = first; s < first + stops_of_way(run_.ways_, first); ++s) {
    const Stop& stop = run_.ways_.stops[s];
    if (stop.hops > 1) return true;
    if (stop.hops == 1 && !history_of(run_.ways_.hops[stop.first].port).empty()) return true;
  }
  return false;
}

Latencies::Walk Latencies::walk(StopIndex from, std::int64_t time, std::uint64_t sample,
                                double mean_bytes) const {
  Walk out;
  StopIndex at = from;
  auto now = static_cast<double>(time);
  while (true) {
    while (now >= static_cast<double>(run_.ways_.stops[at].until)) at = run_.ways_.stops[at].next;
    if (run_.ways_.stops[at].end) break;
    const Stop& stop = run_.ways_.stops[at];
    if (stop.hops == 0) return out;
    const std::uint64_t dice = stop.hops == 1 ? 0 : mix(sample * 0x9e3779b97f4a7c15ULL + at);
    const Hop& hop = run_.ways_.hops[stop.first + static_cast<HopIndex>(dice % stop.hops)];
    const Port& port = run_.network_.port(hop.port);
    const auto& history = history_of(hop.port);
    const auto after = std::upper_bound(
        history.begin(), history.end(), now,
        [](double t, const Piece& piece) { return t < static_cast<double>(piece.from); });
    if (after != history.begin()) {
      const Piece& piece = *(after - 1);
      const double since = (now - static_cast<double>(piece.from)) / ps_per_s;
      const double backlog = std::max(0.0, piece.backlog_bits + piece.slope_bps * since);
      if (piece.capacity_bps <= 0) return out;
      const double wait = backlog / piece.capacity_bps * ps_per_s;
      out.wait_ps += wait;
      out.passed *= 1 - piece.lost;
      now += wait;
    }
    const double sending =
        (mean_bytes + port.overhead) * 8 / port.member_rate.as_double() * ps_per_s;
    const double way = static_cast<double>(port.delay.ps()) + sending;
    out.way_ps += way;
    now += way;
    out.hops += 1;
    at = hop.to;
  }
  out.arrived = true;
  return out;
}

void Latencies::fill(std::size_t demand, DemandMeasurement& out) const {
  if (out.delivered_packets == 0) return;
  const DemandSet& set = *run_.input_.demands;
  const Demand& d = set.demands[demand];
  const double mean_bytes = set.sizes[d.sizes.index()].mean_bytes();
  const auto& source = run_.sources_[demand];
  const std::size_t n = varied(demand) ? samples_ : 1;
  const auto& place = run_.network_.node(d.from).at;
  RatePath rate(set.arrival_model(d), set.profile(d), place ? place->longitude : 0.0,
                run_.config_.seed, source.stream);
  std::vector<std::pair<Walk, double>> walks;  // with its weight
  double least = 0;
  double hops = 0;
  double weights = 0;
  for (std::size_t k = 0; k < n; ++k) {
    const double span = static_cast<double>(reached_ - run_.measure_from_);
    const auto time =
        run_.measure_from_ +
        static_cast<std::int64_t>(span * (static_cast<double>(k) + 0.5) / static_cast<double>(n));
    while (rate.end() <= time) rate.next();
    const Walk w = walk(source.first_way, time, k * set.demands.size() + demand, mean_bytes);
    const double weight = w.passed * (n > 1 ? rate.factor() : 1.0);
    if (!w.arrived || !(weight > 0)) continue;
    least = walks.empty() ? w.way_ps : std::min(least, w.way_ps);
    walks.emplace_back(w, weight);
    hops += w.hops * weight;
    weights += weight;
  }
  if (walks.empty()) return;
  WeightedDurations excess;
  WeightedDurations waits;
  for (const auto& [w, weight] : walks) {
    const double over = w.way_ps - least + w.wait_ps;
    excess.add(over, over, weight);
    waits.add(w.wait_ps, w.wait_ps, weight);
  }
  out.base = Duration::ps(static_cast<std::int64_t>(least));
  out.latency = excess.stats(out.delivered_packets);
  out.queueing = waits.stats(out.delivered_packets);
  out.hops_mean = hops / weights;
}

}  // namespace longhaul::fluid
