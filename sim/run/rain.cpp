#include "sim/run/rain.hpp"

#include <algorithm>
#include <cassert>

#include "sim/network/delay.hpp"

namespace longhaul::run {

namespace {

using Points = std::vector<RainSpec::Point>;

/// Rain at a point in time, just before or just after it.
std::int64_t rain_at(const Points& points, Time at, bool after) {
  // The last point that counts as past, and the next.
  const auto next = after ? std::upper_bound(points.begin(), points.end(), at,
                                             [](Time t, const auto& p) { return t < p.at; })
                          : std::lower_bound(points.begin(), points.end(), at,
                                             [](const auto& p, Time t) { return p.at < t; });
  if (next == points.begin() || next == points.end()) return 0;
  const auto& last = *(next - 1);
  const Int128 rise = Int128{next->um_per_h - last.um_per_h} * (at - last.at).ps();
  const Int128 whole = Int128{last.um_per_h} * (next->at - last.at).ps() + rise;
  return static_cast<std::int64_t>(whole / (next->at - last.at).ps());
}

/// Sum over all rain on one link.
class LinkRain {
 public:
  void add(const Points& points) {
    all_.push_back(&points);
    for (const auto& p : points) times_.push_back(p.at);
  }
  bool dry() const { return all_.empty(); }

  /// Calls f(from, until, rain at from, rain just before until) for each straight line, in order;
  /// dry ones before the first and after the last are left out.
  template <class F>
  void for_each_line(F f) {
    std::sort(times_.begin(), times_.end());
    times_.erase(std::unique(times_.begin(), times_.end()), times_.end());
    for (std::size_t i = 0; i + 1 < times_.size(); ++i)
      f(times_[i], times_[i + 1], sum_at(times_[i], true), sum_at(times_[i + 1], false));
  }

  Time last() const { return *std::max_element(times_.begin(), times_.end()); }

 private:
  std::int64_t sum_at(Time at, bool after) const {
    std::int64_t sum = 0;
    for (const Points* points : all_) sum += rain_at(*points, at, after);
    return std::min(sum, microwave::most_um_per_h);
  }

  std::vector<const Points*> all_;
  std::vector<Time> times_;
};

/// From `at` on, `limits` as microwave::rain_limits numbers them: the highest modulation that holds
/// is `level` of them; -1: none.
struct Turn {
  Time at;
  int level;
};

/// Follows one hop's modulation along lines of rain.
class Hop {
 public:
  explicit Hop(std::vector<std::int64_t> limits) : limits_(std::move(limits)) {
    turns_.push_back({Time::zero(), holding(0)});
  }

  void line(Time from, Time until, std::int64_t rain, std::int64_t rain_until) {
    turn(from, holding(rain));
    const Int128 length = (until - from).ps();
    if (rain_until > rain) {
      // From the modulation that stands least: first time with rain >= limit.
      for (std::size_t i = limits_.size(); i-- > 0;)
        if (limits_[i] > rain && limits_[i] <= rain_until)
          turn(from + ceiling(Int128{limits_[i] - rain} * length, rain_until - rain),
               static_cast<int>(i) - 1);
    } else if (rain_until < rain) {
      // Back up, from the one that stands most: first time with rain < limit.
      for (std::size_t i = 0; i < limits_.size(); ++i)
        if (limits_[i] <= rain && limits_[i] > rain_until)
          turn(from + Duration::ps(static_cast<std::int64_t>(
                          Int128{rain - limits_[i]} * length / (rain - rain_until) + 1)),
               static_cast<int>(i));
    }
  }

  void dry_from(Time at) { turn(at, holding(0)); }

  const std::vector<Turn>& turns() const { return turns_; }

 private:
  /// Limits descend: the last that is above the rain.
  int holding(std::int64_t rain) const {
    int level = -1;
    for (const std::int64_t limit : limits_) level += limit > rain ? 1 : 0;
    return level;
  }

  static Duration ceiling(Int128 numerator, Int128 denominator) {
    return Duration::ps(static_cast<std::int64_t>((numerator + denominator - 1) / denominator));
  }

  /// Of several at one instant the last holds.
  void turn(Time at, int level) {
    assert(at >= turns_.back().at);
    if (turns_.back().at == at) {
      turns_.back().level = level;
      if (turns_.size() > 1 && turns_[turns_.size() - 2].level == level) turns_.pop_back();
    } else if (turns_.back().level != level) {
      turns_.push_back({at, level});
    }
  }

  std::vector<std::int64_t> limits_;
  std::vector<Turn> turns_;
};

/// While the link is down its rate is that of the lowest modulation: nothing is sent at it.
void add_hop(const Link& link, LinkId id, const std::vector<Turn>& turns, Fading& out) {
  const Radio& radio = *link.radio;
  std::vector<engine::RateStep> steps;
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const Turn& turn = turns[i];
    const std::uint32_t level = radio.lowest + static_cast<std::uint32_t>(std::max(turn.level, 0));
    if (steps.empty() || steps.back().level != level)
      steps.push_back({turn.at, microwave::rate_at(link.capacity.rate, radio, level), level});
    if (turn.level < 0)
      out.outages.push_back({id, turn.at, i + 1 < turns.size() ? turns[i + 1].at : Time::max()});
  }
  for (const PortId port : {Network::forward(id), Network::backward(id)})
    out.rate_steps[port.index()] = steps;
}

}  // namespace

Fading fading_of(const Scenario& scenario) {
  const Network& network = *scenario.network;
  std::vector<LinkRain> rain(network.links().size());
  for (const RainSpec& spec : scenario.rain)
    for (const LinkId link : spec.links) rain[link.index()].add(spec.points);
  Fading out;
  for (std::size_t i = 0; i < rain.size(); ++i) {
    if (rain[i].dry()) continue;
    const Link& link = network.links()[i];
    Hop hop(microwave::rain_limits(*link.radio, *cable_length(link, network.nodes())));
    rain[i].for_each_line([&](Time from, Time until, std::int64_t before, std::int64_t after) {
      hop.line(from, until, before, after);
    });
    hop.dry_from(rain[i].last());
    if (hop.turns().size() == 1) continue;  // it never leaves its highest modulation
    out.rate_steps.resize(network.ports().size());
    add_hop(link, LinkId(i), hop.turns(), out);
  }
  return out;
}

}  // namespace longhaul::run
