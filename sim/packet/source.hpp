// A source: all demands that start at one node, as one stream of packets in time order.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/base/random.hpp"
#include "sim/base/units.hpp"
#include "sim/packet/conditioner.hpp"
#include "sim/packet/packet.hpp"
#include "sim/packet/packet_maker.hpp"
#include "sim/packet/recorder.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul::packet {

/// Draws a packet size from one random word by the alias method (Walker 1977; Vose 1991), in
/// integers.
class SizeTable {
 public:
  explicit SizeTable(const SizeMix& mix);
  std::uint16_t pick(std::uint32_t word) const {
    const std::uint64_t scaled = static_cast<std::uint64_t>(word) * cells_.size();
    const Cell& cell = cells_[scaled >> 32];
    return static_cast<std::uint32_t>(scaled) < cell.threshold ? cell.own : cell.alias;
  }
  bool one_size() const { return cells_.size() == 1; }
  double mean_bytes() const { return mean_bytes_; }
  std::int32_t smallest() const { return smallest_; }
  std::int32_t largest() const { return largest_; }

 private:
  struct Cell {
    std::uint64_t threshold;  ///< out of 2^32
    std::uint16_t own;
    std::uint16_t alias;
  };
  std::vector<Cell> cells_;
  double mean_bytes_;
  std::int32_t smallest_;
  std::int32_t largest_;
};

/// What a source makes of one demand.
struct StreamSpec {
  Arrivals kind;
  double mean_gap_ps;
  const SizeTable* sizes;
  std::uint64_t seed;
  std::uint64_t stream;     ///< names the demand in the random numbers
  std::uint32_t flow_base;  ///< first flow id
  std::uint32_t flows;      ///< a power of two
  std::uint16_t destination;
  // Where it is not at an even rate; what is pointed to outlives the stream.
  const ArrivalModel* model = nullptr;
  const Profile* profile = nullptr;
  double rate_bps = 0;                                          ///< of model `flows`
  double longitude = 0;                                         ///< of its source, degrees east
  std::int64_t end = std::numeric_limits<std::int64_t>::max();  ///< of the run, ps
};

/// One demand's arrivals. With `ahead`, packets are drawn a batch at a time (quicker; a kilobyte),
/// else one by one (for very many demands of few packets each); they are the same packets.
class ArrivalStream {
 public:
  ArrivalStream(const StreamSpec& spec, bool ahead);

  std::int64_t next_time() const { return ahead_ ? ahead_->time[ahead_->position] : next_.time; }
  /// Appends all packets earlier than `until` to `out`.
  void take_until(std::int64_t until, std::vector<Packet>& out);
  /// The demand, as packets' flows name it.
  std::uint32_t flow_base() const { return spec_.flow_base; }
  /// False if its packets may crowd in a part of a window.
  bool even() const { return maker_ == nullptr; }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(raw(next_), last_time_, number_);
    if (ahead_) archive(raw(*ahead_));
    if (!maker_) return;
    if constexpr (Archive::is_loading::value)
      maker_->load(archive);
    else
      maker_->save(archive);
  }

  struct Ahead {
    std::int64_t time[random_batch];
    std::uint32_t flow[random_batch];
    std::uint16_t size[random_batch];
    int position = 0;
  };
  /// When packet `number` is sent, which follows one sent at `previous`.
  std::int64_t time_after(std::int64_t previous, std::uint64_t number, double exponential) const;
  std::uint32_t flow(std::uint32_t word) const {
    return spec_.flow_base + (word & (spec_.flows - 1));
  }
  void draw_batch();
  void draw_one();

  StreamSpec spec_;
  Packet next_;  ///< without `ahead`
  std::unique_ptr<Ahead> ahead_;
  std::unique_ptr<PacketMaker> maker_;  ///< where the rate is not even; then without `ahead_`
  std::int64_t last_time_ = 0;          ///< of the packet drawn last
  std::uint64_t number_ = 0;            ///< of the packet to be drawn next
  std::int64_t phase_ = 0;              ///< CBR: time of packet 0
  UInt128 gap_fixed_;                   ///< CBR: the gap in 2^-16 ps
};

/// The demands of one node. Packets of equal time are ordered by demand, then by number.
class alignas(64) Source {
 public:
  void add(ArrivalStream stream) {
    even_ = even_ && stream.even();
    next_.push_back(stream.next_time());
    streams_.push_back(std::move(stream));
  }
  /// Shapes or polices the stream added last.
  void condition(const Conditioner& conditioner) {
    conditioners_.resize(streams_.size());
    conditioners_.back() = std::make_unique<Conditioner>(conditioner);
    even_ = false;
  }
  /// What policers and full shapers dropped in the last call of produce(), in no order of time.
  const std::vector<Packet>& policed() const { return policed_; }
  /// f(packet) for all that wait in shapers.
  template <class F>
  void for_each_waiting(F&& f) const {
    for (const auto& c : conditioners_)
      if (c != nullptr) c->for_each_waiting(f);
  }
  bool empty() const { return streams_.empty(); }
  /// The packet of a key of the last produce(), which may still be changed.
  Packet& packet(const Key& key) {
    return drawn_[static_cast<std::size_t>(key.packet - drawn_.data())];
  }
  /// All packets in [from, until) in time order. The result and the packets live until the next
  /// call. Adds them to the counts of their demands, flow_base() >> flow_bits, if `sent` is given.
  const std::vector<Key>& produce(std::int64_t from, std::int64_t until, SentStats* sent = nullptr,
                                  int flow_bits = 0);

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    for (ArrivalStream& stream : streams_) archive(stream);
    for (const auto& conditioner : conditioners_)
      if (conditioner != nullptr) archive(*conditioner);
    archive(next_);
  }

  void sort_crowds();
  void pass_conditioner(std::size_t stream, std::size_t first, std::int64_t until);

  std::vector<ArrivalStream> streams_;
  std::vector<std::unique_ptr<Conditioner>> conditioners_;  ///< by stream, maybe shorter, or null
  std::vector<Packet> policed_;
  std::vector<std::int64_t> next_;  ///< next_time() of each, together so that a scan is quick
  std::vector<Packet> drawn_;
  std::vector<std::uint32_t> bucket_;
  std::vector<std::uint32_t> bucket_of_;
  std::vector<Key> sorted_;
  bool even_ = true;  ///< all streams are
};

}  // namespace longhaul::packet
