// The events of a fluid run, one after the other.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <queue>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/engine/input.hpp"
#include "sim/fluid/elastic_demands.hpp"
#include "sim/fluid/engine.hpp"
#include "sim/fluid/lines.hpp"
#include "sim/fluid/queue.hpp"
#include "sim/fluid/tails.hpp"
#include "sim/fluid/ways.hpp"
#include "sim/traffic/rate_path.hpp"

namespace longhaul::fluid {

/// Bits of a demand's packets that were sent in the measured period, by what became of them.
struct Fates {
  double sent = 0;
  double delivered = 0;
  double lost_buffer = 0;
  double lost_down = 0;
  double lost_way = 0;  ///< where no route led on
  double ignored = 0;   ///< lost where the observer counts the loss itself
  double dropped() const { return lost_buffer + lost_down + lost_way; }
};

/// What may be simulated without events.
struct Shortcuts {
  /// By PortId: where something may wait or be lost. All others pass on what comes at once; whether
  /// that was right a run says when it has come to its end (Simulation::overfull).
  std::vector<bool> queues;
  std::vector<bool> steady;  ///< by DemandId, see steady_demands()
};

/// Queues where that is plain from the input: where capacity changes, and everywhere with TCP.
Shortcuts plain_shortcuts(const engine::Input& input);
/// Nothing without events.
Shortcuts no_shortcuts(const engine::Input& input);

class Simulation {
 public:
  /// `observer` and `checkpoints` may be null.
  Simulation(const engine::Input& input, const engine::Config& config, const Shortcuts& shortcuts,
             const Observer* observer = nullptr, engine::Checkpoints* checkpoints = nullptr);

  /// All that a run has changed, between two events; loaded into a simulation just made from the
  /// same input. Not with an observer.
  void save(std::ostream& out);
  void load(std::istream& in);
  /// Of the shortcuts that a saved simulation was made with.
  static std::vector<bool> saved_queues(std::istream& in);

  /// Runs to `until` or to the end, or until config.stop; returns the time reached, ps.
  std::int64_t run(std::int64_t until = never);
  /// Ports without a queue to which more may have come than they can send: the run is wrong, and
  /// must be made anew with queues there. After run().
  const std::vector<std::uint32_t>& overfull() const { return overfull_; }
  /// What happened up to `reached`; once. The observer looks now.
  Measurements collect(std::int64_t reached);

 private:
  template <class Archive>
  void serialize(Archive& archive);

  enum class Kind : std::uint8_t { capacity, routes, boundary, arrival, queue, look, lines, feeds };
  struct Event {
    std::int64_t time;
    Kind kind;
    std::uint32_t port;     ///< of capacity, arrival, queue
    std::uint64_t number;   ///< of capacity: position in its steps; routes: of the change; arrival:
                            ///< in the order of emission; queue: version; look: which
    std::uint32_t payload;  ///< of arrival and feeds
    bool operator<(const Event& o) const {  // the earliest is the top of a std::priority_queue
      if (time != o.time) return time > o.time;
      if (kind != o.kind) return kind > o.kind;
      if (port != o.port) return port > o.port;
      return number > o.number;
    }
    template <class Archive>
    void serialize(Archive& archive) {
      archive(time, kind, port, number, payload);
    }
  };
  struct Update {
    std::uint32_t at;  ///< of arrivals: the hop; of feeds: which
    Flow flow;
  };
  struct PortState {
    FluidQueue queue;
    double arriving_bps = 0;
    double packets_per_s = 0;
    double passing = 1;             ///< at the last emission
    std::int64_t last_leaving = 0;  ///< of what was last emitted
    std::uint64_t version = 0;      ///< of its queue event
    std::uint32_t updates = 0;      ///< since the sums were last made anew
    bool dirty = false;
    bool all = false;  ///< every hop is to be emitted
    bool down = false;
    double capacity_bps = 0;  ///< while it is up
    std::vector<HopIndex> changed{};

    template <class Archive>
    void serialize(Archive& archive) {
      archive(queue, arriving_bps, packets_per_s, passing, last_leaving, version, updates, dirty,
              all, down, capacity_bps, changed);
    }
  };
  /// How a demand is followed: hop by hop; without events but at queues; without any.
  enum class Followed : std::uint8_t { hops, queues, sums };
  struct SourceState {
    RatePath path;
    double bps;
    double rate_bps = 0;
    double mean_bits;
    std::uint64_t stream;  ///< of its random numbers
    std::int64_t since = 0;
    StopIndex first_way = no_stop;  ///< at time zero
    Followed followed = Followed::hops;
    std::uint32_t forwards = 0;  ///< in tails_, if it is followed at queues

    template <class Archive>
    void serialize(Archive& archive) {
      archive(path, rate_bps, since);
    }
  };

  void build_ports();
  void build_sources(const Shortcuts& shortcuts);
  void schedule_changes();
  void apply(const Event& event);
  void run_sources();
  void send(DemandId demand);
  void gather(StopIndex stop);
  void set_stop(StopIndex stop, const Flow& flow);
  void set_hop(HopIndex hop, const Flow& flow);
  void count_stop(Stop& stop);
  void count_hop(Hop& hop);
  void count_all();
  void touch(std::uint32_t port);
  void set_capacity(std::uint32_t port);
  void change_routes(const engine::RouteChange& change);
  void finish_ports();
  void emit(std::uint32_t port);
  void sum_anew(std::uint32_t port);
  void boundary();
  Followed followed(DemandId demand, const Shortcuts& shortcuts) const;
  void send_to_queues(const SourceState& source, const Flow& flow);
  void come(std::uint32_t feed, const Flow& flow);
  void schedule_feeds();
  std::uint32_t new_payload();
  template <class F>
  void for_hops_at(std::uint32_t port, const F& f);
  void look();
  void let_observer_look();
  void finish_lines();
  bool policy(const Stop& stop) const;
  /// Whether the observer sees to the waits and losses of this port.
  bool ignored(PortId port) const {
    return observer_ != nullptr && !observer_->ignored.empty() && observer_->ignored[port.index()];
  }

  friend class Latencies;
  void collect_demands(Measurements& m, std::int64_t reached);
  void count_open_loop(std::size_t demand, DemandMeasurement& d) const;

  const engine::Input& input_;
  const engine::Config& config_;
  const Observer* const observer_;  ///< may be null
  const Network& network_;
  const std::int64_t measure_from_;
  const std::int64_t end_;
  const std::int64_t interval_;
  std::int64_t now_ = 0;
  ElasticDemands elastic_;
  Ways ways_;
  Lines lines_;
  Tails tails_;
  std::vector<Sent> sent_;  ///< to feeds, at this instant
  std::vector<std::uint32_t> overfull_;
  std::vector<PortState> ports_;
  std::vector<SourceState> sources_;
  std::priority_queue<Event> events_;
  using Due = std::pair<std::int64_t, std::uint32_t>;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;  ///< sources
  std::vector<std::vector<Update>> payloads_;
  std::vector<std::uint32_t> free_payloads_;
  std::vector<std::uint32_t> dirty_;
  std::vector<Fates> fates_;                             ///< by DemandId
  double lost_policy_ = 0;                               ///< packets
  std::vector<std::vector<IntervalFates>> by_interval_;  ///< by DemandId, of services
  std::vector<Fates> at_boundary_;
  std::vector<std::vector<PortLook>> looks_;  ///< without what lines_ bring
  bool watched_ = false;
  std::uint64_t emissions_ = 0;
  std::uint64_t rate_changes_ = 0;
  std::vector<bool> queues_;  ///< of the shortcuts
  engine::Checkpoints* const checkpoints_;
};

}  // namespace longhaul::fluid
