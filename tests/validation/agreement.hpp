// Is a run of another simulator one of ours? Statistics of many figures (one per demand) at once.
//
// Method. Under the hypothesis that both simulate the same process, the peer's run is one more draw
// of what our runs of other seeds are draws of. So n runs of ours give, per figure, a mean and a
// standard deviation s, and t = (peer - mean) / (s sqrt(1 + 1/n)) is Student's with n - 1 degrees
// of freedom. Demands share links, so their t are not independent and their squares do not sum to a
// chi-square; how such a sum spreads is read off our own runs, each left out in turn and compared
// with the others.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace longhaul::agreement {

struct MeanSd {
  double mean = 0;
  double sd = 0;
};

/// Of `x` without number `left_out` (none if that is beyond its end).
inline MeanSd mean_sd(std::span<const double> x, std::size_t left_out = SIZE_MAX) {
  const auto n = static_cast<double>(x.size() - (left_out < x.size() ? 1 : 0));
  MeanSd r;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (i != left_out) r.mean += x[i] / n;
  double squares = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (i != left_out) squares += (x[i] - r.mean) * (x[i] - r.mean);
  r.sd = std::sqrt(squares / (n - 1));
  return r;
}

/// |t| of one more draw `value` beside `draws` (one of them left out or not); `resolution` is what
/// rounding alone spreads the figure by.
inline double t_of(double value, std::span<const double> draws, double resolution,
                   std::size_t left_out = SIZE_MAX) {
  const MeanSd d = mean_sd(draws, left_out);
  const auto n = static_cast<double>(draws.size() - (left_out < draws.size() ? 1 : 0));
  return std::abs(value - d.mean) / std::sqrt(d.sd * d.sd * (1 + 1 / n) + resolution * resolution);
}

/// The peer's figures beside ours: mean of t^2 and largest |t|, and what our runs show among
/// themselves.
struct Agreement {
  double mean_square = 0;
  double worst = 0;
  std::size_t worst_figure = 0;
  MeanSd own_mean_square;
  MeanSd own_worst;
  /// Mean squares no further off than four standard deviations of our own, no |t| above 5 (for 40
  /// runs: once in 80,000 figures).
  bool holds() const {
    return mean_square < own_mean_square.mean + 4 * own_mean_square.sd && worst < 5.0;
  }
};

/// `peer[figure]` against `draws[figure][run]`; at least three runs.
inline Agreement compare(const std::vector<double>& peer,
                         const std::vector<std::vector<double>>& draws, double resolution) {
  Agreement a;
  const std::size_t runs = draws.front().size();
  std::vector<double> squares(runs, 0.0);
  std::vector<double> worst(runs, 0.0);
  const auto figures = static_cast<double>(peer.size());
  for (std::size_t i = 0; i < peer.size(); ++i) {
    const double t = t_of(peer[i], draws[i], resolution);
    a.mean_square += t * t / figures;
    if (t > a.worst) a.worst = t, a.worst_figure = i;
    for (std::size_t r = 0; r < runs; ++r) {
      const double own = t_of(draws[i][r], draws[i], resolution, r);
      squares[r] += own * own / figures;
      worst[r] = std::max(worst[r], own);
    }
  }
  a.own_mean_square = mean_sd(squares);
  a.own_worst = mean_sd(worst);
  return a;
}

}  // namespace longhaul::agreement
