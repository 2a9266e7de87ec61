#include "sim/topology/import/detail/words.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "sim/topology/import/detail/formats.hpp"

namespace longhaul::import {

bool Lines::next(std::vector<Word>& words) {
  const std::string_view all = text_.content();
  while (at_ < all.size()) {
    const std::size_t end = std::min(all.find('\n', at_), all.size());
    words.clear();
    std::size_t i = at_;
    while (i < end) {
      if (all[i] == ' ' || all[i] == '\t' || all[i] == '\r') {
        ++i;
        continue;
      }
      if (comments_ && all[i] == '#') break;
      std::size_t stop = i;
      while (stop < end && all[stop] != ' ' && all[stop] != '\t' && all[stop] != '\r') ++stop;
      words.push_back({all.substr(i, stop - i), i});
      i = stop;
    }
    at_ = end + 1;
    if (!words.empty()) return true;
  }
  return false;
}

void Numbers::error(const Word& word, std::string message, std::string hint) {
  error_at(text_, word.offset, diagnostics_, std::move(message), std::move(hint));
}

std::optional<double> Numbers::number(const Word& word, std::string_view what) {
  double value = 0;
  const char* const end = word.text.data() + word.text.size();
  const auto [stop, code] = std::from_chars(word.text.data(), end, value);
  if (code == std::errc() && stop == end && std::isfinite(value)) return value;
  error(word, fmt::format("expected {}, got {}", what, quote(word.text)));
  return std::nullopt;
}

std::optional<std::int64_t> Numbers::whole(const Word& word, std::string_view what,
                                           std::int64_t least, std::int64_t most) {
  std::int64_t value = 0;
  const char* const end = word.text.data() + word.text.size();
  const auto [stop, code] = std::from_chars(word.text.data(), end, value);
  if (code != std::errc() || stop != end) {
    error(word, fmt::format("expected {}, got {}", what, quote(word.text)));
    return std::nullopt;
  }
  if (value >= least && value <= most) return value;
  error(word, fmt::format("expected {} from {} to {}, got {}", what, least, most, value));
  return std::nullopt;
}

}  // namespace longhaul::import
