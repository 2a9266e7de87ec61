#include "sim/engine/input_hash.hpp"

#include <bit>
#include <concepts>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>

#include "sim/base/random.hpp"
#include "sim/traffic/streams.hpp"

namespace longhaul::engine {

namespace {

/// Folds values into 64 bits; the order counts.
class Hash {
 public:
  template <class... T>
  void operator()(const T&... values) {
    (add(values), ...);
  }
  std::uint64_t value() const { return value_; }

  template <std::integral T>
  void add(T x) {
    value_ = mix(value_ * 0x9e3779b97f4a7c15ULL + static_cast<std::uint64_t>(x));
  }
  template <class T>
  requires std::is_enum_v<T>
  void add(T x) { add(static_cast<std::uint64_t>(x)); }
  void add(double x) { add(std::bit_cast<std::uint64_t>(x)); }
  void add(const std::string& x) { add(text_hash(x)); }
  void add(Duration x) { add(x.ps()); }
  void add(Time x) { add(x.ps()); }
  void add(Rate x) { add(x.bps()); }
  template <class Tag>
  void add(Id<Tag> x) {
    add(x.value());
  }
  template <class T>
  void add(const std::optional<T>& x) {
    add(x.has_value());
    if (x) add(*x);
  }
  template <class T>
  void add(const std::shared_ptr<T>& x) {
    add(x != nullptr);
    if (x != nullptr) add(*x);
  }
  template <class T>
  void add(const std::vector<T>& all) {
    add(all.size());
    for (const auto& x : all) add(x);
  }
  void add(const std::vector<bool>& all) {
    add(all.size());
    for (const bool x : all) add(x);
  }

  void add(const Port& p) {
    (*this)(p.exists, p.from, p.to, p.link, p.member_rate, p.members, p.delay, p.overhead);
  }
  void add(const Network& net) {
    for (const Node& n : net.nodes()) {
      (*this)(n.id, n.latency, n.provider, n.at.has_value());
      if (n.at) (*this)(n.at->latitude, n.at->longitude);
    }
    for (const Link& l : net.links()) add(l.id);
    add(net.ports());
  }

  void add(const SizeMix::Entry& e) { (*this)(e.bytes, e.weight); }
  void add(const SizeMix& mix) { add(mix.entries); }
  void add(const TrafficClass& c) { (*this)(c.name, c.priority); }
  void add(const Demand& d) {
    (*this)(d.from, d.to, d.cls, d.rate, d.arrivals, d.sizes, d.model, d.profile, d.constraint,
            d.ecn, d.transport, d.bucket, d.service, d.voice, d.steered);
  }
  void add(const FlowSizes& sizes) {
    for (const FlowSizes::Point& p : sizes.points()) (*this)(p.bytes, p.share);
  }
  void add(const Mmpp::State& s) { (*this)(s.rate, s.mean, s.to); }
  void add(const Mmpp& m) { add(m.states); }
  void add(const OnOff& m) { (*this)(m.on, m.off, m.alpha, m.sources); }
  void add(const FlowArrivals& m) { (*this)(m.sizes, m.rate); }
  void add(const PacketTrace::Packet& p) { (*this)(p.time_ps, p.flow, p.bytes); }
  void add(const PacketTrace& t) { (*this)(t.packets, t.period_ps); }
  void add(const FlowTrace::Flow& f) { (*this)(f.time_ps, f.bytes, f.flow); }
  void add(const FlowTrace& t) { (*this)(t.flows, t.period_ps, t.rate); }
  void add(const ArrivalModel& model) {
    add(model.index());
    std::visit([this](const auto& m) { add(m); }, model);
  }
  void add(const DiurnalProfile& d) { (*this)(d.peak_hour, d.trough, d.hours); }
  void add(const Profile::FlashCrowd& c) { (*this)(c.at, c.rise, c.hold, c.fall, c.factor); }
  void add(const Profile::Presence& p) { (*this)(p.from, p.until); }
  void add(const Profile& p) {
    (*this)(p.start_s, p.speed, p.diurnal, p.weekend, p.growth, p.crowds, p.presence);
  }
  void add(const Transport& t) {
    (*this)(t.protocol, t.connections, t.sizes, t.segment_bytes, t.initial_window,
            t.delayed_ack_segments, t.delayed_ack, t.least_timeout, t.start);
  }
  void add(const TokenBucketSpec& b) {
    (*this)(b.action, b.rate, b.share, b.burst_bytes, b.max_delay);
  }
  void add(const DemandSet& set) {
    (*this)(set.classes, set.sizes, set.demands, set.arrival_models, set.profiles, set.transports,
            set.buckets);
  }

  void add(const Routes& routes) {
    add(routes.destination_count());
    for (std::size_t d = 0; d < routes.destination_count(); ++d)
      for (std::size_t n = 0; n < routes.node_count(); ++n) {
        const auto next = routes.next(NodeId(n), DestinationId(d));
        add(next.size());
        for (const PortId p : next) add(p);
        if (routes.is_segment(DestinationId(d))) add(routes.turned(NodeId(n), DestinationId(d)));
      }
  }
  void add(const routing::FibUpdates& updates) {
    add(updates.all().size());
    for (const routing::FibUpdate& u : updates.all()) {
      (*this)(u.at, u.node, u.destination, u.turned, u.count);
      for (const PortId p : updates.ports(u)) add(p);
    }
  }
  void add(const RateStep& s) { (*this)(s.at, s.member_rate, s.level); }

  void add(const QueueLimit& q) { (*this)(q.kind, q.value); }
  void add(const RedSpec& r) { (*this)(r.least, r.most, r.probability, r.weight); }
  void add(const DropSpec& d) { (*this)(d.rule, d.red, d.codel.target, d.codel.interval, d.ecn); }
  void add(const PortRate& r) { (*this)(r.rate, r.share); }
  void add(const ClassQueueing& c) {
    (*this)(c.weight, c.strict, c.guaranteed, c.ceiling, c.parent, c.buffer, c.drop);
  }
  void add(const Queueing& q) { (*this)(q.discipline, q.buffer, q.drop, q.classes, q.groups); }

 private:
  std::uint64_t value_ = 0;
};

/// Many changes share few routes.
class RoutesHash {
 public:
  std::uint64_t of(const std::shared_ptr<const Routes>& routes) {
    const auto [at, fresh] = known_.try_emplace(routes.get(), 0);
    if (fresh && routes != nullptr) {
      Hash hash;
      hash.add(*routes);
      at->second = hash.value();
    }
    return at->second;
  }

 private:
  std::unordered_map<const Routes*, std::uint64_t> known_;
};

}  // namespace

std::uint64_t input_hash(const Input& input, const Config& config,
                         std::initializer_list<std::uint64_t> more) {
  Hash hash;
  hash(*input.network, *input.demands, demand_streams(*input.network, *input.demands),
       input.rate_steps);
  RoutesHash routes;
  hash(routes.of(input.routes), input.changes.size());
  for (const RouteChange& c : input.changes)
    hash(c.at, routes.of(c.routes), c.down, c.cables != nullptr);
  // Which cables work follows from `down`; at time zero from the routes, as far as it matters.
  hash(input.cables != nullptr);
  hash(input.forwarding);
  hash(config.seed, config.warmup, config.duration, config.interval, config.queueing, config.ecmp,
       config.ttl);
  for (const std::uint64_t x : more) hash(x);
  return hash.value();
}

}  // namespace longhaul::engine
