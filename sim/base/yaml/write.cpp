#include "sim/base/yaml/write.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace longhaul::yaml {

namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_plain_safe(std::string_view text) {
  if (text.empty() || text.back() == ' ') return false;
  // Words that YAML readers take for null or booleans ("NO" is also Norway).
  for (const char* word : {"null",  "Null", "NULL", "true",  "false", "yes", "no", "on",  "off",
                           "y",     "n",    "True", "False", "Yes",   "No",  "On", "Off", "TRUE",
                           "FALSE", "YES",  "NO",   "ON",    "OFF",   "Y",   "N"}) {
    if (text == word) return false;
  }
  const char first = text.front();
  const bool good_start =
      is_letter_or_digit(first) || first == '/' || first == '_' ||
      ((first == '.' || first == '-') && text.size() > 1 && is_letter_or_digit(text[1])) ||
      text.substr(0, 3) == "../";
  return good_start && std::all_of(text.begin(), text.end(), [](char c) {
           const bool beyond_ascii = static_cast<unsigned char>(c) >= 0x80;
           return is_letter_or_digit(c) || beyond_ascii ||
                  std::string_view(" _-+./%()").find(c) != std::string_view::npos;
         });
}

}  // namespace

std::string write_scalar(std::string_view text) {
  if (is_plain_safe(text)) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace longhaul::yaml
