#include "sim/failure/timeline.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <set>

namespace longhaul::failure {

namespace {

using Kind = Change::Kind;

/// What holds ports in one condition, by name.
class Holds {
 public:
  explicit Holds(std::size_t ports) : causes_(ports, 0) {}

  void begin(const Change& change) {
    if (!names_.insert(change.what).second) return;
    for (const PortId port : change.ports) ++causes_[port.index()];
  }
  void end(const Change& change) {
    if (names_.erase(change.what) == 0) return;
    for (const PortId port : change.ports) --causes_[port.index()];
  }
  bool operator[](std::size_t port) const { return causes_[port] > 0; }

 private:
  std::vector<int> causes_;
  std::set<std::string> names_;
};

/// The network as it is after some of the changes.
class Present {
 public:
  Present(const Network& network, const Metrics& metrics)
      : network_(network),
        drained_metric_(metrics.drained),
        metric_(metrics.of_port),
        failed_(network.ports().size()),
        faded_(network.ports().size()),
        drained_(network.ports().size()),
        withdrawn_(network.ports().size()),
        degraded_(network.ports().size()) {}

  void apply(const Change& change, std::vector<CapacityStep>& capacities) {
    switch (change.kind) {
      case Kind::fail:
        return failed_.begin(change);
      case Kind::degrade:
        return degrade(change, capacities);
      case Kind::restore:
        failed_.end(change);
        return undo_degrade(change, capacities);
      case Kind::drain:
        return drained_.begin(change);
      case Kind::undrain:
        return drained_.end(change);
      case Kind::metric:
        for (std::size_t i = 0; i < change.ports.size(); ++i)
          metric_[change.ports[i].index()] = std::min(change.values[i], drained_metric_);
        return;
      case Kind::depeer:
        return withdrawn_.begin(change);
      case Kind::peer:
        return withdrawn_.end(change);
      case Kind::fade:
        return faded_.begin(change);
      case Kind::clear:
        return faded_.end(change);
    }
  }

  State state(Time at) const {
    const std::size_t ports = metric_.size();
    State out{at, std::vector<bool>(ports), std::vector<bool>(ports), std::vector<bool>(ports),
              metric_};
    for (std::size_t p = 0; p < ports; ++p) {
      out.down[p] = failed_[p] || faded_[p];
      out.faded[p] = faded_[p] && !failed_[p];
      out.withdrawn[p] = withdrawn_[p];
      if (drained_[p]) out.metric[p] = drained_metric_;
    }
    return out;
  }

 private:
  void degrade(const Change& change, std::vector<CapacityStep>& capacities) {
    for (std::size_t i = 0; i < change.ports.size(); ++i) {
      const PortId port = change.ports[i];
      const Rate before = rate(port);
      degraded_[port.index()].insert_or_assign(change.what, Rate::bps(change.values[i]));
      add_step(change.at, port, before, capacities);
    }
  }

  void undo_degrade(const Change& change, std::vector<CapacityStep>& capacities) {
    for (const PortId port : change.ports) {
      const Rate before = rate(port);
      degraded_[port.index()].erase(change.what);
      add_step(change.at, port, before, capacities);
    }
  }

  void add_step(Time at, PortId port, Rate before, std::vector<CapacityStep>& capacities) const {
    if (rate(port) != before) capacities.push_back({at, port, rate(port)});
  }

  Rate rate(PortId port) const {
    Rate least = network_.port(port).member_rate;
    for (const auto& [name, degraded] : degraded_[port.index()]) least = std::min(least, degraded);
    return least;
  }

  const Network& network_;
  std::int64_t drained_metric_;
  std::vector<std::int64_t> metric_;
  Holds failed_;
  Holds faded_;
  Holds drained_;
  Holds withdrawn_;
  std::vector<std::map<std::string, Rate>> degraded_;  ///< by PortId
};

bool same(const State& a, const State& b) {
  return a.down == b.down && a.faded == b.faded && a.withdrawn == b.withdrawn &&
         a.metric == b.metric;
}

}  // namespace

Timeline timeline_of(const Network& network, const Metrics& metrics,
                     std::span<const Change> changes) {
  assert(metrics.of_port.size() == network.ports().size());
  Timeline out;
  Present present(network, metrics);
  std::size_t next = 0;
  Time at = Time::zero();
  while (true) {
    for (; next < changes.size() && changes[next].at <= at; ++next) {
      assert(changes[next].at == at);
      present.apply(changes[next], out.capacities);
    }
    State state = present.state(at);
    if (out.states.empty() || !same(state, out.states.back()))
      out.states.push_back(std::move(state));
    if (next == changes.size()) return out;
    at = changes[next].at;
  }
}

}  // namespace longhaul::failure
