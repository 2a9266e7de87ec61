#include "sim/packet/packet_maker.hpp"

#include <algorithm>
#include <cmath>
#include <queue>
#include <tuple>
#include <utility>
#include <variant>

#include "sim/base/archive.hpp"
#include "sim/base/random.hpp"
#include "sim/packet/source.hpp"
#include "sim/traffic/rate_path.hpp"

namespace longhaul::packet {

namespace {

std::uint32_t flow_id(const StreamSpec& spec, std::uint32_t word) {
  return spec.flow_base + (word & (spec.flows - 1));
}

std::uint64_t joined(std::uint32_t high, std::uint32_t low) {
  return static_cast<std::uint64_t>(high) << 32 | low;
}

/// Packets at a rate that changes: Poisson or CBR in operational time.
class RatePackets final : public PacketMaker {
 public:
  RatePackets(const StreamSpec& spec, bool ahead)
      : spec_(spec),
        batch_(ahead ? std::make_unique<RandomBatch>() : nullptr),
        clock_(RatePath(spec.model, spec.profile, spec.longitude, spec.seed, spec.stream),
               spec.mean_gap_ps, spec.kind == Arrivals::cbr, spec.end) {
    draw();
    if (spec.kind == Arrivals::poisson) {
      next_time_ = clock_.advance(exponential_);
    } else {
      // A phase of its own, as an even stream has (ArrivalStream).
      const Words w = philox(spec.seed, spec.stream, ~std::uint64_t{0});
      next_time_ = clock_.advance(static_cast<double>(w.w[0]) * (1.0 / 4294967296.0));
    }
  }

  void take_until(std::int64_t until, std::vector<Packet>& out) override {
    while (next_time_ < until) {
      out.push_back({next_time_, next_time_, 0, flow_id(spec_, flow_word_),
                     spec_.sizes->pick(size_word_), spec_.destination});
      draw();
      next_time_ = clock_.advance(spec_.kind == Arrivals::poisson ? exponential_ : 1.0);
    }
  }

  void save(SaveArchive& archive) override { serialize(archive); }
  void load(LoadArchive& archive) override { serialize(archive); }

 private:
  template <class Archive>
  void serialize(Archive& archive) {
    archive(next_time_, clock_, number_, exponential_, flow_word_, size_word_);
    if (batch_) archive(raw(*batch_));
  }

  /// The random numbers of packet `number_`: those that an even stream's packet has.
  void draw() {
    if (batch_ == nullptr) {
      const Words w = philox(spec_.seed, spec_.stream, number_++);
      exponential_ = exponential_from_bits(joined(w.w[0], w.w[1]));
      size_word_ = w.w[2];
      flow_word_ = w.w[3];
      return;
    }
    const auto i = static_cast<std::size_t>(number_ % random_batch);
    if (i == 0) fill_random(spec_.seed, spec_.stream, number_, *batch_);
    exponential_ = batch_->exponential[i];
    size_word_ = batch_->size_word[i];
    flow_word_ = batch_->flow_word[i];
    ++number_;
  }

  StreamSpec spec_;
  std::unique_ptr<RandomBatch> batch_;
  OperationalClock clock_;
  std::uint64_t number_ = 0;
  double exponential_ = 0;
  std::uint32_t size_word_ = 0;
  std::uint32_t flow_word_ = 0;
};

/// A flow to be sent from `start` on.
struct FlowStart {
  std::int64_t start;
  std::int64_t bytes;
  std::uint32_t flow;    ///< as packets name it
  std::uint64_t number;  ///< within the demand
};

/// Flows as they start, drawn from a table.
class RandomFlows {
 public:
  RandomFlows(const StreamSpec& spec, const FlowArrivals& model)
      : spec_(spec),
        sizes_(model.sizes.get()),
        clock_(RatePath(nullptr, spec.profile, spec.longitude, spec.seed, spec.stream),
               sizes_->mean_bytes() * 8e12 / spec.rate_bps, false, spec.end) {
    look_for_flows_under_way(model);
    fresh_ = draw();
  }

  /// In time order; its start is never_ps at the end.
  FlowStart next() {
    if (!under_way_.empty() && under_way_.back().start <= fresh_.start) {
      const FlowStart flow = under_way_.back();
      under_way_.pop_back();
      return flow;
    }
    return std::exchange(fresh_, draw());
  }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(clock_, number_, raw(fresh_), raw(under_way_));
  }

  FlowStart draw() {
    const std::uint64_t n = number_++;
    const Words w = philox(spec_.seed, stream_of(spec_.stream, Draw::flows), n);
    const Words s = philox(spec_.seed, stream_of(spec_.stream, Draw::flow_sizes), n);
    const double gap = exponential_from_bits(joined(w.w[0], w.w[1]));
    return {clock_.advance(gap), sizes_->pick(joined(s.w[0], s.w[1])), flow_id(spec_, w.w[3]), n};
  }

  /// As an observer finds them who comes by: a Poisson number, each the flow of a random byte,
  /// that byte just being sent (M/G/infinity).
  void look_for_flows_under_way(const FlowArrivals& model) {
    const std::uint64_t stream = stream_of(spec_.stream, Draw::under_way);
    const double ps_per_byte = 8e12 / model.rate.as_double();
    const double packet = spec_.sizes->mean_bytes();
    double left = spec_.rate_bps / model.rate.as_double() * clock_.factor();
    for (std::uint64_t i = 0;; i += 2) {
      const Words w = philox(spec_.seed, stream, i);
      left -= exponential_from_bits(joined(w.w[0], w.w[1]));
      if (!(left > 0)) break;
      const Words s = philox(spec_.seed, stream, i + 1);
      const auto size = static_cast<double>(sizes_->pick_by_bytes(joined(s.w[0], s.w[1])));
      const double sent = size * (static_cast<double>(s.w[2]) * (1.0 / 4294967296.0));
      const double packets_end = std::floor(sent / packet + 1) * packet;
      const auto rest = static_cast<std::int64_t>(size - packets_end);
      if (rest <= 0) continue;  // its last packet has left
      const auto start = static_cast<std::int64_t>((packets_end - sent) * ps_per_byte);
      under_way_.push_back({start, rest, flow_id(spec_, w.w[3]), number_++});
    }
    std::reverse(under_way_.begin(), under_way_.end());
    std::stable_sort(under_way_.begin(), under_way_.end(),
                     [](const FlowStart& a, const FlowStart& b) { return a.start > b.start; });
  }

  StreamSpec spec_;
  const FlowSizes* sizes_;
  OperationalClock clock_;
  std::uint64_t number_ = 0;
  FlowStart fresh_{};                 ///< the next one that starts in the run
  std::vector<FlowStart> under_way_;  ///< at time 0; the next one last
};

/// The time of entry `index` in the `round`-th replay of a trace; never_ps if it is beyond any run.
std::int64_t replay_time(std::int64_t time, std::int64_t period, std::uint64_t round) {
  if (round == 0) return time;
  const UInt128 then = static_cast<UInt128>(static_cast<std::uint64_t>(period)) * round +
                       static_cast<std::uint64_t>(time);
  return period > 0 && then < static_cast<UInt128>(never_ps) ? static_cast<std::int64_t>(then)
                                                             : never_ps;
}

/// Flows as a trace has them.
class RecordedFlows {
 public:
  RecordedFlows(const StreamSpec& spec, const FlowTrace& trace) : spec_(spec), trace_(&trace) {}
  FlowStart next() {
    const std::uint64_t n = number_++;
    const std::uint64_t round = n / trace_->flows.size();
    const FlowTrace::Flow& flow = trace_->flows[n % trace_->flows.size()];
    const std::int64_t start = replay_time(flow.time_ps, trace_->period_ps, round);
    return {start, flow.bytes, flow_id(spec_, static_cast<std::uint32_t>(mix(flow.flow + round))),
            n};
  }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(number_);
  }

  StreamSpec spec_;
  const FlowTrace* trace_;
  std::uint64_t number_ = 0;
};

/// Cuts flows into packets and sends them at an even rate.
class FlowPackets final : public PacketMaker {
 public:
  FlowPackets(const StreamSpec& spec, std::variant<RandomFlows, RecordedFlows> flows, Rate rate)
      : spec_(spec), flows_(std::move(flows)), rate_(static_cast<std::uint64_t>(rate.bps())) {
    start_next();
    next_time_ = coming_.start;
  }

  void take_until(std::int64_t until, std::vector<Packet>& out) override {
    while (next_time_ < until) {
      if (!sending_.empty() && sending_.top().time < coming_.start) {
        Sending flow = sending_.top();
        sending_.pop();
        send(flow, out);
      } else {
        const FlowStart& flow = coming_;
        Sending first{flow.start, flow.number, flow.start, flow.bytes, 0, 0, flow.flow};
        start_next();
        send(first, out);
      }
      next_time_ = sending_.empty() ? coming_.start : std::min(coming_.start, sending_.top().time);
    }
  }

  void save(SaveArchive& archive) override { serialize(archive); }
  void load(LoadArchive& archive) override { serialize(archive); }

 private:
  template <class Archive>
  void serialize(Archive& archive) {
    archive(next_time_, raw(coming_), sending_);
    std::visit([&archive](auto& flows) { archive(flows); }, flows_);
  }

  struct Sending {
    std::int64_t time;  ///< of its next packet
    std::uint64_t number;
    std::int64_t start;
    std::int64_t bytes;
    std::int64_t sent;
    std::uint64_t packets;  ///< sent
    std::uint32_t flow;
    bool operator<(const Sending& o) const {  // the earliest on top
      return std::tie(time, number) > std::tie(o.time, o.number);
    }
    template <class Archive>
    void serialize(Archive& archive) {
      archive(time, number, start, bytes, sent, packets, flow);
    }
  };

  void start_next() {
    coming_ = std::visit([](auto& flows) { return flows.next(); }, flows_);
  }

  void send(Sending& flow, std::vector<Packet>& out) {
    const std::int64_t left = flow.bytes - flow.sent;
    const auto size = static_cast<std::uint16_t>(std::min<std::int64_t>(left, full_size(flow)));
    out.push_back({flow.time, flow.time, 0, flow.flow, size, spec_.destination});
    flow.sent += size;
    ++flow.packets;
    if (flow.sent >= flow.bytes) return;
    // From the start, so that no rounding adds up.
    const UInt128 since =
        static_cast<UInt128>(static_cast<std::uint64_t>(flow.sent)) * 8'000'000'000'000U / rate_;
    if (since >= static_cast<UInt128>(never_ps - flow.start)) return;
    flow.time = flow.start + static_cast<std::int64_t>(since);
    if (flow.time < spec_.end) sending_.push(flow);
  }

  std::int64_t full_size(const Sending& flow) const {
    if (spec_.sizes->one_size()) return spec_.sizes->pick(0);
    const std::uint64_t stream = stream_of(spec_.stream + flow.number, Draw::packets_of_flow);
    return spec_.sizes->pick(philox(spec_.seed, stream, flow.packets).w[2]);
  }

  StreamSpec spec_;
  std::variant<RandomFlows, RecordedFlows> flows_;
  std::uint64_t rate_;
  FlowStart coming_{};
  std::priority_queue<Sending> sending_;
};

/// Packets as a trace has them.
class RecordedPackets final : public PacketMaker {
 public:
  RecordedPackets(const StreamSpec& spec, const PacketTrace& trace) : spec_(spec), trace_(&trace) {
    next_time_ = time();
  }

  void take_until(std::int64_t until, std::vector<Packet>& out) override {
    while (next_time_ < until) {
      const PacketTrace::Packet& p = trace_->packets[index_];
      out.push_back({next_time_, next_time_, 0,
                     flow_id(spec_, static_cast<std::uint32_t>(mix(p.flow))), p.bytes,
                     spec_.destination});
      if (++index_ == trace_->packets.size()) {
        index_ = 0;
        ++round_;
      }
      next_time_ = time();
    }
  }

  void save(SaveArchive& archive) override { serialize(archive); }
  void load(LoadArchive& archive) override { serialize(archive); }

 private:
  template <class Archive>
  void serialize(Archive& archive) {
    archive(next_time_, index_, round_);
  }

  std::int64_t time() const {
    return replay_time(trace_->packets[index_].time_ps, trace_->period_ps, round_);
  }

  StreamSpec spec_;
  const PacketTrace* trace_;
  std::size_t index_ = 0;
  std::uint64_t round_ = 0;
};

}  // namespace

std::unique_ptr<PacketMaker> make_packet_maker(const StreamSpec& spec, bool ahead) {
  if (spec.model != nullptr) {
    if (const auto* flows = std::get_if<FlowArrivals>(spec.model))
      return std::make_unique<FlowPackets>(spec, RandomFlows(spec, *flows), flows->rate);
    if (const auto* trace = std::get_if<FlowTrace>(spec.model))
      return std::make_unique<FlowPackets>(spec, RecordedFlows(spec, *trace), trace->rate);
    if (const auto* trace = std::get_if<PacketTrace>(spec.model))
      return std::make_unique<RecordedPackets>(spec, *trace);
  }
  return std::make_unique<RatePackets>(spec, ahead);
}

double packet_maker_bytes(const ArrivalModel* model, Rate rate) {
  constexpr double source_bytes = 24;
  constexpr double flow_bytes = 100;  // and as many again while its vector grows
  if (model == nullptr) return 0;
  if (const auto* on_off = std::get_if<OnOff>(model)) return source_bytes * on_off->sources;
  if (const auto* flows = std::get_if<FlowArrivals>(model))
    return flow_bytes * rate.as_double() / flows->rate.as_double();
  return 0;
}

}  // namespace longhaul::packet
