#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "sim/base/text.hpp"
#include "sim/scenario/detail/constraints.hpp"
#include "sim/scenario/detail/entries.hpp"
#include "sim/scenario/detail/lookup.hpp"
#include "sim/scenario/detail/reachable.hpp"
#include "sim/scenario/detail/resolve.hpp"
#include "sim/scenario/detail/resolve_arrivals.hpp"
#include "sim/scenario/detail/resolve_services.hpp"
#include "sim/scenario/detail/resolve_transport.hpp"
#include "sim/scenario/detail/sizes.hpp"
#include "sim/scenario/detail/trace.hpp"

namespace longhaul::scenario {

namespace {

std::vector<TrafficClass> read_classes(const WrittenScenario& written, Diagnostics& diagnostics) {
  std::vector<TrafficClass> out;
  for (const WrittenClass& cls : written.classes) {
    if (cls.name.value.empty()) continue;  // already reported
    const bool again = std::any_of(out.begin(), out.end(), [&](const TrafficClass& other) {
      return other.name == cls.name.value;
    });
    if (again) {
      cls.name.where.error(diagnostics,
                           fmt::format("class {} is given twice", quote(cls.name.value)));
      continue;
    }
    out.push_back({cls.name.value, cls.priority});
  }
  if (out.empty()) out.push_back({"default", 0});
  return out;
}

/// Pairs of a kind, and the first of them.
struct Count {
  std::size_t pairs = 0;
  NodeId from = NodeId::none();
  NodeId to = NodeId::none();
  void add(NodeId a, NodeId b) {
    if (pairs++ > 0) return;
    from = a;
    to = b;
  }
};

class Resolver {
 public:
  Resolver(const WrittenScenario& written, Scenario& out, Diagnostics& diagnostics)
      : written_(written),
        out_(out),
        diagnostics_(diagnostics),
        sizes_(written, diagnostics),
        arrivals_(written, diagnostics) {
    out_.classes = read_classes(written, diagnostics);
    out_.services = read_services(written, diagnostics);
    confine_classes();
    confine_services();
    for (const WrittenService& service : written_.services)
      for (WrittenTraffic& entry : traffic_of(service, written_))
        of_services_.push_back(std::move(entry));
  }

  void run() {
    for (const WrittenTraffic& entry : written_.traffic) add(entry);
    for (const WrittenTraffic& entry : of_services_) add(entry);
    for (const WrittenTraffic& entry : written_.added) add(entry);
    for (std::size_t s = 0; s < out_.services.size(); ++s) check_sends(ServiceId(s));
    if (sizes_.used().empty()) sizes_.use_default();
    out_.sizes = sizes_.used();
    for (Resolved& r : specs_) out_.traffic.push_back(r.spec);
    out_.constraints = constraints_.all();
    if (out_.network != nullptr) check_routes();
  }

 private:
  void add(const WrittenTraffic& entry) {
    Diagnostics own;
    if (entry.arrivals.trace) {
      resolve_trace(entry, own);
      diagnostics_.add(own.all());
      return;
    }
    std::vector<PlacedEntry> entries;
    TrafficSpec spec = resolve(entry, entries, own);
    if (out_.network != nullptr && !own.has_errors()) check_total(entry, spec, own);
    diagnostics_.add(own.all());
    specs_.push_back(
        {std::move(spec), std::move(entries), &entry, entry.whole && !own.has_errors()});
  }

  struct Resolved {
    TrafficSpec spec;
    std::vector<PlacedEntry> entries;  ///< of an explicit matrix
    const WrittenTraffic* written;
    bool sound;  ///< without a mistake so far
  };

  /// Constraints of classes, by position in out_.classes.
  void confine_classes() {
    class_constraint_.assign(out_.classes.size(), ConstraintId(0));
    if (out_.network == nullptr) return;
    for (const WrittenClass& cls : written_.classes) {
      if (!cls.within) continue;
      const ConstraintId id = constraints_.add(confine(*cls.within, network(), diagnostics_));
      for (std::size_t c = 0; c < out_.classes.size(); ++c)
        if (out_.classes[c].name == cls.name.value) class_constraint_[c] = id;
    }
  }

  /// Constraints of services, by ServiceId.
  void confine_services() {
    service_constraint_.assign(out_.services.size(), ConstraintId(0));
    if (out_.network == nullptr) return;
    for (std::size_t s = 0; s < out_.services.size(); ++s)
      service_constraint_[s] =
          constraints_.add(path_of(written_.services[s], network(), diagnostics_));
  }

  /// What an entry belongs to: class, service, and where its packets may go.
  void place(const WrittenTraffic& entry, TrafficSpec& spec, Diagnostics& own) {
    spec.service = find_service(entry, own);
    spec.cls = find_class(entry, spec.service, own);
    spec.constraint = class_constraint_[spec.cls.index()];
    if (!spec.service.valid()) return;
    spec.constraint = constraints_.both(spec.constraint, service_constraint_[spec.service.index()]);
    out_.services[spec.service.index()].cls = spec.cls;
  }

  ServiceId find_service(const WrittenTraffic& entry, Diagnostics& own) const {
    if (!entry.service || entry.service->value.empty()) return ServiceId::none();
    std::vector<std::string> names;
    for (const Service& s : out_.services) names.push_back(s.name);
    const auto found = find_name("service", entry.service->value, names);
    if (found) return ServiceId(found.value);
    entry.service->where.error(own, found.error, found.hint);
    return ServiceId::none();
  }

  void check_sends(ServiceId id) {
    const bool sends = std::any_of(specs_.begin(), specs_.end(),
                                   [&](const Resolved& r) { return r.spec.service == id; });
    const WrittenService& s = written_.services[id.index()];
    const bool again = std::any_of(out_.services.begin(),
                                   out_.services.begin() + static_cast<std::ptrdiff_t>(id.index()),
                                   [&](const Service& o) { return o.name == s.name.value; });
    if (!sends && !again && s.whole && !s.name.value.empty())
      s.where.error(
          diagnostics_,
          fmt::format("service {} sends nothing: it needs `total` or `voice`", quote(s.name.value)),
          "or a `traffic` entry that names it as its `service`");
  }

  TrafficSpec resolve(const WrittenTraffic& entry, std::vector<PlacedEntry>& entries,
                      Diagnostics& own) {
    TrafficSpec spec;
    place(entry, spec, own);
    spec.each = entry.each;
    spec.voice = entry.voice;
    spec.sizes = find_sizes(entry, own);
    spec.arrivals = entry.arrivals.packets;
    spec.model = arrivals_.model(entry.arrivals, own);
    spec.ecn = entry.ecn;
    if (entry.transport) {
      spec.transport = to_transport(*entry.transport, arrivals_, own);
      spec.ecn = spec.ecn || entry.transport->ecn;
    }
    if (entry.profile) spec.profile = std::make_shared<const Profile>(entry.profile->value);
    spec.scale = entry.scale;
    read_bucket(entry, spec, own);
    if (entry.total) spec.total = entry.total->value;
    if (entry.direction) spec.direction = entry.direction->value;
    if (entry.part) {
      spec.group = entry.part->group;
      spec.share = entry.part->share;
    }
    if (entry.max_utilization) spec.target_utilization = entry.max_utilization->value;
    if (entry.matrix && !entry.matrix->value.file) spec.matrix = entry.matrix->value.model;
    if (out_.network == nullptr) return spec;

    if (entry.from && entry.to) {
      const Rate rate = entry.rate ? entry.rate->value : Rate::bps(1);
      add_pair(*entry.from, *entry.to, rate, entries, own);
    }
    if (entry.demands) {
      for (const WrittenDemand& d : entry.demands->value)
        add_pair(d.from, d.to, d.rate, entries, own);
    }
    if (entry.matrix && entry.matrix->value.file)
      entries = read_matrix_file(*entry.matrix->value.file, network(), own);
    for (const PlacedEntry& e : entries) spec.entries.push_back(e.entry);
    if (entry.hubs) spec.hubs = find_nodes(entry.hubs->value, own);
    if (entry.among) spec.among = find_among(entry.among->value, own);
    return spec;
  }

  SizeMixId find_sizes(const WrittenTraffic& entry, Diagnostics& own) {
    if (entry.size) return sizes_.use(*entry.size, own);
    if (entry.transport) return sizes_.use(segment_sizes(*entry.transport));
    // A flow's packets are full but for its last one.
    if (entry.arrivals.flows || entry.arrivals.trace)
      return sizes_.use(SizeMix{"1.5 kB", {{1500, 1}}});
    return sizes_.use_default();
  }

  /// A trace makes one explicit matrix of each of its pairs.
  void resolve_trace(const WrittenTraffic& entry, Diagnostics& own) {
    TrafficSpec spec;
    place(entry, spec, own);
    if (out_.network == nullptr || !entry.whole) return;
    std::optional<NodeId> from;
    std::optional<NodeId> to;
    if (entry.from && entry.to) {
      std::vector<PlacedEntry> pair;
      add_pair(*entry.from, *entry.to, Rate::bps(1), pair, own);
      if (!pair.empty()) {
        from = pair[0].entry.from;
        to = pair[0].entry.to;
      }
    }
    for (TracedPair& pair : read_trace(*entry.arrivals.trace, network(), own)) {
      if (pair.from.valid() == (entry.from && entry.to)) {
        entry.where.error(own,
                          pair.from.valid()
                              ? "this trace has the columns from and to; leave out `from` and `to`"
                              : "missing keys \"from\" and \"to\": this trace has no such columns");
        break;
      }
      if (own.has_errors()) break;
      const MatrixEntry placed{from.value_or(pair.from), to.value_or(pair.to), pair.rate};
      spec.entries = {placed};
      spec.sizes = trace_sizes(entry, placed, pair, own);
      spec.model = std::make_shared<const ArrivalModel>(std::move(pair.model));
      const yaml::Place& where = entry.to ? entry.to->where : pair.where;
      specs_.push_back({spec, {{placed, where}}, &entry, !own.has_errors()});
    }
  }

  SizeMixId trace_sizes(const WrittenTraffic& entry, const MatrixEntry& placed, TracedPair& pair,
                        Diagnostics& own) {
    if (pair.sizes.entries.empty()) return find_sizes(entry, own);
    if (entry.size)
      entry.size->where.error(own, "`size` does not go with a trace of packets, which has sizes");
    pair.sizes.name = fmt::format("trace {} from {} to {}", entry.arrivals.trace->file.scalar,
                                  network().node(placed.from).id, network().node(placed.to).id);
    return sizes_.use(std::move(pair.sizes));
  }

  void read_bucket(const WrittenTraffic& entry, TrafficSpec& spec, Diagnostics& own) const {
    if ((!entry.shape && !entry.police) || !entry.whole) return;
    if (entry.shape && entry.police)
      entry.police->where.error(own, "a traffic entry takes `shape` or `police`, not both");
    std::int32_t largest = 0;
    for (const SizeMix::Entry& e : sizes_.used()[spec.sizes.index()].entries)
      largest = std::max(largest, e.bytes);
    spec.bucket =
        entry.shape
            ? resolve_bucket(entry.shape->value, TokenBucketSpec::Action::shape, largest, own)
            : resolve_bucket(entry.police->value, TokenBucketSpec::Action::police, largest, own);
  }

  const Network& network() const { return *out_.network; }

  /// The entry's own class, else its service's.
  ClassId find_class(const WrittenTraffic& entry, ServiceId service, Diagnostics& own) const {
    std::vector<std::string> names;
    for (const TrafficClass& c : out_.classes) names.push_back(c.name);
    const Name* cls = entry.cls ? &*entry.cls : nullptr;
    if (cls == nullptr && service.valid() && written_.services[service.index()].cls)
      cls = &*written_.services[service.index()].cls;
    if (cls == nullptr) {
      if (names.size() > 1) {
        entry.where.error(
            own, fmt::format("missing key \"class\": expected one of {}", fmt::join(names, ", ")));
      }
      return ClassId(0);
    }
    const auto found = find_name("class", cls->value, names);
    if (!found) cls->where.error(own, found.error, found.hint);
    return ClassId(found.value);
  }

  std::optional<NodeId> node(const Name& name, Diagnostics& own) const {
    if (name.value.empty()) return std::nullopt;  // already reported
    const auto found = find_node(network(), name.value);
    if (found) return found.value;
    name.where.error(own, found.error, found.hint);
    return std::nullopt;
  }

  std::vector<NodeId> find_nodes(const std::vector<Name>& names, Diagnostics& own) const {
    std::vector<NodeId> out;
    for (const Name& name : names) {
      const auto id = node(name, own);
      if (!id) continue;
      if (std::find(out.begin(), out.end(), *id) != out.end()) {
        name.where.error(own, fmt::format("{} is given twice", quote(name.value)));
        continue;
      }
      out.push_back(*id);
    }
    return out;
  }

  void add_pair(const Name& from, const Name& to, Rate rate, std::vector<PlacedEntry>& entries,
                Diagnostics& own) const {
    const auto a = node(from, own);
    const auto b = node(to, own);
    if (!a || !b) return;
    if (*a == *b) {
      to.where.error(own, fmt::format("from and to are both {}", quote(to.value)));
      return;
    }
    entries.push_back({MatrixEntry{*a, *b, rate}, to.where});
  }

  std::vector<NodeId> find_among(const WrittenAmong& among, Diagnostics& own) const {
    const std::vector<NodeId> nodes = find_nodes(among.nodes, own);
    std::vector<RegionId> regions;
    for (const Name& name : among.regions) {
      const auto found = find_region(network(), name.value);
      if (!found) name.where.error(own, found.error, found.hint);
      regions.push_back(found.value);
    }
    std::vector<ProviderId> providers;
    for (const Name& name : among.providers) {
      const auto found = find_provider(network(), name.value);
      if (!found) name.where.error(own, found.error, found.hint);
      providers.push_back(found.value);
    }
    std::vector<std::string> countries;
    for (const Name& name : among.countries) {
      const auto found = find_country(network(), name.value);
      if (!found) name.where.error(own, found.error, found.hint);
      countries.push_back(found.value);
    }
    const auto in = [](const auto& list, const auto& value) {
      return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
    };
    std::vector<NodeId> out;
    for (std::size_t i = 0; i < network().nodes().size(); ++i) {
      const Node& n = network().nodes()[i];
      const std::int64_t tier = network().providers()[n.provider.index()].tier;
      if (in(nodes, NodeId(i)) && in(regions, n.region) && in(providers, n.provider) &&
          in(among.tiers, tier) && in(among.roles, n.role) && in(countries, n.country)) {
        out.emplace_back(i);
      }
    }
    if (out.empty() && !own.has_errors())
      among.where.error(own, "no node of the network is of these");
    return out;
  }

  /// The place to name when an entry as a whole is wrong.
  static const yaml::Place& place_of(const WrittenTraffic& entry) {
    if (entry.matrix) return entry.matrix->where;
    return entry.demands ? entry.demands->where : entry.where;
  }

  void check_total(const WrittenTraffic& entry, const TrafficSpec& spec, Diagnostics& own) const {
    double total = 0;
    for (const MatrixEntry& e : spec.entries) total += e.rate.as_double();
    if (spec.total) total = spec.total->as_double();
    if (total * spec.scale > max_total_rate.as_double()) {
      const yaml::Place& where = entry.total ? entry.total->where : place_of(entry);
      where.error(own, "this traffic adds up to more than 1 Eb/s (1000000 T)");
    }
  }

  /// Whether each entry sends anything, and whether what it sends can arrive.
  void check_routes() {
    Reachable reachable(network(), out_.routing, out_.constraints);
    for (const Resolved& r : specs_) {
      if (!r.entries.empty()) check_explicit(r, reachable);
      if (!r.sound) continue;
      const auto reached = [](const DemandSet&) { return 1.0; };
      const DemandSet demands =
          build_demands(network(), out_.classes, out_.sizes, {r.spec}, reached);
      if (demands.demands.empty() && r.entries.empty()) {
        place_of(*r.written)
            .error(diagnostics_, "this sends nothing: no pair of nodes has a weight above 0");
      } else if (demands.demands.empty()) {
        place_of(*r.written).error(diagnostics_, "this sends nothing: all its rates are 0");
      } else if (r.entries.empty()) {
        check_model(r, demands, reachable);
      }
    }
  }

  void check_explicit(const Resolved& r, Reachable& reachable) {
    Count disconnected;  // of an imported matrix, whose entries have no places
    Count refused;
    Count confined;
    for (const PlacedEntry& e : r.entries) {
      if (e.entry.rate <= Rate::zero()) continue;
      const auto way = reachable.way(e.entry.from, e.entry.to, r.spec.constraint);
      if (way == Reachable::Way::routed) continue;
      const bool cut = way == Reachable::Way::disconnected;
      if (e.where.line == 0) {
        (cut                               ? disconnected
         : way == Reachable::Way::confined ? confined
                                           : refused)
            .add(e.entry.from, e.entry.to);
        continue;
      }
      const std::string& from = network().node(e.entry.from).id;
      const std::string& to = network().node(e.entry.to).id;
      if (cut) {
        e.where.error(diagnostics_, fmt::format("no path of links leads from {} to {}", from, to),
                      "connect them, or leave this demand out");
      } else if (way == Reachable::Way::confined) {
        e.where.warning(diagnostics_,
                        fmt::format("no route {} leads from {} to {}: its packets are dropped",
                                    constraint_of(r), from, to));
      } else {
        e.where.warning(diagnostics_,
                        fmt::format("no route from {} to {} is allowed between providers "
                                    "(customer, peer, provider): its packets are dropped",
                                    from, to));
      }
    }
    if (disconnected.pairs > 0) {
      r.entries.front().where.error(
          diagnostics_, fmt::format("{} of its {} demands are joined by no path of links, e.g. {}",
                                    disconnected.pairs, r.entries.size(), example(disconnected)));
    }
    warn_refused(r.entries.front().where, refused, r.entries.size());
    warn_confined(r.entries.front().where, confined, r.entries.size(), r);
  }

  const std::string& constraint_of(const Resolved& r) const {
    return out_.constraints[r.spec.constraint.index()].what;
  }

  void warn_confined(const yaml::Place& where, const Count& confined, std::size_t all,
                     const Resolved& r) {
    if (confined.pairs == 0) return;
    where.warning(
        diagnostics_,
        fmt::format("{} of its {} pairs have no route {}, e.g. {}: their packets are dropped",
                    confined.pairs, all, constraint_of(r), example(confined)));
  }

  void warn_refused(const yaml::Place& where, const Count& refused, std::size_t all) {
    if (refused.pairs == 0) return;
    where.warning(diagnostics_,
                  fmt::format("{} of its {} pairs have no route that is allowed between providers "
                              "(customer, peer, provider), e.g. {}: their packets are dropped",
                              refused.pairs, all, example(refused)));
  }

  void check_model(const Resolved& r, const DemandSet& demands, Reachable& reachable) {
    Count disconnected;
    Count refused;
    Count confined;
    for (const Demand& d : demands.demands) {
      const auto way = reachable.way(d.from, d.to, d.constraint);
      if (way == Reachable::Way::confined) confined.add(d.from, d.to);
      if (way == Reachable::Way::disconnected) disconnected.add(d.from, d.to);
      if (way == Reachable::Way::refused) refused.add(d.from, d.to);
    }
    const std::size_t all = demands.demands.size();
    const yaml::Place& where = place_of(*r.written);
    if (disconnected.pairs + refused.pairs + confined.pairs == all) {
      const Count& first = disconnected.pairs > 0 ? disconnected
                           : refused.pairs > 0    ? refused
                                                  : confined;
      const std::string limit = confined.pairs == all ? " " + constraint_of(r) : "";
      where.error(diagnostics_, fmt::format("none of its {} pairs has a route{}, e.g. {}", all,
                                            limit, example(first)));
      return;
    }
    if (disconnected.pairs > 0) {
      where.warning(diagnostics_,
                    fmt::format("{} of its {} pairs are joined by no path of links, e.g. {}: their "
                                "packets are dropped",
                                disconnected.pairs, all, example(disconnected)),
                    "restrict it with `among`");
    }
    warn_refused(where, refused, all);
    warn_confined(where, confined, all, r);
  }

  std::string example(const Count& count) const {
    return fmt::format("{} to {}", network().node(count.from).id, network().node(count.to).id);
  }

  const WrittenScenario& written_;
  Scenario& out_;
  Diagnostics& diagnostics_;
  Sizes sizes_;
  Constraints constraints_;
  std::vector<ConstraintId> class_constraint_;
  std::vector<ConstraintId> service_constraint_;
  std::deque<WrittenTraffic> of_services_;  ///< what services send
  ArrivalModels arrivals_;
  std::vector<Resolved> specs_;
};

}  // namespace

void resolve_traffic(const WrittenScenario& written, Scenario& out, Diagnostics& diagnostics) {
  Resolver(written, out, diagnostics).run();
}

DemandSet demand_pairs(const Scenario& scenario) {
  return build_demands(*scenario.network, scenario.classes, scenario.sizes, scenario.traffic,
                       [](const DemandSet&) { return 1.0; });
}

}  // namespace longhaul::scenario
