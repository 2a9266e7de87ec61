// What a terminal can show, and figures as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace longhaul::report {

/// How text is to be printed; plain and 100 columns wide unless told otherwise.
struct Style {
  int width = 100;  ///< columns
  bool colour = false;
  bool utf8 = true;
};

enum class Tone { plain, bold, dim, good, warn, bad };

/// `text` in the tone's colour, or as it stands where colour is off.
std::string paint(const Style& style, Tone tone, std::string_view text);
/// Columns that a UTF-8 text takes (one per code point).
std::size_t columns(std::string_view text);
/// At most `width` columns; what is cut off is marked.
std::string cut(const Style& style, std::string_view text, std::size_t width);
/// A bar of `width` columns, `share` (0 to 1) of it full.
std::string bar(const Style& style, double share, std::size_t width);

/// "97.3 %", "0.012 %", "0 %".
std::string percent(double share);
/// Three digits and a unit: "12.3 us", "1.08 Tb/s", "64.0 kB".
std::string seconds(double s);
std::string bits(double bps);
std::string bytes(double n);
/// "12.3 M", "431".
std::string amount(double n);

}  // namespace longhaul::report
