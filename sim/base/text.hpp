// A text that a user wrote, held with its name so that any offset can be given as line and column.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/error.hpp"

namespace longhaul {

/// The content of one input file. Immutable.
class SourceText {
 public:
  SourceText(std::string name, std::string content);

  /// Reads a whole file. Throws InputError (no location but the file) when it does not exist, is a
  /// directory, cannot be read, is larger than `limit` bytes, or holds a NUL byte.
  static SourceText read(const std::string& path, std::size_t limit = default_limit);
  static constexpr std::size_t default_limit = std::size_t{64} << 20;

  const std::string& name() const { return name_; }
  std::string_view content() const { return content_; }
  /// Line and column (from 1) of a byte offset; an offset past the end is the end.
  SourceLocation locate(std::size_t offset) const;
  /// The text of line `line` (from 1) without its end, at most 160 bytes of it; empty if there is
  /// no such line.
  std::string line(int line) const;

 private:
  std::string name_;
  std::string content_;
  std::vector<std::size_t> line_starts_;
};

/// How many bytes at `at` are one well-formed UTF-8 character beyond ASCII (2 to 4); 0 if they are
/// none.
std::size_t utf8_length(std::string_view text, std::size_t at);

/// `text` in double quotes for a message: control characters and
/// bytes that are no UTF-8 escaped, cut after 60 bytes with
/// "...".
std::string quote(std::string_view text);

/// The candidate nearest to `name` by edit distance (Damerau-Levenshtein, ignoring case), if near
/// enough to be a slip: at most a third of its length, and at least one edit is always allowed.
std::optional<std::string> nearest_name(std::string_view name,
                                        std::span<const std::string> candidates);

/// `did you mean "x"?` or nothing.
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

}  // namespace longhaul
