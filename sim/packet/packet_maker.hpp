// What sends a demand's packets where they do not come at an even rate.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/base/units.hpp"
#include "sim/packet/packet.hpp"
#include "sim/traffic/arrival_model.hpp"

namespace longhaul::packet {

struct StreamSpec;

/// Packets of one demand in time order, drawn as time goes.
class PacketMaker {
 public:
  virtual ~PacketMaker() = default;
  /// Of the next packet; never_ps if there is none before the end of the run.
  std::int64_t next_time() const { return next_time_; }
  /// Appends all packets earlier than `until` to `out`.
  virtual void take_until(std::int64_t until, std::vector<Packet>& out) = 0;
  /// Its state between two calls of take_until().
  virtual void save(SaveArchive& archive) = 0;
  virtual void load(LoadArchive& archive) = 0;

 protected:
  std::int64_t next_time_ = 0;
};

/// By the arrival model and the profile of `spec`, of which there is at least one. With `ahead`,
/// random numbers are drawn a batch at a time; the packets are the same.
std::unique_ptr<PacketMaker> make_packet_maker(const StreamSpec& spec, bool ahead);

/// About what it takes of memory: for on/off sources and flows under way. 0 for an even rate.
double packet_maker_bytes(const ArrivalModel* model, Rate rate);

}  // namespace longhaul::packet
