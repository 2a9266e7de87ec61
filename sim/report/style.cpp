#include "sim/report/style.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/base/parse.hpp"

namespace longhaul::report {

namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// ECMA-48 "select graphic rendition".
const char* escape(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::bold:
      return "\033[1m";
    case Tone::dim:
      return "\033[2m";
    case Tone::good:
      return "\033[32m";
    case Tone::warn:
      return "\033[33m";
    case Tone::bad:
      return "\033[1;31m";
  }
  return "";
}

}  // namespace

std::string paint(const Style& style, Tone tone, std::string_view text) {
  if (!style.colour || tone == Tone::plain || text.empty()) return std::string(text);
  return fmt::format("{}{}\033[0m", escape(tone), text);
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

std::string cut(const Style& style, std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  const std::string_view mark = style.utf8 ? "…" : "~";
  std::size_t end = 0;
  for (std::size_t seen = 0; end < text.size(); ++end) {
    if (is_continuation(text[end])) continue;
    if (++seen > width - std::min<std::size_t>(width, 1)) break;
  }
  return std::string(text.substr(0, end)).append(mark);
}

std::string bar(const Style& style, double share, std::size_t width) {
  static constexpr std::array<const char*, 8> eighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double full = std::clamp(share, 0.0, 1.0) * static_cast<double>(width);
  std::string text;
  if (!style.utf8) {
    const auto filled = static_cast<std::size_t>(std::lround(full));
    return std::string(filled, '#').append(width - filled, '.');
  }
  const auto steps = static_cast<std::size_t>(std::lround(full * 8));
  for (std::size_t i = 0; i < steps / 8; ++i) text += "█";
  text += eighths[steps % 8];
  for (std::size_t used = columns(text); used < width; ++used) text += "·";
  return text;
}

std::string percent(double share) {
  const double p = share * 100;
  if (p == 0) return "0 %";
  if (std::abs(p) >= 10) return fmt::format("{:.1f} %", p);
  if (std::abs(p) >= 1) return fmt::format("{:.2f} %", p);
  return fmt::format("{:.2g} %", p);
}

std::string seconds(double s) { return to_display(Duration::from_seconds(s)); }
std::string bits(double bps) { return to_display(Rate::bps(std::llround(bps))); }
std::string bytes(double n) { return to_display(Size::bytes(std::llround(n))); }

std::string amount(double n) {
  static constexpr std::array<const char*, 5> units{"", " k", " M", " G", " T"};
  std::size_t unit = 0;
  while (n >= 999.5 && unit + 1 < units.size()) {
    n /= 1000;
    ++unit;
  }
  if (unit == 0) return fmt::format("{:.0f}", n);
  return fmt::format("{:.{}f}{}", n, n >= 99.95 ? 0 : n >= 9.995 ? 1 : 2, units[unit]);
}

}  // namespace longhaul::report
