#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/base/text.hpp"
#include "sim/failure/random.hpp"
#include "sim/scenario/detail/lookup.hpp"
#include "sim/scenario/detail/resolve.hpp"

namespace longhaul::scenario {

namespace {

using failure::Change;
using Kind = Change::Kind;

struct Placed {
  Change change;
  yaml::Place where;
};

std::vector<PortId> existing(const Network& network, std::vector<PortId> ports) {
  std::erase_if(ports, [&](PortId port) { return !network.port(port).exists; });
  return ports;
}

/// What leaves the part, and, for links between providers at its edge, what enters it.
std::vector<PortId> drained_ports(const Network& network, const Target& part) {
  std::vector<PortId> ports = existing(network, failure::ports_of(part.links));
  if (part.nodes.empty()) return ports;
  const auto in = [&](NodeId node) {
    return std::binary_search(part.nodes.begin(), part.nodes.end(), node);
  };
  std::erase_if(ports, [&](PortId id) {
    const Port& port = network.port(id);
    const bool leaves = in(port.from) && !in(port.to);
    const bool enters = !in(port.from) && in(port.to);
    const bool between = network.node(port.from).provider != network.node(port.to).provider;
    return !leaves && !(enters && between);
  });
  return ports;
}

/// Turns what is written into changes of ports.
class EventReader {
 public:
  EventReader(const Network& network, const RoutingSpec& routing, Diagnostics& diagnostics)
      : network_(network), routing_(routing), diagnostics_(diagnostics) {}

  /// Nothing if it is none of these, or wrong, which is reported.
  std::optional<Placed> read(const WrittenEvent& event) const {
    const Time at = Time::zero() + event.at.value;
    if (event.fail) return of_part(at, Kind::fail, *event.fail);
    if (event.restore) return of_part(at, Kind::restore, *event.restore);
    if (event.drain) return of_part(at, Kind::drain, *event.drain);
    if (event.undrain) return of_part(at, Kind::undrain, *event.undrain);
    if (event.degrade) return degradation(at, *event.degrade);
    if (event.metric) return metric(at, *event.metric);
    if (event.depeer) return parting(at, Kind::depeer, *event.depeer);
    if (event.peer) return parting(at, Kind::peer, *event.peer);
    return std::nullopt;
  }

 private:
  std::optional<Target> part(const Name& name) const {
    if (name.value.empty()) return std::nullopt;  // already reported
    Found<Target> found = find_part(network_, name.value);
    if (!found)
      name.where.error(diagnostics_, found.error, found.hint);
    else if (found.value.links.empty())
      name.where.error(diagnostics_, fmt::format("{} has no links", quote(name.value)));
    else
      return std::move(found.value);
    return std::nullopt;
  }

  std::optional<Placed> of_part(Time at, Kind kind, const Name& name) const {
    const auto found = part(name);
    if (!found) return std::nullopt;
    const bool drains = kind == Kind::drain || kind == Kind::undrain;
    auto ports = drains ? drained_ports(network_, *found) : failure::ports_of(found->links);
    return Placed{{at, kind, found->name, std::move(ports)}, name.where};
  }

  std::optional<Placed> degradation(Time at, const WrittenDegrade& written) const {
    const auto found = part(written.what);
    const WrittenRemainder& to = written.to.value;
    if (!found || !(to.rate || to.share)) return std::nullopt;
    Change change{at, Kind::degrade, found->name, {}};
    for (const LinkId id : found->links) {
      const Capacity& capacity = network_.link(id).capacity;
      const Rate whole = capacity.total();
      if (to.rate ? *to.rate >= whole : *to.share >= 1) {
        written.to.where.error(diagnostics_,
                               fmt::format("this is no less than the capacity of {}, which is {}",
                                           network_.link(id).id, to_text(whole)));
        return std::nullopt;
      }
      const double member = to.rate ? (*to.rate / capacity.members).as_double()
                                    : capacity.rate.as_double() * *to.share;
      for (const PortId port : existing(network_, failure::ports_of({id}))) {
        change.ports.push_back(port);
        change.values.push_back(std::max<std::int64_t>(1, static_cast<std::int64_t>(member)));
      }
    }
    return Placed{std::move(change), written.what.where};
  }

  std::optional<Placed> metric(Time at, const yaml::Located<WrittenMetric>& written) const {
    const Name& name = written.value.link;
    if (name.value.empty() || written.value.to.empty()) return std::nullopt;  // already reported
    if (routing_.metric != Metric::given && routing_.metric != Metric::hops) {
      written.where.error(diagnostics_,
                          fmt::format("with metric {} a link's metric follows from what it is",
                                      to_string(routing_.metric)),
                          "routing: {metric: given}");
      return std::nullopt;
    }
    const std::vector<LinkId> links = links_named(network_, name.value);
    if (links.empty()) {
      const auto unknown = find_link(network_, name.value);
      name.where.error(diagnostics_, unknown.error, unknown.hint);
      return std::nullopt;
    }
    Change change{at, Kind::metric, name.value, failure::ports_of(links)};
    for (std::size_t i = 0; i < change.ports.size(); ++i)
      change.values.push_back(written.value.to[i % 2]);
    return Placed{std::move(change), name.where};
  }

  std::optional<Placed> parting(Time at, Kind kind,
                                const yaml::Located<std::vector<Name>>& names) const {
    if (names.value.size() != 2) return std::nullopt;  // already reported
    std::vector<ProviderId> providers;
    for (const Name& name : names.value) {
      const auto found = find_provider(network_, name.value);
      if (!found) name.where.error(diagnostics_, found.error, found.hint);
      if (found) providers.push_back(found.value);
    }
    if (providers.size() != 2) return std::nullopt;
    if (providers[0] == providers[1]) {
      names.value[1].where.error(diagnostics_, "these are the same provider");
      return std::nullopt;
    }
    std::sort(providers.begin(), providers.end());
    const auto id = [&](std::size_t i) { return network_.providers()[providers[i].index()].id; };
    std::vector<LinkId> between;
    for (std::size_t l = 0; l < network_.links().size(); ++l) {
      const Link& link = network_.links()[l];
      const auto ends = std::minmax(network_.node(link.a).provider, network_.node(link.b).provider);
      if (ends.first == providers[0] && ends.second == providers[1]) between.emplace_back(l);
    }
    if (between.empty()) {
      names.where.error(diagnostics_, fmt::format("no link joins {} and {}", id(0), id(1)));
      return std::nullopt;
    }
    return Placed{{at, kind, fmt::format("{} and {}", id(0), id(1)), failure::ports_of(between)},
                  names.where};
  }

  const Network& network_;
  const RoutingSpec& routing_;
  Diagnostics& diagnostics_;
};

/// What holds as the events pass, to find those that change nothing.
class Story {
 public:
  explicit Story(std::size_t ports) : failures_(ports, 0) {}

  /// Why the change is none, as "has already failed"; empty if it is one. Then it is made.
  std::string tell(const Change& change) {
    switch (change.kind) {
      case Kind::fail: {
        const bool all_down = std::all_of(change.ports.begin(), change.ports.end(),
                                          [&](PortId p) { return failures_[p.index()] > 0; });
        if (all_down || !failed_.insert(change.what).second) return "has already failed";
        for (const PortId port : change.ports) ++failures_[port.index()];
        return {};
      }
      case Kind::restore: {
        const bool was_failed = failed_.erase(change.what) != 0;
        if (was_failed)
          for (const PortId port : change.ports) --failures_[port.index()];
        const bool was_degraded = degraded_.erase(change.what) != 0;
        return was_failed || was_degraded ? "" : "has not failed";
      }
      case Kind::degrade:
        degraded_.insert(change.what);
        return {};
      case Kind::drain:
        return drained_.insert(change.what).second ? "" : "has already been drained";
      case Kind::undrain:
        return drained_.erase(change.what) != 0 ? "" : "has not been drained";
      case Kind::depeer:
        return parted_.insert(change.what).second ? "" : "have already parted";
      case Kind::peer:
        return parted_.erase(change.what) != 0 ? "" : "have not parted";
      default:
        return {};
    }
  }

 private:
  std::vector<int> failures_;
  std::set<std::string> failed_;
  std::set<std::string> degraded_;
  std::set<std::string> drained_;
  std::set<std::string> parted_;
};

/// The time when traffic added by `event` is there.
Profile::Presence presence_of(const WrittenEvent& event) {
  const Time from = Time::zero() + event.at.value;
  if (event.until) return {from, Time::zero() + event.until->value};
  const bool endless = !event.lasts || event.lasts->value.ps() > Time::max().ps() - from.ps();
  return {from, endless ? Time::max() : from + event.lasts->value};
}

}  // namespace

void add_event_traffic(WrittenScenario& written, Diagnostics& diagnostics) {
  for (const WrittenEvent& event : written.events) {
    if (!event.whole) continue;  // already reported
    for (WrittenTraffic entry : event.add) {
      if (entry.arrivals.trace) {
        entry.where.error(diagnostics, "a trace cannot be added: it has times of its own",
                          "put it into `traffic`");
        continue;
      }
      if (entry.transport && entry.transport->endless()) {
        entry.transport->where.error(diagnostics,
                                     "endless connections cannot be added: they always send",
                                     "give `flow`, the size of the flows that come at the rate");
        continue;
      }
      if (!entry.profile) entry.profile = yaml::Located<Profile>{Profile{}, entry.where};
      entry.profile->value.presence = presence_of(event);
      written.added.push_back(std::move(entry));
    }
  }
}

void resolve_events(const WrittenScenario& written, std::optional<Time> end, Scenario& out,
                    Diagnostics& diagnostics) {
  std::vector<Placed> events;
  for (const WrittenEvent& event : written.events) {
    if (end && Time::zero() + event.at.value >= *end)
      event.at.where.warning(diagnostics,
                             fmt::format("{} is after the end of the run, which is at {}",
                                         to_text(event.at.value), to_text(*end - Time::zero())),
                             "times count from the start of the run, warm-up included");
    if (out.network == nullptr) continue;
    auto read = EventReader(*out.network, out.routing, diagnostics).read(event);
    if (read) events.push_back(std::move(*read));
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const Placed& a, const Placed& b) { return a.change.at < b.change.at; });
  Story story(out.network == nullptr ? 0 : out.network->ports().size());
  for (Placed& placed : events) {
    const std::string wrong = story.tell(placed.change);
    if (!wrong.empty())
      placed.where.error(diagnostics, fmt::format("{} {} by {}", quote(placed.change.what), wrong,
                                                  to_text(placed.change.at - Time::zero())));
    out.events.push_back(std::move(placed.change));
  }
}

}  // namespace longhaul::scenario
