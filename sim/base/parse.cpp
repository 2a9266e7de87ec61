#include "sim/base/parse.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <span>

#include "sim/base/text.hpp"

namespace longhaul {

namespace {

/// A decimal number as written: `digits` x 10^`exponent`, exact up to 19 significant digits.
struct Decimal {
  bool negative = false;
  std::uint64_t digits = 0;
  int exponent = 0;
};

/// A unit and how many of the type's smallest steps it holds.
struct Unit {
  std::string_view name;
  std::int64_t steps;
};

constexpr std::int64_t kilo = 1'000;
constexpr std::int64_t mega = 1'000'000;
constexpr std::int64_t giga = 1'000'000'000;
constexpr std::int64_t tera = 1'000'000'000'000;
constexpr std::int64_t peta = 1'000'000'000'000'000;

// Each table runs from the smallest unit to the largest; `to_text` writes the names up to the first
// alias.
constexpr std::array<Unit, 5> rate_units{
    {{" b/s", 1}, {"k", kilo}, {"M", mega}, {"G", giga}, {"T", tera}}};
constexpr std::array<Unit, 5> rate_display{
    {{" b/s", 1}, {" kb/s", kilo}, {" Mb/s", mega}, {" Gb/s", giga}, {" Tb/s", tera}}};
constexpr std::array<Unit, 5> duration_text{
    {{" ps", 1}, {" ns", kilo}, {" us", mega}, {" ms", giga}, {" s", tera}}};
constexpr std::array<Unit, 9> duration_units{{{"ps", 1},
                                              {"ns", kilo},
                                              {"us", mega},
                                              {"\xC2\xB5s", mega},  // micro sign
                                              {"ms", giga},
                                              {"s", tera},
                                              {"min", 60 * tera},
                                              {"h", 3600 * tera},
                                              {"d", 86400 * tera}}};
constexpr std::array<Unit, 5> size_text{
    {{" B", 1}, {" kB", kilo}, {" MB", mega}, {" GB", giga}, {" TB", tera}}};
constexpr std::array<Unit, 3> size_binary{
    {{" GiB", 1 << 30}, {" MiB", 1 << 20}, {" KiB", 1 << 10}}};
constexpr std::array<Unit, 9> size_units{{{"B", 1},
                                          {"kB", kilo},
                                          {"KB", kilo},
                                          {"MB", mega},
                                          {"GB", giga},
                                          {"TB", tera},
                                          {"KiB", 1 << 10},
                                          {"MiB", 1 << 20},
                                          {"GiB", 1 << 30}}};
constexpr std::array<Unit, 3> distance_text{{{" mm", 1}, {" m", kilo}, {" km", mega}}};
constexpr std::array<Unit, 4> distance_units{{{"mm", 1}, {"cm", 10}, {"m", kilo}, {"km", mega}}};

constexpr std::string_view expected_rate = "a rate such as 10G or 1.6 Tb/s";
constexpr std::string_view expected_capacity = "a capacity such as 400G or 8x100G";
constexpr std::string_view expected_duration = "a duration such as 12 ms or 1.5 s";
constexpr std::string_view expected_size = "a size such as 1500 B or 64 MB";
constexpr std::string_view expected_distance = "a length such as 5600 km or 300 m";
constexpr std::string_view expected_fraction = "a share such as 90 % or 0.9";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

ParseError wrong(std::string_view expected, std::string_view text, std::string_view why = {}) {
  return {
      fmt::format("expected {}, got {}{}{}", expected, quote(text), why.empty() ? "" : ": ", why)};
}

/// The number of bytes of `text` that read as sign, digits, point, digits and exponent; 0 if no
/// number. An `e` counts only with digits after it.
std::size_t number_length(std::string_view text) {
  std::size_t i = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  std::size_t digits = 0;
  for (; i < text.size() && is_digit(text[i]); ++i) ++digits;
  if (i < text.size() && text[i] == '.') {
    ++i;
    for (; i < text.size() && is_digit(text[i]); ++i) ++digits;
  }
  if (digits == 0) return 0;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    std::size_t j = i + 1;
    if (j < text.size() && (text[j] == '-' || text[j] == '+')) ++j;
    if (j < text.size() && is_digit(text[j])) {
      while (j < text.size() && is_digit(text[j])) ++j;
      i = j;
    }
  }
  return i;
}

/// `number` is what `number_length` measured.
Decimal to_decimal(std::string_view number) {
  Decimal out;
  bool after_point = false;
  std::size_t i = 0;
  for (; i < number.size() && number[i] != 'e' && number[i] != 'E'; ++i) {
    const char c = number[i];
    if (c == '-') out.negative = true;
    if (c == '.') after_point = true;
    if (!is_digit(c)) continue;
    // 19 digits always fit; what follows is below any unit's smallest step.
    const bool fits = out.digits < 1'000'000'000'000'000'000U;
    if (fits) out.digits = out.digits * 10 + static_cast<std::uint64_t>(c - '0');
    out.exponent += (fits ? 0 : 1) - (after_point ? 1 : 0);
  }
  if (i < number.size()) {
    int written = 0;
    const char* first = number.data() + i + (number[i + 1] == '+' ? 2 : 1);
    const auto result = std::from_chars(first, number.data() + number.size(), written);
    const bool huge = result.ec != std::errc() || written > 9999 || written < -9999;
    out.exponent += huge ? (number[i + 1] == '-' ? -9999 : 9999) : written;
  }
  return out;
}

struct Scaled {
  std::int64_t value;
  bool exact;
};

/// number x steps, rounded to the nearest integer; nothing when it does not fit into 64 bits.
std::optional<Scaled> scale(const Decimal& number, std::int64_t steps) {
  constexpr auto most = UInt128{std::numeric_limits<std::int64_t>::max()};
  UInt128 value = UInt128{number.digits} * static_cast<std::uint64_t>(steps);
  bool exact = true;
  if (value != 0) {
    for (int e = number.exponent; e > 0; --e) {
      if (value > most) return std::nullopt;
      value *= 10;
    }
    UInt128 divisor = 1;
    for (int e = number.exponent; e < 0 && divisor <= value * 2; ++e) divisor *= 10;
    exact = value % divisor == 0;
    value = value / divisor + (value % divisor * 2 >= divisor ? 1 : 0);
  }
  if (value > most) return std::nullopt;
  const auto magnitude = static_cast<std::int64_t>(value);
  return Scaled{number.negative ? -magnitude : magnitude, exact};
}

enum class Whole { rounded, required };

/// A number with one of `units`; `missing` names what is expected.
Parsed<std::int64_t> parse_quantity(std::string_view text, std::span<const Unit> units,
                                    std::string_view expected, Whole whole,
                                    std::string_view unit_hint = {}) {
  const std::string_view bare = trimmed(text);
  const std::size_t length = number_length(bare);
  if (length == 0) return wrong(expected, text);
  const Decimal number = to_decimal(bare.substr(0, length));
  const std::string_view unit = trimmed(bare.substr(length));
  if (unit.empty()) {
    if (number.digits == 0) return std::int64_t{0};
    return wrong(expected, text, "the unit is missing");
  }
  for (const Unit& u : units) {
    if (u.name != unit) continue;
    const auto scaled = scale(number, u.steps);
    if (!scaled) return wrong(expected, text, "out of range");
    if (whole == Whole::required && !scaled->exact) return wrong(expected, text, "not whole bytes");
    return scaled->value;
  }
  return wrong(expected, text,
               unit_hint.empty() ? fmt::format("unknown unit {}", quote(unit))
                                 : fmt::format("unknown unit {} ({})", quote(unit), unit_hint));
}

/// The plain prefix of a rate unit: "Gb/s", "Gbps", "Gbit/s" and "G" all mean giga.
std::optional<std::int64_t> rate_steps(std::string_view unit) {
  bool suffixed = false;
  for (const std::string_view suffix : {"bit/s", "b/s", "bps"}) {
    if (unit.size() >= suffix.size() && unit.substr(unit.size() - suffix.size()) == suffix) {
      unit.remove_suffix(suffix.size());
      suffixed = true;
      break;
    }
  }
  if (unit.empty()) return suffixed ? std::optional(std::int64_t{1}) : std::nullopt;
  if (unit == "k" || unit == "K") return kilo;
  if (unit == "M") return mega;
  if (unit == "G") return giga;
  if (unit == "T") return tera;
  if (unit == "P") return peta;
  return std::nullopt;
}

Parsed<Rate> parse_rate_as(std::string_view text, std::string_view whole,
                           std::string_view expected) {
  const std::string_view bare = trimmed(text);
  const std::size_t length = number_length(bare);
  if (length == 0) return wrong(expected, whole);
  const std::string_view unit = trimmed(bare.substr(length));
  const Decimal number = to_decimal(bare.substr(0, length));
  if (unit.empty()) {
    if (number.digits == 0) return Rate::zero();
    return wrong(expected, whole, "the unit is missing");
  }
  const auto steps = rate_steps(unit);
  if (!steps) {
    return wrong(
        expected, whole,
        fmt::format("unknown unit {} (rates are k, M, G or T bits per second)", quote(unit)));
  }
  const auto scaled = scale(number, *steps);
  if (!scaled) return wrong(expected, whole, "out of range");
  return Rate::bps(scaled->value);
}

/// `value` written in the largest of `units` (ascending) that it reaches, exactly.
std::string exact_text(std::int64_t value, std::span<const Unit> units) {
  UInt128 magnitude = value < 0 ? -static_cast<UInt128>(value) : static_cast<UInt128>(value);
  const Unit* unit = &units.front();
  for (const Unit& u : units) {
    if (magnitude >= static_cast<UInt128>(u.steps)) unit = &u;
  }
  const auto steps = static_cast<std::uint64_t>(unit->steps);
  const auto whole = static_cast<std::uint64_t>(magnitude / steps);
  const auto rest = static_cast<std::uint64_t>(magnitude % steps);
  std::string out = fmt::format("{}{}", value < 0 ? "-" : "", whole);
  if (rest != 0) {
    const auto width = fmt::formatted_size("{}", steps) - 1;
    std::string fraction = fmt::format("{:0{}}", rest, width);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    out += '.' + fraction;
  }
  return out + std::string(unit->name);
}

/// Three significant digits in the unit that leaves at most three before the point.
std::string display_text(std::int64_t value, std::span<const Unit> units) {
  const double magnitude = std::fabs(static_cast<double>(value));
  const Unit* unit = &units.front();
  for (const Unit& u : units) {
    // 999.6 k reads as 1 M, so the threshold is where rounding tips over.
    if (magnitude >= static_cast<double>(u.steps) * 0.9995) unit = &u;
  }
  const double scaled = static_cast<double>(value) / static_cast<double>(unit->steps);
  const std::string number =
      std::fabs(scaled) >= 999.5 ? fmt::format("{:.0f}", scaled) : fmt::format("{:.3g}", scaled);
  return number + std::string(unit->name);
}

}  // namespace

Parsed<Rate> parse_rate(std::string_view text) { return parse_rate_as(text, text, expected_rate); }

Parsed<Capacity> parse_capacity(std::string_view text) {
  const std::string_view bare = trimmed(text);
  std::size_t digits = 0;
  while (digits < bare.size() && is_digit(bare[digits])) ++digits;
  std::size_t x = digits;
  while (x < bare.size() && is_blank(bare[x])) ++x;
  const bool bundle = digits > 0 && x < bare.size() && (bare[x] == 'x' || bare[x] == 'X');
  if (!bundle) {
    const auto rate = parse_rate_as(bare, text, expected_capacity);
    if (!rate) return ParseError{rate.error()};
    return Capacity{1, *rate};
  }
  constexpr std::uint32_t most_members = 65536;
  std::uint32_t members = 0;
  const auto result = std::from_chars(bare.data(), bare.data() + digits, members);
  if (result.ec != std::errc() || members < 1 || members > most_members) {
    return wrong(expected_capacity, text,
                 fmt::format("the number of members must be 1 to {}", most_members));
  }
  const auto rate = parse_rate_as(bare.substr(x + 1), text, expected_capacity);
  if (!rate) return ParseError{rate.error()};
  if (rate->bps() > std::numeric_limits<std::int64_t>::max() / members) {
    return wrong(expected_capacity, text, "out of range");
  }
  return Capacity{members, *rate};
}

Parsed<Duration> parse_duration(std::string_view text) {
  const auto ps = parse_quantity(text, duration_units, expected_duration, Whole::rounded,
                                 "ps, ns, us, ms, s, min, h or d");
  if (!ps) return ParseError{ps.error()};
  return Duration::ps(*ps);
}

Parsed<Size> parse_size(std::string_view text) {
  const auto bytes = parse_quantity(text, size_units, expected_size, Whole::required,
                                    "B, kB, MB, GB, KiB, MiB or GiB; b would be bits");
  if (!bytes) return ParseError{bytes.error()};
  return Size::bytes(*bytes);
}

Parsed<Distance> parse_distance(std::string_view text) {
  const auto mm =
      parse_quantity(text, distance_units, expected_distance, Whole::rounded, "m or km");
  if (!mm) return ParseError{mm.error()};
  return Distance::mm(*mm);
}

Parsed<double> parse_number(std::string_view text) {
  std::string_view bare = trimmed(text);
  if (bare.empty() || number_length(bare) != bare.size()) return wrong("a number", text);
  if (bare.front() == '+') bare.remove_prefix(1);
  double value = 0;
  const auto result = std::from_chars(bare.data(), bare.data() + bare.size(), value);
  if (result.ec != std::errc()) return wrong("a number", text, "out of range");
  return value;
}

Parsed<double> parse_fraction(std::string_view text) {
  std::string_view bare = trimmed(text);
  const bool percent = !bare.empty() && bare.back() == '%';
  if (percent) bare = trimmed(bare.substr(0, bare.size() - 1));
  const auto value = parse_number(bare);
  if (!value) return wrong(expected_fraction, text);
  if (!percent) return *value;
  // 99.9 % is the double nearest to 0.999, which a division does not always give; the exponent
  // does.
  if (bare.find_first_of("eE") == std::string_view::npos) {
    const auto exact = parse_number(std::string(bare) + "e-2");
    if (exact) return *exact;
  }
  return *value / 100;
}

Parsed<std::int64_t> parse_integer(std::string_view text) {
  std::string_view bare = trimmed(text);
  const std::string_view written = bare;
  if (!bare.empty() && bare.front() == '+') bare.remove_prefix(1);
  std::int64_t value = 0;
  const auto result = std::from_chars(bare.data(), bare.data() + bare.size(), value);
  if (result.ec == std::errc::result_out_of_range) {
    return wrong("a whole number", text, "out of range");
  }
  const bool all = result.ec == std::errc() && result.ptr == bare.data() + bare.size();
  if (!all || (written.size() != bare.size() && bare.front() == '-')) {
    return wrong("a whole number", text);
  }
  return value;
}

std::string to_text(Rate rate) { return exact_text(rate.bps(), rate_units); }

std::string to_text(const Capacity& capacity) {
  const std::string rate = to_text(capacity.rate);
  return capacity.members == 1 ? rate : fmt::format("{}x{}", capacity.members, rate);
}

std::string to_text(Duration duration) {
  return duration == Duration::zero() ? "0 s" : exact_text(duration.ps(), duration_text);
}

std::string to_text(Size size) {
  std::string decimal = exact_text(size.bytes(), size_text);
  for (const Unit& u : size_binary) {
    if (size.bytes() == 0 || size.bytes() % u.steps != 0) continue;
    const std::string binary = fmt::format("{}{}", size.bytes() / u.steps, u.name);
    return binary.size() < decimal.size() ? binary : decimal;
  }
  return decimal;
}

std::string to_text(Distance distance) {
  return distance == Distance::zero() ? "0 km" : exact_text(distance.mm(), distance_text);
}

std::string to_display(Rate rate) { return display_text(rate.bps(), rate_display); }

std::string to_display(Duration duration) {
  return duration == Duration::zero() ? "0 s" : display_text(duration.ps(), duration_text);
}

std::string to_display(Size size) { return display_text(size.bytes(), size_text); }

}  // namespace longhaul
