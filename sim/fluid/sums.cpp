#include "sim/fluid/sums.hpp"

#include <algorithm>

namespace longhaul::fluid {

namespace {

constexpr double ps_per_s = 1e12;

}  // namespace

RateSums::RateSums(std::size_t ports, std::int64_t from, std::int64_t interval, std::int64_t end)
    : from_(from),
      interval_(interval),
      end_(end),
      intervals_(static_cast<std::size_t>((end - from + interval - 1) / interval)),
      cells_(ports * (intervals_ + 1), 0.0) {}

void RateSums::add(std::size_t port, std::int64_t time, double change) {
  double* cells = cells_.data() + port * (intervals_ + 1);
  if (time <= from_) {
    cells[0] += change;
    return;
  }
  const auto i = static_cast<std::size_t>((time - from_) / interval_);
  const std::int64_t edge = std::min(start(i + 1), end_);
  const double share = static_cast<double>(edge - time) / static_cast<double>(edge - start(i));
  cells[i] += change * share;
  cells[i + 1] += change * (1 - share);
}

std::vector<double> RateSums::volumes(std::size_t port, std::int64_t reached) const {
  const double* cells = cells_.data() + port * (intervals_ + 1);
  std::vector<double> out;
  double rate = 0;
  for (std::size_t i = 0; i < intervals_ && start(i) < reached; ++i) {
    rate += cells[i];
    const std::int64_t edge = std::min(start(i + 1), end_);
    double volume = rate * static_cast<double>(edge - start(i));
    // With the last change in `i` the rate is that of the next interval.
    if (edge > reached) volume -= (rate + cells[i + 1]) * static_cast<double>(edge - reached);
    out.push_back(std::max(0.0, volume / ps_per_s));
  }
  return out;
}

Peaks::Peaks(std::size_t ports, std::int64_t end)
    : length_(end / static_cast<std::int64_t>(slices_of_port) + 1),
      slices_(ports * slices_of_port),
      noted_(ports) {}

void Peaks::add(std::size_t port, std::int64_t time, double change) {
  Slice& slice = slices_[port * slices_of_port + static_cast<std::size_t>(time / length_)];
  slice.change += change;
  slice.rise += std::max(0.0, change);
}

void Peaks::note(std::size_t port, std::int64_t time, double rate) {
  Slice* slices = slices_.data() + port * slices_of_port;
  Noted& last = noted_[port];
  const auto slice = static_cast<std::size_t>(time / length_);
  while (last.slice < slice) slices[++last.slice].noted = last.rate;
  slices[slice].noted = std::max(slices[slice].noted, rate);
  last.rate = rate;
}

double Peaks::most(std::size_t port) const {
  const Slice* slices = slices_.data() + port * slices_of_port;
  double rate = 0;
  double most = 0;
  for (std::size_t i = 0; i < slices_of_port; ++i) {
    const double noted = i <= noted_[port].slice ? slices[i].noted : noted_[port].rate;
    most = std::max(most, rate + slices[i].rise + noted);
    rate += slices[i].change;
  }
  return most;
}

}  // namespace longhaul::fluid
