// What comes to ports as sums of changes of rates, added in any order of their times.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/archive_fwd.hpp"

namespace longhaul::fluid {

/// Rates by port, kept as what they come to in each interval of the measured period: no change
/// needs to be remembered.
class RateSums {
 public:
  /// Intervals of `interval` ps from `from` on, the last one up to `end` (ps).
  RateSums(std::size_t ports, std::int64_t from, std::int64_t interval, std::int64_t end);

  /// From `time`, before `end`, on `change` more a second.
  void add(std::size_t port, std::int64_t time, double change);
  /// Volume by interval up to `reached`, when all changes before that were added and none after.
  std::vector<double> volumes(std::size_t port, std::int64_t reached) const;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(raw(cells_));
  }

 private:
  std::int64_t start(std::size_t i) const {
    return from_ + static_cast<std::int64_t>(i) * interval_;
  }

  std::int64_t from_;
  std::int64_t interval_;
  std::int64_t end_;
  std::size_t intervals_;
  /// By port and interval, and one beyond: the sum of the first i + 1 is the mean rate in i.
  std::vector<double> cells_;
};

/// How much may come to a port at most, as bounds: in each of many slices of a run the rate at its
/// start and all that was ever added within; and what is noted in order of time, exactly.
class Peaks {
 public:
  Peaks(std::size_t ports, std::int64_t end);

  void add(std::size_t port, std::int64_t time, double change);
  /// From `time`, not before that of the call before for this port, `rate` comes beside what is
  /// added.
  void note(std::size_t port, std::int64_t time, double rate);
  /// The highest bound of all slices, when all changes were added.
  double most(std::size_t port) const;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(raw(slices_), raw(noted_));
  }

 private:
  struct Slice {
    double change = 0;
    double rise = 0;
    double noted = 0;  ///< the highest; of slices up to Noted::slice
  };
  struct Noted {
    double rate = 0;
    std::uint64_t slice = 0;
  };
  static constexpr std::size_t slices_of_port = 256;
  std::int64_t length_;
  std::vector<Slice> slices_;  ///< by port and time
  std::vector<Noted> noted_;   ///< by port: the last
};

}  // namespace longhaul::fluid
