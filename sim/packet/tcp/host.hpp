// A host: all TCP endpoints of one node, at its sink. It takes what is delivered there, and sends
// data and acknowledgements into lanes of its own to the node's queues.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/packet/machine.hpp"
#include "sim/packet/model.hpp"
#include "sim/packet/queue.hpp"
#include "sim/packet/sink.hpp"
#include "sim/packet/tcp/receiver.hpp"
#include "sim/packet/tcp/sender.hpp"
#include "sim/stats/measurements.hpp"

namespace longhaul::packet::tcp {

/// A demand carried by TCP, as both its hosts see it.
struct Route {
  std::uint32_t demand;
  const Transport* spec;
  std::uint16_t data_to;  ///< destination of its data
  std::uint16_t acks_to;
  double rate_bps;
  std::uint64_t stream;  ///< its name in the random numbers
};

/// By demand: where its endpoints are; -1 for demands without TCP.
struct Endpoints {
  std::int32_t sending = -1;    ///< position among its source host's
  std::int32_t receiving = -1;  ///< among its destination host's
};

struct HostSetup {
  std::uint32_t machine;
  const Forwarding* forwarding;  ///< of its node
  Lane* lanes;                   ///< to the node's outs
  std::int64_t measure_from;
  bool per_packet;
  int flow_bits;
  std::uint64_t seed;
  std::vector<Endpoints>* endpoints;
  DemandTable* demands;
  SentStats* sent;  ///< by demand
};

class Host final : public Machine {
 public:
  explicit Host(const HostSetup& setup) : setup_(setup), table_(*setup.forwarding) {}
  /// Before the run.
  void add_sender(const Route& route);
  void add_receiver(const Route& route);

  void run(const Key* keys, std::size_t n, std::int64_t until, Context& context) override;
  std::int64_t next_action() const override {
    return timers_.empty() ? never : timers_.front().time;
  }
  void start_measuring(std::int64_t time, std::int64_t interval) override;
  void finish(Context&) override {}
  void save(SaveArchive& archive) override;
  void load(LoadArchive& archive) override;

  /// What its senders did, into the demands of `m`.
  void collect(std::vector<DemandMeasurement>& demands) const;
  std::uint64_t acks_sent() const { return acks_sent_; }
  std::uint64_t acks_delivered() const { return acks_delivered_; }
  std::uint64_t connections() const;
  std::uint64_t memory_bytes() const;

 private:
  template <class Archive>
  void serialize(Archive& archive);

  enum class Kind : std::uint8_t { flow, sender, receiver };
  struct Timer {
    std::int64_t time;
    Kind kind;
    std::uint32_t group;
    std::uint32_t slot;
    bool operator>(const Timer& o) const;
  };
  struct Connection {
    Connection(const Transport& spec, std::uint32_t dice) : sender(spec, dice) {}
    Sender sender;
    std::int64_t armed = never;  ///< time of its earliest timer
    std::int64_t began = 0;      ///< of its flow
    std::uint64_t last = 0;      ///< number of the flow's last segment
    std::int32_t last_bytes = 0;
    bool busy = false;
  };
  struct Flow {
    std::int64_t at;
    std::int64_t bytes;
  };
  struct Sending {
    Route route;
    std::vector<Connection> connections;
    std::vector<std::uint32_t> free;
    std::vector<Flow> waiting;  ///< in order, from waiting_head on
    std::size_t waiting_head = 0;
    std::size_t waiting_count() const { return waiting.size() - waiting_head; }
    std::uint64_t flows = 0;  ///< drawn so far
    std::int64_t next_flow = 0;
    std::int64_t next_bytes = 0;
    std::uint64_t completed = 0;
    std::uint64_t most_waiting = 0;
    DurationStats completion;
  };
  struct Far {
    Receiver receiver;
    std::int64_t armed = never;
  };
  struct Receiving {
    Route route;
    std::vector<Far> ends;
  };

  void push(const Timer& timer);
  void act(const Timer& timer, Context& context);
  void receive(const Packet& p, Context& context);
  void data_arrives(Receiving& to, const Packet& p, Context& context);
  void ack_arrives(Sending& from, const Packet& p, Context& context);
  void acknowledge(std::uint32_t group, std::uint32_t slot, std::int64_t now, Context& context);
  void send_all(std::uint32_t group, std::uint32_t slot, std::int64_t now, Context& context);
  void arm(Kind kind, std::uint32_t group, std::uint32_t slot, std::int64_t deadline,
           std::int64_t& armed);
  void draw_flow(Sending& group);
  void flow_arrives(std::uint32_t group, std::int64_t now, Context& context);
  void start_flow(std::uint32_t group, std::uint32_t slot, const Flow& flow, std::int64_t now,
                  Context& context);
  void flow_ends(std::uint32_t group, std::uint32_t slot, std::int64_t now, Context& context);
  void emit(Packet p, Context& context);
  static std::int64_t whole_ns(std::int64_t t) { return (t + 999) / 1000 * 1000; }

  HostSetup setup_;
  std::vector<Sending> sending_;
  std::vector<Receiving> receiving_;
  std::vector<Timer> timers_;  ///< a heap
  ForwardingTable table_;
  bool measuring_ = false;
  std::uint64_t acks_sent_ = 0;
  std::uint64_t acks_delivered_ = 0;
};

}  // namespace longhaul::packet::tcp
