#include "sim/stats/measurements.hpp"

#include <algorithm>

namespace longhaul {

void DurationStats::merge(const DurationStats& other) {
  if (other.count == 0) return;
  histogram.merge(other.histogram);
  min_ps = count == 0 ? other.min_ps : std::min(min_ps, other.min_ps);
  max_ps = count == 0 ? other.max_ps : std::max(max_ps, other.max_ps);
  count += other.count;
  sum_ps += other.sum_ps;
}

void DurationStats::merge_shifted(const DurationStats& other, std::int64_t shift_ps) {
  if (other.count == 0) return;
  histogram.merge_shifted(other.histogram, shift_ps);
  const std::int64_t low = other.min_ps + shift_ps;
  const std::int64_t high = other.max_ps + shift_ps;
  min_ps = count == 0 ? low : std::min(min_ps, low);
  max_ps = count == 0 ? high : std::max(max_ps, high);
  count += other.count;
  sum_ps += other.sum_ps + Int128{shift_ps} * static_cast<std::int64_t>(other.count);
}

void DurationStats::add(std::int64_t ps) {
  histogram.add(ps, 1);
  min_ps = count == 0 ? ps : std::min(min_ps, ps);
  max_ps = std::max(max_ps, ps);
  ++count;
  sum_ps += ps;
}

double DurationStats::quantile_ps(double q) const {
  if (count == 0) return 0.0;
  return std::clamp(histogram.quantile_ps(q), static_cast<double>(min_ps),
                    static_cast<double>(max_ps));
}

}  // namespace longhaul
