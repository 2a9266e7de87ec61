#include "sim/report/services.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "sim/report/aggregate.hpp"
#include "sim/routing/loads.hpp"
#include "sim/stats/e_model.hpp"

namespace longhaul::report {

namespace {

/// ITU-T Y.1540 (2016), 7.1: an interval is available if its loss is below c1.
constexpr double loss_threshold = 0.20;
/// Fewer packets than this do not tell a loss ratio from chance: intervals are joined until they
/// have them (Y.1540 asks for a least number, M_av, too).
constexpr std::uint64_t least_packets = 20;
constexpr std::size_t named_senders = 3;

std::optional<double> mos_of(const Service& service, const Demand& demand,
                             const DemandMeasurement& m) {
  if (!demand.voice || !service.voice || m.delivered_packets == 0) return std::nullopt;
  const auto decided = m.delivered_packets + m.dropped_packets;
  return voice_score(*service.voice->codec, m.base, m.latency.histogram,
                     ratio(m.dropped_packets, decided), service.voice->jitter_buffer);
}

/// Finds where services suffer and what they meet there, from what was measured at ports and sent
/// by demands, along the routes of the start.
class Hurts {
 public:
  explicit Hurts(const run::Result& result)
      : result_(result),
        scenario_(*result.scenario),
        network_(*result.scenario->network),
        sent_(*result.demands) {
    for (std::size_t i = 0; i < sent_.demands.size(); ++i) {
      const double bps =
          bits_per_second(result.measurements.demands[i].sent_bytes, result.measurements.measured);
      sent_.demands[i].rate = Rate::bps(static_cast<std::int64_t>(bps));
    }
  }

  std::optional<Hurt> of(ServiceId id) const {
    DemandSet own = sent_;
    std::erase_if(own.demands, [&](const Demand& d) { return d.service != id; });
    const Loads loads = expected_loads(network_, *result_.routes, own);
    const Service& service = scenario_.services[id.index()];
    for (const bool by_loss : {true, false}) {
      double all = 0;
      double most = 0;
      std::optional<PortId> worst;
      for (std::size_t p = 0; p < loads.load_bps.size(); ++p) {
        const Suffered suffered = at(PortId(p), service.cls);
        const double part = loads.load_bps[p] * (by_loss ? suffered.loss : suffered.wait_mean);
        all += part;
        if (part > most) {
          most = part;
          worst = PortId(p);
        }
      }
      if (worst) return describe(id, *worst, by_loss, most / all);
    }
    return std::nullopt;
  }

 private:
  /// What packets of a class meet at a port.
  struct Suffered {
    double wait_mean = 0;
    double wait_p99 = 0;
    double loss = 0;
  };

  Suffered at(PortId id, ClassId cls) const {
    const PortMeasurement& port = result_.measurements.ports[id.index()];
    const bool queues =
        result_.measurements.packets.dropped_buffer + result_.measurements.packets.dropped_aqm > 0;
    const auto suffered = [&](const DurationStats& wait, std::uint64_t dropped,
                              std::uint64_t arrived) {
      const DurationSummary s = summarize(wait);
      return Suffered{s.count > 0 ? s.mean : 0, s.count > 0 ? s.p99 : 0,
                      queues ? ratio(dropped, arrived) : 0};
    };
    if (port.classes.empty())
      return suffered(port.wait, port.dropped_packets, port.arrived_packets);
    const ClassMeasurement& c = port.classes[cls.index()];
    return suffered(c.wait, c.dropped_packets, c.arrived_packets);
  }

  /// Whether packets of a class may make those of another wait.
  bool delays(ClassId other, ClassId victim) const {
    const Queueing& queues = scenario_.queues;
    const auto priority = [&](ClassId c) { return scenario_.classes[c.index()].priority; };
    const auto strict = [&](ClassId c) {
      return c.index() < queues.classes.size() && queues.classes[c.index()].strict;
    };
    if (queues.discipline == Discipline::strict_priority)
      return priority(other) <= priority(victim);
    if (queues.discipline == Discipline::fifo || queues.discipline == Discipline::fq_codel)
      return true;
    return !strict(victim) || (strict(other) && priority(other) <= priority(victim));
  }

  Hurt describe(ServiceId id, PortId port, bool by_loss, double share) const {
    const Port& where = network_.port(port);
    const Service& service = scenario_.services[id.index()];
    const Suffered suffered = at(port, service.cls);
    Hurt hurt;
    hurt.link = network_.node(where.from).id + ">" + network_.node(where.to).id;
    hurt.by_loss = by_loss;
    hurt.share = share;
    hurt.wait_p99 = suffered.wait_p99;
    hurt.loss = suffered.loss;
    hurt.senders = senders(id, port);
    return hurt;
  }

  std::vector<Hurt::Sender> senders(ServiceId id, PortId port) const {
    const ClassId victim = scenario_.services[id.index()].cls;
    const std::vector<double> through = shares_through(network_, *result_.routes, sent_, port);
    struct Sum {
      double bps = 0;
      double most = 0;
      std::size_t largest = 0;
    };
    // Services, and classes of what belongs to none.
    std::map<std::pair<bool, std::size_t>, Sum> sums;
    double all = 0;
    for (std::size_t i = 0; i < sent_.demands.size(); ++i) {
      const Demand& d = sent_.demands[i];
      const double bps = d.rate.as_double() * through[i];
      if (!(bps > 0) || !delays(d.cls, victim)) continue;
      const bool of_service = d.service.valid();
      Sum& sum = sums[{of_service, of_service ? d.service.index() : d.cls.index()}];
      sum.bps += bps;
      all += bps;
      if (bps > sum.most) {
        sum.most = bps;
        sum.largest = i;
      }
    }
    std::vector<Hurt::Sender> out;
    for (const auto& [key, sum] : sums) {
      const auto& [of_service, index] = key;
      const Demand& largest = sent_.demands[sum.largest];
      out.push_back({of_service ? scenario_.services[index].name : scenario_.classes[index].name,
                     of_service && index == id.index(), sum.bps / all,
                     network_.node(largest.from).id, network_.node(largest.to).id});
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.share > b.share; });
    if (out.size() > named_senders) out.resize(named_senders);
    return out;
  }

  const run::Result& result_;
  const Scenario& scenario_;
  const Network& network_;
  DemandSet sent_;  ///< with the rates that were measured at the sources
};

ServiceRow service_row(const run::Result& result, ServiceId id) {
  const Service& service = result.scenario->services[id.index()];
  ServiceRow row;
  row.name = service.name;
  row.type = to_string(service.type);
  row.shape = service.hub_and_spoke ? "hub-and-spoke" : "any-to-any";
  row.cls = result.scenario->classes[service.cls.index()].name;
  if (service.guaranteed) row.guaranteed_bps = service.guaranteed->as_double();
  if (service.voice) row.codec = service.voice->codec->name;
  DemandAggregate all;
  std::vector<DemandId> demands;
  std::set<NodeId> sites;
  for (std::size_t i = 0; i < result.demands->demands.size(); ++i) {
    const Demand& d = result.demands->demands[i];
    if (d.service != id) continue;
    demands.emplace_back(i);
    sites.insert(d.from);
    sites.insert(d.to);
    all.add(result.measurements.demands[i]);
  }
  const Duration measured = result.measurements.measured;
  row.sites = sites.size();
  row.demands = all.demands();
  row.offered_bps = all.offered_bps(measured);
  row.delivered_bps = all.delivered_bps(measured);
  row.loss = all.loss();
  row.latency = all.latency();
  row.queueing = all.queueing();
  row.jitter_s = all.jitter_s();
  row.availability = worst_pair(result, Expectation::Metric::availability, demands);
  row.mos = worst_pair(result, Expectation::Metric::mos, demands);
  return row;
}

}  // namespace

std::optional<double> availability_of(const DemandMeasurement& demand) {
  struct Block {
    std::uint64_t intervals = 0;
    std::uint64_t packets = 0;
    std::uint64_t dropped = 0;
  };
  std::vector<Block> blocks;
  bool open = false;  // the last block still has too few packets
  for (const IntervalFates& f : demand.fates) {
    if (f.delivered + f.dropped == 0) continue;
    if (!open) blocks.emplace_back();
    Block& block = blocks.back();
    ++block.intervals;
    block.packets += std::uint64_t{f.delivered} + f.dropped;
    block.dropped += f.dropped;
    open = block.packets < least_packets;
  }
  if (blocks.empty()) return std::nullopt;
  if (open && blocks.size() > 1) {
    const Block last = blocks.back();
    blocks.pop_back();
    blocks.back().intervals += last.intervals;
    blocks.back().packets += last.packets;
    blocks.back().dropped += last.dropped;
  }
  std::uint64_t all = 0;
  std::uint64_t available = 0;
  for (const Block& block : blocks) {
    all += block.intervals;
    if (ratio(block.dropped, block.packets) < loss_threshold) available += block.intervals;
  }
  return ratio(available, all);
}

std::optional<WorstPair> worst_pair(const run::Result& result, Expectation::Metric metric,
                                    const std::vector<DemandId>& demands) {
  std::optional<WorstPair> worst;
  const Network& network = *result.scenario->network;
  for (const DemandId id : demands) {
    const Demand& d = result.demands->demands[id.index()];
    const DemandMeasurement& m = result.measurements.demands[id.index()];
    const auto value = metric == Expectation::Metric::availability
                           ? availability_of(m)
                           : mos_of(result.scenario->services[d.service.index()], d, m);
    if (value && (!worst || *value < worst->value))
      worst = WorstPair{*value, network.node(d.from).id, network.node(d.to).id};
  }
  return worst;
}

std::vector<ServiceRow> make_services(const run::Result& result,
                                      const std::vector<ExpectationRow>& expectations) {
  std::vector<ServiceRow> rows;
  const Scenario& scenario = *result.scenario;
  if (scenario.services.empty()) return rows;
  const Hurts hurts(result);
  for (std::size_t s = 0; s < scenario.services.size(); ++s) {
    rows.push_back(service_row(result, ServiceId(s)));
    for (std::size_t e = 0; e < expectations.size(); ++e)
      if (scenario.expectations[e].promise && scenario.expectations[e].service == ServiceId(s))
        rows.back().promises.push_back(e);
    rows.back().hurt = hurts.of(ServiceId(s));
  }
  return rows;
}

}  // namespace longhaul::report
