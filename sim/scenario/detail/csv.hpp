// Lines and fields of CSV, each with its place in the text.
//
// Fields are separated by commas, semicolons or tabs, whichever the first line has, and may be put
// in double quotes. Empty lines and lines that begin with # are none.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace longhaul::scenario::csv {

struct Field {
  std::string text;
  std::size_t offset;  ///< in the file
};

/// Without blanks at its ends.
std::string_view trimmed(std::string_view text);

/// The fields of one line, which starts at `offset`. In quotes, a doubled quote stands for one.
std::vector<Field> split(std::string_view line, std::size_t offset, char separator);

char separator_of(std::string_view header);

/// Calls f(line, offset) for every line that holds something, until it returns false.
template <class F>
void for_each_line(std::string_view text, F f) {
  std::size_t at = text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;  // a byte order mark is none of it
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const std::string_view bare = trimmed(line);
    if (!bare.empty() && bare.front() != '#' && !f(line, at)) return;
    at = end + 1;
  }
}

}  // namespace longhaul::scenario::csv
