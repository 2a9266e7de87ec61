// Elastic flows: they come with a size, share links by weighted max-min, and leave when all is
// sent. Knows links and classes, no network (docs/models/fluid.md).
//
// Flows of one path, weight and ceiling are a class and have one rate at all times. A class has a
// virtual service: the bits that each of its flows would have been sent had it been there from
// the start. A flow that comes at service V with s bits leaves at V + s. So a change of rates
// touches classes, never flows (Parekh and Gallager's virtual time, ToN 1993, per class).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/fluid/allocation.hpp"

namespace longhaul::fluid {

using FlowClass = VariableIndex;

/// A flow that was sent whole.
struct DoneFlow {
  FlowClass of;
  std::int64_t came;  ///< ps
  double bits;
};

/// A flow, and what of it is still to be sent.
struct FlowUnderWay {
  double left;        ///< bits
  double bits;        ///< the whole flow
  std::int64_t came;  ///< ps
};

class ElasticFlows {
 public:
  /// Rates may be off by `tolerance` of a link's capacity before they are found anew.
  explicit ElasticFlows(double tolerance) : rates_(tolerance) {}

  ConstraintIndex add_link(double bps) { return rates_.add_constraint(bps); }
  /// No flows yet. `ceiling_bps` of each flow may be infinite.
  FlowClass add_class(double weight, double ceiling_bps, std::span<const Crossing> path);

  /// Time does not go back: everything below happens at `now`, at or after all calls before, and at
  /// or before next().
  void set_capacity(ConstraintIndex link, double bps) { rates_.set_capacity(link, bps); }
  /// `came`: when it was asked for, at or before `now`; DoneFlow says it.
  void arrive(FlowClass c, double bits, std::int64_t came, std::int64_t now);
  /// Flows that never end.
  void add_endless(FlowClass c, std::uint32_t count, std::int64_t now);
  /// Goes on with a flow that was taken out.
  void go_on(FlowClass c, const FlowUnderWay& flow, std::int64_t now);
  /// Takes all flows out of a class, the first to leave first; `endless` says how many never end.
  std::vector<FlowUnderWay> take_out(FlowClass c, std::uint32_t& endless, std::int64_t now);
  /// Finds the rates after the changes of this instant.
  void settle(std::int64_t now);
  /// When the next flow will have been sent, if nothing changes; INT64_MAX: none.
  std::int64_t next() const { return heap_.empty() ? INT64_MAX : heap_.front().time; }
  /// Takes away the flow that is done now, if there is one; settle() afterwards.
  bool complete(std::int64_t now, DoneFlow& done);

  /// Bits that a class sent so far.
  double sent_bits(FlowClass c, std::int64_t now);
  std::uint64_t flows(FlowClass c) const { return classes_[c].flows.size() + classes_[c].endless; }
  std::uint64_t flows() const { return flows_; }
  double rate_bps(FlowClass c) const { return rates_.rate(c); }
  const Allocation& rates() const { return rates_; }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(rates_, classes_, raw(heap_), flows_);
  }

  struct Flow {
    double leaves;  ///< at this service of its class
    std::int64_t came;
    double bits;
    bool operator<(const Flow& o) const {  // the first to leave on top
      return leaves != o.leaves ? leaves > o.leaves : came > o.came;
    }
  };
  struct State {
    double service = 0;  ///< bits, at `since`
    double sent = 0;     ///< bits of all its flows, at `since`
    std::int64_t since = 0;
    double bits_per_ps = 0;  ///< of each flow
    std::uint32_t endless = 0;
    std::uint32_t place = UINT32_MAX;  ///< in heap_; UINT32_MAX: not in it
    std::vector<Flow> flows{};         ///< a heap

    template <class Archive>
    void serialize(Archive& archive) {
      archive(service, sent, since, bits_per_ps, endless, place, raw(flows));
    }
  };
  /// A class's next departure.
  struct Due {
    std::int64_t time;
    FlowClass of;
    bool before(const Due& o) const { return time != o.time ? time < o.time : of < o.of; }
  };

  void advance(State& c, std::int64_t now);
  void count_changed(FlowClass c);
  void expect(FlowClass c, std::int64_t now);
  void put(std::uint32_t place, const Due& due);
  void sift_up(std::uint32_t place, const Due& due);
  void sift_down(std::uint32_t place, const Due& due);

  Allocation rates_;
  std::vector<State> classes_;
  std::vector<Due> heap_;  ///< with the places of classes kept
  std::uint64_t flows_ = 0;
};

}  // namespace longhaul::fluid
