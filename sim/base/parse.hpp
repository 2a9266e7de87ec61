// Quantities with written units: "400G", "8x100G", "12 ms", "64 MB", "5600 km", "90 %".
//
// Each parser returns a value, or a message that says what was expected. A space between number and
// unit is optional. Rates are decimal (k, M, G, T; "b/s", "bps" and "bit/s" may follow), sizes take
// B, kB, MB, GB (decimal) and KiB, MiB, GiB. A number without its unit is refused, except where 0
// needs none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "sim/base/units.hpp"

namespace longhaul {

/// Why a text is not the quantity asked for, e.g. `expected a rate such as 10G or 1.6 Tb/s, got
/// "10"`.
struct ParseError {
  std::string message;
};

template <class T>
class Parsed {
 public:
  Parsed(T value) : result_(std::move(value)) {}           // NOLINT: implicit by intent
  Parsed(ParseError error) : result_(std::move(error)) {}  // NOLINT: implicit by intent
  explicit operator bool() const { return std::holds_alternative<T>(result_); }
  const T& operator*() const { return std::get<T>(result_); }
  const T* operator->() const { return &std::get<T>(result_); }
  const std::string& error() const { return std::get<ParseError>(result_).message; }

 private:
  std::variant<T, ParseError> result_;
};

/// `members` parallel links of `rate` each ("8x100G"); one member when written plainly.
struct Capacity {
  std::uint32_t members;
  Rate rate;
  constexpr Rate total() const { return rate * members; }
  constexpr auto operator<=>(const Capacity&) const = default;
};

Parsed<Rate> parse_rate(std::string_view text);
Parsed<Capacity> parse_capacity(std::string_view text);
Parsed<Duration> parse_duration(std::string_view text);
Parsed<Size> parse_size(std::string_view text);
Parsed<Distance> parse_distance(std::string_view text);
/// "90 %" -> 0.9; a plain number is taken as it stands ("0.9").
Parsed<double> parse_fraction(std::string_view text);
Parsed<double> parse_number(std::string_view text);
Parsed<std::int64_t> parse_integer(std::string_view text);

/// Shortest text that parses back to the same value: "400G", "1.6T", "9.95328G".
std::string to_text(Rate rate);
std::string to_text(const Capacity& capacity);
std::string to_text(Duration duration);
std::string to_text(Size size);
std::string to_text(Distance distance);
/// For people: three significant digits, e.g. "12.3 ms", "1.08 Tb/s".
std::string to_display(Rate rate);
std::string to_display(Duration duration);
std::string to_display(Size size);

}  // namespace longhaul
