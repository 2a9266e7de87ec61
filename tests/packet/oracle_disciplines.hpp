// Disciplines in textbook style for the oracle: written from docs/models/queue-disciplines.md, with
// lists and plain arithmetic, sharing nothing with the engine but random numbers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sim/packet/recorder.hpp"
#include "sim/traffic/demand.hpp"
#include "sim/traffic/queueing.hpp"

namespace longhaul::packet::oracle {

struct Item {
  std::size_t packet;
  std::int64_t arrival;
  std::int64_t bytes;  // on the wire
  std::size_t cls;
  std::uint32_t flow;
  bool ecn;
  bool marked = false;
};

struct Lost {
  Item item;
  Drop cause;
};

class Discipline {
 public:
  virtual ~Discipline() = default;
  /// Takes `item` or adds it, or another, to `lost`. `idle`: the link sends nothing.
  virtual void arrive(Item item, std::int64_t now, bool idle, std::vector<Lost>& lost) = 0;
  /// The packet that is sent from `now` on. With `drain` nothing is dropped early.
  virtual std::optional<Item> pull(std::int64_t now, bool drain, std::vector<Lost>& lost) = 0;
  /// When pull may find something, if it did not at `now`.
  virtual std::int64_t ready(std::int64_t now) const = 0;
  virtual bool empty() const = 0;
  /// All that wait.
  virtual std::vector<Item> flush() = 0;
};

struct Link {
  std::int64_t bps;
  std::int64_t largest = 0;  // packet seen, on the wire
};

std::unique_ptr<Discipline> make_discipline(const Queueing& queueing,
                                            const std::vector<TrafficClass>& classes,
                                            const Link& link, std::uint64_t seed,
                                            std::uint64_t stream);

}  // namespace longhaul::packet::oracle
