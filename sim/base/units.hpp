// Strong types for what longhaul counts: time, rates, sizes and distances.
//
// All are exact integers in one fixed unit, made by named factories only, so that bits are never
// mixed with bytes nor nanoseconds with picoseconds. `Time` is a point on the simulated clock,
// `Duration` a difference. Products that can exceed 64 bits are formed in 128.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace longhaul {

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

/// A span of simulated time; int64 picoseconds (about 106 days).
class Duration {
 public:
  static constexpr Duration ps(std::int64_t v) { return Duration(v); }
  static constexpr Duration ns(std::int64_t v) { return Duration(v * 1'000); }
  static constexpr Duration us(std::int64_t v) { return Duration(v * 1'000'000); }
  static constexpr Duration ms(std::int64_t v) { return Duration(v * 1'000'000'000); }
  static constexpr Duration s(std::int64_t v) { return Duration(v * 1'000'000'000'000); }
  /// Nearest picosecond to `v` seconds. |v| must stay below 9.2e6 s.
  static constexpr Duration from_seconds(double v) {
    return Duration(static_cast<std::int64_t>(v * 1e12 + (v < 0 ? -0.5 : 0.5)));
  }
  static constexpr Duration zero() { return Duration(0); }
  static constexpr Duration max() { return Duration(std::numeric_limits<std::int64_t>::max()); }

  constexpr std::int64_t ps() const { return ps_; }
  constexpr double seconds() const { return static_cast<double>(ps_) * 1e-12; }

  constexpr auto operator<=>(const Duration&) const = default;
  constexpr Duration operator+(Duration o) const { return Duration(ps_ + o.ps_); }
  constexpr Duration operator-(Duration o) const { return Duration(ps_ - o.ps_); }
  constexpr Duration operator-() const { return Duration(-ps_); }
  constexpr Duration operator*(std::int64_t k) const { return Duration(ps_ * k); }
  constexpr Duration operator/(std::int64_t k) const { return Duration(ps_ / k); }
  constexpr std::int64_t operator/(Duration o) const { return ps_ / o.ps_; }
  constexpr Duration& operator+=(Duration o) { return ps_ += o.ps_, *this; }
  constexpr Duration& operator-=(Duration o) { return ps_ -= o.ps_, *this; }

 private:
  constexpr explicit Duration(std::int64_t v) : ps_(v) {}
  std::int64_t ps_;
};

/// A point on the simulated clock; int64 picoseconds since the start of the run.
class Time {
 public:
  static constexpr Time ps(std::int64_t v) { return Time(v); }
  static constexpr Time zero() { return Time(0); }
  static constexpr Time max() { return Time(std::numeric_limits<std::int64_t>::max()); }

  constexpr std::int64_t ps() const { return ps_; }
  constexpr double seconds() const { return static_cast<double>(ps_) * 1e-12; }

  constexpr auto operator<=>(const Time&) const = default;
  constexpr Time operator+(Duration d) const { return Time(ps_ + d.ps()); }
  constexpr Time operator-(Duration d) const { return Time(ps_ - d.ps()); }
  constexpr Duration operator-(Time o) const { return Duration::ps(ps_ - o.ps_); }
  constexpr Time& operator+=(Duration d) { return ps_ += d.ps(), *this; }

 private:
  constexpr explicit Time(std::int64_t v) : ps_(v) {}
  std::int64_t ps_;
};

/// An amount of data; int64 bytes.
class Size {
 public:
  static constexpr Size bytes(std::int64_t v) { return Size(v); }
  static constexpr Size zero() { return Size(0); }

  constexpr std::int64_t bytes() const { return bytes_; }
  constexpr double bits() const { return static_cast<double>(bytes_) * 8.0; }

  constexpr auto operator<=>(const Size&) const = default;
  constexpr Size operator+(Size o) const { return Size(bytes_ + o.bytes_); }
  constexpr Size operator-(Size o) const { return Size(bytes_ - o.bytes_); }
  constexpr Size operator*(std::int64_t k) const { return Size(bytes_ * k); }
  constexpr Size& operator+=(Size o) { return bytes_ += o.bytes_, *this; }

 private:
  constexpr explicit Size(std::int64_t v) : bytes_(v) {}
  std::int64_t bytes_;
};

/// A data rate; int64 bits per second (up to 9.2 Eb/s).
class Rate {
 public:
  static constexpr Rate bps(std::int64_t v) { return Rate(v); }
  static constexpr Rate mbps(std::int64_t v) { return Rate(v * 1'000'000); }
  static constexpr Rate gbps(std::int64_t v) { return Rate(v * 1'000'000'000); }
  static constexpr Rate zero() { return Rate(0); }

  constexpr std::int64_t bps() const { return bps_; }
  constexpr double as_double() const { return static_cast<double>(bps_); }

  constexpr auto operator<=>(const Rate&) const = default;
  constexpr Rate operator+(Rate o) const { return Rate(bps_ + o.bps_); }
  constexpr Rate operator-(Rate o) const { return Rate(bps_ - o.bps_); }
  constexpr Rate operator*(std::int64_t k) const { return Rate(bps_ * k); }
  constexpr Rate operator/(std::int64_t k) const { return Rate(bps_ / k); }
  constexpr Rate& operator+=(Rate o) { return bps_ += o.bps_, *this; }
  /// The ratio of two rates, e.g. a utilization.
  constexpr double operator/(Rate o) const {
    return static_cast<double>(bps_) / static_cast<double>(o.bps_);
  }

 private:
  constexpr explicit Rate(std::int64_t v) : bps_(v) {}
  std::int64_t bps_;
};

/// A length of cable or of air; int64 millimetres.
class Distance {
 public:
  static constexpr Distance mm(std::int64_t v) { return Distance(v); }
  static constexpr Distance m(std::int64_t v) { return Distance(v * 1'000); }
  static constexpr Distance km(std::int64_t v) { return Distance(v * 1'000'000); }
  static constexpr Distance from_metres(double v) {
    return Distance(static_cast<std::int64_t>(v * 1e3 + (v < 0 ? -0.5 : 0.5)));
  }
  static constexpr Distance zero() { return Distance(0); }

  constexpr std::int64_t mm() const { return mm_; }
  constexpr double metres() const { return static_cast<double>(mm_) * 1e-3; }
  constexpr double kilometres() const { return static_cast<double>(mm_) * 1e-6; }

  constexpr auto operator<=>(const Distance&) const = default;
  constexpr Distance operator+(Distance o) const { return Distance(mm_ + o.mm_); }

 private:
  constexpr explicit Distance(std::int64_t v) : mm_(v) {}
  std::int64_t mm_;
};

/// Time to send `size` at `rate`, rounded down to a picosecond. `rate` must be positive.
constexpr Duration operator/(Size size, Rate rate) {
  return Duration::ps(
      static_cast<std::int64_t>(Int128{size.bytes()} * 8'000'000'000'000 / rate.bps()));
}

/// Whole bytes sent in `d` at `rate`, rounded down.
constexpr Size operator*(Rate rate, Duration d) {
  return Size::bytes(static_cast<std::int64_t>(Int128{rate.bps()} * d.ps() / 8'000'000'000'000));
}

}  // namespace longhaul
