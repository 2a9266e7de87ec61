// How many bytes a flow carries: tables of published measurements, and users' own.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace longhaul {

/// A distribution of flow sizes, by its cumulative shares: between two points, sizes are spread
/// evenly; the first point holds its share at its size exactly. Immutable.
class FlowSizes {
 public:
  struct Point {
    double bytes;  ///< >= 1, rising from point to point
    double share;  ///< of the flows are of at most `bytes`; rising, the last one 1
  };
  /// `points`: at least one; what is said of them above must hold.
  FlowSizes(std::string name, std::vector<Point> points);
  /// Every flow of one size.
  static FlowSizes fixed(std::string name, std::int64_t bytes);

  const std::string& name() const { return name_; }
  std::span<const Point> points() const { return points_; }
  double mean_bytes() const { return mean_bytes_; }
  /// Of the largest flow, in bytes.
  std::int64_t largest() const;

  /// The size, in bytes, of a flow that is given 64 random bits: the inverse of the distribution at
  /// u = (their top 53) / 2^53.
  std::int64_t pick(std::uint64_t word) const { return at(unit(word)); }
  /// The same for a byte chosen at random: the size of the flow that it belongs to. Large flows
  /// have more bytes; so they are what one finds under way when one looks.
  std::int64_t pick_by_bytes(std::uint64_t word) const;
  /// The size that a share `u` in [0, 1) of the flows does not exceed, in bytes.
  std::int64_t at(double u) const;

 private:
  static double unit(std::uint64_t word) {
    return static_cast<double>(word >> 11) * (1.0 / 9007199254740992.0);
  }
  std::string name_;
  std::vector<Point> points_;
  std::vector<double> bytes_up_to_;  ///< mean bytes of a flow that stem from flows up to each point
  double mean_bytes_ = 0;
};

/// A table by name, with its source.
struct FlowSizeTable {
  std::shared_ptr<const FlowSizes> sizes;
  const char* source;
};
std::span<const FlowSizeTable> flow_size_tables();
/// Null if there is none of this name.
std::shared_ptr<const FlowSizes> find_flow_sizes(std::string_view name);

}  // namespace longhaul
