// What each failure cost each demand: packets sent into dead links, around in circles, or to
// routers without a route, and until when.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "sim/engine/input.hpp"
#include "sim/packet/recorder.hpp"

namespace longhaul::packet {

/// Times, in ps, at which some port goes down.
inline std::vector<std::int64_t> failure_times(const engine::Input& input) {
  std::vector<std::int64_t> times;
  std::vector<bool> last;
  for (const engine::RouteChange& change : input.changes) {
    bool worse = false;
    for (std::size_t p = 0; p < change.down.size(); ++p)
      worse = worse || (change.down[p] && (last.empty() || !last[p]));
    if (worse) times.push_back(change.at.ps());
    last = change.down;
  }
  return times;
}

/// One thread's part; the sum of all does not depend on how packets were dealt to threads.
class FailureLosses {
 public:
  struct Loss {
    std::int64_t last = 0;  ///< time of the last packet lost
    std::uint64_t link_down = 0;
    std::uint64_t no_route = 0;
    std::uint64_t loop = 0;
  };
  using Key = std::pair<std::uint32_t, std::uint32_t>;  ///< demand, number of the failure

  /// `failures` ascending; must outlive this.
  explicit FailureLosses(const std::vector<std::int64_t>& failures) : failures_(&failures) {}

  /// A packet lost, to the last failure before if any.
  void count(std::size_t demand, std::int64_t time, Drop cause) {
    if (cause != Drop::link_down && cause != Drop::no_route && cause != Drop::loop) return;
    const auto after = std::upper_bound(failures_->begin(), failures_->end(), time);
    if (after == failures_->begin()) return;
    const auto failure = static_cast<std::uint32_t>(after - failures_->begin() - 1);
    Loss& loss = losses_[{static_cast<std::uint32_t>(demand), failure}];
    loss.last = std::max(loss.last, time);
    ++(cause == Drop::link_down  ? loss.link_down
       : cause == Drop::no_route ? loss.no_route
                                 : loss.loop);
  }
  void add(const FailureLosses& other) {
    for (const auto& [key, loss] : other.losses_) add(key, loss);
  }
  const std::map<Key, Loss>& all() const { return losses_; }

  /// For archives.
  struct Row {
    std::uint32_t demand;
    std::uint32_t failure;
    Loss loss;
  };
  std::vector<Row> rows() const {
    std::vector<Row> rows;
    for (const auto& [key, loss] : losses_) rows.push_back({key.first, key.second, loss});
    return rows;
  }
  void set(const std::vector<Row>& rows) {
    losses_.clear();
    for (const Row& row : rows) losses_[{row.demand, row.failure}] = row.loss;
  }

 private:
  void add(const Key& key, const Loss& loss) {
    Loss& own = losses_[key];
    own.last = std::max(own.last, loss.last);
    own.link_down += loss.link_down;
    own.no_route += loss.no_route;
    own.loop += loss.loop;
  }

  const std::vector<std::int64_t>* failures_;
  std::map<Key, Loss> losses_;
};

}  // namespace longhaul::packet
