// How a demand's rate changes over time: the day by the source's longitude, the week, growth,
// crowds.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/base/units.hpp"

namespace longhaul {

/// The day by the clock of the source: local time is UTC + longitude / 15 degrees per hour.
struct DiurnalProfile {
  double peak_hour = 20;           ///< local time of the highest factor, which is 1
  double trough = 0.3;             ///< the lowest factor, twelve hours apart
  std::vector<double> hours = {};  ///< 24 factors of one's own, at 0:00 ... 23:00 local
                                   ///< time; empty: the curve by peak and trough
};

/// A factor on a demand's rate, constant for a short step at a time (docs/models/profiles.md). The
/// factors of its parts multiply; a part left out is 1.
struct Profile {
  using Diurnal = DiurnalProfile;
  /// In simulated time from the start of the run, warm-up included.
  struct FlashCrowd {
    Duration at;
    Duration rise;
    Duration hold;
    Duration fall;
    double factor;  ///< while it holds
  };
  /// When traffic that comes or goes in mid-run is there: from `from` up to `until`.
  struct Presence {
    Time from;
    Time until;
  };
  double start_s = 0;  ///< of the week at simulated time 0: seconds since Monday 0:00 UTC
  double speed = 1;    ///< seconds of the week that pass in one simulated second
  std::optional<Diurnal> diurnal;
  std::optional<double> weekend;  ///< factor on Saturday and Sunday, local time
  double growth = 0;              ///< per year of 365 days, as a share: 0.3 for 30 %
  std::vector<FlashCrowd> crowds;
  std::optional<Presence> presence = {};  ///< a factor of 0 outside; none: always
};

/// A profile as one source sees it: steps in simulated picoseconds, each with its factor.
class ProfileSteps {
 public:
  /// `longitude` of the source in degrees east. `profile` must outlive this.
  ProfileSteps(const Profile& profile, double longitude);

  /// The end of the step that `time` (ps, >= 0) lies in; the factor is the same up to there.
  std::int64_t step_end(std::int64_t time) const;
  /// The factor of that step: that of its middle.
  double factor(std::int64_t time) const;
  /// The mean factor from `from` to `until` (ps).
  double mean(std::int64_t from, std::int64_t until) const;

  /// Beyond any run.
  static constexpr std::int64_t never = 9'200'000'000'000'000'000;

 private:
  std::int64_t step_start(std::int64_t time) const;
  double factor_at(std::int64_t time) const;

  const Profile& profile_;
  double local_s_;  ///< what local time is ahead of UTC
  std::int64_t
      clock_ps_;  ///< length of the steps of day, week and growth; `never` if there are none
  std::vector<std::int64_t> own_steps_;  ///< where steps of crowds and presence begin, ascending
};

}  // namespace longhaul
