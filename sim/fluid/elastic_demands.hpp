// TCP demands as elastic flows: what of them comes when, which ways they take, what they measure
// (docs/models/fluid.md).
#pragma once

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/engine/input.hpp"
#include "sim/fluid/elastic_flows.hpp"

namespace longhaul::fluid {

class ElasticDemands {
 public:
  /// Ports have their whole rate for elastic flows until offer() says otherwise.
  ElasticDemands(const engine::Input& input, const engine::Config& config);

  bool any() const { return !senders_.empty(); }
  /// When something happens next by itself; INT64_MAX: never.
  std::int64_t next() const;
  /// Lets happen what happens at `now`, and finds the rates.
  void step(std::int64_t now);
  /// From `now` on elastic flows have this much of the port; step() follows at the same time.
  void offer(std::uint32_t port, double bps);
  /// From `now` on flows take these routes; step() follows at the same time.
  void reroute(const Routes& routes, std::int64_t now);
  /// Adds what elastic flows did in the measured period, up to `reached`, to ports.
  void add_to_ports(Measurements& m, std::int64_t reached);
  /// Volumes and transport of their demands, the same.
  void fill(std::vector<DemandMeasurement>& demands, std::int64_t reached);

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    for (Sender& sender : senders_) archive(sender);
    archive(next_sample_, flows_, raw(ways_), raw(sender_of_), raw(arrivals_), port_bits_,
            raw(port_packets_));
  }

  /// One way of a demand.
  struct Way {
    FlowClass flows;
    double share;
    std::int64_t delay_ps;     ///< one way, of a full segment
    double measured_from = 0;  ///< bits it had sent when the measured period began
    double sampled = 0;        ///< bits it had sent at the last sample
    std::uint64_t taken = 0;   ///< flows that were started on it
  };
  struct Sender {
    std::uint32_t demand;
    const Transport* spec;
    std::uint64_t stream;
    double mean_gap_ps;  ///< of flows
    std::uint64_t flows = 0;
    std::int64_t next_flow = INT64_MAX;
    std::int64_t next_bytes = 0;
    std::vector<std::uint32_t>
        ways{};  ///< present and past; the last `present` are the present ones
    std::uint32_t present = 0;
    std::uint64_t active = 0;
    std::uint64_t most_waiting = 0;
    std::uint64_t completed = 0;
    std::deque<std::pair<std::int64_t, double>> waiting{};  ///< when it came, bits
    DurationStats completion{};

    template <class Archive>
    void serialize(Archive& archive) {
      archive(flows, next_flow, next_bytes, ways, present, active, most_waiting, completed, waiting,
              completion);
    }
  };
  struct Arrival {
    std::int64_t time;
    std::uint32_t sender;
    bool operator<(const Arrival& o) const {  // the earliest on top of a heap
      return time != o.time ? time > o.time : sender > o.sender;
    }
  };

  void draw_flow(Sender& s);
  void flow_arrives(std::uint32_t sender, std::int64_t now);
  void start(Sender& s, std::int64_t came, double bits, std::int64_t now);
  void flow_ends(const DoneFlow& done, std::int64_t now);
  void add_ways(std::uint32_t sender, const Routes& routes, std::int64_t now);
  std::uint32_t pick_way(Sender& s);
  void sample(std::int64_t now);

  const engine::Input& input_;
  const engine::Config& config_;
  const std::int64_t measure_from_;
  const std::int64_t end_;
  const std::int64_t interval_;
  std::int64_t next_sample_;
  ElasticFlows flows_;
  std::vector<Sender> senders_;
  std::vector<Way> ways_;
  std::vector<std::uint32_t> sender_of_;        ///< by FlowClass
  std::vector<Arrival> arrivals_;               ///< a heap
  std::vector<std::vector<double>> port_bits_;  ///< by PortId and interval, on the wire
  std::vector<double> port_packets_;            ///< by PortId, in the measured period
};

}  // namespace longhaul::fluid
