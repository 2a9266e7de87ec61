#include "sim/traffic/profile.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace longhaul {

namespace {

constexpr double day_s = 86'400;
constexpr double week_s = 7 * day_s;
constexpr double year_s = 365 * day_s;
constexpr double step_s = 60;    // of the clock
constexpr int ramp_steps = 100;  // of a crowd's rise and fall

/// cos(2 pi h / 24) at whole hours, linear between.
double hour_cosine(double hour) {
  constexpr std::array<double, 7> quarter{
      1.0, 0.96592582628906829, 0.86602540378443865, 0.70710678118654752, 0.5, 0.25881904510252076,
      0.0};
  const auto at = [&](int h) {
    h %= 24;
    if (h > 12) h = 24 - h;
    return h <= 6 ? quarter[static_cast<std::size_t>(h)]
                  : -quarter[static_cast<std::size_t>(12 - h)];
  };
  const double low = std::floor(hour);
  const int h = static_cast<int>(low);
  return at(h) + (at(h + 1) - at(h)) * (hour - low);
}

/// `x` in [0, length).
double wrapped(double x, double length) {
  const double in = x - std::floor(x / length) * length;
  return in < length ? in : 0;
}

double day_factor(const Profile::Diurnal& day, double hour) {
  if (day.hours.empty()) {
    const double from_peak = wrapped(hour - day.peak_hour, 24);
    return day.trough + (1 - day.trough) * 0.5 * (1 + hour_cosine(from_peak));
  }
  const double low = std::floor(hour);
  const auto h = static_cast<std::size_t>(low) % 24;
  return day.hours[h] + (day.hours[(h + 1) % 24] - day.hours[h]) * (hour - low);
}

/// Yearly compound, linear within a year; no more than `most_growth`, no less than its inverse.
double growth_factor(double growth, double years) {
  constexpr double most_growth = 1e6;
  double factor = 1;
  for (; years >= 1 && factor < most_growth && factor > 1 / most_growth; years -= 1)
    factor *= 1 + growth;
  return std::clamp(factor * (1 + growth * std::min(years, 1.0)), 1 / most_growth, most_growth);
}

double crowd_factor(const Profile::FlashCrowd& c, std::int64_t time) {
  const std::int64_t since = time - c.at.ps();
  const auto part = [&](std::int64_t passed, Duration of) {
    return 1 + (c.factor - 1) * (static_cast<double>(passed) / static_cast<double>(of.ps()));
  };
  if (since < 0) return 1;
  if (since < c.rise.ps()) return part(since, c.rise);
  const std::int64_t left = (c.rise + c.hold + c.fall).ps() - since;
  if (left > c.fall.ps()) return c.factor;
  return left > 0 ? part(left, c.fall) : 1;
}

void add_ramp(std::vector<std::int64_t>& steps, std::int64_t from, Duration length) {
  for (int i = 0; i <= ramp_steps; ++i)
    steps.push_back(from + length.ps() / ramp_steps * i +
                    length.ps() % ramp_steps * i / ramp_steps);
}

}  // namespace

ProfileSteps::ProfileSteps(const Profile& profile, double longitude)
    : profile_(profile), local_s_(longitude / 15 * 3600), clock_ps_(never) {
  if (profile.diurnal || profile.weekend || profile.growth != 0) {
    const double step = step_s * 1e12 / profile.speed + 0.5;
    clock_ps_ = step < 4e18 ? std::max<std::int64_t>(1, static_cast<std::int64_t>(step)) : never;
  }
  for (const Profile::FlashCrowd& c : profile.crowds) {
    add_ramp(own_steps_, c.at.ps(), c.rise);
    add_ramp(own_steps_, (c.at + c.rise + c.hold).ps(), c.fall);
  }
  if (profile.presence)
    for (const Time at : {profile.presence->from, profile.presence->until})
      own_steps_.push_back(at.ps());
  std::sort(own_steps_.begin(), own_steps_.end());
}

std::int64_t ProfileSteps::step_end(std::int64_t time) const {
  std::int64_t end = clock_ps_ < never - time ? (time / clock_ps_ + 1) * clock_ps_ : never;
  const auto next = std::upper_bound(own_steps_.begin(), own_steps_.end(), time);
  if (next != own_steps_.end()) end = std::min(end, *next);
  return end;
}

std::int64_t ProfileSteps::step_start(std::int64_t time) const {
  std::int64_t start = clock_ps_ == never ? 0 : time / clock_ps_ * clock_ps_;
  const auto next = std::upper_bound(own_steps_.begin(), own_steps_.end(), time);
  if (next != own_steps_.begin()) start = std::max(start, *(next - 1));
  return start;
}

double ProfileSteps::factor(std::int64_t time) const {
  const std::int64_t start = step_start(time);
  const std::int64_t end = step_end(time);
  return factor_at(start + (end - start) / 2);
}

double ProfileSteps::factor_at(std::int64_t time) const {
  const auto& presence = profile_.presence;
  if (presence && (time < presence->from.ps() || time >= presence->until.ps())) return 0;
  double factor = 1;
  if (clock_ps_ != never) {
    const double passed_s = static_cast<double>(time) * 1e-12 * profile_.speed;
    const double in_week = wrapped(profile_.start_s + local_s_ + passed_s, week_s);
    if (profile_.diurnal) factor *= day_factor(*profile_.diurnal, wrapped(in_week, day_s) / 3600);
    if (profile_.weekend && in_week >= 5 * day_s) factor *= *profile_.weekend;
    if (profile_.growth != 0) factor *= growth_factor(profile_.growth, passed_s / year_s);
  }
  for (const Profile::FlashCrowd& c : profile_.crowds) factor *= crowd_factor(c, time);
  return factor;
}

double ProfileSteps::mean(std::int64_t from, std::int64_t until) const {
  double sum = 0;
  for (std::int64_t t = from; t < until;) {
    const std::int64_t end = std::min(step_end(t), until);
    sum += factor(t) * static_cast<double>(end - t);
    t = end;
  }
  return sum / static_cast<double>(until - from);
}

}  // namespace longhaul
