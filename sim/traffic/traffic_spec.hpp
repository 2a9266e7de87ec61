// One entry of a scenario's `traffic:` list, and how it becomes demands.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/network/network.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul {

/// An origin-destination rate, as imported or written.
struct MatrixEntry {
  NodeId from;
  NodeId to;
  Rate rate;
};

/// The most one entry may add up to, 1 Eb/s; larger totals are cut to it (whoever reads text
/// refuses them).
inline constexpr Rate max_total_rate = Rate::gbps(1'000'000'000);

struct TrafficSpec {
  enum class Matrix {
    explicit_,  ///< `entries` as they stand (one pair, a list, or an imported file)
    gravity,    ///< rate(i,j) in proportion to weight(i) x weight(j)
    uniform,    ///< the same for every ordered pair
    hub,        ///< every node to and from each of `hubs`, by the node's weight
  };
  ClassId cls{0};
  Matrix matrix = Matrix::explicit_;
  std::vector<MatrixEntry> entries;  ///< explicit only
  std::vector<NodeId> hubs;          ///< hub only
  std::vector<NodeId> among;         ///< nodes that take part in gravity, uniform, hub; empty: all
  std::optional<Rate> total;         ///< scale so that all rates add up to this
  std::optional<double> target_utilization;  ///< scale so that the most loaded link reaches this
                                             ///< share, framing included
  double scale = 1.0;                        ///< multiplies the result
  Arrivals arrivals = Arrivals::poisson;
  SizeMixId sizes{0};
  std::shared_ptr<const ArrivalModel> model = nullptr;  ///< of each demand; null: an even rate
  std::shared_ptr<const Profile> profile = nullptr;     ///< null: the same at all times
  ConstraintId constraint{0};                           ///< on its paths; 0: none
  bool ecn = false;                                     ///< its senders understand marks (RFC 3168)
  std::shared_ptr<const Transport> transport = nullptr;  ///< of each demand; null: open loop
  std::optional<TokenBucketSpec> bucket = std::nullopt;  ///< of each demand
  ServiceId service = ServiceId::none();                 ///< that it belongs to
  bool voice = false;                                    ///< packets of its service's calls
  std::optional<Rate> each = std::nullopt;  ///< uniform, hub: what every pair sends, in place of a
                                            ///< total
  enum class Direction { both, from_hubs, to_hubs };
  Direction direction = Direction::both;  ///< hub only: who sends
  /// Entries that follow each other with the same group, other than 0, divide one total or one
  /// target among them by their shares.
  std::uint32_t group = 0;
  double share = 1.0;
};

const char* to_string(TrafficSpec::Direction);

/// Demands of all entries, in the order of the list and then by (from, to). Rates are rounded to
/// whole bit/s, with the sum of a group exact; zero rates are left out. `max_utilization` gives the
/// highest link utilization that a set of demands would cause (wire load, framing included); it is
/// only called for entries with a target.
DemandSet build_demands(const Network& network, const std::vector<TrafficClass>& classes,
                        const std::vector<SizeMix>& sizes, const std::vector<TrafficSpec>& traffic,
                        const std::function<double(const DemandSet&)>& max_utilization);

}  // namespace longhaul
