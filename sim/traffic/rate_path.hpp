// A demand's rate over time, as a factor on its mean: constant for a while, then another
// (docs/models/arrivals.md). What it depends on is the demand's own random numbers and the clock:
// not routes, other demands, windows or threads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <variant>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/traffic/arrival_model.hpp"
#include "sim/traffic/profile.hpp"

namespace longhaul {

/// Beyond any run (docs/decisions/0001).
inline constexpr std::int64_t never_ps = 9'200'000'000'000'000'000;

/// Names of further random numbers of the stream `stream`: what changes the rate must not change
/// the packets' own.
enum class Draw : std::uint64_t { rate = 1, flows, flow_sizes, under_way, packets_of_flow };
std::uint64_t stream_of(std::uint64_t stream, Draw what);

/// The state of an MMPP.
class MmppPath {
 public:
  MmppPath(const Mmpp& mmpp, std::uint64_t seed, std::uint64_t stream);
  double factor() const { return factors_[state_]; }
  std::int64_t end() const { return end_; }
  void next();

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(drawn_, state_, end_);
  }

  const Mmpp* mmpp_;
  std::vector<double> factors_;
  std::uint64_t seed_;
  std::uint64_t stream_;
  std::uint64_t drawn_ = 0;
  std::size_t state_ = 0;
  std::int64_t end_ = 0;
};

/// How many of a demand's on/off sources send.
class OnOffPath {
 public:
  OnOffPath(const OnOff& model, std::uint64_t seed, std::uint64_t stream);
  double factor() const { return scale_ * static_cast<double>(sending_); }
  std::int64_t end() const { return next_.front().time; }
  void next();

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(sending_, raw(next_));
  }

  struct Change {
    std::int64_t time;
    std::uint32_t source;
    std::uint32_t periods;                   ///< drawn for it so far
    bool on;                                 ///< until `time`
    bool operator<(const Change& o) const {  // the heap has the earliest at its front
      return time != o.time ? time > o.time : source > o.source;
    }
  };
  /// The length of the period that starts now.
  std::int64_t length(const Change& c) const;
  /// What is left of the period that a source is in when one looks.
  std::int64_t residual(std::uint32_t source, bool& on) const;

  const OnOff* model_;
  std::uint64_t seed_;
  std::uint64_t stream_;
  double scale_;
  std::uint32_t sending_ = 0;
  std::vector<Change> next_;
};

/// The factor of an arrival model's state times that of a profile.
class RatePath {
 public:
  /// `model` (of which only MMPP and on/off change the rate) and `profile` may be null and must
  /// outlive this.
  RatePath(const ArrivalModel* model, const Profile* profile, double longitude, std::uint64_t seed,
           std::uint64_t stream);
  /// From the end of the segment before to end().
  double factor() const { return factor_; }
  std::int64_t end() const { return end_; }
  /// Goes on to the segment that starts at end().
  void next();

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(factor_, end_);
    std::visit(
        [&archive](auto& state) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(state)>, std::monostate>)
            archive(state);
        },
        state_);
  }

  void look(std::int64_t now);

  std::variant<std::monostate, MmppPath, OnOffPath> state_;
  std::optional<ProfileSteps> profile_;
  double factor_ = 1;
  std::int64_t end_ = 0;
};

/// A clock that runs by what is sent: fast while the rate is high.
class OperationalClock {
 public:
  /// One unit of its time is `gap_ps` at a factor of 1. Times are rounded to the nearest
  /// picosecond; with `carry`, what rounding takes goes to the next gap, as equal gaps need.
  /// Nothing happens at or after `end`.
  OperationalClock(RatePath path, double gap_ps, bool carry, std::int64_t end);
  /// Lets `amount` of its time pass; the time in ps that it is then, never_ps if that is not
  /// before the end.
  std::int64_t advance(double amount);
  /// The factor at the time that it is.
  double factor() const { return path_.factor(); }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(path_, gap_now_ps_, now_, fraction_);
  }

  RatePath path_;
  double gap_ps_;
  double gap_now_ps_;
  bool carry_;
  std::int64_t end_;
  std::int64_t now_ = 0;
  double fraction_;  ///< of a picosecond after `now_`; half of one where rounding is not carried on
};

}  // namespace longhaul
