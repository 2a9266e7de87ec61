// How long light takes over a link: from its length, or from the coordinates of its ends.
//
// Everything after the great circle is integer arithmetic, and the great circle is rounded to whole
// metres (the library is good to 15 nm), so that a delay does not depend on the machine's maths
// library.
#pragma once

#include <optional>
#include <vector>

#include "sim/base/units.hpp"
#include "sim/network/network.hpp"

namespace longhaul {

/// Speed of light in vacuum, m/s (exact, SI).
constexpr std::int64_t light_speed_m_per_s = 299'792'458;

/// Group index of standard single-mode fibre at 1550 nm, times 10^4: 1.4682 (typical data sheet of
/// ITU-T G.652 fibre, e.g. Corning SMF-28). Hence 4.897 us/km.
constexpr std::int64_t fibre_group_index_e4 = 14'682;

/// Cable length over great circle, as a fraction.
/// Land fibre 1.5: ITU-T Y.1541 (and G.826) computes route length as 1.5 x air distance below 1000
/// km. Submarine 1.2: near the 1.25 that Y.1541 uses for long routes; cables at sea are laid more
/// directly. Microwave and satellite 1.0: line of sight (a geostationary hop must be written as a
/// `length`).
struct RouteFactor {
  std::int64_t numerator;
  std::int64_t denominator;
};
RouteFactor route_factor(Medium medium);

/// One-way propagation over `length`, rounded to the nearest picosecond. Fibre at c / 1.4682, air
/// and space at c.
Duration propagation_delay(Distance length, Medium medium);

/// Shortest path on the WGS-84 ellipsoid, rounded to whole metres (Karney, "Algorithms for
/// geodesics", 2013).
Distance great_circle(const GeoPoint& a, const GeoPoint& b);

/// The link's length as given, else great circle x route factor; nothing if there are no
/// coordinates either.
std::optional<Distance> cable_length(const Link& link, const std::vector<Node>& nodes);

/// The link's delay as given (`delay_given`), else from its cable length; nothing if neither is
/// known.
std::optional<Duration> derive_delay(const Link& link, const std::vector<Node>& nodes);

}  // namespace longhaul
