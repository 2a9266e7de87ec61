// Stable merging of runs of keys.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "sim/packet/packet.hpp"

namespace longhaul::packet {

/// Room for keys that is not touched until used, and merging within it.
class MergeBuffer {
 public:
  /// Makes room for `n` keys in all runs together; forgets what was there.
  Key* reserve(std::size_t n);
  /// Where runs end, in order; filled by the caller after reserve() with pointers into the reserved
  /// room.
  std::vector<Key*> ends;
  /// Merges the runs [reserve(), ends[0]), [ends[0], ends[1]), ... by time; at equal times an
  /// earlier run comes first. Returns the merged keys, valid until the next reserve().
  const Key* merge();

 private:
  std::unique_ptr<Key[]> room_;
  std::unique_ptr<Key[]> spare_;
  std::size_t capacity_ = 0;
};

}  // namespace longhaul::packet
