// A source: all demands that start at one node, as one stream of packets in time order.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "sim/base/units.hpp"
#include "sim/packet/packet.hpp"
#include "sim/packet/random.hpp"
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
};

/// One demand's arrivals. With `ahead`, packets are drawn a batch at a time (quicker; a kilobyte),
/// else one by one (for very many demands of few packets each); they are the same packets.
class ArrivalStream {
 public:
  ArrivalStream(const StreamSpec& spec, bool ahead);

  std::int64_t next_time() const {
    return ahead_ ? ahead_->packets[ahead_->position].time : next_.time;
  }
  /// Appends all packets earlier than `until` to `out`.
  void take_until(std::int64_t until, std::vector<Packet>& out);

 private:
  struct Ahead {
    Packet packets[random_batch];
    int position = 0;
  };
  /// The packet after `previous`, from its random words.
  Packet make(std::int64_t previous, std::uint64_t number, double exponential,
              std::uint32_t size_word, std::uint32_t flow_word) const;
  void draw_batch();
  void draw_one();

  StreamSpec spec_;
  Packet next_;  ///< without `ahead`
  std::unique_ptr<Ahead> ahead_;
  std::int64_t last_time_ = 0;  ///< of the packet drawn last
  std::uint64_t number_ = 0;    ///< of the packet to be drawn next
  std::int64_t phase_ = 0;      ///< CBR: time of packet 0
  UInt128 gap_fixed_;           ///< CBR: the gap in 2^-16 ps
};

/// The demands of one node. Packets of equal time are ordered by demand, then by number.
class alignas(64) Source {
 public:
  void add(ArrivalStream stream) {
    next_.push_back(stream.next_time());
    streams_.push_back(std::move(stream));
  }
  bool empty() const { return streams_.empty(); }
  /// All packets in [from, until) in time order. The result lives until the next call.
  const std::vector<const Packet*>& produce(std::int64_t from, std::int64_t until);

 private:
  std::vector<ArrivalStream> streams_;
  std::vector<std::int64_t> next_;  ///< next_time() of each, together so that a scan is quick
  std::vector<Packet> drawn_;
  std::vector<std::uint32_t> bucket_;
  std::vector<std::uint32_t> bucket_of_;
  std::vector<const Packet*> sorted_;
};

}  // namespace longhaul::packet
