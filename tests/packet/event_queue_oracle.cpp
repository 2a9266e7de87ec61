#include "tests/packet/event_queue_oracle.hpp"

#include <cstdlib>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <tuple>

#include "sim/base/random.hpp"
#include "sim/packet/packet.hpp"
#include "sim/packet/source.hpp"
#include "sim/packet/tcp/host.hpp"
#include "sim/packet/tcp/wire.hpp"
#include "tests/packet/oracle_disciplines.hpp"

namespace longhaul::packet::oracle {

namespace {

// At one instant: rates change, then links finish sending, then links fail, come back and routes
// change, then single routers' tables, then hosts' timers are due, then packets arrive.
enum class Kind { rate, departure, change, table, timer, arrival };

struct Event {
  std::int64_t time;
  Kind kind;
  std::uint32_t place;  // rate, departure: queue; change, table: its index; arrival: node
  std::uint32_t input;  // arrival: queue it came by, or `from_source`
  std::uint64_t order;  // arrival: order in that stream; departure: the queue's incarnation;
                        // rate: the new one, bit/s
  std::size_t packet;
  auto key() const { return std::tie(time, kind, place, input, order); }
  bool operator>(const Event& o) const { return key() > o.key(); }
};
constexpr std::uint32_t from_host = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t from_source = from_host - 1;

/// A host whose packets all leave by one lane, from which the oracle takes them to route them
/// itself: TCP's state machines are the engine's (tests/packet/tcp checks them), when and in which
/// order they see what is not.
struct OracleHost {
  std::unique_ptr<tcp::Host> host;
  std::unique_ptr<Lane> lane = std::make_unique<Lane>();
  std::uint64_t emitted = 0;
};

struct OraclePacket {
  Packet p;
  bool measured;
};

struct Waiting {
  std::size_t packet;
  std::int64_t arrival;
  std::int64_t transmission;
  std::int64_t bytes = 0;  // framing included
};

struct OracleQueue {
  PortId port = PortId::none();
  std::deque<Waiting> line;  // the first is in transmission
  std::int64_t sending_until = 0;
  std::uint64_t remainder = 0;
  std::uint64_t incarnation = 0;  // departures scheduled before a failure are void
  std::uint64_t sent = 0;
  bool down = false;
  bool changes_rate = false;     // then the transmission's length is only known when it starts
  std::uint64_t rate = 0;        // of the next transmission, bit/s
  std::uint64_t sending_at = 0;  // rate of the packet in transmission
  // With a discipline: who waits, and what is being sent.
  std::unique_ptr<Discipline> waiting;
  std::unique_ptr<Link> link;
  std::optional<Item> sending;
  std::int64_t sending_since = 0;
};

class Simulator {
 public:
  Simulator(const Input& input, const Config& config)
      : in_(input),
        cfg_(config),
        net_(*input.network),
        end_((config.warmup + config.duration).ps()) {
    result_.ports.resize(net_.ports().size());
    result_.demands.resize(in_.demands->demands.size());
    last_latency_.assign(in_.demands->demands.size(), -1);
    while ((1U << flow_bits_) < cfg_.flows) ++flow_bits_;
    for (const auto& transport : in_.demands->transports)
      while ((1U << flow_bits_) < transport->connections) ++flow_bits_;
    for (std::size_t p = 0; p < net_.ports().size(); ++p) {
      first_queue_.push_back(queues_.size());
      if (!net_.ports()[p].exists) continue;
      for (std::uint32_t m = 0; m < net_.ports()[p].members; ++m) {
        queues_.emplace_back();
        queues_.back().port = PortId(p);
        add_rate_steps(p);
        if (!cfg_.queueing.plain()) add_discipline(queues_.back(), m);
      }
    }
    for (std::size_t c = 0; c < in_.changes.size(); ++c)
      events_.push({in_.changes[c].at.ps(), Kind::change, static_cast<std::uint32_t>(c), 0, 0, 0});
    if (in_.forwarding != nullptr)
      for (std::uint32_t u = 0; u < in_.forwarding->all().size(); ++u)
        events_.push({in_.forwarding->all()[u].at.ps(), Kind::table, u, 0, 0, 0});
    draw_all_packets();
    build_hosts();
  }

  Result run() {
    while (!events_.empty()) {
      const Event e = events_.top();
      events_.pop();
      if (e.kind == Kind::rate) queues_[e.place].rate = e.order, queues_[e.place].remainder = 0;
      if (e.kind == Kind::departure) depart(e);
      if (e.kind == Kind::change && e.time < end_) change(e.place, e.time);
      if (e.kind == Kind::table) update_table(in_.forwarding->all()[e.place]);
      if (e.kind == Kind::timer && e.time < end_) timer(e);
      if (e.kind == Kind::arrival) arrive(e);
    }
    return result_;
  }

 private:
  void add_rate_steps(std::size_t port) {
    OracleQueue& queue = queues_.back();
    queue.rate = static_cast<std::uint64_t>(net_.ports()[port].member_rate.bps());
    if (in_.rate_steps.empty()) return;
    for (const RateStep& step : in_.rate_steps[port]) {
      queue.changes_rate = true;
      events_.push({step.at.ps(), Kind::rate, static_cast<std::uint32_t>(queues_.size() - 1), 0,
                    static_cast<std::uint64_t>(step.member_rate.bps()), 0});
    }
  }

  static std::uint64_t text_hash(const std::string& text) {
    std::uint64_t h = 0xcbf29ce484222325ULL;
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return mix(h);
  }

  std::uint64_t stream_name(std::size_t demand) {
    const Demand& d = in_.demands->demands[demand];
    std::uint64_t nth = 0;
    for (std::size_t i = 0; i < demand; ++i) {
      const Demand& o = in_.demands->demands[i];
      nth += (o.from == d.from && o.to == d.to && o.cls == d.cls) ? 1 : 0;
    }
    std::uint64_t h = text_hash(net_.node(d.from).id);
    h = mix(h * 3 + text_hash(net_.node(d.to).id));
    h = mix(h * 3 + text_hash(in_.demands->classes[d.cls.index()].name));
    return mix(h * 3 + nth);
  }

  void add_discipline(OracleQueue& queue, std::uint32_t member) {
    const Port& port = net_.port(queue.port);
    std::uint64_t h = text_hash("queue " + net_.link(port.link).id);
    h = mix(h * 3 + text_hash(net_.node(port.from).id));
    queue.link = std::make_unique<Link>(Link{port.member_rate.bps()});
    queue.waiting = make_discipline(cfg_.queueing, in_.demands->classes, *queue.link, cfg_.seed,
                                    mix(h * 3 + member));
    result_.ports[queue.port.index()].classes.resize(in_.demands->classes.size());
  }

  /// The textbook's bucket: so many tokens, each ps brings some. In 1 / 8e12 bytes, so exact.
  struct Bucket {
    Int128 tokens;
    std::int64_t at = 0;
    std::int64_t last = 0;
  };
  /// When a packet of `demand` may go; nothing if it is dropped.
  std::optional<std::int64_t> pass_bucket(std::size_t demand, const Packet& p) {
    const Demand& d = in_.demands->demands[demand];
    if (d.bucket < 0) return p.time;
    const TokenBucketSpec& spec = in_.demands->buckets[static_cast<std::size_t>(d.bucket)];
    const Int128 byte = 8'000'000'000'000;
    const Int128 most = spec.burst_bytes * byte;
    const Int128 need = std::min<std::int64_t>(p.size, spec.burst_bytes) * byte;
    Bucket& b = buckets_.try_emplace(demand, Bucket{most}).first->second;
    const std::int64_t start = std::max(p.time, b.last);
    const Int128 rate = spec.bps(d.rate);
    Int128 tokens = std::min(most, b.tokens + (start - b.at) * rate);
    std::int64_t go = start;
    if (tokens < need) {
      const Int128 wait = (need - tokens + rate - 1) / rate;
      go = start + static_cast<std::int64_t>(wait);
      tokens = std::min(most, tokens + wait * rate);
    }
    const bool shapes = spec.action == TokenBucketSpec::Action::shape;
    if (go - p.time > (shapes ? spec.max_delay.ps() : 0)) return std::nullopt;
    b.tokens = tokens - need;
    b.at = b.last = go;
    return go;
  }

  void send(std::size_t demand, std::uint64_t number, Packet p) {
    packets_.push_back({p, p.time >= cfg_.warmup.ps()});
    if (packets_.back().measured) ++result_.demands[demand].sent, ++result_.packets.sent;
    const auto go = pass_bucket(demand, p);
    if (!go)
      return drop(packets_.back(), p.time, static_cast<int>(Drop::policed),
                  queues_.size() + in_.demands->demands[demand].from.index());
    p.time = packets_.back().p.time = *go;
    if (p.time >= end_) {
      result_.packets.in_flight += packets_.back().measured ? 1 : 0;
      return;
    }
    // At one instant a node's own packets come last, by demand and number.
    events_.push({p.time, Kind::arrival, in_.demands->demands[demand].from.value(), from_source,
                  (demand << 40) + number, packets_.size() - 1});
  }

  /// Arrivals at a changing rate are input to both simulators: tests/packet/arrivals_test.cpp
  /// checks them.
  void draw_uneven(std::size_t i) {
    const DemandSet& set = *in_.demands;
    const Demand& d = set.demands[i];
    const SizeTable sizes(set.sizes[d.sizes.index()]);
    const auto& at = net_.node(d.from).at;
    ArrivalStream stream(
        {d.arrivals, sizes.mean_bytes() * 8e12 / d.rate.as_double(), &sizes, cfg_.seed,
         stream_name(i), static_cast<std::uint32_t>(i << flow_bits_), cfg_.flows,
         static_cast<std::uint16_t>(in_.routes->destination(d).value()), set.arrival_model(d),
         set.profile(d), d.rate.as_double(), at ? at->longitude : 0.0, end_},
        false);
    std::vector<Packet> packets;
    stream.take_until(end_, packets);
    for (std::size_t k = 0; k < packets.size(); ++k) send(i, k, packets[k]);
  }

  void draw_all_packets() {
    for (std::size_t i = 0; i < in_.demands->demands.size(); ++i) {
      const Demand& d = in_.demands->demands[i];
      if (d.transport.valid()) continue;
      if (d.model.valid() || d.profile.valid()) {
        draw_uneven(i);
        continue;
      }
      const SizeTable sizes(in_.demands->sizes[d.sizes.index()]);
      const double gap = sizes.mean_bytes() * 8e12 / d.rate.as_double();
      const std::uint64_t name = stream_name(i);
      const auto gap_fixed = static_cast<std::uint64_t>(gap * 65536.0);
      const std::int64_t phase = static_cast<std::int64_t>(
          static_cast<UInt128>(gap_fixed) * philox(cfg_.seed, name, ~std::uint64_t{0}).w[0] >> 48);
      std::int64_t time = 0;
      for (std::uint64_t k = 0;; ++k) {
        const Words w = philox(cfg_.seed, name, k);
        if (d.arrivals == Arrivals::cbr)
          time = phase + static_cast<std::int64_t>(static_cast<UInt128>(gap_fixed) * k >> 16);
        else
          time += static_cast<std::int64_t>(
              exponential_from_bits(static_cast<std::uint64_t>(w.w[0]) << 32 | w.w[1]) * gap + 0.5);
        if (time >= end_) break;
        const Packet p{time,
                       time,
                       0,
                       static_cast<std::uint32_t>(i << flow_bits_) + w.w[3] % cfg_.flows,
                       sizes.pick(w.w[2]),
                       static_cast<std::uint16_t>(in_.routes->destination(d).value())};
        send(i, k, p);
      }
    }
  }

  void build_hosts() {
    const DemandSet& set = *in_.demands;
    if (set.transports.empty()) return;
    hosts_.resize(net_.nodes().size());
    endpoints_.resize(set.demands.size());
    delivered_ = std::make_unique<DemandTable>(set.demands.size(), flow_bits_,
                                               std::vector<std::int64_t>(set.demands.size(), 0));
    // Every destination leads to the one lane.
    way_out_.initial_.assign(in_.routes->destination_count(), 0);
    const auto host_at = [&](NodeId node) -> tcp::Host& {
      OracleHost& own = hosts_[node.index()];
      if (own.host == nullptr)
        own.host = std::make_unique<tcp::Host>(
            tcp::HostSetup{0, &way_out_, own.lane.get(), cfg_.warmup.ps(), false, flow_bits_,
                           cfg_.seed, &endpoints_, delivered_.get(), sent_.data()});
      return *own.host;
    };
    for (std::size_t i = 0; i < set.demands.size(); ++i) {
      const Demand& d = set.demands[i];
      if (!d.transport.valid()) continue;
      const tcp::Route route{
          static_cast<std::uint32_t>(i),
          set.transport(d),
          static_cast<std::uint16_t>(in_.routes->destination(d).value()),
          static_cast<std::uint16_t>(in_.routes->destination(d.from, d.constraint).value()),
          d.rate.as_double(),
          stream_name(i)};
      host_at(d.from).add_sender(route);
      host_at(d.to).add_receiver(route);
    }
    for (std::size_t n = 0; n < hosts_.size(); ++n)
      if (hosts_[n].host != nullptr) after_host(n);
  }

  bool is_ack(const Packet& p) const {
    const Demand& d = in_.demands->demands[demand_of(p)];
    return d.transport.valid() && in_.routes->node(DestinationId(p.destination)) == d.from;
  }

  void timer(const Event& e) {
    OracleHost& own = hosts_[e.place];
    if (own.host->next_action() != e.time) return;
    own.host->run(nullptr, 0, e.time + 1, context_);
    after_host(e.place);
  }

  /// Sends what the host of `node` has emitted, and sets its next timer.
  void after_host(std::size_t node) {
    OracleHost& own = hosts_[node];
    while (own.lane->consumed() < own.lane->written()) {
      const Packet p = own.lane->pop(context_.pool);
      packets_.push_back({p, p.time >= cfg_.warmup.ps()});
      if (packets_.back().measured) {
        ++result_.packets.sent;
        if (!is_ack(p)) ++result_.demands[demand_of(p)].sent;
      }
      events_.push({p.time, Kind::arrival, static_cast<std::uint32_t>(node), from_host,
                    own.emitted++, packets_.size() - 1});
    }
    if (own.host->next_action() != Machine::never)
      events_.push(
          {own.host->next_action(), Kind::timer, static_cast<std::uint32_t>(node), 0, 0, 0});
  }

  /// A packet of TCP has come to its host.
  void arrive_at_host(std::size_t node, OraclePacket& arrived, std::int64_t now) {
    const Packet p = arrived.p;
    if (is_ack(p)) {
      result_.fingerprint += fate_hash(p, now, 0);
      result_.packets.delivered += arrived.measured ? 1 : 0;
    } else {
      arrived.p.birth = tcp::Data::decode(p.birth, now).sent;
      deliver(arrived, now);
    }
    Packet seen = p;
    seen.time = now;
    const Key key{now, &seen};
    hosts_[node].host->run(&key, 1, now + 1, context_);
    after_host(node);
  }

  std::size_t demand_of(const Packet& p) const { return p.flow >> flow_bits_; }

  void drop(OraclePacket& p, std::int64_t time, int cause, std::uint64_t machine) {
    result_.fingerprint +=
        fate_hash(p.p, time, 1 + static_cast<std::uint64_t>(cause) + 8 * machine);
    if (!p.measured) return;
    if (!is_ack(p.p)) ++result_.demands[demand_of(p.p)].dropped;
    std::uint64_t* const counts[] = {
        &result_.packets.dropped_buffer,    &result_.packets.dropped_no_route,
        &result_.packets.dropped_link_down, &result_.packets.dropped_policy,
        &result_.packets.dropped_policed,   &result_.packets.dropped_aqm,
        &result_.packets.dropped_loop};
    ++*counts[cause];
  }

  void deliver(OraclePacket& p, std::int64_t time) {
    result_.fingerprint += fate_hash(p.p, time, 0);
    if (!p.measured) return;
    ++result_.packets.delivered;
    const std::size_t i = demand_of(p.p);
    DemandCount& d = result_.demands[i];
    const std::int64_t latency = time - p.p.birth;
    ++d.delivered;
    d.latency_sum += latency;
    d.wait_sum += p.p.wait();
    d.hops += p.p.hops();
    if (last_latency_[i] >= 0)
      d.variation_sum += static_cast<std::uint64_t>(std::abs(latency - last_latency_[i]));
    last_latency_[i] = latency;
  }

  /// The queue by which `p` leaves `node`, as docs/models/packet-engine.md defines the hashes.
  std::size_t choose(std::span<const PortId> ports, const Packet& p, std::size_t node) const {
    const std::uint64_t salt = mix(node + 0x632be59bd9b4e019ULL);
    const std::uint64_t flow_hash = mix(p.flow + salt);
    const std::uint64_t port_hash =
        cfg_.ecmp == Ecmp::per_packet
            ? mix(static_cast<std::uint64_t>(p.birth) + salt + p.flow * 0x9e3779b97f4a7c15ULL)
            : flow_hash;
    const PortId port = ports[(port_hash >> 32) * ports.size() >> 32];
    return first_queue_[port.index()] + ((flow_hash & 0xffffffffU) * net_.port(port).members >> 32);
  }

  void arrive(const Event& e) {
    OraclePacket& p = packets_[e.packet];
    if (e.time >= end_) {
      result_.fingerprint += fate_hash(p.p, e.time, 7);
      result_.packets.in_flight += p.measured ? 1 : 0;
      return;
    }
    const NodeId node(e.place);
    const DestinationId to(p.p.destination);
    if (in_.routes->delivers(node, to)) {
      if (in_.demands->demands[demand_of(p.p)].transport.valid())
        return arrive_at_host(e.place, p, e.time);
      return deliver(p, e.time);
    }
    const auto [ports, turned] = way(node, to);
    if (ports.empty()) {
      const bool source = e.input == from_source || e.input == from_host;
      const bool policy = cables_ != nullptr && cables_->connected(node, in_.routes->node(to)) &&
                          routes_->next(node, to).empty();
      return drop(p, e.time, policy ? 3 : 1,
                  source
                      ? queues_.size() + (e.input == from_host ? net_.nodes().size() : 0) + e.place
                      : e.input);
    }
    if (p.p.hops() >= cfg_.ttl) return drop(p, e.time, 6, e.input);
    const std::size_t queue = choose(ports, p.p, e.place);
    p.p.destination = static_cast<std::uint16_t>(turned.value());
    enter(queue, e.packet, e.time);
  }

  struct Way {
    std::vector<PortId> ports;
    DestinationId turned;
  };
  /// What `node` does now with packets for `to`.
  Way way(NodeId node, DestinationId to) const {
    const auto own = tables_.find({node, to});
    if (own != tables_.end()) return own->second;
    const Routes& routes = in_.forwarding != nullptr ? *in_.routes : *routes_;
    const auto next = routes.next(node, to);
    return {{next.begin(), next.end()}, routes.turned(node, to)};
  }

  void update_table(const routing::FibUpdate& u) {
    const auto ports = in_.forwarding->ports(u);
    tables_.insert_or_assign({u.node, u.destination}, Way{{ports.begin(), ports.end()}, u.turned});
  }

  void enter(std::size_t q, std::size_t packet, std::int64_t now) {
    OracleQueue& queue = queues_[q];
    OraclePacket& p = packets_[packet];
    const Port& port = net_.port(queue.port);
    const bool counts = now >= cfg_.warmup.ps();
    PortCount& count = result_.ports[queue.port.index()];
    count.arrived += counts ? 1 : 0;
    if (queue.waiting != nullptr) return enter_discipline(q, packet, now);
    if (queue.down) {
      count.dropped += counts ? 1 : 0;
      return drop(p, now, 2, q);
    }
    if (queue.changes_rate) {
      if (!full(queue, port, p.p.size + port.overhead, now)) {
        queue.line.push_back({packet, now, 0, p.p.size + port.overhead});
        if (queue.line.size() == 1) start_sending(q, now);
        return;
      }
      count.dropped += counts ? 1 : 0;
      return drop(p, now, 0, q);
    }
    // Time to send: bytes x 8e12 / rate, with what is left of a picosecond carried to the next
    // packet.
    const UInt128 scaled =
        UInt128{static_cast<std::uint64_t>(p.p.size + port.overhead)} * 8'000'000'000'000U +
        queue.remainder;
    const auto rate = static_cast<std::uint64_t>(port.member_rate.bps());
    const auto transmission = static_cast<std::int64_t>(scaled / rate);
    std::int64_t ahead = queue.line.empty() ? 0 : queue.sending_until - now;
    for (std::size_t i = 1; i < queue.line.size(); ++i) ahead += queue.line[i].transmission;
    bool full = false;
    const Buffer& buffer = cfg_.queueing.buffer;
    if (buffer.kind == Buffer::Kind::packets)
      full = static_cast<std::int64_t>(queue.line.size()) >= buffer.value;
    if (buffer.kind == Buffer::Kind::time) full = ahead + transmission > buffer.value;
    if (buffer.kind == Buffer::Kind::bytes)
      full = UInt128(static_cast<std::uint64_t>(ahead + transmission)) * rate >
             UInt128(static_cast<std::uint64_t>(buffer.value)) * 8'000'000'000'000U;
    if (full) {
      count.dropped += counts ? 1 : 0;
      return drop(p, now, 0, q);
    }
    queue.remainder = static_cast<std::uint64_t>(scaled % rate);
    queue.line.push_back({packet, now, transmission});
    if (queue.line.size() == 1) start_sending(q, now);
  }

  /// Whether `bytes` more would not fit into a queue whose rate changes. Its buffer is memory: what
  /// the link's own rate sends in the time it is given as.
  bool full(const OracleQueue& queue, const Port& port, std::int64_t bytes,
            std::int64_t now) const {
    const Buffer& buffer = cfg_.queueing.buffer;
    const UInt128 second = 1'000'000'000'000U;
    if (buffer.kind == Buffer::Kind::unlimited) return false;
    if (buffer.kind == Buffer::Kind::packets)
      return static_cast<std::int64_t>(queue.line.size()) >= buffer.value;
    // Bits x ps a second.
    UInt128 held = UInt128(static_cast<std::uint64_t>(8 * bytes)) * second;
    for (std::size_t i = 1; i < queue.line.size(); ++i)
      held += UInt128(static_cast<std::uint64_t>(8 * queue.line[i].bytes)) * second;
    if (!queue.line.empty())
      held += UInt128(static_cast<std::uint64_t>(queue.sending_until - now)) * queue.sending_at;
    const UInt128 value = static_cast<std::uint64_t>(buffer.value);
    if (buffer.kind == Buffer::Kind::bytes) return held > 8 * value * second;
    return held > value * static_cast<std::uint64_t>(port.member_rate.bps());
  }

  ClassCount& class_count(const OracleQueue& queue, std::size_t cls) {
    return result_.ports[queue.port.index()].classes[cls];
  }
  void lose(std::size_t q, const Item& item, std::int64_t now, Drop cause) {
    if (item.arrival >= cfg_.warmup.ps()) {
      ++result_.ports[queues_[q].port.index()].dropped;
      ++class_count(queues_[q], item.cls).dropped;
      class_count(queues_[q], item.cls).marked += item.marked ? 1 : 0;
    }
    drop(packets_[item.packet], now, static_cast<int>(cause), q);
  }

  void enter_discipline(std::size_t q, std::size_t packet, std::int64_t now) {
    OracleQueue& queue = queues_[q];
    const Packet& p = packets_[packet].p;
    const Demand& demand = in_.demands->demands[demand_of(p)];
    const Item item{packet, now,       p.size + net_.port(queue.port).overhead, demand.cls.index(),
                    p.flow, demand.ecn};
    if (now >= cfg_.warmup.ps()) ++class_count(queue, item.cls).arrived;
    queue.link->largest = std::max(queue.link->largest, item.bytes);
    if (queue.down) return lose(q, item, now, Drop::link_down);
    std::vector<Lost> lost;
    queue.waiting->arrive(item, now, !queue.sending, lost);
    for (const Lost& l : lost) lose(q, l.item, now, l.cause);
    if (!queue.sending) send_next(q, now);
  }

  /// The link is free.
  void send_next(std::size_t q, std::int64_t now) {
    OracleQueue& queue = queues_[q];
    if (queue.waiting->empty()) return;
    std::vector<Lost> lost;
    queue.sending = queue.waiting->pull(now, now >= end_, lost);
    for (const Lost& l : lost) lose(q, l.item, now, l.cause);
    if (!queue.sending) {
      if (!queue.waiting->empty())
        events_.push({queue.waiting->ready(now), Kind::departure, static_cast<std::uint32_t>(q), 1,
                      queue.incarnation, 0});
      return;
    }
    const Item& item = *queue.sending;
    if (item.marked) packets_[item.packet].p.wait_hops |= Packet::congestion_experienced;
    const UInt128 scaled =
        UInt128{static_cast<std::uint64_t>(item.bytes)} * 8'000'000'000'000U + queue.remainder;
    const std::uint64_t rate =
        queue.changes_rate ? queue.rate : static_cast<std::uint64_t>(queue.link->bps);
    queue.sending_since = now;
    queue.sending_until = now + static_cast<std::int64_t>(scaled / rate);
    queue.remainder = static_cast<std::uint64_t>(scaled % rate);
    packets_[item.packet].p.wait_hops += static_cast<std::uint64_t>(now - item.arrival);
    events_.push({queue.sending_until, Kind::departure, static_cast<std::uint32_t>(q), 0,
                  queue.incarnation, item.packet});
  }

  void depart_discipline(const Event& e) {
    OracleQueue& queue = queues_[e.place];
    const bool release = e.input == 1;  // a ceiling lets go
    if (release && queue.sending) return;
    if (!release) {
      const Item item = *queue.sending;
      queue.sending.reset();
      if (item.arrival >= cfg_.warmup.ps() && item.arrival < end_) {
        PortCount& count = result_.ports[queue.port.index()];
        const std::int64_t wait = queue.sending_since - item.arrival;
        count.wait_sum += wait;
        count.byte_integral += Int128{item.bytes} * (e.time - item.arrival);
        class_count(queue, item.cls).wait_sum += wait;
        class_count(queue, item.cls).sent += 1;
        class_count(queue, item.cls).marked += item.marked ? 1 : 0;
      }
      const Port& port = net_.port(queue.port);
      packets_[item.packet].p.wait_hops += Packet::one_hop;
      events_.push({e.time + port.delay.ps(), Kind::arrival, port.to.value(), e.place, queue.sent++,
                    item.packet});
    }
    send_next(e.place, e.time);
  }

  void start_sending(std::size_t q, std::int64_t now) {
    OracleQueue& queue = queues_[q];
    Waiting& first = queue.line.front();
    if (queue.changes_rate) {
      const UInt128 scaled =
          UInt128(static_cast<std::uint64_t>(first.bytes)) * 8'000'000'000'000U + queue.remainder;
      first.transmission = static_cast<std::int64_t>(scaled / queue.rate);
      queue.remainder = static_cast<std::uint64_t>(scaled % queue.rate);
      queue.sending_at = queue.rate;
    }
    queue.sending_until = now + first.transmission;
    packets_[first.packet].p.wait_hops += static_cast<std::uint64_t>(now - first.arrival);
    events_.push({queue.sending_until, Kind::departure, static_cast<std::uint32_t>(q), 0,
                  queue.incarnation, first.packet});
  }

  void depart(const Event& e) {
    OracleQueue& queue = queues_[e.place];
    if (e.order != queue.incarnation) return;
    if (queue.waiting != nullptr) return depart_discipline(e);
    const Waiting first = queue.line.front();
    queue.line.pop_front();
    const Port& port = net_.port(queue.port);
    if (first.arrival >= cfg_.warmup.ps() && first.arrival < end_) {
      PortCount& count = result_.ports[queue.port.index()];
      count.wait_sum += e.time - first.transmission - first.arrival;
      count.number_integral += e.time - first.arrival;
      count.byte_integral +=
          Int128{packets_[first.packet].p.size + port.overhead} * (e.time - first.arrival);
    }
    packets_[first.packet].p.wait_hops += Packet::one_hop;
    events_.push({e.time + port.delay.ps(), Kind::arrival, port.to.value(), e.place, queue.sent++,
                  first.packet});
    if (!queue.line.empty()) start_sending(e.place, e.time);
  }

  void change(std::size_t index, std::int64_t now) {
    const RouteChange& change = in_.changes[index];
    routes_ = change.routes.get();
    cables_ = change.cables.get();
    for (std::size_t q = 0; q < queues_.size(); ++q) {
      OracleQueue& queue = queues_[q];
      const bool down = !change.down.empty() && change.down[queue.port.index()];
      if (down && !queue.down) {
        for (const Waiting& w : queue.line) {
          if (w.arrival >= cfg_.warmup.ps()) ++result_.ports[queue.port.index()].dropped;
          drop(packets_[w.packet], now, 2, q);
        }
        queue.line.clear();
        if (queue.waiting != nullptr) {
          if (queue.sending) lose(q, *queue.sending, now, Drop::link_down);
          queue.sending.reset();
          for (const Item& item : queue.waiting->flush()) lose(q, item, now, Drop::link_down);
        }
        ++queue.incarnation;
      }
      if (!down && queue.down) queue.remainder = 0;
      queue.down = down;
    }
  }

  const Input& in_;
  const Config& cfg_;
  const Network& net_;
  const std::int64_t end_;
  int flow_bits_ = 0;
  const Routes* routes_ = in_.routes.get();
  const Reachability* cables_ = in_.cables.get();
  std::map<std::pair<NodeId, DestinationId>, Way> tables_;  // what single routers have changed
  std::vector<OraclePacket> packets_;
  std::vector<OracleQueue> queues_;
  std::vector<std::size_t> first_queue_;
  std::vector<std::int64_t> last_latency_;
  std::map<std::size_t, Bucket> buckets_;  // by demand
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  Result result_;
  std::vector<OracleHost> hosts_;  // by node; empty without TCP
  std::vector<tcp::Endpoints> endpoints_;
  Forwarding way_out_;
  std::unique_ptr<DemandTable> delivered_;
  std::vector<SentStats> sent_{in_.demands->demands.size()};
  ChunkReserve reserve_;
  Context context_{reserve_};
};

}  // namespace

Result run(const Input& input, const Config& config) { return Simulator(input, config).run(); }

}  // namespace longhaul::packet::oracle
