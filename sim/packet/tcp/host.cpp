#include "sim/packet/tcp/host.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

#include "sim/base/archive.hpp"
#include "sim/base/random.hpp"
#include "sim/packet/tcp/wire.hpp"
#include "sim/traffic/streams.hpp"

namespace longhaul::packet::tcp {

namespace {

constexpr std::uint64_t endless = std::uint64_t{1} << 60;  // segments

/// Names of a demand's other random numbers.
std::uint64_t start_stream(std::uint64_t stream) { return mix(stream + 0x7463702d73746172ULL); }

}  // namespace

bool Host::Timer::operator>(const Timer& o) const {
  return std::tie(time, kind, group, slot) > std::tie(o.time, o.kind, o.group, o.slot);
}

void Host::push(const Timer& timer) {
  timers_.push_back(timer);
  std::push_heap(timers_.begin(), timers_.end(), std::greater<>());
}

void Host::arm(Kind kind, std::uint32_t group, std::uint32_t slot, std::int64_t deadline,
               std::int64_t& armed) {
  if (deadline >= armed) return;  // looked at when the earlier one is due
  armed = deadline;
  push({deadline, kind, group, slot});
}

void Host::add_sender(const Route& route) {
  const auto group = static_cast<std::uint32_t>(sending_.size());
  (*setup_.endpoints)[route.demand].sending = static_cast<std::int32_t>(group);
  sending_.push_back({});
  Sending& own = sending_.back();
  own.route = route;
  own.connections.reserve(route.spec->connections);
  for (std::uint32_t slot = 0; slot < route.spec->connections; ++slot) {
    const Words words = philox(setup_.seed, start_stream(route.stream), slot);
    own.connections.emplace_back(*route.spec, words.w[2]);
    if (route.spec->sizes != nullptr) {
      own.free.push_back(route.spec->connections - 1 - slot);
      continue;
    }
    const std::uint64_t word = static_cast<std::uint64_t>(words.w[0]) << 32 | words.w[1];
    const auto start = static_cast<std::int64_t>(
        static_cast<UInt128>(word) * static_cast<std::uint64_t>(route.spec->start.ps()) >> 64);
    own.connections.back().began = start;
    arm(Kind::sender, group, slot, start, own.connections.back().armed);
  }
  if (route.spec->sizes == nullptr) return;
  draw_flow(own);
  push({own.next_flow, Kind::flow, group, 0});
}

void Host::add_receiver(const Route& route) {
  (*setup_.endpoints)[route.demand].receiving = static_cast<std::int32_t>(receiving_.size());
  receiving_.push_back({route, std::vector<Far>(route.spec->connections)});
}

template <class Archive>
void Host::serialize(Archive& archive) {
  for (Sending& s : sending_) {
    for (Connection& c : s.connections)
      archive(c.sender, c.armed, c.began, c.last, c.last_bytes, c.busy);
    archive(s.free, raw(s.waiting), s.waiting_head, s.flows, s.next_flow, s.next_bytes, s.completed,
            s.most_waiting, s.completion);
  }
  for (Receiving& r : receiving_)
    for (Far& end : r.ends) archive(end.receiver, end.armed);
  archive(raw(timers_), table_, measuring_, acks_sent_, acks_delivered_);
}

void Host::save(SaveArchive& archive) { serialize(archive); }
void Host::load(LoadArchive& archive) { serialize(archive); }

void Host::start_measuring(std::int64_t, std::int64_t) {
  measuring_ = true;
  for (Sending& group : sending_) {
    group.completed = 0;
    group.most_waiting = group.waiting_count();
    group.completion = {};
    for (Connection& c : group.connections) c.sender.clear_counts();
  }
}

void Host::run(const Key* keys, std::size_t n, std::int64_t until, Context& context) {
  const auto act_before = [&](std::int64_t time) {
    while (!timers_.empty() && timers_.front().time < time) {
      const Timer timer = timers_.front();
      std::pop_heap(timers_.begin(), timers_.end(), std::greater<>());
      timers_.pop_back();
      act(timer, context);
    }
  };
  for (const Key* key = keys; key != keys + n; ++key) {
    act_before(key->time + 1);
    const Packet& p = *key->packet;
    if ((*setup_.endpoints)[p.flow >> setup_.flow_bits].sending < 0 &&
        (*setup_.endpoints)[p.flow >> setup_.flow_bits].receiving < 0)
      context.fingerprint += deliver(key, 1, setup_.measure_from, *setup_.demands);
    else
      receive(p, context);
  }
  act_before(until);
}

void Host::act(const Timer& timer, Context& context) {
  if (timer.kind == Kind::flow) return flow_arrives(timer.group, timer.time, context);
  if (timer.kind == Kind::receiver) {
    Far& end = receiving_[timer.group].ends[timer.slot];
    if (end.armed != timer.time) return;
    end.armed = never;
    if (end.receiver.deadline() <= timer.time)
      acknowledge(timer.group, timer.slot, timer.time, context);
    else
      arm(Kind::receiver, timer.group, timer.slot, end.receiver.deadline(), end.armed);
    return;
  }
  Connection& c = sending_[timer.group].connections[timer.slot];
  if (c.armed != timer.time) return;
  c.armed = never;
  const Transport& spec = *sending_[timer.group].route.spec;
  if (spec.sizes == nullptr && !c.busy) {
    c.busy = true;
    c.last = endless;
    c.last_bytes = spec.segment_bytes;
    c.sender.offer(endless);
  }
  c.sender.act(timer.time, spec);
  send_all(timer.group, timer.slot, timer.time, context);
}

void Host::receive(const Packet& p, Context& context) {
  const Endpoints& ends = (*setup_.endpoints)[p.flow >> setup_.flow_bits];
  // A node may be both ends' host only for different demands: from and to differ. The packet's
  // destination does not tell: it may have turned on its way.
  if (ends.receiving >= 0 && static_cast<std::size_t>(ends.receiving) < receiving_.size()) {
    Receiving& to = receiving_[static_cast<std::size_t>(ends.receiving)];
    if (to.route.demand == p.flow >> setup_.flow_bits) return data_arrives(to, p, context);
  }
  ack_arrives(sending_[static_cast<std::size_t>(ends.sending)], p, context);
}

void Host::data_arrives(Receiving& to, const Packet& p, Context& context) {
  const Data data = Data::decode(p.birth, p.time);
  Packet seen = p;
  seen.birth = data.sent;
  const Key key{p.time, &seen};
  context.fingerprint += deliver(&key, 1, setup_.measure_from, *setup_.demands);
  const std::uint32_t slot = p.flow & ((1U << setup_.flow_bits) - 1U);
  Far& end = to.ends[slot];
  const std::uint64_t number = expand(data.number, end.receiver.next());
  const auto group = static_cast<std::uint32_t>(&to - receiving_.data());
  if (end.receiver.arrive(number, p.marked(), p.time, to.route.spec->delayed_ack_segments,
                          to.route.spec->delayed_ack.ps()))
    acknowledge(group, slot, p.time, context);
  else
    arm(Kind::receiver, group, slot, end.receiver.deadline(), end.armed);
}

void Host::acknowledge(std::uint32_t group, std::uint32_t slot, std::int64_t now,
                       Context& context) {
  Receiving& to = receiving_[group];
  const Receiver::Reply reply = to.ends[slot].receiver.reply();
  const std::int64_t time = whole_ns(now);
  const bool measured = time >= setup_.measure_from;
  const bool block = reply.block_end > reply.next;
  const Ack ack{reply.next, block ? reply.block_first - reply.next : 0,
                block ? reply.block_end - reply.block_first : 0, reply.congested, measured};
  acks_sent_ += measured ? 1 : 0;
  emit({time, ack.encode(), 0, (to.route.demand << setup_.flow_bits) | slot,
        static_cast<std::uint16_t>(Transport::header_bytes), to.route.acks_to},
       context);
}

void Host::ack_arrives(Sending& from, const Packet& p, Context& context) {
  context.fingerprint += fate_hash(p, p.time, 0);
  const Ack ack = Ack::decode(p.birth);
  acks_delivered_ += ack.measured ? 1 : 0;
  const std::uint32_t slot = p.flow & ((1U << setup_.flow_bits) - 1U);
  Connection& c = from.connections[slot];
  const std::uint64_t next = expand(ack.next, c.sender.first());
  c.sender.acknowledged({next, next + ack.offset, next + ack.offset + ack.length, ack.congested},
                        p.time, *from.route.spec);
  const auto group = static_cast<std::uint32_t>(&from - sending_.data());
  if (c.busy && c.sender.done())
    flow_ends(group, slot, p.time, context);
  else
    send_all(group, slot, p.time, context);
}

void Host::send_all(std::uint32_t group, std::uint32_t slot, std::int64_t now, Context& context) {
  Sending& own = sending_[group];
  Connection& c = own.connections[slot];
  const Transport& spec = *own.route.spec;
  const std::int64_t time = whole_ns(now);
  SentStats& sent = setup_.sent[own.route.demand];
  for (std::uint64_t number = 0; c.sender.send(time, number);) {
    const std::int32_t bytes = number + 1 == c.last ? c.last_bytes : spec.segment_bytes;
    const auto size = static_cast<std::uint16_t>(bytes + Transport::header_bytes);
    if (time >= setup_.measure_from) {
      ++sent.packets;
      sent.bytes += size;
    }
    emit({time, Data::encode(number, time), 0, (own.route.demand << setup_.flow_bits) | slot, size,
          own.route.data_to},
         context);
  }
  arm(Kind::sender, group, slot, std::max(c.sender.deadline(), now + 1), c.armed);
}

void Host::draw_flow(Sending& group) {
  const Transport& spec = *group.route.spec;
  const Words words = philox(setup_.seed, tcp_flow_stream(group.route.stream), group.flows++);
  // Headers included, flows add up to the demand's rate.
  const double whole = static_cast<double>(spec.packet_bytes()) / spec.segment_bytes;
  const double mean_gap = spec.sizes->mean_bytes() * whole * 8e12 / group.route.rate_bps;
  const double gap =
      exponential_from_bits(static_cast<std::uint64_t>(words.w[0]) << 32 | words.w[1]) * mean_gap;
  group.next_flow += static_cast<std::int64_t>(std::min(gap, 4e18) + 0.5);
  group.next_flow = std::min(group.next_flow, std::int64_t{1} << 62);
  group.next_bytes = spec.sizes->pick(static_cast<std::uint64_t>(words.w[2]) << 32 | words.w[3]);
}

void Host::flow_arrives(std::uint32_t group, std::int64_t now, Context& context) {
  Sending& own = sending_[group];
  const Flow flow{now, std::max<std::int64_t>(own.next_bytes, 1)};
  draw_flow(own);
  push({own.next_flow, Kind::flow, group, 0});
  if (own.free.empty()) {
    own.waiting.push_back(flow);
    own.most_waiting = std::max<std::uint64_t>(own.most_waiting, own.waiting_count());
    return;
  }
  const std::uint32_t slot = own.free.back();
  own.free.pop_back();
  start_flow(group, slot, flow, now, context);
}

void Host::start_flow(std::uint32_t group, std::uint32_t slot, const Flow& flow, std::int64_t now,
                      Context& context) {
  Sending& own = sending_[group];
  Connection& c = own.connections[slot];
  const Transport& spec = *own.route.spec;
  const std::int64_t segments = (flow.bytes + spec.segment_bytes - 1) / spec.segment_bytes;
  if (c.sender.offered() > 0)
    c.sender.restart(spec, static_cast<std::uint32_t>(mix(c.sender.offered() + slot) >> 32));
  c.busy = true;
  c.began = flow.at;
  c.sender.offer(static_cast<std::uint64_t>(segments));
  c.last = c.sender.offered();
  c.last_bytes = static_cast<std::int32_t>(flow.bytes - (segments - 1) * spec.segment_bytes);
  send_all(group, slot, now, context);
}

void Host::flow_ends(std::uint32_t group, std::uint32_t slot, std::int64_t now, Context& context) {
  Sending& own = sending_[group];
  Connection& c = own.connections[slot];
  c.busy = false;
  if (c.began >= setup_.measure_from) {
    ++own.completed;
    own.completion.add(now - c.began);
  }
  if (own.waiting_count() == 0) {
    own.free.push_back(slot);
    return;
  }
  const Flow flow = own.waiting[own.waiting_head++];
  if (2 * own.waiting_head > own.waiting.size()) {
    own.waiting.erase(own.waiting.begin(),
                      own.waiting.begin() + static_cast<std::ptrdiff_t>(own.waiting_head));
    own.waiting_head = 0;
  }
  start_flow(group, slot, flow, now, context);
}

void Host::emit(Packet p, Context& context) {
  const std::uint32_t out = table_.send(p, p.time, setup_.per_packet);
  if (out == Forwarding::none) {
    context.drops.push_back({p, p.time, Drop::no_route, setup_.machine});
    return;
  }
  setup_.lanes[out].append(p, context.pool);
}

std::uint64_t Host::connections() const {
  std::uint64_t n = 0;
  for (const Sending& s : sending_) n += s.connections.size();
  return n;
}

std::uint64_t Host::memory_bytes() const {
  std::uint64_t bytes = timers_.capacity() * sizeof(Timer);
  for (const Sending& s : sending_)
    for (const Connection& c : s.connections) bytes += sizeof(Connection) + c.sender.memory_bytes();
  for (const Receiving& r : receiving_)
    for (const Far& f : r.ends) bytes += sizeof(Far) + f.receiver.memory_bytes();
  return bytes;
}

void Host::collect(std::vector<DemandMeasurement>& demands) const {
  for (const Sending& s : sending_) {
    TransportMeasurement& out = demands[s.route.demand].transport.emplace();
    out.connections = s.connections.size();
    out.completed_flows = s.completed;
    out.completion = s.completion;
    out.most_waiting_flows = s.most_waiting;
    double sum = 0;
    double squares = 0;
    std::int64_t rtts = 0;
    std::uint64_t rtt_count = 0;
    for (const Connection& c : s.connections) {
      const SenderCounts& n = c.sender.counts();
      out.acknowledged_segments += n.segments;
      out.resent_segments += n.resent;
      out.timeouts += n.timeouts;
      out.reductions += n.rounds;
      rtts += n.rtt_sum / 1000;
      rtt_count += n.rtt_count;
      out.rtt_max = std::max(out.rtt_max, Duration::ps(n.rtt_max));
      const auto x = static_cast<double>(n.segments);
      sum += x;
      squares += x * x;
    }
    out.acknowledged_bytes =
        out.acknowledged_segments * static_cast<std::uint64_t>(s.route.spec->segment_bytes);
    if (rtt_count > 0)
      out.rtt_mean_s = static_cast<double>(rtts) / static_cast<double>(rtt_count) * 1e-9;
    if (squares > 0)
      out.fairness = sum * sum / (static_cast<double>(s.connections.size()) * squares);
  }
}

}  // namespace longhaul::packet::tcp
