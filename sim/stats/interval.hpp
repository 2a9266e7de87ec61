// Confidence intervals for means of independent replications or batches.
#pragma once

#include <span>

namespace longhaul {

/// mean - half_width .. mean + half_width holds the true mean with the probability asked for.
struct MeanInterval {
  double mean;
  double half_width;
  bool contains(double value) const {
    return value >= mean - half_width && value <= mean + half_width;
  }
};

/// Student's t interval of the mean of `samples` (independent, near normal; batch means are). At
/// least two samples; 0 < confidence < 1.
MeanInterval mean_interval(std::span<const double> samples, double confidence = 0.95);

}  // namespace longhaul
