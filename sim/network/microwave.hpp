// Microwave hops in the rain: how much a hop is attenuated, and which modulation its radios can
// still use (docs/models/microwave.md).
//
// All figures of a radio are integers and the arithmetic is sim/base/math.hpp, so that the same
// rain gives the same modulation on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "sim/base/units.hpp"

namespace longhaul {

enum class Polarization { horizontal, vertical };
const char* to_string(Polarization);

/// The radios of a hop, alike at both ends, and its fade margin. Positions are those of
/// microwave::modulations().
struct Radio {
  std::int64_t frequency_mhz = 18'000;  ///< 1,000 to 100,000
  Polarization polarization = Polarization::vertical;
  std::int64_t margin_centidb = 3'500;  ///< attenuation that the highest modulation stands; > 0
  std::uint32_t highest = 9;            ///< in a clear sky: the link's capacity
  std::uint32_t lowest = 0;             ///< below it the link is down
  /// Rain exceeded for 0.01 % of an average year, um/h; 0: not known.
  std::int64_t yearly_rain_um_per_h = 0;
  bool operator==(const Radio&) const = default;
};

namespace microwave {

/// A modulation that radios adapt to.
struct Modulation {
  const char* name;          ///< as written
  int bits;                  ///< per symbol
  std::int64_t snr_centidb;  ///< signal to noise at a bit error ratio of 10^-6, uncoded
  const char* source;        ///< of the ratio
};
/// From the most robust to the fastest.
std::span<const Modulation> modulations();
/// Position of the one of this name.
std::optional<std::uint32_t> find_modulation(std::string_view name);

/// A band as it is commonly used, for `modulation: NAME`.
struct Preset {
  const char* name;
  Radio radio;
  const char* source;
};
std::span<const Preset> presets();
/// Null if there is none of this name.
const Preset* find_preset(std::string_view name);

/// Specific attenuation of rain is k R^alpha dB/km at R mm/h (ITU-R P.838-3).
struct RainCoefficients {
  double k;
  double alpha;
};
/// For a horizontal path; `ghz` from 1 to 1000.
RainCoefficients rain_coefficients(double ghz, Polarization polarization);

/// How much shorter than `km` a path of uniform rain would be that attenuates as much as the path
/// does when the point rain rate is `mm_per_h` > 0 (ITU-R P.530-18, 2.4.1, with its limit of 2.5).
double path_reduction(double km, double ghz, double alpha, double mm_per_h);

/// Attenuation by rain exceeded for a share `percent` of an average year, 0.001 to 1, where
/// `r001_mm_per_h` > 0 is exceeded for 0.01 % (ITU-R P.530-18, 2.4.1), in dB.
double attenuation_exceeded(const Radio& radio, Distance length, double r001_mm_per_h,
                            double percent);

/// Share of an average year, in percent, in which rain leaves less than `margin_db`; 0.001 if less
/// than that and 1 if more, the limits of the model.
double unavailability(const Radio& radio, Distance length, double r001_mm_per_h, double margin_db);

/// Attenuation of the hop, in dB, while it rains `um_per_h` micrometres an hour on it: the specific
/// attenuation over the effective path, which is never longer than the path.
double rain_attenuation(const Radio& radio, Distance length, std::int64_t um_per_h);

/// Attenuation at which the radio leaves modulation `m` for the next lower one.
std::int64_t margin_centidb(const Radio& radio, std::uint32_t m);

/// The heaviest rain considered: 1 m/h.
inline constexpr std::int64_t most_um_per_h = 1'000'000;

/// P.530 holds for paths up to this length at least.
inline constexpr Distance longest_hop = Distance::km(60);

/// Least rain, in um/h, that takes the radio out of each modulation from `lowest` to `highest`:
/// descending, since the more robust ones stand more. most_um_per_h + 1 where no rain does.
std::vector<std::int64_t> rain_limits(const Radio& radio, Distance length);

/// Rate of a link of `rate` at its highest modulation when at modulation `m`: symbols and code rate
/// stay, bits per symbol change. Rounded down to 1 b/s.
Rate rate_at(Rate rate, const Radio& radio, std::uint32_t m);

}  // namespace microwave
}  // namespace longhaul
