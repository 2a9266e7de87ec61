#include "sim/stats/interval.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>

namespace longhaul {

MeanInterval mean_interval(std::span<const double> samples, double confidence) {
  assert(samples.size() >= 2 && confidence > 0 && confidence < 1);
  const auto n = static_cast<double>(samples.size());
  double mean = 0;
  for (const double x : samples) mean += x / n;
  double squares = 0;
  for (const double x : samples) squares += (x - mean) * (x - mean);
  const boost::math::students_t t(n - 1);
  const double factor = boost::math::quantile(t, 0.5 + confidence / 2);
  return {mean, factor * std::sqrt(squares / (n - 1) / n)};
}

}  // namespace longhaul
