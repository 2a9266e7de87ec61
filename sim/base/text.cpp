#include "sim/base/text.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "sim/base/parse.hpp"

namespace longhaul {

namespace {

constexpr std::size_t longest_line_shown = 160;
constexpr std::size_t longest_quote = 60;
constexpr std::size_t longest_name_compared = 100;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// At most `limit` bytes of `text`, never half a UTF-8 character.
std::string_view clipped(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && is_continuation(text[limit])) --limit;
  return text.substr(0, limit);
}

[[noreturn]] void refuse(const std::string& path, std::string message, std::string hint = {}) {
  throw InputError({Diagnostic{{path, 0, 0}, std::move(message), std::move(hint), {}, false}});
}

std::string reason(int error_number) { return std::generic_category().message(error_number); }

/// Reads to the end of the file but never more than `limit` + 1 bytes: pipes have no size to ask
/// for.
std::string read_up_to(const std::string& path, std::size_t expected, std::size_t limit) {
  const auto close = [](std::FILE* f) { std::fclose(f); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.c_str(), "rb"), close);
  if (!file) refuse(path, fmt::format("cannot be opened: {}", reason(errno)));
  std::string content;
  std::size_t step = std::min(expected, limit) + 1;
  while (content.size() <= limit) {
    const std::size_t before = content.size();
    content.resize(before + std::min(step, limit + 1 - before));
    const std::size_t got =
        std::fread(content.data() + before, 1, content.size() - before, file.get());
    content.resize(before + got);
    if (std::ferror(file.get()) != 0) {
      refuse(path, fmt::format("cannot be read: {}", reason(errno)));
    }
    if (got == 0) break;
    step = std::size_t{1} << 16;
  }
  return content;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Optimal string alignment: Damerau-Levenshtein where no substring is edited twice. Case is
/// ignored.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

SourceText::SourceText(std::string name, std::string content)
    : name_(std::move(name)), content_(std::move(content)) {
  // A byte order mark is not text; columns of line 1 are counted without it.
  if (content_.rfind("\xEF\xBB\xBF", 0) == 0) content_.erase(0, 3);
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < content_.size(); ++i) {
    if (content_[i] == '\n') line_starts_.push_back(i + 1);
  }
}

SourceText SourceText::read(const std::string& path, std::size_t limit) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) refuse(path, "there is no such file");
    refuse(path, fmt::format("cannot be opened: {}", reason(errno)));
  }
  if (S_ISDIR(status.st_mode)) refuse(path, "is a directory; expected a file");
  const auto too_large = [&] {
    refuse(path,
           fmt::format("is larger than {}, the most that is read",
                       to_text(Size::bytes(static_cast<std::int64_t>(limit)))),
           "big traffic matrices belong in CSV or an imported file");
  };
  const auto size = static_cast<std::size_t>(std::max<off_t>(status.st_size, 0));
  if (S_ISREG(status.st_mode) && size > limit) too_large();
  std::string content = read_up_to(path, size, limit);
  if (content.size() > limit) too_large();

  const std::size_t nul = content.find('\0');
  SourceText text(path, std::move(content));
  if (nul != std::string::npos) {
    throw InputError(
        {Diagnostic{text.locate(nul), "holds a NUL byte; expected UTF-8 text", {}, {}, false}});
  }
  return text;
}

SourceLocation SourceText::locate(std::size_t offset) const {
  offset = std::min(offset, content_.size());
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto line = after - line_starts_.begin();
  const std::size_t start = *(after - 1);
  return {name_, static_cast<int>(line), static_cast<int>(offset - start) + 1};
}

std::string SourceText::line(int line) const {
  if (line < 1 || static_cast<std::size_t>(line) > line_starts_.size()) return {};
  const std::size_t start = line_starts_[static_cast<std::size_t>(line) - 1];
  std::string_view rest = std::string_view(content_).substr(start);
  rest = rest.substr(0, rest.find('\n'));
  if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
  return std::string(clipped(rest, longest_line_shown));
}

std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(at);
  const std::size_t length = first >= 0xC2 && first < 0xE0   ? 2
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return 0;
  }
  const unsigned second = byte(at + 1);
  // Overlong forms, surrogates, beyond U+10FFFF, and the C1 controls, which terminals obey.
  const bool ill = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                   (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F) ||
                   (first == 0xC2 && second < 0xA0);
  return ill ? 0 : length;
}

std::string quote(std::string_view text) {
  const std::string_view shown = clipped(text, longest_quote);
  std::string out = "\"";
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto byte = static_cast<unsigned char>(shown[i]);
    const std::size_t wide = utf8_length(shown, i);
    if (shown[i] == '\n') {
      out += "\\n";
    } else if (shown[i] == '\t') {
      out += "\\t";
    } else if (wide > 0) {
      out += shown.substr(i, wide);
      i += wide - 1;
    } else if (byte < 0x20 || byte >= 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += shown[i];
    }
  }
  if (shown.size() < text.size()) out += "...";
  return out + "\"";
}

std::optional<std::string> nearest_name(std::string_view name,
                                        std::span<const std::string> candidates) {
  if (name.size() > longest_name_compared) return std::nullopt;
  std::size_t allowed = std::max<std::size_t>(1, name.size() / 3);
  std::optional<std::string> best;
  for (const std::string& candidate : candidates) {
    const std::size_t longer = std::max(name.size(), candidate.size());
    const std::size_t shorter = std::min(name.size(), candidate.size());
    if (longer - shorter > allowed) continue;
    const std::size_t distance = edit_distance(name, candidate);
    if (distance > allowed || (best && distance == allowed)) continue;
    best = candidate;
    allowed = distance;
    if (distance == 0) break;
  }
  return best;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
  const auto nearest = nearest_name(name, candidates);
  return nearest ? fmt::format("did you mean {}?", quote(*nearest)) : std::string();
}

}  // namespace longhaul
