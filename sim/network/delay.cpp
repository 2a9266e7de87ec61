#include "sim/network/delay.hpp"

#include <GeographicLib/Geodesic.hpp>
#include <cassert>
#include <cmath>

namespace longhaul {

RouteFactor route_factor(Medium medium) {
  switch (medium) {
    case Medium::fiber:
      return {3, 2};
    case Medium::submarine:
      return {6, 5};
    case Medium::microwave:
    case Medium::satellite:
      return {1, 1};
  }
  assert(false && "unknown medium");
  return {1, 1};
}

Duration propagation_delay(Distance length, Medium medium) {
  const bool guided = medium == Medium::fiber || medium == Medium::submarine;
  const std::int64_t index_e4 = guided ? fibre_group_index_e4 : 10'000;
  // mm x n / c in ps: mm x (n x 10^4) x 10^12 / (10^4 x c x 10^3).
  const Int128 numerator = Int128{length.mm()} * index_e4 * 100'000;
  const Int128 denominator = light_speed_m_per_s;
  return Duration::ps(static_cast<std::int64_t>((numerator + denominator / 2) / denominator));
}

Distance great_circle(const GeoPoint& a, const GeoPoint& b) {
  double metres = 0;
  GeographicLib::Geodesic::WGS84().Inverse(a.latitude, a.longitude, b.latitude, b.longitude,
                                           metres);
  return Distance::m(static_cast<std::int64_t>(std::floor(metres + 0.5)));
}

std::optional<Distance> cable_length(const Link& link, const std::vector<Node>& nodes) {
  if (link.length) return link.length;
  const auto& a = nodes[link.a.index()].at;
  const auto& b = nodes[link.b.index()].at;
  if (!a || !b) return std::nullopt;
  const RouteFactor factor = route_factor(link.medium);
  return Distance::mm(great_circle(*a, *b).mm() * factor.numerator / factor.denominator);
}

std::optional<Duration> derive_delay(const Link& link, const std::vector<Node>& nodes) {
  if (link.delay_given) return link.delay;
  const auto length = cable_length(link, nodes);
  if (!length) return std::nullopt;
  return propagation_delay(*length, link.medium);
}

}  // namespace longhaul
